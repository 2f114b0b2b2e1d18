"""A mail taken apart into its leaves in order, whatever is packed in it: no recursion; depth, number and size are bounded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from scanstraat.mailbox import filetype, mime
from scanstraat.mailbox.charsets import one_line
from scanstraat.mailbox.containers.opened import MAX_NESTED, Budget, Inner, Opener
from scanstraat.mailbox.containers.openers import OPENERS, opened, taken
from scanstraat.mailbox.fields import file_name
from scanstraat.mailbox.leaf import MAX_DEPTH, Leaf, Place
from scanstraat.mailbox.mime import Segment
from scanstraat.mailbox.octets import Octets
from scanstraat.mailbox.textfiles import without_files
from scanstraat.model.mail import Problem

MAX_LEAVES = 1_000
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_FIRST_LINES = 1_000  # octets that tell how the lines of a mail end
_WRAPPINGS = {"p7m": "", "p7c": "", "p7z": "", "gz": "", "tgz": ".tar"}  # endings, and what stands there without
_TOO_DEEP = Problem("nested-too-deep", f"The mail is nested more than {MAX_DEPTH} deep; here is what lies deeper.")
_TOO_MANY = Problem("too-many-parts", f"The mail has more than {MAX_LEAVES} parts; here is the rest.")
_PACKED_TOO_DEEP = Problem("nested-too-deep", f"Files are packed more than {MAX_NESTED} times into one another here.")


@dataclass(frozen=True, slots=True)
class _File:
    """A file out of a container, not yet looked into."""

    inner: Inner
    place: Place

    @property
    def content(self) -> bytes:
        return self.inner.content


_Waiting = tuple[Segment | _File, ...]


class Walk:
    """One walk over one mail. What exceeds the limits of depth or number comes as one leaf with a problem."""

    def __init__(self, skipped: Mapping[str, Problem] | None = None, openers: Mapping[str, Opener] = OPENERS) -> None:
        self._skipped = skipped or {}
        self._openers = openers
        self._budget = Budget()

    def leaves(self, raw: Octets) -> Iterator[Leaf]:
        """The leaves of a mail in order; a container stands before what is in it."""
        waiting: list[Segment | _File] = [Segment.whole(with_line_feeds(raw))]
        number = 0
        while waiting:
            one = waiting.pop()
            one = replace(one, place=replace(one.place, number=number))
            if number >= MAX_LEAVES - 1 and waiting:
                yield _rest(b"".join(each.content for each in (one, *reversed(waiting))), one.place, _TOO_MANY)
                return
            leaf, further = self._looked_into(one)
            if leaf is not None:
                number += 1
                yield leaf if leaf.told else replace(leaf, told=filetype.told_type(leaf.content))
            waiting.extend(reversed(further))

    def _looked_into(self, one: Segment | _File) -> tuple[Leaf | None, _Waiting]:
        if one.place.depth > MAX_DEPTH:
            return _rest(one.content, one.place, _TOO_DEEP), ()
        return self._segment(one) if isinstance(one, Segment) else self._file(one)

    def _segment(self, segment: Segment) -> tuple[Leaf | None, _Waiting]:
        found = mime.looked_into(segment, MAX_LEAVES + 1)
        if found.leaf is None:
            return None, found.parts
        if found.mail is not None:
            return found.leaf, (_further_in(found.mail),)
        return self._opened(found.leaf)

    def _file(self, file: _File) -> tuple[Leaf | None, _Waiting]:
        inner = file.inner
        if inner.is_entity:
            return None, (Segment.whole(Octets(inner.content), file.place),)
        leaf = _leaf_of(inner, file.place)
        if inner.within is not None:
            within = inner.within
            found = taken(lambda: within(self._budget), self._budget)
            leaf = replace(leaf.as_container(inner.content, leaf.name, filetype.MAIL), problem=found.problem)
            return leaf, _files(found.inner, leaf.place, message=1)
        mail = mime.mail_within(leaf, Segment.whole(Octets(inner.content), file.place))
        if mail is not None and inner.problem is None:
            return mime.header_of(leaf, mail), (_further_in(mail),)
        return self._opened(leaf)

    def _opened(self, leaf: Leaf) -> tuple[Leaf, _Waiting]:
        """The leaf, and what is in it where it is a container of any kind."""
        if leaf.problem is not None:
            return leaf, ()
        if leaf.declared.startswith("text/") and not leaf.name:
            text, files = without_files(leaf.content)
            if files:
                place = leaf.place
                beside = tuple(_File(file, replace(place, depth=place.depth + 1, alternatives=0)) for file in files)
                return leaf.of(text), beside
        leaf = replace(leaf, told=filetype.told_type(leaf.content))
        row = self._openers.get(leaf.told)
        if row is None:
            return leaf, ()
        refused = self._refused(leaf)
        if refused is not None:
            return (leaf if row.stays else replace(leaf, problem=refused)), ()
        found = opened(leaf.content, leaf.told, self._budget, self._openers)
        if not row.stays and (found.inner or leaf.declared not in _SIGNATURES):
            is_container = bool(found.inner)
            reason = row.reason if is_container else ""
            leaf = replace(leaf, is_container=is_container, problem=found.problem, reason=reason)
        inner = tuple(_unwrapped(one, leaf) for one in found.inner) if row.is_wrapping else found.inner
        return leaf, _files(inner, leaf.place, row.message)

    def _refused(self, leaf: Leaf) -> Problem | None:
        if leaf.place.nested >= MAX_NESTED:
            return _PACKED_TOO_DEEP
        return self._skipped.get(hashlib.sha256(leaf.content).hexdigest()) if self._skipped else None


def with_line_feeds(raw: Octets) -> Octets:
    r"""The mail with lines that end in line feeds, where it has none but carriage returns.

    >>> with_line_feeds(Octets(b"From: a\rTo: b\r\rc")).buffer, with_line_feeds(Octets(b"a\r\nb\r")).buffer
    (b'From: a\nTo: b\n\nc', b'a\r\nb\r')
    """
    head = raw.cut(0, min(len(raw), _FIRST_LINES))
    if b"\n" in head or b"\r" not in head:
        return raw
    return Octets(raw.cut(0, len(raw)).replace(b"\r", b"\n"))


def _further_in(mail: Segment) -> Segment:
    return replace(mail, place=mail.place.within(message=1, nested=0))


def _files(inner: tuple[Inner, ...], place: Place, message: int) -> tuple[_File, ...]:
    return tuple(_File(one, place.within(message, one.is_choice)) for one in inner)


def _unwrapped(inner: Inner, wrapping: Leaf) -> Inner:
    """The file in a wrapping, standing where that stood, and called so without its ending: factuur.pdf in factuur.pdf.p7m."""
    stem, _, ending = wrapping.name.rpartition(".")
    name = f"{stem}{_WRAPPINGS[ending.lower()]}" if ending.lower() in _WRAPPINGS else wrapping.name
    is_inline = wrapping.disposition == "inline"
    return replace(inner, name=inner.name or name, content_id=wrapping.content_id, is_inline=is_inline)


def _leaf_of(inner: Inner, place: Place) -> Leaf:
    return Leaf(
        declared=one_line(inner.declared.lower(), 200),
        charset=inner.charset,
        name=file_name(inner.name),
        disposition="inline" if inner.is_inline else "",
        content_id=inner.content_id,
        content=inner.content,
        place=place,
        is_lumber=inner.is_lumber,
        problem=inner.problem,
    )


def _rest(content: bytes, place: Place, problem: Problem) -> Leaf:
    return Leaf(filetype.OCTETS, content=content, place=place, problem=problem)
