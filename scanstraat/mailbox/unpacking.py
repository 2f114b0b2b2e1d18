"""A mail unpacked: header, text and parts in order. Runs in a child process, over octets nobody vouches for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scanstraat.mailbox.bodypage import text_pdf
from scanstraat.mailbox.bodytext import LONGEST_TEXT, body_text, mail_text, referenced_ids
from scanstraat.mailbox.fields import split_header
from scanstraat.mailbox.filetype import DOC, DOCX, HTML, ODT, PDF, RTF, told_type
from scanstraat.mailbox.header import mail_header
from scanstraat.mailbox.mime import Leaf, leaves
from scanstraat.mailbox.pictures import picture_size
from scanstraat.mailbox.roles import Facts, role_of
from scanstraat.model.mail import MailHeader, OpenedMail, Part, PartRole

_EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "text/plain": "txt",
    "text/html": "html",
    "application/xml": "xml",
    DOCX: "docx",
    DOC: "doc",
    ODT: "odt",
    RTF: "rtf",
    "application/zip": "zip",
    "message/rfc822": "eml",
}


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An opened mail on its way out of the child process.

    `sent_at` travels as text (ISO 8601, empty: none), since the codec between processes keeps the moment but not the zone.
    """

    mail: OpenedMail
    sent_at: str

    @property
    def opened(self) -> OpenedMail:
        """The opened mail with the sender's own zone in its header."""
        sent_at = datetime.fromisoformat(self.sent_at) if self.sent_at else None
        return replace(self.mail, header=replace(self.mail.header, sent_at=sent_at))

    @classmethod
    def of(cls, mail: OpenedMail) -> Unpacked:
        """`mail`, ready to travel."""
        sent_at = mail.header.sent_at
        return cls(replace(mail, header=replace(mail.header, sent_at=None)), sent_at.isoformat() if sent_at else "")


def unpack(raw: bytes) -> OpenedMail:
    """The mail unpacked, its parts not yet checked or converted. Takes any octets, raises nothing, drops nothing (B3)."""
    found = tuple(leaves(raw))
    types = tuple(told_type(leaf.content) for leaf in found)
    shown = referenced_ids(found)
    has_pdf = PDF in types
    parts = tuple(_part(number, leaf, kind, shown, has_pdf) for number, (leaf, kind) in enumerate(zip(found, types, strict=True)))
    return OpenedMail(header_of(raw), mail_text(_bodies(found, parts)), _with_document(found, parts))


def header_of(raw: bytes) -> MailHeader:
    """The header of the mail alone."""
    return mail_header(split_header(raw)[0])


def _bodies(found: Sequence[Leaf], parts: Sequence[Part]) -> tuple[Leaf, ...]:
    return tuple(leaf for leaf, part in zip(found, parts, strict=True) if part.role is PartRole.BODY)


def _with_document(found: Sequence[Leaf], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts; where there is nothing but text, the longest text is the document (B1, B3)."""
    if any(part.role in (PartRole.DOCUMENT, PartRole.UNREADABLE) for part in parts):
        return parts
    texts = {at: body_text(found[at]) for at, part in enumerate(parts) if part.role is PartRole.BODY}
    longest = max(texts, key=lambda at: (len(texts[at].split()), found[at].declared == HTML), default=-1)
    if longest < 0 or not texts[longest]:
        return parts
    pdf = text_pdf(texts[longest][:LONGEST_TEXT])
    document = replace(parts[longest], name=found[longest].name, role=PartRole.DOCUMENT, pdf=pdf)
    return (*parts[:longest], document, *parts[longest + 1 :])


def _part(number: int, leaf: Leaf, told: str, shown: frozenset[str], has_pdf: bool) -> Part:
    if leaf.is_container:
        return Part(number, leaf.name, leaf.declared, leaf.declared, PartRole.CONTAINER, leaf.content)
    name = leaf.name or f"part-{number + 1}.{_EXTENSIONS.get(told, 'bin')}"
    if leaf.problem:
        return Part(number, name, told, leaf.declared, PartRole.UNREADABLE, leaf.content, problem=leaf.problem)
    width, height = picture_size(leaf.content, told)
    is_shown = leaf.content_id in shown if leaf.content_id else False
    is_choice = leaf.alternatives > 0
    facts = Facts(told, leaf.declared, leaf.name, leaf.disposition, leaf.content, is_shown, is_choice, width, height, has_pdf)
    role, problem = role_of(facts)
    told = leaf.declared if role is PartRole.BODY else told  # text with a tag in it is HTML only where the mail says so
    return Part(number, name, told, leaf.declared, role, leaf.content, problem=problem)
