"""What each part is in its mail: document, body, decoration, or something a person has to look at (B1, B3, B6, B9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from scanstraat.mailbox.bodytext import file_text, is_table, tells_invoice
from scanstraat.mailbox.filetype import (
    ENCRYPTED_OFFICE,
    HTML,
    OCTETS,
    PDF,
    PICTURE_TYPES,
    SHEET_TYPES,
    SLIDE_TYPES,
    SVG,
    TEXT,
    WORD_TYPES,
    XML,
)
from scanstraat.model.mail import PartRole, Problem

_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
# S/MIME that wraps anything is opened before its role is asked for; what is left is a signature by itself.
_SIGNATURES_TOLD = frozenset({"application/pgp-signature", "application/pkcs7-mime"})
_TNEF = "application/vnd.ms-tnef"
_REPORTS = frozenset(
    {"message/delivery-status", "message/disposition-notification", "message/feedback-report", "text/rfc822-headers"}
)
_DRAWINGS = frozenset({SVG, "image/emf", "image/wmf", "image/x-emf", "image/x-wmf", "image/vnd.microsoft.icon"})
# Alternatives of the body for other programs than those that people read mail with.
_OTHER_BODIES = frozenset({"text/x-amp-html", "text/watch-html"})
_LOGO_OCTETS = 100_000  # of a broken picture that the text shows, and that is taken for a logo
# Kept, and no document: what a mail program makes use of itself.
_CARDS = {
    "text/calendar": "not a document: an appointment",
    "text/vcard": "not a document: a business card",
    "text/directory": "not a document: a business card",
    "application/pkix-cert": "not a document: a certificate",
    "application/pgp-keys": "not a document: a key for encrypting",
    "application/pgp-encrypted": "not a document: how the mail is encrypted",
}
# Very large material that is not taken without agreement (G6).
_NOT_TAKEN = frozenset({"video", "audio", "model"})
_CAD = "application/acad"
_PROGRAMS = frozenset({"application/x-msdownload", "application/java-archive", "application/vnd.android.package-archive"})
_LONGEST_TEXT = 200_000  # octets of a text file that is made into pages
_BODIES = frozenset({TEXT, HTML})
# What these are is told by their content alone: no mail can call an invoice a signature and have it passed over (B2).
_TOLD = frozenset({PDF}) | PICTURE_TYPES | WORD_TYPES | SHEET_TYPES | SLIDE_TYPES
# Exchange cuts a body into such files where an attachment stands in the middle of it.
_BODY_PIECE = re.compile(r"att \d{5,} \. (?: txt | html? )", re.VERBOSE | re.IGNORECASE)
# Outlook and others name the pictures of a signature so.
_INLINE_NAME = re.compile(
    r"(?: image | outlook- | grafik | pastedgraphic- ) [\w-]* \. (?: png | jpe?g | gif | bmp )", re.VERBOSE | re.I
)
_E_INVOICE_ROOTS = re.compile(
    rb"""
    < (?: [A-Za-z_][\w.-]* : )?
    (?P<root> Invoice | CreditNote | CrossIndustryInvoice | CrossIndustryDocument | Finvoice | StandardBusinessDocument ) [\s>]
    """,
    re.VERBOSE,
)
# Pictures in points of the screen: a page nobody can read, and the smallest that can be a photo of a receipt or a page.
_TINY_SIDE, _LOGO_SIDE, _RECEIPT = 64, 600, (400, 700)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a part when its role is chosen; sizes in pixels, 0 where it is no picture we can measure."""

    media_type: str
    declared: str
    name: str
    disposition: str
    content: bytes
    is_shown: bool
    is_choice: bool
    width: int
    height: int
    has_pdf_beside: bool

    @property
    def is_attached(self) -> bool:
        """Whether it came as a file rather than as text to be read in the mail."""
        return not self.is_choice and (self.disposition == "attachment" or bool(self.name))

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture whose size is known."""
        return self.width > 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: what the part is, in words that its reader understands, when the row applies, the role, and the problem
    told where the role is UNREADABLE.
    """

    name: str
    applies: Callable[[Facts], bool]
    role: PartRole
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The role of a part, the reason for it in a few words, and why nobody can read it where that is so."""

    role: PartRole
    reason: str
    problem: Problem | None = None


def _is_body(facts: Facts) -> bool:
    is_said = facts.declared in _BODIES or (facts.is_choice and facts.declared.startswith("text/"))
    may_be_text = is_said and facts.media_type in (TEXT, HTML, XML, OCTETS)
    return may_be_text and not facts.is_attached


def _is_called(facts: Facts, kinds: Collection[str]) -> bool:
    """Whether the mail calls it one of these, and its content does not say otherwise."""
    return facts.declared in kinds and facts.media_type not in _TOLD


def _is_signature(facts: Facts) -> bool:
    return facts.media_type in _SIGNATURES_TOLD or _is_called(facts, _SIGNATURES)


def _is_tiny_picture(facts: Facts) -> bool:
    return facts.is_picture and min(facts.width, facts.height) < _TINY_SIDE


def _is_shown_picture(facts: Facts) -> bool:
    """A picture the text shows or a signature brings along, and too small for a page; receipts are narrow but tall."""
    if not facts.is_picture or not (facts.is_shown or _INLINE_NAME.fullmatch(facts.name)):
        return False
    is_receipt = facts.width >= _RECEIPT[0] and facts.height >= _RECEIPT[1]
    return min(facts.width, facts.height) < _LOGO_SIDE and not is_receipt


def _is_shown_drawing(facts: Facts) -> bool:
    return facts.is_shown and (facts.media_type in _DRAWINGS or _is_called(facts, _DRAWINGS))


def _is_broken_logo(facts: Facts) -> bool:
    is_small = len(facts.content) <= _LOGO_OCTETS
    return facts.is_shown and facts.media_type in PICTURE_TYPES and not facts.is_picture and is_small


def _is_e_invoice(facts: Facts) -> bool:
    return facts.media_type == XML and bool(_E_INVOICE_ROOTS.search(facts.content[:20_000]))


def _text(facts: Facts) -> str:
    """The words of a text file; empty where it is none."""
    return file_text(facts.content[:_LONGEST_TEXT]) if facts.media_type == TEXT else ""


def _is_text_invoice(facts: Facts) -> bool:
    """A text file with the words of an invoice; a table with them counts where nothing else can be the invoice."""
    text = _text(facts)
    return len(facts.content) <= _LONGEST_TEXT and tells_invoice(text) and not (facts.has_pdf_beside and is_table(text))


def _is_text_annex(facts: Facts) -> bool:
    is_more = facts.has_pdf_beside or len(facts.content) > _LONGEST_TEXT
    return facts.media_type == TEXT and (is_more or is_table(_text(facts)))


def _is_kind(kind: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.media_type == kind or _is_called(facts, (kind,))


def _is_not_taken(facts: Facts) -> bool:
    return facts.media_type.split("/")[0] in _NOT_TAKEN or facts.media_type == _CAD


PROBLEMS = {
    "empty-file": "The file is empty.",
    "office-encrypted": "The file is protected with a password; ask the sender for one without.",
    "e-invoice-not-yet": "This is an electronic invoice without a picture beside it; it cannot be read by itself yet.",
    "not-taken": "Films, sound and drawings of machines or buildings are not taken in; if it belongs here, ask for an agreement.",
    "program": "This is a program, which is never opened; ask the sender what it is for.",
    "unsupported-type": "A file of this kind cannot be read yet; look at it, or ask the sender for a PDF.",
    "unknown-type": "It cannot be told what kind of file this is; look at it, or ask the sender for a PDF.",
}

# The first row that applies decides; the last always does.
RULES = (
    Rule("text of the mail once more, for other programs", lambda f: _is_called(f, _OTHER_BODIES), PartRole.DECORATION),
    Rule("text of the mail", _is_body, PartRole.BODY),
    Rule("piece of the mail's text", lambda f: f.declared in _BODIES and bool(_BODY_PIECE.fullmatch(f.name)), PartRole.BODY),
    Rule("detached signature", _is_signature, PartRole.DECORATION),
    Rule("delivery report", lambda f: _is_called(f, _REPORTS), PartRole.DECORATION),
    *(Rule(words, _is_kind(kind), PartRole.DECORATION) for kind, words in _CARDS.items()),
    Rule("wrapping of Outlook's with nothing in it", lambda f: f.media_type == _TNEF, PartRole.DECORATION),
    Rule("empty, and no file", lambda f: not f.content and not f.is_attached, PartRole.DECORATION),
    Rule("empty file", lambda f: not f.content, PartRole.UNREADABLE, "empty-file"),
    Rule("PDF, inline or not", lambda f: f.media_type == PDF, PartRole.DOCUMENT),
    Rule("tracking pixel or icon", _is_tiny_picture, PartRole.DECORATION),
    Rule("logo or other picture of the text", _is_shown_picture, PartRole.DECORATION),
    Rule("drawing shown in the text", _is_shown_drawing, PartRole.DECORATION),
    Rule("broken picture of the text", _is_broken_logo, PartRole.DECORATION),
    Rule("kept by a program for itself", lambda f: f.media_type == "application/x-mso", PartRole.DECORATION),
    Rule("photo or scan", lambda f: f.media_type in PICTURE_TYPES, PartRole.DOCUMENT),
    Rule("text document", lambda f: f.media_type in WORD_TYPES, PartRole.DOCUMENT),
    Rule("protected document", lambda f: f.media_type == ENCRYPTED_OFFICE, PartRole.UNREADABLE, "office-encrypted"),
    Rule("spreadsheet", lambda f: f.media_type in SHEET_TYPES, PartRole.ANNEX),
    Rule("presentation", lambda f: f.media_type in SLIDE_TYPES, PartRole.ANNEX),
    Rule("web page", lambda f: f.media_type == HTML, PartRole.DOCUMENT),
    Rule("text file with the words of an invoice", _is_text_invoice, PartRole.DOCUMENT),
    Rule("text file or table beside the documents", _is_text_annex, PartRole.ANNEX),
    Rule("text file", lambda f: f.media_type == TEXT, PartRole.DOCUMENT),
    Rule("e-invoice with its PDF", lambda f: _is_e_invoice(f) and f.has_pdf_beside, PartRole.DECORATION),
    Rule("e-invoice alone", _is_e_invoice, PartRole.UNREADABLE, "e-invoice-not-yet"),
    Rule("film, sound or technical drawing", _is_not_taken, PartRole.UNREADABLE, "not-taken"),
    Rule("program", lambda f: f.media_type in _PROGRAMS, PartRole.UNREADABLE, "program"),
    Rule("file of a kind that is not read", lambda f: f.media_type != OCTETS, PartRole.UNREADABLE, "unsupported-type"),
    Rule("file of an unknown kind", lambda _: True, PartRole.UNREADABLE, "unknown-type"),
)


def role_of(facts: Facts) -> Ruling:
    """The role of a part, and why."""
    rule = next(rule for rule in RULES if rule.applies(facts))
    return Ruling(rule.role, rule.name, Problem(rule.problem, PROBLEMS[rule.problem]) if rule.problem else None)
