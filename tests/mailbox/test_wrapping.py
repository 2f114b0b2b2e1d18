"""Files as one mail: the same in, the same out; and what was put in comes out unchanged."""

from __future__ import annotations

import io
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.fields import file_name
from scanstraat.mailbox.filetype import is_mail
from scanstraat.mailbox.unpacking import unpack
from scanstraat.mailbox.wrapping import Cover, File, subject_of, wrap
from scanstraat.model.mail import PartRole
from scanstraat.pipeline.intake import fingerprint_of
from tests.mailbox.letters import letter, pdf

COVER = Cover("Scanner folder bakkerij", "facturen@jansen.example", datetime(2026, 3, 31, 10, 0, tzinfo=UTC))
MOST = 30_000_000
_BITS = st.one_of(st.binary(max_size=40), st.sampled_from([b"\r\n", b"\n", b"\r", b"--", b"--\r\n", b"Content-Type: x\n"]))
_CONTENTS = st.lists(_BITS, max_size=8).map(b"".join).filter(lambda content: not is_mail(content))
_NAMES = st.text(max_size=60)


def wrapped(*files: tuple[str, bytes], cover: Cover = COVER, most: int = MOST) -> bytes:
    out = bytearray()
    wrap(tuple(File(name, io.BytesIO(content)) for name, content in files), cover, out.extend, most)
    return bytes(out)


@pytest.mark.rule("A6", "B3")
@given(st.lists(st.tuples(_NAMES, _CONTENTS), min_size=2, max_size=5), st.text(max_size=80))
@example([("a.pdf", b"\r\n--b--\r\n"), ("../../x\r\nSubject: y", b"\n")], "--\r\n\r\n")
@settings(max_examples=120, deadline=None)
def test_any_names_and_octets_come_out_unchanged(files: list[tuple[str, bytes]], note: str) -> None:
    if not any(content for _, content in files):
        return
    mail = wrapped(*files, cover=replace(COVER, note=note))
    opened = unpack(mail)
    found = [part.content for part in opened.parts]
    assert found[len(found) - len(files) :] == [content for _, content in files]
    assert (opened.header.sender, opened.header.sent_at) == (
        "Scanner folder bakkerij <nobody@ways-in.scanstraat.invalid>",
        COVER.sent_at,
    )


@pytest.mark.rule("A6", "B3")
@given(_NAMES.filter(lambda name: bool(file_name(name))), st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_a_file_is_a_part_of_its_own_name_and_octets(name: str, rest: bytes) -> None:
    content = b"%PDF-1.4\n" + rest
    (part,) = unpack(wrapped((name, content))).parts
    assert (part.name, part.content, part.media_type) == (file_name(name), content, "application/pdf")


@pytest.mark.rule("A8")
def test_the_same_files_are_the_same_octets_and_anything_else_is_another_mail(tmp_path: Path) -> None:
    files = (("a.pdf", pdf()), ("b.pdf", pdf(2)))
    others = [
        wrapped(*reversed(files)),
        wrapped(files[0]),
        wrapped(("c.pdf", pdf()), files[1]),
        wrapped(*files, cover=replace(COVER, key="again")),
        wrapped(*files, cover=replace(COVER, note="x")),
        wrapped(*files, cover=replace(COVER, sender="anna")),
        wrapped(*files, cover=replace(COVER, sent_at=None)),
    ]
    assert wrapped(*files) == wrapped(*files)
    prints = set()
    for number, mail in enumerate([wrapped(*files), *others]):
        path = tmp_path / f"{number}"
        path.write_bytes(mail)
        prints.add(fingerprint_of(path, path.name))
    assert len(prints) == 1 + len(others)


@pytest.mark.rule("A6", "B2")
def test_a_file_that_is_a_mail_goes_in_as_it_is_whatever_its_name_but_not_with_a_note() -> None:
    mail = bytes(letter())
    assert wrapped(("scan.pdf", mail)) == mail
    with_note = unpack(wrapped(("scan.pdf", mail), cover=replace(COVER, note="Zie bijlage")))
    assert with_note.text.startswith("Zie bijlage")
    assert any("2026-17" in part.name or part.role is PartRole.CONTAINER for part in with_note.parts)


@pytest.mark.rule("A6")
def test_the_note_is_the_text_of_the_mail_and_the_names_its_subject() -> None:
    opened = unpack(wrapped(("één.pdf", pdf()), ("twee.pdf", pdf()), cover=replace(COVER, note="Graag vóór vrijdag\nAnna")))
    assert opened.text == "Graag vóór vrijdag\nAnna"
    assert opened.header.subject == "één.pdf, twee.pdf"
    assert [part.role for part in opened.parts] == [PartRole.BODY, PartRole.DOCUMENT, PartRole.DOCUMENT]


@pytest.mark.rule("A3")
def test_a_mail_may_have_thirty_million_octets_and_not_one_more() -> None:
    room = MOST - (len(wrapped(("scan.bin", b"x"))) - 1)
    assert len(wrapped(("scan.bin", b"x" * room))) == MOST
    for size in (room + 1, MOST + 1):
        written = bytearray()
        with pytest.raises(Refused, match=r"too-large: together this is 30,0.* octets, and a mail may have 30,000,000"):
            wrap((File("scan.bin", io.BytesIO(b"x" * size)),), COVER, written.extend, MOST)
        assert written == b""


@pytest.mark.parametrize(("files", "code"), [((), "no-files"), ((("a.pdf", b""),), "empty-file")])
def test_nothing_is_no_mail(files: tuple[tuple[str, bytes], ...], code: str) -> None:
    with pytest.raises(Refused, match=code):
        wrapped(*files)


class _Restless(io.BytesIO):
    """A file that somebody goes on writing to."""

    def seek(self, at: int, whence: int = 0) -> int:
        if whence == 0 and at == 0:
            self.getbuffer()[-1] = (self.getbuffer()[-1] + 1) % 256
        return super().seek(at, whence)


def test_a_file_that_changes_while_it_is_read_is_not_taken_half() -> None:
    with pytest.raises(Unavailable, match="file-changed"):
        wrap((File("a.pdf", _Restless(pdf())),), COVER, bytearray().extend, MOST)


def test_memory_stays_flat_for_the_largest_mail(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(b"%PDF-" + bytes(29_900_000))
    written = 0

    def write(octets: bytes) -> None:
        nonlocal written
        written += len(octets)

    with open(path, "rb") as file:
        tracemalloc.start()
        wrap((File(path.name, file),), COVER, write, MOST)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert written > 29_900_000
    assert peak < 2_000_000


def test_a_subject_is_short_and_on_one_line() -> None:
    assert subject_of(("a\r\nb.pdf", "", "c" * 300))[:10] == "a b.pdf, a"
    assert len(subject_of(tuple(f"scan {n}.pdf" for n in range(500)))) < 230
