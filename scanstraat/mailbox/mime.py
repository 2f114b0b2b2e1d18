"""One MIME entity looked into (RFC 2045, 2046): the parts between its delimiters, or what it is, without changing an octet."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scanstraat.mailbox import filetype
from scanstraat.mailbox.fields import Fields, file_name, split_header, value_and_parameters
from scanstraat.mailbox.leaf import TOP, Leaf, Place
from scanstraat.mailbox.octets import Octets
from scanstraat.mailbox.transfer import without_transfer
from scanstraat.model.mail import Problem

TEXT, MAIL = filetype.TEXT, filetype.MAIL
_MAILS = frozenset({MAIL, "message/global", "message/news"})
_MAIL_NAMES, _TEXT_NAMES = (".eml", ".msg", ".mht", ".mhtml"), (".txt", ".text", ".md", ".log")
_UNTOLD = frozenset({"", filetype.OCTETS})
_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary", "8-bit", "7-bit"})
_HEAD = 131_072  # octets that tell whether a part is a mail
_SEARCHED = 1_000_000  # octets in which a multipart's boundary must show itself where its header does not tell it
# Mails that hold no whole mail; nothing is ever fetched.
_CLOSED = {
    "message/partial": Problem(
        "partial-mail", "This is one piece of a mail that was sent in several; ask the sender for the whole in one."
    ),
    "message/external-body": Problem(
        "external-body", "The mail only says where its content lies, and nothing is fetched from there; ask the sender for it."
    ),
}
_PREAMBLE = 500  # octets before the first part, where nothing says that there are parts
_LUMBER = frozenset({"application/applefile"})  # what a Macintosh keeps beside a file
# What may stand before a mail that was saved or attached as a file.
_BEFORE_A_MAIL = re.compile(rb"(?: \xef\xbb\xbf )? \s* (?: >? From [ ] [^\n]* \n )?", re.VERBOSE)
_COMMENT = re.compile(r"[(] [^()]* [)]", re.VERBOSE)
_EVIDENT_BOUNDARY = re.compile(
    rb"""
    ^ -- (?P<boundary> [^\r\n]{1,200} ) \r?\n (?= content-[a-z-]{2,40} [ \t]* : )
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """An entity not yet looked into: header and body, as they lie in the mail."""

    octets: Octets
    begin: int
    end: int
    place: Place = TOP
    default: str = TEXT

    @classmethod
    def whole(cls, octets: Octets, place: Place = TOP) -> Segment:
        """All of the octets as one entity."""
        return cls(octets, 0, len(octets), place)

    @property
    def content(self) -> bytes:
        """Its octets."""
        return self.octets.cut(self.begin, self.end)


@dataclass(frozen=True, slots=True)
class Entity:
    """A segment looked into: the parts in it; or `leaf`; or `leaf`, being the header of a mail, and that mail."""

    parts: tuple[Segment, ...] = ()
    leaf: Leaf | None = None
    mail: Segment | None = None


def looked_into(segment: Segment, most: int) -> Entity:
    """What is in a segment; at most that many parts, of which the last holds all the rest. Raises nothing."""
    fields, begin = split_header(segment.octets.buffer, segment.begin, segment.end)
    kind, parameters = value_and_parameters(fields.raw("content-type"))
    kind = kind if "/" in kind else _unsaid(segment, begin, fields)
    body = _without_transfer(segment, begin, told_encoding(fields.text("content-transfer-encoding")))
    if kind.startswith("multipart/"):
        parts = _parts(body, kind, parameters.get("boundary", "").encode("utf-8", "surrogateescape"), most)
        if parts:
            return Entity(parts)
    leaf = _leaf(fields, kind, parameters, segment.place)
    mail = mail_within(leaf, body)
    return Entity(leaf=leaf.of(body.content)) if mail is None else Entity(leaf=header_of(leaf, mail), mail=mail)


def mail_within(leaf: Leaf, body: Segment) -> Segment | None:
    """The mail that the body of a leaf is, where it is one, told or not (A5)."""
    name = leaf.name.lower()
    is_told = leaf.declared in _MAILS or name.endswith(_MAIL_NAMES)
    if not is_told and (leaf.declared not in _UNTOLD or name.endswith(_TEXT_NAMES)):
        return None
    head = body.octets.cut(body.begin, min(body.end, body.begin + _HEAD))
    before = _BEFORE_A_MAIL.match(head)
    begin = before.end() if before else 0
    if not filetype.is_mail(head[begin:]) and not (leaf.declared in _MAILS and split_header(head, begin)[0].items):
        return None
    return Segment(body.octets, body.begin + begin, body.end, leaf.place)


def header_of(leaf: Leaf, mail: Segment) -> Leaf:
    """The mail as a leaf of its own: its header only, since its parts follow."""
    fields, end = split_header(mail.octets.buffer, mail.begin, mail.end)
    name = leaf.name or file_name(f"{fields.text('subject', 80) or 'mail'}.eml".replace("/", "-"))
    return leaf.as_container(mail.octets.cut(mail.begin, end), name=name, declared=MAIL)


def told_encoding(text: str) -> str:
    """The transfer encoding that a header tells, without comments and what follows a semicolon.

    >>> told_encoding("BASE64 (as agreed)"), told_encoding("8bit; x=1"), told_encoding("base64 (")
    ('base64', '8bit', 'base64 (')
    """
    return _COMMENT.sub("", text).partition(";")[0].strip().lower()


def _without_transfer(segment: Segment, begin: int, encoding: str) -> Segment:
    """The body; where it is not encoded, it stays where it lies."""
    if encoding in _AS_IT_IS:
        return Segment(segment.octets, begin, segment.end, segment.place)
    decoded = without_transfer(segment.octets.pieces(begin, segment.end), encoding)
    return Segment.whole(Octets(decoded), segment.place)


def _unsaid(segment: Segment, begin: int, fields: Fields) -> str:
    """The type of an entity that does not say it: mails whose header was cut still show that they have parts."""
    is_mail = bool(fields.raw("from") and fields.raw("subject"))
    if is_mail and _EVIDENT_BOUNDARY.search(segment.octets.buffer, begin, min(segment.end, begin + _PREAMBLE)):
        return "multipart/mixed"
    return segment.default


def _parts(body: Segment, kind: str, boundary: bytes, most: int) -> tuple[Segment, ...]:
    octets, begin, end = body.octets, body.begin, body.end
    spans = split_parts(octets.buffer, begin, end, boundary, most)
    if not spans:
        found = _EVIDENT_BOUNDARY.search(octets.buffer, begin, min(end, begin + _SEARCHED))
        spans = split_parts(octets.buffer, begin, end, found["boundary"].rstrip(), most) if found else ()
    octets.forget(begin, end)
    default = MAIL if kind == "multipart/digest" else TEXT
    return tuple(Segment(octets, first, last, body.place.of_multipart(kind), default) for first, last in spans)


def split_parts(body: bytes | mmap.mmap, begin: int, end: int, boundary: bytes, most: int) -> tuple[tuple[int, int], ...]:
    r"""The parts between the delimiter lines; the last may lack its end. With `most` parts, the last holds all the rest.

    >>> def parts(body, boundary): return [body[a:b] for a, b in split_parts(body, 0, len(body), boundary, 9)]
    >>> parts(b"hello\r\n--b\r\n\r\none\r\n--b--\r\nbye", b"b")
    [b'\r\none']
    >>> parts(b"--b\n\none\n--b\n\ntwo", b"b"), parts(b"--bb\n\none", b"b")
    ([b'\none', b'\ntwo'], [])
    """
    parts: list[tuple[int, int]] = []
    first = -1  # of the part we are in; -1 before the first delimiter and after a closing one
    for start, stop, is_closing in _delimiters(body, begin, end, b"--" + boundary) if boundary else ():
        if first >= 0:
            if len(parts) == most - 1:
                return (*parts, (first, end))
            parts.append((first, max(first, start)))
        first = -1 if is_closing else stop
    if first >= 0:
        parts.append((first, end))
    return tuple(parts)


def _delimiters(body: bytes | mmap.mmap, begin: int, end: int, line: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each delimiter line: where the text before it ends, where the part after it begins, whether it closes."""
    at = body.find(line, begin, end)
    while at >= 0:
        if at == begin or body[at - 1 : at] == b"\n":
            stop = body.find(b"\n", at, end) + 1 or end
            tail = body[at + len(line) : stop]
            if tail.strip() in (b"", b"--"):
                before = at - 2 if body[max(at - 2, begin) : at] == b"\r\n" else max(at - 1, begin)
                yield before, stop, tail.startswith(b"--")
        at = body.find(line, at + len(line), end)


def _leaf(fields: Fields, kind: str, parameters: dict[str, str], place: Place) -> Leaf:
    disposition, more = value_and_parameters(fields.raw("content-disposition"))
    return Leaf(
        declared=kind[:200],
        charset=parameters.get("charset", ""),
        name=file_name(more.get("filename", "") or parameters.get("name", "")),
        disposition=disposition,
        content_id=fields.text("content-id").strip("<> "),
        place=place,
        is_lumber=kind in _LUMBER,
        problem=_problem(kind),
    )


def _problem(kind: str) -> Problem | None:
    if kind.startswith("multipart/"):
        return Problem("broken-multipart", "This part says it holds further parts, but they cannot be told apart.")
    return _CLOSED.get(kind)
