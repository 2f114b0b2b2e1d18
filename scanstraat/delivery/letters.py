"""What our letters have in common: what of foreign text may stand in them, and the letters to an administration itself."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from scanstraat.delivery.wording import language_of, wording
from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.model.letter import LetterText

_LONGEST_NAME, _LONGEST_QUOTE = 60, 120
_MOST_LISTED = 20
# Endings under which no web site can be; a mail program makes no link of a name that ends so.
_ENDINGS = re.compile(
    r"""
    pdf | jpe?g | png | gif | tiff? | bmp | webp | heic | docx? | docm | odt | rtf | xls[xm]? | ods | csv | txt | xml | html?
    | eml | msg | dat | p7[ms] | asc | gpg | pgp | rar | 7z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOT_IN_NAMES = re.compile(r"""(?P<mark> [^\w\ .,()&+-] )""", re.VERBOSE)
_LINK = re.compile(r"(?P<scheme> [a-z][a-z0-9+.-]*:// ) | (?P<dot> (?<=[^\W_])\.(?=[^\W\d_]{2}) )", re.VERBOSE | re.IGNORECASE)
_BLANKS = re.compile(r"\s+", re.VERBOSE)


def file_quoted(name: str, unnamed: str) -> str:
    r"""A foreign file name as it may stand in a letter: short, on one line, and nothing a mail program makes a link of.

    >>> file_quoted("Factuur 2026-17.pdf", "-"), file_quoted("www.evil.com/pay.zip\r\nBcc: x", "-"), file_quoted("\u202e", "-")
    ('Factuur 2026-17.pdf', 'www_evil_com_pay_zip Bcc_ x', '-')
    """
    plain = _NOT_IN_NAMES.sub("_", _printable(name))[-_LONGEST_NAME:]
    stem, dot, ending = plain.rpartition(".")
    is_kept = dot and _ENDINGS.fullmatch(ending)
    plain = f"{stem.replace('.', '_')}.{ending}" if is_kept else plain.replace(".", "_")
    return plain.strip(" _") or unnamed


def quoted(text: str) -> str:
    """Foreign text for the eyes of the administration: one line, at most 120 characters, no links.

    >>> quoted("Pay at https://evil.example/x.html now"), quoted("a@b.example")
    ('Pay at evil[.]example/x[.]html now', 'a@b[.]example')
    """
    short = _printable(text)[:_LONGEST_QUOTE]
    return _LINK.sub(_unlinked, short)


def listed(rows: tuple[str, ...], more: str) -> str:
    """Rows of a list, each on a line; of a long one the first, and `more` with how many there are besides."""
    shown = rows[:_MOST_LISTED]
    rest = (more.format(count=len(rows) - len(shown)),) if len(rows) > len(shown) else ()
    return "\n".join(f"- {row}" for row in (*shown, *rest))


def paragraphs(*texts: str) -> str:
    """Those that are not empty, an empty line between them."""
    return "\n\n".join(filter(None, texts))


def too_large(administration: Administration, mailbox: str, sender: str, subject: str, octets: int, limit: int) -> LetterText:
    """That a mail is left in a mailbox, since it is too large (A3)."""
    words = wording(language_of(administration.country))
    sizes = {"size": words.megabytes(octets), "limit": words.megabytes(limit)}
    text = paragraphs(
        words.say("greeting"),
        words.say("too_large", mailbox=mailbox, administration=administration.name, **sizes),
        f"{words.say('sender', sender=quoted(sender))}\n{words.say('subject', subject=quoted(subject))}",
        words.say("too_large_advice"),
        words.say("archived_closing"),
    )
    return LetterText(words.say("too_large_subject", mailbox=mailbox), text, words.language)


def archived(
    administration: Administration, address: str, sender: str, subject: str, day: date, papers: tuple[tuple[Kind, str], ...]
) -> LetterText:
    """That papers which are no invoices are in the archive: the kind of each, and what is known of it (G1)."""
    words = wording(language_of(administration.country))
    named = ((words.kinds.get(kind, words.kinds["other"]), quoted(title)) for kind, title in papers)
    rows = tuple(f"{kind}: {title}" if title else kind for kind, title in named)
    text = paragraphs(
        words.say("greeting"),
        words.say("archived", day=day.isoformat(), address=address),
        listed(rows, words.sentences["more"]),
        f"{words.say('sender', sender=quoted(sender))}\n{words.say('subject', subject=quoted(subject))}",
        words.say("archived_closing"),
    )
    return LetterText(words.say("archived_subject", administration=administration.name), text, words.language)


def rejected(
    administration: Administration, address: str, sender: str, subject: str, day: date, paper: tuple[Kind, str], why: str
) -> LetterText:
    """That a person looked at a paper and turned it away: what it is, and why."""
    words = wording(language_of(administration.country))
    kind, title = words.kinds.get(paper[0], words.kinds["other"]), quoted(paper[1])
    text = paragraphs(
        words.say("greeting"),
        words.say("rejected", day=day.isoformat(), address=address),
        listed((f"{kind}: {title}" if title else kind,), words.sentences["more"]),
        words.say("rejected_because", reason=_LINK.sub(_unlinked, _printable(why))),
        f"{words.say('sender', sender=quoted(sender))}\n{words.say('subject', subject=quoted(subject))}",
        words.say("rejected_advice"),
        words.say("archived_closing"),
    )
    return LetterText(words.say("rejected_subject", administration=administration.name), text, words.language)


def _unlinked(found: re.Match[str]) -> str:
    return "[.]" if found["dot"] else ""


def _printable(text: str) -> str:
    """On one line, without control characters and without those that only change how others are shown."""
    blanks = _BLANKS.sub(" ", text)
    return "".join(
        letter for letter in blanks if letter == " " or not unicodedata.category(letter).startswith(("C", "Z"))
    ).strip()
