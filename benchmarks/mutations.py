"""What damage does to mails and files: octets flipped, cut, doubled; boundaries, encodings and trees of parts broken. Seeded."""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable, Sequence

Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]

_FEW, _MANY = 3, 60
_INTERESTING = (b"\x00", b"\xff", b"\r", b"\n", b"\r\n.\r\n", b"--", b"=", b"<", b">", b"%", b"\x7f\xff\xff\xff", b"-1", b"99999")
_FIELD = re.compile(rb"^ (?P<name> [!-9;-~]{1,60} ) : (?P<value> [^\r\n]* )", re.VERBOSE | re.MULTILINE)
_NUMBER = re.compile(rb"\b (?P<number> [0-9]{1,10} ) \b", re.VERBOSE)
_BOUNDARY = re.compile(rb"boundary= \"? (?P<boundary> [^\"\r\n;]+ )", re.VERBOSE | re.IGNORECASE)
_PDF_VALUE = re.compile(rb"/ (?P<key> [A-Z][A-Za-z]{1,16} ) [ ]? (?P<value> [0-9\[/(<][^/>\]\r\n]{0,20} )", re.VERBOSE)
_KINDS = (
    b"multipart/mixed",
    b"multipart/alternative",
    b"message/rfc822",
    b"text/html",
    b"text/plain; charset=utf-7",
    b"application/pdf",
    b"application/ms-tnef",
    b"application/pkcs7-mime",
    b"multipart/digest",
    b"image/tiff",
    b"",
)
_ENCODINGS = (b"base64", b"quoted-printable", b"7bit", b"binary", b"x-uuencode", b"BASE64 (x)", b"")


def flipped(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Some octets are others."""
    octets = bytearray(content)
    for _turn in range(chance.randint(1, _MANY)):
        if octets:
            octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    return bytes(octets)


def cut(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """It ends early."""
    return content[: chance.randrange(len(content) + 1)]


def holed(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """A piece is gone."""
    begin, end = _piece(content, chance)
    return content[:begin] + content[end:]


def doubled(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """A piece comes several times."""
    begin, end = _piece(content, chance)
    return content[:end] + content[begin:end] * chance.randint(1, _FEW) + content[end:]


def spliced(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """It goes on as another."""
    other = chance.choice(others)
    return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]


def sprinkled(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Octets that mean something stand where they should not."""
    for _turn in range(chance.randint(1, 8)):
        at = chance.randrange(len(content) + 1)
        content = content[:at] + chance.choice(_INTERESTING) + content[at + chance.randrange(2) :]
    return content


def fields_swapped(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Header fields have each other's values."""
    fields = list(_FIELD.finditer(content[:20_000]))
    if len(fields) < 2:
        return content
    first, second = sorted(chance.sample(range(len(fields)), 2))
    one, two = fields[first], fields[second]
    return (
        content[: one.start("value")]
        + two["value"]
        + content[one.end("value") : two.start("value")]
        + one["value"]
        + content[two.end("value") :]
    )


def field_changed(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """A header field is gone, doubled, very long, or says something else of the part."""
    fields = list(_FIELD.finditer(content[:20_000]))
    if not fields:
        return content
    found = chance.choice(fields)
    name = found["name"].lower()
    values = _KINDS if name == b"content-type" else _ENCODINGS if name == b"content-transfer-encoding" else _INTERESTING
    line = found.group()
    other = found["name"] + b": " + chance.choice(values)
    changed = (b"", line + b"\r\n" + line, line * 200, other, line + chance.choice(_INTERESTING))
    return content[: found.start()] + chance.choice(changed) + content[found.end() :]


def boundaries_broken(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Delimiter lines are gone, closed, doubled, or those of another part."""
    told = [found["boundary"] for found in _BOUNDARY.finditer(content)]
    if not told:
        return content
    line = b"--" + chance.choice(told)
    places = [found.start() for found in re.finditer(re.escape(line), content)]
    if not places:
        return content
    at = chance.choice(places)
    replaced = (b"", line + b"--", line + b"\r\n\r\n" + line, b"--" + chance.choice(told), line[:-1], b" " + line, line * 3)
    return content[:at] + chance.choice(replaced) + content[at + len(line) :]


def part_moved(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A part stands elsewhere in the tree, or one of another mail does."""
    pieces = _parts(content)
    if len(pieces) < 2:
        return spliced(content, chance, others)
    foreign = _parts(chance.choice(others))
    chosen = chance.choice(pieces + foreign)
    at = chance.choice(pieces)
    where = content.find(at)
    return content[:where] + chosen + content[where + (len(at) if chance.random() < 0.5 else 0) :]


def wrapped(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """The whole mail is a part of another, a few times over."""
    for level in range(chance.randint(1, 8)):
        mark = b"w%d" % level
        kind = chance.choice((b"message/rfc822", b"multipart/mixed; boundary=w", b"application/octet-stream; name=a.eml"))
        head = b"From: a@b.example\r\nSubject: w\r\nContent-Type: multipart/mixed; boundary=" + mark + b"\r\n\r\n"
        content = head + b"--" + mark + b"\r\nContent-Type: " + kind + b"\r\n\r\n" + content + b"\r\n--" + mark + b"--\r\n"
    return content


def numbers_changed(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Numbers in text, such as lengths, counts and offsets, are others."""
    places = list(_NUMBER.finditer(content[:200_000]))
    for found in chance.sample(places, min(len(places), chance.randint(1, _FEW))):
        number = int(found["number"])
        other = chance.choice((0, number + 1, max(0, number - 1), number * 1_000, 2**31, 2**32, 10**12))
        size = found.end() - found.start()
        content = content[: found.start()] + (b"%d" % other)[:size].rjust(size, b"0") + content[found.end() :]
    return content


def values_changed(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """An entry of a PDF's dictionary says something else."""
    places = list(_PDF_VALUE.finditer(content))
    if not places:
        return flipped(content, chance, ())
    found, other = chance.choice(places), chance.choice(places)
    values = (other["value"], b"0", b"-1", b"99999999", b"null", b"[ ]", b"(x)", b"1 0 R", b"<< >>", b"/Name", b"1e99")
    return content[: found.start("value")] + chance.choice(values) + content[found.end("value") :]


def words_changed(content: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Two or four octets, as binary formats keep lengths and offsets in, are others."""
    octets = bytearray(content)
    for _turn in range(chance.randint(1, 6)):
        if len(octets) < 8:
            break
        at = chance.randrange(min(len(octets) - 4, 4_096) if chance.random() < 0.7 else len(octets) - 4)
        value = chance.choice((0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, chance.getrandbits(32)))
        kind = chance.choice(("<I", ">I", "<H", ">H"))
        octets[at : at + struct.calcsize(kind)] = struct.pack(kind, value & (0xFFFFFFFF if kind[1] == "I" else 0xFFFF))
    return bytes(octets)


def _piece(content: bytes, chance: random.Random) -> tuple[int, int]:
    begin = chance.randrange(len(content) + 1)
    return begin, min(len(content), begin + int(chance.expovariate(1 / 400)) + 1)


def _parts(content: bytes) -> list[bytes]:
    """The pieces between delimiter lines of any boundary told, delimiter and all."""
    for found in _BOUNDARY.finditer(content):
        pieces = content.split(b"--" + found["boundary"])
        if len(pieces) > 2:
            return [b"--" + found["boundary"] + piece for piece in pieces[1:]]
    return []


# What may happen to any octets, to mails besides, and to files besides.
ANYWHERE: tuple[Mutation, ...] = (flipped, cut, holed, doubled, spliced, sprinkled)
OF_MAILS: tuple[Mutation, ...] = (
    *ANYWHERE,
    fields_swapped,
    field_changed,
    field_changed,
    boundaries_broken,
    boundaries_broken,
    part_moved,
    part_moved,
    wrapped,
    numbers_changed,
)
OF_FILES: tuple[Mutation, ...] = (*ANYWHERE, numbers_changed, values_changed, values_changed, words_changed, words_changed)


def mutated(content: bytes, kinds: Sequence[Mutation], chance: random.Random, others: Sequence[bytes]) -> tuple[bytes, str]:
    """The content after one to three mishaps, and their names."""
    chosen = [chance.choice(kinds) for _turn in range(chance.choice((1, 1, 1, 2, 3)))]
    for change in chosen:
        content = change(content, chance, others)
    return content, "+".join(change.__name__ for change in chosen)
