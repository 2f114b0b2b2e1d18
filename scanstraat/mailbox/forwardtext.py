"""The header of the mail that a text forwards, as mail programs print it above the forwarded words (A5).

A forwarded mail is told from an answered one: either a line says that a forwarded mail follows, or the subject begins as those of
forwarded mails do and the header stands before any words that are answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from scanstraat.mailbox.forwardwords import Label, plain, says_answered, says_forwarded, words

_MOST_LINES, _LONGEST_LINE = 5_000, 1_000
_DEEPEST = 20
_QUOTED = re.compile(r"[\s>|]*", re.VERBOSE)
_LABELLED = re.compile(
    r"""
    [*_]* (?P<label> [^\W\d_] [^\d:*_\n]{0,30}? ) \s* [*_]* \s* [::] \s* [*_]* \s* (?P<value> .* )
    """,
    re.VERBOSE,
)
_AROUND_MARKER = " \t-–—_=*~#:<>[]\u00a0."
_LINK = re.compile(r"\s* [\[<(]* mailto: (?P<address> [^\]>)\s]* ) [\]>)]*", re.VERBOSE | re.IGNORECASE)
_IN_LINK = re.compile(r"\[ (?P<shown> [^\]\s]+ @ [^\]\s]+ ) \] (?= [(<\s]* mailto: )", re.VERBOSE | re.IGNORECASE)
_DIGIT = re.compile(r"\d", re.VERBOSE)
# A header of a forwarded mail may have so many lines between two labels: long lists of recipients are wrapped.
_MOST_BETWEEN, _LONGEST_HEADER = 3, 100
_NEAR_MARKER = 6

Told = tuple[Label, str, frozenset[str]]  # what a line of a header tells, its value, and the languages that have its label


@dataclass(frozen=True, slots=True)
class Introduction:
    """The header above a forwarded or answered mail: its values as printed, the languages of its labels, and where it ends.

    `marked`: a line above it says that a forwarded mail follows.
    """

    sender: str
    sent: str
    subject: str
    languages: frozenset[str]
    end: int
    marked: bool


def forwarded(text: str, subject: str) -> Introduction | None:
    """The header of the mail that a mail with this text and subject forwards; of forwards within forwards, the innermost.

    >>> text = "Zie onder.\\n\\nVan: Bakker <a@b.nl>\\nVerzonden: 31 maart 2026 9:12\\nOnderwerp: Factuur 5"
    >>> found = forwarded(text, "FW: Factuur 5")
    >>> (found.sender, found.sent, found.subject) if found else None
    ('Bakker <a@b.nl>', '31 maart 2026 9:12', 'Factuur 5')
    >>> forwarded("From: a@b.nl\\nSent: 31 March 2026\\nSubject: Invoice", "RE: Invoice") is None
    True
    """
    return _innermost(_read(text), subject)


def without_answered(text: str, subject: str) -> str:
    """The text without what it answers, as far as that can be told: words somebody said of something else (G3).

    Those are quoted lines below one that says whose they are, and in an answer, all from the header of what it answers on. What
    is forwarded stays, since who forwards it means it.

    >>> without_answered("Graag.\\nOp 3 mei 2026 schreef Jan:\\n> als factuur behandelen\\nDank", "Re: x")
    'Graag.\\nOp 3 mei 2026 schreef Jan:\\nDank'
    """
    lines = _read(text)
    found = _innermost(lines, subject)
    start, subject = (found.end, found.subject) if found else (0, subject)
    said, answers = text.splitlines(), says_answered(subject)
    kept, quoted = said[:start], False
    for at in range(start, len(said)):
        if at < len(lines) and answers and _header(lines, at, marked=False):
            break
        if not (quoted and said[at].lstrip().startswith(">")):
            kept.append(said[at])
        quoted = quoted or (at < len(lines) and _answers(lines, at))
    return "\n".join(kept)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the marks of quoting in front of it, and what it tells where it may be one of a header."""

    text: str
    told: Told | None


def _read(text: str) -> tuple[_Line, ...]:
    bare = (_unquoted(line) for line in islice(text.splitlines(), _MOST_LINES))
    return tuple(_Line(line, _told(line)) for line in bare)


def _innermost(lines: tuple[_Line, ...], subject: str) -> Introduction | None:
    found: Introduction | None = None
    for _ in range(_DEEPEST):
        following = _next_introduction(lines, found.end if found else 0)
        if following is None or not (following.marked or says_forwarded(subject, following.languages)):
            break
        found, subject = following, following.subject
    return found


def _unquoted(line: str) -> str:
    """A line without the marks of quoting in front of it.

    >>> _unquoted("> >  *From:* a@b.nl ")
    '*From:* a@b.nl'
    """
    cut = line[:_LONGEST_LINE]
    begin = _QUOTED.match(cut)
    return cut[begin.end() if begin else 0 :].rstrip()


def _next_introduction(lines: tuple[_Line, ...], start: int) -> Introduction | None:
    """The first header from line `start` on; None where words that are answered come first, or there is none."""
    for at in range(start, len(lines)):
        if not lines[at].text:
            continue
        if _is_marker(lines[at].text):
            near = (_header(lines, after, marked=True) for after in range(at + 1, min(at + _NEAR_MARKER, len(lines))))
            if found := next(filter(None, near), None):
                return found
        elif _answers(lines, at):
            return None
        elif header := _header(lines, at, marked=False):
            return header
    return None


def _is_marker(line: str) -> bool:
    """Whether a line says that a forwarded mail follows.

    >>> _is_marker("---------- Forwarded message ---------"), _is_marker("Start doorgestuurd bericht:")
    (True, True)
    >>> _is_marker("----- Forwarded by Jan Smit/ACME on 03/31/2026 09:12 AM -----"), _is_marker("-----Original Message-----")
    (True, False)
    """
    said = plain(line.strip(_AROUND_MARKER))
    return said in words().markers or said.startswith(words().by)


def _answers(lines: tuple[_Line, ...], at: int) -> bool:
    """Whether a line introduces words that are answered ("On … Jan wrote:"), perhaps begun on the line before."""
    if not lines[at].text.endswith(":") or not words().wrote.search(plain(lines[at].text)):
        return False
    return any(_DIGIT.search(line.text) for line in lines[max(0, at - 2) : at + 1])


def _header(lines: tuple[_Line, ...], start: int, *, marked: bool) -> Introduction | None:
    """The header that begins on line `start`: a sender and two more labels, each at most once or so, close together."""
    first = lines[start].told
    if first is None or first[0] is Label.OTHERS:  # a header that begins with its recipients is found from its next line on
        return None
    values: dict[Label, str] = {}
    languages: frozenset[str] | None = None
    last, at, end = Label.OTHERS, start, start
    between: list[str] = []
    while at < min(len(lines), start + _LONGEST_HEADER) and len(between) <= _MOST_BETWEEN:
        told = lines[at].told
        if told is None:
            between.append(lines[at].text)
        elif told[0] in values and told[0] is not Label.OTHERS:
            break
        else:
            if last in values:
                values[last] = " ".join(filter(None, (values[last], *between)))
            last, value, knowing = told
            values[last] = value
            languages = knowing if languages is None else (languages & knowing or languages)
            between, end = [], at + 1
        at += 1
    if not values.get(Label.SENDER) or len(values) < 3:
        return None
    sender = _cleaned(values[Label.SENDER])
    sent, subject = values.get(Label.SENT, "").strip("* "), values.get(Label.SUBJECT, "").strip("* ")
    return Introduction(sender, sent, subject, languages or frozenset(), end, marked)


def _told(line: str) -> Told | None:
    """What a line of a header tells, and the languages that have its label.

    >>> _told("**Onderwerp :** Factuur: 5")
    (<Label.SUBJECT: 'subject'>, 'Factuur: 5', frozenset({'nl'}))
    >>> _told("Let op: morgen dicht") is None
    True
    """
    found = _LABELLED.match(line)
    known = words().labels.get(plain(found["label"].strip())) if found else None
    return (known[0], found["value"].strip(), known[1]) if found and known else None


def _cleaned(sender: str) -> str:
    """A sender without the links that texts made of HTML have.

    >>> _cleaned("*Jan* [mailto:jan@b.nl]"), _cleaned("Jan <jan@b.nl<mailto:jan@b.nl>>"), _cleaned("Jan <[a@b](mailto:a@b)>")
    ('Jan <jan@b.nl>', 'Jan <jan@b.nl>', 'Jan <a@b>')
    """
    text = _IN_LINK.sub(lambda found: found["shown"], sender)
    first = _LINK.search(text)
    if first and "@" not in text[: first.start()]:
        return f"{_LINK.sub('', text).strip('* ')} <{first['address']}>".replace("* <", " <").strip()
    text = _LINK.sub("", text).replace("*", "").strip()
    return text if text.count("<") <= text.count(">") else f"{text}>"
