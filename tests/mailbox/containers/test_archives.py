"""ZIP, gzip and tar: what is in them comes out, and no bomb goes off."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanstraat.errors import Refused
from scanstraat.mailbox.containers.opened import MAX_FILES, MAX_NESTED, Budget
from scanstraat.mailbox.containers.openers import OPENERS, opened
from scanstraat.mailbox.containers.zipped import in_zip
from scanstraat.model.mail import Part, PartRole
from tests.mailbox.letters import attach, letter, pdf
from tests.mailbox.letters import opened as opened_mail

PDF, TWO_PAGES, THREE_PAGES = pdf(), pdf(2), pdf(3)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def tarred(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return target.getvalue()


def parts_of(*attached: tuple[bytes, str]) -> tuple[Part, ...]:
    """The parts of a mail with these files, but for its own text."""
    mail = letter()
    for content, name in attached:
        attach(mail, content, name)
    return opened_mail(mail).parts[1:]


def told(parts: tuple[Part, ...]) -> list[tuple[str, PartRole, int | None]]:
    return [(part.name, part.role, part.container) for part in parts]


def problem_of(part: Part) -> str:
    assert part.problem is not None
    assert part.problem.text.endswith(".")
    return part.problem.code


@pytest.mark.rule("B1", "B3")
def test_files_in_a_zip_follow_it_in_its_order() -> None:
    archive = zipped(("map/factuur.pdf", PDF), ("map/", b""), ("bijlage.pdf", TWO_PAGES))
    parts = parts_of((archive, "facturen.zip"), (THREE_PAGES, "los.pdf"))
    document = PartRole.DOCUMENT
    assert told(parts) == [
        ("facturen.zip", PartRole.CONTAINER, None),
        ("factuur.pdf", document, 1),
        ("bijlage.pdf", document, 1),
        ("los.pdf", document, None),
    ]
    assert parts[0].content == archive
    assert [part.content for part in parts[1:]] == [PDF, TWO_PAGES, THREE_PAGES]


@pytest.mark.rule("B1", "B2")
def test_a_zip_in_a_zip_is_opened_whatever_it_is_called() -> None:
    parts = parts_of((zipped(("doos", zipped(("factuur", PDF)))), "brief.pdf"))
    assert told(parts)[0] == ("brief.pdf", PartRole.CONTAINER, None)
    assert told(parts)[1:] == [("doos", PartRole.CONTAINER, 1), ("factuur", PartRole.DOCUMENT, 2)]


@pytest.mark.rule("A5", "B1")
@pytest.mark.parametrize("name", ["bericht.eml", "bericht", "bericht.msg"])
def test_a_mail_in_a_zip_is_a_mail(name: str) -> None:
    mail = letter("Doorgestuurd.")
    attach(mail, PDF, "factuur.pdf")
    parts = parts_of((zipped((name, mail.as_bytes())), "f.zip"))
    container, body, document = PartRole.CONTAINER, PartRole.BODY, PartRole.DOCUMENT
    assert [(part.role, part.container) for part in parts] == [(container, None), (container, 1), (body, 2), (document, 2)]


@pytest.mark.rule("B6")
def test_what_programs_put_into_a_zip_for_themselves_is_decoration() -> None:
    archive = zipped(
        ("__MACOSX/._factuur.pdf", b"\0\5\x16\7"), (".DS_Store", b"\0\0\0\1Bud1"), ("Thumbs.db", b"x"), ("f.pdf", PDF)
    )
    decoration = PartRole.DECORATION
    assert [part.role for part in parts_of((archive, "f.zip"))[1:]] == [decoration, decoration, decoration, PartRole.DOCUMENT]


@pytest.mark.parametrize(
    ("written", "flags", "shown"),
    [("café.pdf".encode(), 0, "café.pdf"), ("café.pdf".encode("cp437"), 0, "café.pdf"), ("č.pdf".encode(), 0x800, "č.pdf")],
)
def test_names_in_a_zip(written: bytes, flags: int, shown: str) -> None:
    plain = zipped(("X" * len(written), b"hello"))
    archive = bytearray(plain.replace(b"X" * len(written), written))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", archive, archive.index(signature) + at, flags)
    assert [inner.name for inner in in_zip(bytes(archive), Budget())] == [shown]


@pytest.mark.rule("B9")
def test_a_protected_file_in_a_zip_says_so_and_its_neighbours_go_on() -> None:
    archive = bytearray(zipped(("geheim.pdf", PDF), ("open.pdf", PDF)))
    archive[6] |= 1
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    container, secret, plain = parts_of((bytes(archive), "f.zip"))
    assert (container.role, secret.role, plain.role) == (PartRole.CONTAINER, PartRole.UNREADABLE, PartRole.DOCUMENT)
    assert (secret.name, problem_of(secret)) == ("geheim.pdf", "zip-encrypted")


@pytest.mark.rule("B9")
@pytest.mark.parametrize("method", [9, 12, 14, 93, 99])
def test_a_file_packed_in_another_way_says_so(method: int) -> None:
    archive = bytearray(zipped(("f.pdf", PDF), ("open.pdf", PDF)))
    struct.pack_into("<H", archive, archive.index(b"PK\x01\x02") + 10, method)
    _, closed, plain = parts_of((bytes(archive), "f.zip"))
    assert (problem_of(closed), plain.role) == ("zip-method", PartRole.DOCUMENT)


@pytest.mark.rule("B9")
def test_a_file_that_is_not_what_the_directory_says_is_broken_and_its_neighbours_go_on() -> None:
    archive = bytearray(zipped(("f.txt", b"x" * 100_000), ("open.pdf", PDF)))
    struct.pack_into("<I", archive, archive.index(b"PK\x01\x02") + 24, 10)  # octets unpacked
    _, lying, plain = parts_of((bytes(archive), "f.zip"))
    assert (problem_of(lying), plain.role) == ("zip-member-broken", PartRole.DOCUMENT)


@pytest.mark.rule("B9")
@pytest.mark.parametrize(("archive", "code"), [(zipped(), "zip-empty"), (zipped(("f.pdf", PDF))[:-30], "zip-broken")])
def test_a_zip_without_anything_is_laid_before_a_person(archive: bytes, code: str) -> None:
    part, plain = parts_of((archive, "f.zip"), (PDF, "los.pdf"))
    assert (part.role, problem_of(part), part.content) == (PartRole.UNREADABLE, code, archive)
    assert plain.role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
def test_a_bomb_does_not_go_off_and_its_neighbours_go_on() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("factuur.pdf", PDF)
        with archive.open("bom", "w") as member:
            for _ in range(160):
                member.write(bytes(1_000_000))
        archive.writestr("erna.pdf", PDF)
    bomb, before, beside = parts_of((target.getvalue(), "bom.zip"), (PDF, "los.pdf"))
    assert (problem_of(bomb), bomb.content) == ("container-too-large", target.getvalue())
    assert (before.name, beside.name) == ("factuur.pdf", "los.pdf")
    assert before.role is beside.role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
def test_all_containers_of_a_mail_share_one_budget() -> None:
    archive, budget = zipped(("a", bytes(600))), Budget(octets=1_000)
    assert opened(archive, "application/zip", budget).problem is None
    second = opened(archive, "application/zip", budget).problem
    assert second is not None
    assert second.code == "container-too-large"


@pytest.mark.rule("B9")
def test_packing_without_end_ends_with_a_person_and_the_neighbours_go_on() -> None:
    content = PDF
    for _ in range(MAX_NESTED + 5):
        content = zipped(("in.zip", content))
    *parts, neighbour = parts_of((content, "f.zip"), (PDF, "los.pdf"))
    assert [part.role for part in parts[:-1]] == MAX_NESTED * [PartRole.CONTAINER]
    assert problem_of(parts[-1]) == "nested-too-deep"
    assert neighbour.role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
def test_more_files_than_anyone_packs_end_with_a_person() -> None:
    archive = zipped(*((f"{number}.txt", b"x") for number in range(MAX_FILES + 50)))
    container, *inner, neighbour = parts_of((archive, "f.zip"), (PDF, "los.pdf"))
    assert (container.role, problem_of(container), len(inner)) == (PartRole.CONTAINER, "container-too-many", MAX_FILES)
    assert neighbour.role is PartRole.DOCUMENT


@pytest.mark.rule("B1")
def test_gzip_and_tar() -> None:
    archive = gzip.compress(tarred(("map/factuur.pdf", PDF), ("bijlage.pdf", TWO_PAGES)))
    assert told(parts_of((archive, "facturen.tar.gz"), (gzip.compress(THREE_PAGES), "los.pdf.gz"))) == [
        ("facturen.tar.gz", PartRole.CONTAINER, None),
        ("facturen.tar", PartRole.CONTAINER, 1),
        ("factuur.pdf", PartRole.DOCUMENT, 2),
        ("bijlage.pdf", PartRole.DOCUMENT, 2),
        ("los.pdf.gz", PartRole.CONTAINER, None),
        ("los.pdf", PartRole.DOCUMENT, 5),
    ]


@pytest.mark.rule("B9")
def test_a_gzip_cut_off_says_so_and_keeps_what_it_has() -> None:
    whole = gzip.compress(b"x" * 10 + bytes(range(256)) * 400)
    container, part = parts_of((whole[:-200], "f.gz"))
    assert (container.role, problem_of(part)) == (PartRole.CONTAINER, "gzip-broken")
    assert part.content.startswith(b"x" * 10)


@pytest.mark.rule("B9")
def test_gzip_counts_its_own_octets() -> None:
    with pytest.raises(Refused, match="container-too-large"):
        list(OPENERS["application/gzip"].open(gzip.compress(bytes(100_000)), Budget(octets=99_999)))


@pytest.mark.rule("B9")
@pytest.mark.parametrize("octets", [b"7z\xbc\xaf\x27\x1c\0\4", b"Rar!\x1a\x07\x01\0", b"\xfd7zXZ\0\0\4"])
def test_archives_of_other_kinds_say_why_they_are_not_opened(octets: bytes) -> None:
    (part,) = parts_of((octets + bytes(50), "facturen"))
    assert (part.role, problem_of(part)) == (PartRole.UNREADABLE, "container-unsupported")


_WHOLE = [zipped(("a/b.pdf", PDF), ("c", b"c" * 500)), gzip.compress(b"abc" * 99), tarred(("a", b"b" * 600))]


@pytest.mark.rule("B9")
@given(
    st.sampled_from(_WHOLE), st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 255)), max_size=8), st.integers(0, 3_000)
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_broken_in_an_archive_nothing_is_raised_and_it_is_kept(
    whole: bytes, changes: list[tuple[int, int]], end: int
) -> None:
    broken = bytearray(whole)
    for at, octet in changes:
        broken[at % len(broken)] = octet
    content = bytes(broken[: max(end % len(broken), 4)] if end % 2 else broken)
    began = time.process_time()
    parts = parts_of((content, "f.bin"), (PDF, "los.pdf"))
    assert parts[0].content == content
    assert parts[-1].content == PDF
    assert time.process_time() - began < 2
