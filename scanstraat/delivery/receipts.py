"""What a sender is told of his mail: what arrived, what could not be read and why, and what he can do about it.

It promises nothing about payment, and of what the sender wrote it repeats nothing but the names of his files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanstraat.delivery.letters import file_quoted, listed, paragraphs
from scanstraat.delivery.wording import Wording, language_of, language_told, wording
from scanstraat.model.administration import Administration
from scanstraat.model.document import Document, Kind
from scanstraat.model.letter import LetterText
from scanstraat.model.mail import PartRole, StoredMail, StoredPart

# What a problem's code says of the file, in the words of the table of wording; the first row that is found in it decides.
FAMILIES = (
    ("infected", re.compile(r"infected|virus|malware", re.VERBOSE)),
    ("sealed", re.compile(r"smime|pgp|mail-encrypted|enveloped", re.VERBOSE)),
    ("locked", re.compile(r"encrypt|password|locked|protected", re.VERBOSE)),
    ("too_much", re.compile(r"large|giant|too-|bomb|memory|output|slow|deep|pages", re.VERBOSE)),
    ("empty", re.compile(r"empty", re.VERBOSE)),
    ("unknown", re.compile(r"unsupported|unknown|not-yet|not-taken|program|nothing-shown|xfa|not-confined", re.VERBOSE)),
    ("broken", re.compile(r"", re.VERBOSE)),
)
_ARRIVED = (PartRole.DOCUMENT, PartRole.ANNEX)
_NOT_COUNTED = (Kind.UNREADABLE, Kind.ADVERTISING)


def receipt(
    mail: StoredMail, parts: tuple[StoredPart, ...], documents: tuple[Document, ...], administration: Administration
) -> LetterText | None:
    """The receipt for a mail whose documents are known; None where all of it is advertising (B8), which gets no answer."""
    if documents and all(document.kind is Kind.ADVERTISING for document in documents):
        return None
    words = _words(mail, administration)
    arrived = tuple(_named(part, words) for part in parts if part.role in _ARRIVED)
    unread = tuple(_why(part, words) for part in parts if part.role is PartRole.UNREADABLE)
    count = sum(document.kind not in _NOT_COUNTED for document in documents)
    body = paragraphs(*_told(words, arrived, unread, count))
    return _letter(mail, administration, words, body, "receipt_subject_unread" if unread else "receipt_subject")


def receipt_of_parked(mail: StoredMail, administration: Administration) -> LetterText:
    """The receipt for a mail that a person has to look at first."""
    words = _words(mail, administration)
    return _letter(mail, administration, words, words.say("parked"), "receipt_subject")


def family(code: str) -> str:
    """What a problem's code says of the file.

    >>> family("pdf-encrypted"), family("too-many-pages"), family("parser-died"), family("unknown-type"), family("xfa-form")
    ('locked', 'too_much', 'broken', 'unknown', 'unknown')
    """
    return next(name for name, pattern in FAMILIES if pattern.search(code))


def _words(mail: StoredMail, administration: Administration) -> Wording:
    text = f"{mail.header.subject}\n{mail.text}"
    return wording(language_told(text, language_of(administration.country)))


def _told(words: Wording, arrived: tuple[str, ...], unread: tuple[str, ...], count: int) -> Iterator[str]:
    if arrived:
        yield f"{words.say('files')}\n{listed(arrived, words.sentences['more'])}"
        yield words.say("documents", count=f"{count}")
    elif not unread:
        yield words.say("nothing")
    if unread:
        yield f"{words.say('unread')}\n{listed(unread, words.sentences['more'])}"


def _letter(mail: StoredMail, administration: Administration, words: Wording, body: str, subject: str) -> LetterText:
    address = mail.envelope.recipient.lower()
    day = mail.envelope.received_at.date().isoformat()
    arrived = words.say("arrived", day=day, address=address, administration=administration.name)
    text = paragraphs(words.say("greeting"), arrived, body, words.say("closing"))
    return LetterText(words.say(subject, address=address), text, words.language)


def _named(part: StoredPart, words: Wording) -> str:
    is_text = part.media_type.startswith("text/") and not part.name
    return words.say("mail_text") if is_text else file_quoted(part.name, words.say("unnamed"))


def _why(part: StoredPart, words: Wording) -> str:
    code = part.problem.code if part.problem else ""
    return f"{_named(part, words)}: {words.reasons[family(code)]}"
