"""A mail taken apart into its leaves, in order (RFC 2046), without recursion and without changing an octet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scanstraat.mailbox import filetype
from scanstraat.mailbox.fields import Fields, file_name, split_header, value_and_parameters
from scanstraat.mailbox.transfer import without_transfer
from scanstraat.model.mail import Problem

MAX_DEPTH = 50
MAX_LEAVES = 1_000
_TEXT, _MAIL = "text/plain", "message/rfc822"
_OPAQUE_MAIL_NAMES = (".eml",)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part that holds no further ones, decoded. A container (a mail within the mail) has its header as content.

    `message` counts how deep in forwarded mails it is (0: the mail itself); `alternatives` numbers the multipart/alternative
    it is one of the choices of (0: of none).
    """

    declared: str
    charset: str
    name: str
    disposition: str
    content_id: str
    content: bytes
    message: int = 0
    alternatives: int = 0
    is_container: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part not yet looked into: header and body as in the mail."""

    content: bytes
    default: str = _TEXT
    depth: int = 0
    message: int = 0
    alternatives: int = 0


def leaves(raw: bytes) -> Iterator[Leaf]:
    """The leaves of a mail in order. What exceeds the limits of depth or number comes as one leaf with a problem."""
    waiting = [_Segment(raw)]
    number = 0
    while waiting:
        segment = waiting.pop()
        if number >= MAX_LEAVES - 1 and waiting:
            rest = b"".join(s.content for s in (segment, *reversed(waiting)))
            yield _too_much(rest, segment, "too-many-parts", f"The mail has more than {MAX_LEAVES} parts; here is the rest.")
            return
        inner, leaf = _looked_into(segment, number)
        if leaf is not None:
            number += 1
            yield leaf
        waiting.extend(reversed(inner))


def _looked_into(segment: _Segment, number: int) -> tuple[tuple[_Segment, ...], Leaf | None]:
    """What is in the segment: further segments, or a leaf, or (a mail within) both."""
    if segment.depth > MAX_DEPTH:
        text = f"The mail is nested more than {MAX_DEPTH} deep; here is what lies deeper."
        return (), _too_much(segment.content, segment, "nested-too-deep", text)
    fields, begin = split_header(segment.content)
    kind, parameters = value_and_parameters(fields.raw("content-type"))
    kind = kind if "/" in kind else segment.default
    body = segment.content[begin:]
    if kind.startswith("multipart/"):
        inner = split_parts(body, parameters.get("boundary", "").encode("utf-8"), MAX_LEAVES + 1)
        if inner:
            return _choices(segment, kind, inner, number), None
    leaf = _leaf(segment, fields, kind, parameters, without_transfer(body, fields.text("content-transfer-encoding")))
    if _is_mail_within(leaf):
        return (_Segment(leaf.content, _TEXT, segment.depth + 1, segment.message + 1),), _container(leaf)
    return (), leaf


def _choices(segment: _Segment, kind: str, inner: tuple[bytes, ...], number: int) -> tuple[_Segment, ...]:
    default = _MAIL if kind == "multipart/digest" else _TEXT
    # A number that no other multipart has: leaves before it, and depth (an alternative may begin with another).
    own = (number * (MAX_DEPTH + 2) + segment.depth + 1) if kind == "multipart/alternative" else segment.alternatives
    return tuple(_Segment(part, default, segment.depth + 1, segment.message, own) for part in inner)


def split_parts(body: bytes, boundary: bytes, most: int) -> tuple[bytes, ...]:
    r"""The parts between the delimiter lines; the last may lack its end. With `most` parts, the last holds all the rest.

    >>> split_parts(b"hello\r\n--b\r\n\r\none\r\n--b--\r\nbye", b"b", 9)
    (b'\r\none',)
    >>> split_parts(b"--b\n\none\n--b\n\ntwo", b"b", 9), split_parts(b"--bb\n\none", b"b", 9)
    ((b'\none', b'\ntwo'), ())
    """
    parts: list[bytes] = []
    begin = -1  # of the part we are in; -1 before the first delimiter and after a closing one
    for start, end, is_closing in _delimiters(body, b"--" + boundary) if boundary else ():
        if begin >= 0:
            if len(parts) == most - 1:
                return (*parts, body[begin:])
            parts.append(body[begin:start])
        begin = -1 if is_closing else end
    if begin >= 0:
        parts.append(body[begin:])
    return tuple(parts)


def _delimiters(body: bytes, line: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each delimiter line: where the text before it ends, where the part after it begins, whether it closes."""
    at = body.find(line)
    while at >= 0:
        if at == 0 or body[at - 1 : at] == b"\n":
            stop = body.find(b"\n", at) + 1 or len(body)
            tail = body[at + len(line) : stop]
            if tail.strip() in (b"", b"--"):
                before = at - 2 if body[max(at - 2, 0) : at] == b"\r\n" else max(at - 1, 0)
                yield before, stop, tail.startswith(b"--")
        at = body.find(line, at + len(line))


def _leaf(segment: _Segment, fields: Fields, kind: str, parameters: dict[str, str], content: bytes) -> Leaf:
    disposition, more = value_and_parameters(fields.raw("content-disposition"))
    return Leaf(
        declared=kind[:200],
        charset=parameters.get("charset", ""),
        name=file_name(more.get("filename", "") or parameters.get("name", "")),
        disposition=disposition,
        content_id=fields.text("content-id").strip("<> "),
        content=content,
        message=segment.message,
        alternatives=segment.alternatives,
        problem=_broken_multipart(kind),
    )


def _broken_multipart(kind: str) -> Problem | None:
    if not kind.startswith("multipart/"):
        return None
    return Problem("broken-multipart", "This part says it holds further parts, but they cannot be told apart.")


def _is_mail_within(leaf: Leaf) -> bool:
    is_told = leaf.declared == _MAIL or leaf.name.lower().endswith(_OPAQUE_MAIL_NAMES)
    may_be = is_told or leaf.declared == filetype.OCTETS
    return may_be and filetype.is_mail(leaf.content)


def _container(leaf: Leaf) -> Leaf:
    """The mail within as a leaf of its own: its header only, since its parts follow."""
    fields, begin = split_header(leaf.content)
    name = leaf.name or file_name(f"{fields.text('subject', 80) or 'mail'}.eml".replace("/", "-"))
    return replace(leaf, declared=_MAIL, name=name, content=leaf.content[:begin], is_container=True)


def _too_much(content: bytes, segment: _Segment, code: str, text: str) -> Leaf:
    return Leaf(filetype.OCTETS, "", "", "", "", content, segment.message, problem=Problem(code, text))
