"""A watched folder: what is taken, what is waited for, what is turned away; on a real file system, look by look."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import pytest

from scanstraat.errors import Unavailable
from scanstraat.mailbox.dropped import MOST_FILES, Leaf, dropped, opened
from scanstraat.mailbox.folder import Place, Watcher
from scanstraat.mailbox.handing import HandingIn
from scanstraat.mailbox.intake import RecipientState, SpooledMail, StoredAs
from scanstraat.mailbox.spool import Spool
from scanstraat.mailbox.stillness import LOOKS, PATIENT_LOOKS
from scanstraat.mailbox.unpacking import unpack
from scanstraat.model.mail import Channel, Envelope, OpenedMail, Refusal
from tests.mailbox.letters import letter, pdf, picture

NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
MTIME = 1_774_900_000
ADDRESS = "facturen@jansen.example"

pytestmark = pytest.mark.rule("A6")


@dataclass
class House:
    """An intake that knows a mail again by its octets, and fails when told to."""

    state: RecipientState = RecipientState.ACCEPTED
    failures: list[Exception] = field(default_factory=list)
    mails: dict[bytes, StoredAs] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def recipient(self, address: str) -> RecipientState:
        return self.state

    def store(self, envelopes: tuple[Envelope, ...], spooled: SpooledMail) -> tuple[StoredAs, ...]:
        self.meanwhile()
        if self.failures:
            raise self.failures.pop(0)
        octets = spooled.path.read_bytes()
        is_new = octets not in self.mails
        stored = StoredAs(self.mails[octets].mail if not is_new else uuid4(), is_new)
        self.mails[octets] = stored
        self.envelopes.extend(envelopes)
        return (stored,)

    @property
    def opened(self) -> list[OpenedMail]:
        return [unpack(octets) for octets in self.mails]

    @property
    def names(self) -> list[list[str]]:
        return [[part.name for part in mail.parts] for mail in self.opened]


@dataclass
class Scanner:
    """A folder, its watcher, and a person at the scanner."""

    path: Path
    spool: Path
    house: House = field(default_factory=House)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    most: int = 100_000

    def __post_init__(self) -> None:
        self.path.mkdir(exist_ok=True)
        place = Place(self.path, "bakkerij", lambda: ADDRESS)
        handing_in = HandingIn(self.house, Spool(self.spool), self.most)
        self.watcher = Watcher(place, handing_in, lambda: NOW, self._note)

    def _note(self, refusals: tuple[Refusal, ...]) -> None:
        for refusal in refusals:
            name, code, *_ = refusal.reply.split(": ")
            self.refusals.append((name, code))

    def put(self, name: str, content: bytes, mtime: int = MTIME) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (mtime, mtime))
        return path

    def looks(self, times: int = LOOKS + 1) -> tuple[str, ...]:
        return [self.watcher.look() for _ in range(times)][-1]

    def lies(self, folder: str = "") -> list[str]:
        return sorted(path.name for path in (self.path / folder).iterdir())

    def reason(self, name: str) -> str:
        return (self.path / "failed" / f"{name}.reason.txt").read_text()


@pytest.fixture
def scanner(tmp_path: Path) -> Scanner:
    return Scanner(tmp_path / "scans", tmp_path / "spool")


@pytest.mark.rule("A7")
def test_a_scan_becomes_a_mail_and_is_moved_once_it_is_stored(scanner: Scanner) -> None:
    path = scanner.put("scan 1.pdf", pdf())
    scanner.house.meanwhile = lambda: scanner.refusals.append(("there", str(path.exists())))
    scanner.looks(LOOKS)
    assert scanner.house.mails == {}
    scanner.looks(1)
    assert scanner.refusals == [("there", "True")]
    assert (scanner.lies(), scanner.lies("done")) == (["done"], ["scan 1.pdf"])
    (mail,) = scanner.house.opened
    assert (mail.header.sender, mail.header.subject) == (
        "Scanner folder bakkerij <nobody@ways-in.scanstraat.invalid>",
        "scan 1.pdf",
    )
    assert mail.header.sent_at == datetime.fromtimestamp(MTIME, UTC)
    assert mail.parts[0].content == pdf()
    assert scanner.house.envelopes == [Envelope("scanner folder bakkerij", ADDRESS, NOW, Channel.FOLDER, "scans")]
    assert list(scanner.spool.iterdir()) == []


def test_a_file_that_grows_is_waited_for(scanner: Scanner) -> None:
    for size in range(1, 12):
        scanner.put("scan.bin", b"x" * size)
        scanner.looks(LOOKS)
    for mtime in range(1, 4):
        scanner.put("scan.bin", b"x" * 11, MTIME + mtime)
        scanner.looks(LOOKS)
    assert scanner.house.mails == {}
    scanner.looks()
    assert len(scanner.house.mails) == 1


@pytest.mark.parametrize(
    ("name", "whole"),
    [("a.pdf", pdf()), ("a.jpg", picture(90, 90)), ("a.png", picture(90, 90, "PNG"))],
    ids=["pdf", "jpeg", "png"],
)
def test_a_file_that_ends_in_the_middle_is_waited_for_and_taken_in_the_end(scanner: Scanner, name: str, whole: bytes) -> None:
    half = whole[: len(whole) // 2]
    scanner.put(name, half)
    scanner.looks(PATIENT_LOOKS)
    assert scanner.house.mails == {}
    scanner.put(name, whole)
    scanner.looks()
    assert [mail.parts[0].content for mail in scanner.house.opened] == [whole]
    scanner.put(name, half)
    scanner.looks(PATIENT_LOOKS + 1)
    assert [mail.parts[0].content for mail in scanner.house.opened] == [whole, half]  # the review desk has it, not the floor


@pytest.mark.parametrize("name", [".scan.pdf", "scan.pdf.tmp", "scan.part", "~scan.pdf", "scan.pdf~", "Thumbs.db", "desktop.ini"])
def test_temporary_names_are_left_alone(scanner: Scanner, name: str) -> None:
    scanner.put(name, pdf())
    scanner.looks(PATIENT_LOOKS + 2)
    assert (scanner.lies(), scanner.house.mails, scanner.refusals) == ([name], {}, [])
    (scanner.path / name).rename(scanner.path / "scan.pdf")
    scanner.looks()
    assert len(scanner.house.mails) == 1


def test_each_file_is_one_mail_and_a_folder_dropped_whole_is_one_of_its_files(scanner: Scanner) -> None:
    for name in ("scan-0001.pdf", "scan-0001-2.pdf", "set/page 10.pdf", "set/page 9.pdf", "set/annexes/a.pdf", "set/.DS_Store"):
        scanner.put(name, pdf())
    (scanner.path / "empty").mkdir()
    scanner.looks()
    assert scanner.house.names == [["scan-0001-2.pdf"], ["scan-0001.pdf"], ["a.pdf", "page 9.pdf", "page 10.pdf"]]
    assert scanner.house.opened[2].header.subject == "set/annexes/a.pdf, set/page 9.pdf, set/page 10.pdf"
    assert (scanner.lies(), scanner.lies("done")) == (["done", "empty"], ["scan-0001-2.pdf", "scan-0001.pdf", "set"])
    assert (scanner.path / "done/set/annexes/a.pdf").read_bytes() == pdf()


def test_a_folder_is_waited_for_as_long_as_something_in_it_changes(scanner: Scanner) -> None:
    scanner.put("set/1.pdf", pdf())
    scanner.put("set/2.pdf.part", b"half")
    scanner.looks(PATIENT_LOOKS + 2)
    assert scanner.house.mails == {}
    (scanner.path / "set/2.pdf.part").rename(scanner.path / "set/2.pdf")
    scanner.put("set/2.pdf", pdf())
    scanner.looks()
    assert scanner.house.names == [["1.pdf", "2.pdf"]]


@pytest.mark.rule("A8")
def test_the_same_scan_again_is_known_unless_its_time_or_name_is_another(scanner: Scanner) -> None:
    for name, mtime in (("a.pdf", MTIME), ("a.pdf", MTIME), ("a.pdf", MTIME + 1), ("b.pdf", MTIME)):
        scanner.put(name, pdf(), mtime)
        scanner.looks()
    assert len(scanner.house.mails) == 3
    assert scanner.lies("done") == ["a (2).pdf", "a (3).pdf", "a.pdf", "b.pdf"]


@pytest.mark.rule("A8")
def test_a_watcher_that_died_between_storing_and_moving_doubles_nothing(scanner: Scanner, tmp_path: Path) -> None:
    scanner.put("a.pdf", pdf())
    scanner.path.joinpath("done").write_text("in the way")  # so that it cannot be moved
    assert scanner.looks() == ("a.pdf cannot be read or moved: Not a directory",)
    assert scanner.looks(5) == ("a.pdf cannot be read or moved: Not a directory",)
    assert len(scanner.house.envelopes) == 1  # not handed in again at each look
    again = Scanner(scanner.path, tmp_path / "spool", scanner.house)
    (scanner.path / "done").unlink()
    again.looks()
    assert (len(again.house.mails), len(again.house.envelopes)) == (1, 2)
    assert again.lies("done") == ["a.pdf"]


@pytest.mark.rule("A3")
def test_what_is_refused_is_put_aside_with_the_reason(scanner: Scanner) -> None:
    scanner.put("large.pdf", pdf() + bytes(100_000) + b"%%EOF")
    scanner.put("large.pdf.reason.txt", b"a file like another")
    scanner.put("empty.pdf", b"")
    scanner.looks()
    assert scanner.lies("failed") == ["large.pdf", "large.pdf.reason.txt"]
    assert "large.pdf was not taken: together this is 100," in scanner.reason("large.pdf")
    assert "Send fewer files at a time" in scanner.reason("large.pdf")
    assert scanner.lies() == ["done", "empty.pdf", "failed"]
    scanner.looks(PATIENT_LOOKS)
    assert scanner.reason("empty.pdf").startswith("empty.pdf was not taken: the file empty.pdf is empty.")
    assert scanner.refusals == [("large.pdf", "too-large"), ("empty.pdf", "empty-file")]
    scanner.put("large.pdf", pdf() + bytes(100_000) + b"%%EOF")
    scanner.looks()
    assert "large (2).pdf" in scanner.lies("failed")
    assert "large.pdf was not taken" in scanner.reason("large (2).pdf")


@pytest.mark.rule("A10")
def test_after_the_contract_ended_scans_are_put_aside(scanner: Scanner) -> None:
    scanner.house.state = RecipientState.ENDED
    scanner.put("a.pdf", pdf())
    scanner.looks()
    assert scanner.reason("a.pdf").startswith("a.pdf was not taken: the contract of this administration has ended")


def test_a_mail_left_there_goes_in_as_it_is(scanner: Scanner) -> None:
    scanner.put("bericht.eml", bytes(letter()))
    scanner.looks()
    assert list(scanner.house.mails) == [bytes(letter())]


def test_links_sockets_pipes_and_what_they_lead_to_are_never_followed(scanner: Scanner, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.pdf").write_bytes(pdf())
    (scanner.path / "link.pdf").symlink_to(secret / "key.pdf")
    (scanner.path / "folder").symlink_to(secret)
    scanner.put("set/a.pdf", pdf())
    (scanner.path / "set/link.pdf").symlink_to(secret / "key.pdf")
    os.mkfifo(scanner.path / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(scanner.path / "socket.pdf"))
    scanner.put("good.pdf", pdf(2))
    scanner.looks()
    assert scanner.house.names == [["good.pdf"]]
    scanner.looks(PATIENT_LOOKS)
    assert scanner.house.names == [["good.pdf"]]
    assert scanner.lies() == ["done", "failed"]
    assert sorted(name for name, code in scanner.refusals if code == "not-a-file") == [
        "folder",
        "link.pdf",
        "pipe.pdf",
        "set",
        "socket.pdf",
    ]
    assert (secret / "key.pdf").read_bytes() == pdf()


def test_a_link_in_the_place_of_done_or_failed_leads_nowhere(scanner: Scanner, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("done", "failed"):
        (scanner.path / name).symlink_to(elsewhere)
    scanner.put("a.pdf", pdf())
    scanner.put("large.pdf", pdf() + bytes(100_000) + b"%%EOF")
    troubles = scanner.looks(LOOKS + 2)
    assert len(troubles) == 2
    assert list(elsewhere.iterdir()) == []
    assert {"a.pdf", "large.pdf"} <= set(scanner.lies())


def test_a_reason_is_never_written_through_a_link(scanner: Scanner, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("untouched")
    (scanner.path / "failed").mkdir()
    (scanner.path / "failed/large.pdf.reason.txt").symlink_to(precious)
    scanner.put("large.pdf", bytes(100_001))
    scanner.looks()
    assert precious.read_text() == "untouched"
    assert "large.pdf was not taken" in scanner.reason("large.pdf")


def test_a_file_swapped_for_a_link_after_the_look_is_not_read(scanner: Scanner, tmp_path: Path) -> None:
    (tmp_path / "secret.pdf").write_bytes(pdf(3))
    path = scanner.put("a.pdf", pdf())
    scanner.looks(LOOKS)
    seen = dropped(scanner.path)
    path.unlink()
    path.symlink_to(tmp_path / "secret.pdf")
    with pytest.raises(OSError, match="symbolic"):
        opened(scanner.path, seen[0].leaves[0])
    scanner.looks(3)
    assert scanner.house.mails == {}


@pytest.mark.rule("A7")
@pytest.mark.parametrize("error", [Unavailable("disk-full", "no room."), Unavailable("database", "away.")])
def test_while_disk_or_database_are_away_everything_stays_where_it_is(scanner: Scanner, error: Unavailable) -> None:
    scanner.put("a.pdf", pdf())
    scanner.put("b.pdf", pdf())
    scanner.looks(LOOKS)
    scanner.house.failures = [error, error]
    for _ in range(2):
        with pytest.raises(Unavailable, match=error.code):
            scanner.watcher.look()
    assert scanner.lies() == ["a.pdf", "b.pdf"]
    scanner.looks(1)
    assert (scanner.lies("done"), scanner.house.names) == (["a.pdf", "b.pdf"], [["a.pdf"], ["b.pdf"]])
    assert list(scanner.spool.iterdir()) == []


def test_a_file_nobody_can_make_sense_of_does_not_keep_the_others(scanner: Scanner) -> None:
    scanner.put("a.pdf", pdf())
    scanner.put("b.pdf", pdf())
    scanner.house.failures = [RuntimeError("odd")]
    assert scanner.looks() == ("a.pdf: odd",)
    assert (scanner.lies("done"), scanner.lies()) == (["b.pdf"], ["a.pdf", "done"])
    scanner.looks(PATIENT_LOOKS + LOOKS)
    assert scanner.lies("done") == ["a.pdf", "b.pdf"]


def test_a_file_without_the_right_to_read_it_is_put_aside_in_the_end(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(folder: Path, leaf: Leaf) -> BinaryIO:  # in its place, since the tests may be run by root, who reads everything
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("scanstraat.mailbox.folder.opened", denied)
    scanner.put("a.pdf", pdf())
    assert scanner.looks() == ("a.pdf cannot be read or moved: Permission denied",)
    scanner.looks(PATIENT_LOOKS)
    assert scanner.refusals == [("a.pdf", "unreadable")]


def test_told_to_stop_it_takes_no_further_file(scanner: Scanner) -> None:
    for name in ("a.pdf", "b.pdf"):
        scanner.put(name, pdf())
    scanner.looks(LOOKS)
    scanner.watcher.look(lambda: bool(scanner.house.mails))
    assert (scanner.lies(), scanner.lies("done")) == (["b.pdf", "done"], ["a.pdf"])


def test_a_folder_that_is_not_there_is_waited_for(scanner: Scanner) -> None:
    scanner.path.rmdir()
    with pytest.raises(Unavailable, match=r"folder: .* cannot be used: No such file or directory"):
        scanner.watcher.look()
    scanner.path.mkdir()
    scanner.put("a.pdf", pdf())
    scanner.looks()
    assert len(scanner.house.mails) == 1


def test_names_of_any_kind_come_through(scanner: Scanner) -> None:
    names = ["é ü.pdf", "a\nb.pdf", os.fsdecode(b"\xff\xfe.pdf"), "x" * 251 + ".pdf", "-rf.pdf", "50% & more;.pdf"]
    for name in names:
        scanner.put(name, pdf())
    scanner.put("y" * 251 + ".pdf", bytes(100_001))
    scanner.looks()
    assert len(scanner.house.mails) == len(names)
    assert scanner.lies() == ["done", "failed"]
    assert len(scanner.lies("failed")) == 2


def test_too_many_files_in_one_folder_are_no_mail(scanner: Scanner) -> None:
    for number in range(MOST_FILES + 1):
        scanner.put(f"set/{number}.txt", b"x")
    scanner.looks(PATIENT_LOOKS + 1)
    assert scanner.refusals == [("set", "not-a-file")]
    assert "it holds more than 900 files" in scanner.reason("set")


def test_a_refused_file_that_cannot_be_moved_is_named_and_not_refused_again_and_again(scanner: Scanner) -> None:
    (scanner.path / "failed").write_text("in the way")
    scanner.put("a.pdf", bytes(100_001))
    (trouble,) = scanner.looks(LOOKS + 3)
    assert trouble.startswith("a.pdf is refused (together this is 100,")
    assert scanner.refusals == []


def test_a_share_that_cannot_rename_without_replacing_is_served_too(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(source: Path, target: Path) -> int:
        ctypes.set_errno(errno.EINVAL)
        return -1

    monkeypatch.setattr("scanstraat.durable._renameat2", unsupported)
    for mtime in (MTIME, MTIME + 1):
        scanner.put("a.pdf", pdf(), mtime)
        scanner.put("large.pdf", bytes(100_001), mtime)
        scanner.looks()
    assert scanner.lies() == ["done", "failed"]
    assert scanner.lies("done") == ["a (2).pdf", "a.pdf"]
    assert scanner.lies("failed") == ["large (2).pdf", "large (2).pdf.reason.txt", "large.pdf", "large.pdf.reason.txt"]
