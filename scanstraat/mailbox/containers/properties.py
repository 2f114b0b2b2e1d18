"""Properties of Outlook's mails (MS-OXPROPS), wherever they come from: as header, texts and files of a mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from scanstraat.errors import Refused
from scanstraat.mailbox.charsets import decoded, one_line
from scanstraat.mailbox.containers.opened import Budget, Inner
from scanstraat.mailbox.containers.richtext import unpacked
from scanstraat.mailbox.containers.rtf import text_of
from scanstraat.mailbox.fields import Fields, split_header
from scanstraat.model.mail import Problem

NUMBERS = {0x0002: 2, 0x0003: 4, 0x000B: 2, 0x0014: 8, 0x0040: 8}  # types of fixed length, and their octets
UNICODE, CLASSIC, BINARY, OBJECT, TIME = 0x001F, 0x001E, 0x0102, 0x000D, 0x0040

SUBJECT, SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = 0x0037, 0x0C1A, 0x0C1F, 0x5D01
FROM_NAME, FROM_ADDRESS, FROM_SMTP, SHOWN_TO, MESSAGE_ID = 0x0042, 0x0065, 0x5D02, 0x0E04, 0x1035
SUBMITTED, DELIVERED, HEADERS = 0x0039, 0x0E06, 0x007D
BODY, HTML, RTF, INTERNET_CODE_PAGE, CODE_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE, 0x3FFD
OF_HEADERS = frozenset(
    {SUBJECT, SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP, FROM_NAME, FROM_ADDRESS, FROM_SMTP, SHOWN_TO, MESSAGE_ID}
    | {SUBMITTED, DELIVERED, HEADERS, CODE_PAGE}
)
OF_TEXTS = frozenset({BODY, HTML, RTF, INTERNET_CODE_PAGE, CODE_PAGE})
METHOD, DATA, LONG_NAME, SHORT_NAME, DISPLAY_NAME = 0x3705, 0x3701, 0x3707, 0x3704, 0x3001
MIME_TYPE, CONTENT_ID, FLAGS, HIDDEN = 0x370E, 0x3712, 0x3714, 0x7FFE
OF_FILES = frozenset({METHOD, DATA, LONG_NAME, SHORT_NAME, DISPLAY_NAME, MIME_TYPE, CONTENT_ID, FLAGS, HIDDEN})

_BANNER = re.compile(r"\A \s* (?: Microsoft [ ] Mail [ ] Internet [ ] Headers [^\n]* \n )?", re.VERBOSE)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LONGEST_LINE = 900
_SHOWN_IN_TEXT = 4
_LONGEST_RTF = 4_000_000  # octets as packed: it takes a second to unpack two million
_TOO_LARGE = "The text of the mail is too large to be unpacked; look at it in Outlook."
_ELSEWHERE = "The mail only names this file, which lies elsewhere; ask the sender for it."
_OBJECT_TEXT = "This is a piece of another program's document within the mail; look at the mail in Outlook."


@dataclass(frozen=True, slots=True)
class Properties:
    """By number, the type and the octets; texts without a type of their own are in `code_page`."""

    items: Mapping[int, tuple[int, bytes]]
    code_page: str = ""

    def octets(self, number: int) -> bytes:
        """As they are; empty where absent."""
        return self.items.get(number, (0, b""))[1]

    def number(self, number: int) -> int:
        """A whole number, 0 where absent."""
        return int.from_bytes(self.octets(number)[:8], "little")

    def text(self, number: int) -> str:
        """A text, empty where absent."""
        kind, octets = self.items.get(number, (0, b""))
        if kind == UNICODE:
            return octets.decode("utf-16-le", "replace").rstrip("\0")
        return decoded(octets.rstrip(b"\0"), self.code_page or code_page(self.number(CODE_PAGE)))

    def moment(self, number: int) -> datetime | None:
        """A time, None where absent or absurd."""
        ticks = self.number(number)
        try:
            return _EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None


def code_page(number: int) -> str:
    """The name of one of Windows' character sets.

    >>> code_page(65001), code_page(1252), code_page(28591), code_page(0)
    ('utf-8', 'cp1252', 'iso-8859-1', '')
    """
    if 28590 < number < 28606:
        return f"iso-8859-{number - 28590}"
    return {0: "", 20127: "us-ascii", 65001: "utf-8", 1200: "utf-16-le"}.get(number, f"cp{number}")


def header_of(message: Properties) -> bytes:
    """A header such as the mail may have had: as it came, or from what Outlook keeps of it."""
    came = split_header(_BANNER.sub("", message.text(HEADERS)).encode("utf-8", "replace"))[0]
    sent = message.moment(SUBMITTED) or message.moment(DELIVERED)
    told = {
        "From": _address(message, FROM_NAME, FROM_SMTP, FROM_ADDRESS)
        or _address(message, SENDER_NAME, SENDER_SMTP, SENDER_ADDRESS),
        "To": message.text(SHOWN_TO),
        "Subject": message.text(SUBJECT),
        "Date": format_datetime(sent) if sent else "",
        "Message-ID": message.text(MESSAGE_ID),
    }
    lines = (f"{name}: {value}\r\n" for name, fallback in told.items() if (value := _value(came, name, fallback)))
    return ("".join(lines) + "\r\n").encode("utf-8", "replace")


def _value(came: Fields, name: str, fallback: str) -> str:
    return came.text(name.lower(), _LONGEST_LINE) or one_line(fallback, _LONGEST_LINE)


def _address(message: Properties, name: int, *addresses: int) -> str:
    shown = message.text(name).strip()
    address = next((text for text in map(message.text, addresses) if "@" in text), "")
    if not address or address == shown:
        return address or shown
    return f'"{shown}" <{address}>'.replace('""', "") if shown else address


def texts_of(message: Properties, budget: Budget) -> Iterator[Inner]:
    """The texts of a mail, which all say the same: plain, and HTML as it is or out of rich text."""
    text, markup, charset = message.text(BODY), message.octets(HTML), code_page(message.number(INTERNET_CODE_PAGE))
    if message.items.get(HTML, (0, b""))[0] == UNICODE:
        markup, charset = message.text(HTML).encode("utf-8", "replace"), "utf-8"
    packed = message.octets(RTF)
    rich = b"" if markup or len(packed) > _LONGEST_RTF else unpacked(packed, budget)
    if len(packed) > _LONGEST_RTF and not (markup or text.strip()):
        yield Inner("body.rtf", "", packed, problem=Problem("body-too-large", _TOO_LARGE))
    if rich and budget.may_read_rich(len(rich)):
        found = text_of(rich)
        if found.is_html:
            markup, charset = found.text.encode("utf-8", "replace"), "utf-8"
        else:
            text = (text.strip() and text) or found.text
    elif rich and not text.strip():
        yield Inner("body.rtf", "application/rtf", rich)
    if text.strip():
        yield _text("text/plain", text.encode("utf-8", "replace"), "utf-8")
    if markup:
        yield _text("text/html", markup, charset)


def _text(declared: str, content: bytes, charset: str) -> Inner:
    return Inner("", declared, content, charset=charset, is_inline=True, is_choice=True)


def file_of(file: Properties, within: Callable[[Budget], Iterator[Inner]] | None = None, header: bytes = b"") -> Inner:
    """A file of a mail; or a mail of a mail, where `within` opens it and `header` is its own."""
    name = next(filter(None, map(file.text, (LONG_NAME, SHORT_NAME, DISPLAY_NAME))), "")
    if within is not None:
        name = name if name.lower().endswith((".eml", ".msg")) else f"{name or 'mail'}.eml".replace("/", "-")
        return Inner(name, "message/rfc822", header, within=within)
    content, method = file.octets(DATA), file.number(METHOD)
    problem = None
    if not content and method in (2, 3, 4, 7):
        problem = Problem("attachment-elsewhere", _ELSEWHERE)
    elif not content and method == 6:
        problem = Problem("ole-object", _OBJECT_TEXT)
    is_inline = bool(file.number(FLAGS) & _SHOWN_IN_TEXT or file.number(HIDDEN))
    content_id = file.text(CONTENT_ID).strip("<> ")
    return Inner(name, file.text(MIME_TYPE), content, content_id, is_inline, problem=problem)


def unreadable(what: str, why: str) -> Refused:
    """The mail cannot be opened, or not further than this."""
    text = f"{what} is broken: {' '.join(why.split())[:200].rstrip('.')}."
    return Refused("outlook-broken", text, "Ask the sender for the files one by one.")
