"""A mail unpacked: header, text and parts in order. Runs in a child process, over octets nobody vouches for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scanstraat.mailbox.bodypage import with_document
from scanstraat.mailbox.bodytext import body_text, mail_text, referenced_ids
from scanstraat.mailbox.covers import without_covers
from scanstraat.mailbox.fields import split_header
from scanstraat.mailbox.filetype import PDF
from scanstraat.mailbox.forwarded import with_origins
from scanstraat.mailbox.header import mail_header
from scanstraat.mailbox.leaf import Leaf
from scanstraat.mailbox.octets import Octets
from scanstraat.mailbox.pictures import picture_size
from scanstraat.mailbox.roles import Facts, role_of
from scanstraat.mailbox.signatures import EXTENSIONS
from scanstraat.mailbox.walking import Walk, with_line_feeds
from scanstraat.model.mail import MailHeader, OpenedMail, Part, PartRole, Problem


def unpack(raw: bytes | Octets, skipped: Mapping[str, Problem] | None = None) -> OpenedMail:
    """The mail unpacked, its parts not yet checked or converted. Takes any octets, raises nothing, drops nothing (B3).

    `skipped` names containers, by the sha256 of their content, that are not to be opened, and why.
    """
    octets = with_line_feeds(raw if isinstance(raw, Octets) else Octets(raw))
    found = tuple(Walk(skipped or {}).leaves(octets))
    shown = referenced_ids(found)
    has_pdf = any(leaf.told == PDF for leaf in found)
    parts = tuple(_part(number, leaf, shown, has_pdf) for number, leaf in enumerate(found))
    header = header_of(octets)
    parts = with_origins(header, parts, lambda at: body_text(found[at]))
    return OpenedMail(header, mail_text(_bodies(found, parts)), with_document(found, without_covers(parts)))


def header_of(raw: bytes | Octets) -> MailHeader:
    """The header of the mail alone."""
    return mail_header(split_header(raw.buffer if isinstance(raw, Octets) else raw)[0])


def _bodies(found: Sequence[Leaf], parts: Sequence[Part]) -> tuple[Leaf, ...]:
    return tuple(leaf for leaf, part in zip(found, parts, strict=True) if part.role is PartRole.BODY)


def _part(number: int, leaf: Leaf, shown: frozenset[str], has_pdf: bool) -> Part:
    told, name = leaf.told, leaf.name or f"part-{number + 1}.{EXTENSIONS.get(leaf.told, 'bin')}"
    part = Part(number, name, told, leaf.declared, PartRole.DECORATION, leaf.content, container=leaf.container)
    if leaf.is_container:
        return replace(part, role=PartRole.CONTAINER, problem=leaf.problem, reason=leaf.reason or "mail within the mail")
    if leaf.problem:
        return replace(part, role=PartRole.UNREADABLE, problem=leaf.problem, reason="part that cannot be taken apart")
    if leaf.is_lumber:
        return replace(part, reason="kept by a program for itself")
    width, height = picture_size(leaf.content, told)
    is_shown = leaf.content_id in shown if leaf.content_id else False
    is_choice = leaf.alternatives > 0
    facts = Facts(told, leaf.declared, leaf.name, leaf.disposition, leaf.content, is_shown, is_choice, width, height, has_pdf)
    given = role_of(facts)
    told = leaf.declared if given.role is PartRole.BODY else told  # text with a tag in it is HTML only where the mail says so
    return replace(part, media_type=told, role=given.role, problem=given.problem, reason=given.reason)
