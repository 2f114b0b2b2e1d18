"""Mails looked through by ClamAV's real daemon, with a signature made here."""

from __future__ import annotations

import io
import os
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import EmailMessage

import pytest

from scanstraat import bounded, mailbox
from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.opening import Opener
from scanstraat.mailbox.virus import ClamAV
from scanstraat.model.mail import OpenedMail, Part, PartRole
from scanstraat.settings import Settings
from tests.mailbox.clamd import NAME, STREAM_OCTETS, VIRUS, Clamd
from tests.mailbox.letters import attach, letter, pdf, picture, word

pytestmark = pytest.mark.xdist_group("clamd")


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    with Clamd() as made:
        yield made


@pytest.fixture(scope="module")
def child() -> Iterator[bounded.Child]:
    with bounded.Child(mailbox.PRELOAD) as made:
        yield made


@pytest.fixture
def opener(child: bounded.Child, clamd: Clamd) -> Opener:
    return Opener(child, Settings(clamav=str(clamd.socket)))


def _named(opened: OpenedMail) -> dict[str, Part]:
    return {part.name: part for part in opened.parts}


def _zipped(**contents: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name.replace("_", "."), content)
    return target.getvalue()


def _is_infected(part: Part) -> bool:
    assert (part.role is PartRole.UNREADABLE) == (part.problem is not None)
    return part.problem is not None and part.problem.code == "virus" and NAME in part.problem.text


@pytest.mark.rule("B9")
def test_what_holds_a_virus_is_kept_and_never_read_and_its_neighbours_go_on(opener: Opener) -> None:
    mail, infected = letter(), pdf() + b"\n%" + VIRUS
    attach(mail, pdf(), "factuur.pdf")
    attach(mail, infected, "bijlage.pdf")
    attach(mail, word(), "brief.docx")
    parts = _named(opener.open(mail.as_bytes()))
    assert _is_infected(parts["bijlage.pdf"])
    assert parts["bijlage.pdf"].content == infected
    assert parts["bijlage.pdf"].pages_pdf is None
    assert [name for name, part in parts.items() if _is_infected(part)] == ["bijlage.pdf"]
    assert parts["factuur.pdf"].pages_pdf is not None
    assert parts["brief.docx"].pdf is not None, "what comes after it is converted"


@pytest.mark.rule("B9")
def test_in_an_archive_the_one_that_holds_it_is_kept_back_and_the_archive(opener: Opener) -> None:
    mail = letter()
    attach(mail, _zipped(factuur_pdf=pdf(), kwaad_pdf=pdf() + VIRUS), "alles.zip")
    parts = _named(opener.open(mail.as_bytes()))
    assert {name for name, part in parts.items() if _is_infected(part)} == {"alles.zip", "kwaad.pdf"}
    assert parts["factuur.pdf"].pages_pdf is not None


@pytest.mark.rule("B9")
def test_what_is_in_an_archive_but_in_none_of_its_files_counts_for_all_of_them(opener: Opener) -> None:
    archive = io.BytesIO(_zipped(factuur_pdf=pdf()))
    with zipfile.ZipFile(archive, "a") as opened:
        opened.comment = VIRUS
    mail = letter()
    attach(mail, archive.getvalue(), "alles.zip")
    attach(mail, pdf(2), "ander.pdf")
    parts = _named(opener.open(mail.as_bytes()))
    assert {name for name, part in parts.items() if _is_infected(part)} == {"alles.zip", "factuur.pdf"}
    assert parts["ander.pdf"].pages_pdf is not None


@pytest.mark.rule("B9")
def test_what_is_in_the_mail_but_in_none_of_its_parts_counts_for_all_of_them(opener: Opener) -> None:
    mail: EmailMessage = letter()
    mail["X-Odd"] = VIRUS.decode()
    attach(mail, pdf(), "factuur.pdf")
    assert all(_is_infected(part) for part in opener.open(mail.as_bytes()).parts)


def test_a_clean_mail_is_opened_as_it_is_without_clamav(opener: Opener, child: bounded.Child) -> None:
    mail = letter()
    for content, name in (
        (pdf(), "a.pdf"),
        (picture(900, 1200), "b.jpg"),
        (_zipped(c_pdf=pdf(2), d_txt=b"Factuur 2026-17"), "c.zip"),
    ):
        attach(mail, content, name)
    looked, plain = opener.open(mail.as_bytes()), Opener(child, Settings()).open(mail.as_bytes())
    assert [(p.name, p.role, p.media_type, p.content, p.problem) for p in looked.parts] == [
        (p.name, p.role, p.media_type, p.content, p.problem) for p in plain.parts
    ]
    assert [part.pages_pdf is None for part in looked.parts] == [part.pages_pdf is None for part in plain.parts]


@pytest.mark.rule("B9")
def test_a_daemon_that_is_away_makes_the_mail_wait(child: bounded.Child) -> None:
    mail = letter().as_bytes()
    own = Clamd()
    opener = Opener(child, Settings(clamav=str(own.socket)))
    with pytest.raises(Unavailable, match="clamav"):
        opener.open(mail)
    with own:
        assert opener.open(mail).parts
    with pytest.raises(Unavailable, match="clamav"):
        opener.open(mail)


def test_a_file_of_thirty_megabytes_is_looked_through_to_its_end(clamd: Clamd) -> None:
    asked = ClamAV(str(clamd.socket))
    assert asked.virus_in(io.BytesIO(os.urandom(30_000_000) + VIRUS)) == f"{NAME}.UNOFFICIAL"
    assert asked.virus_in(io.BytesIO(b"")) == ""


def test_a_file_too_large_for_the_daemon_is_no_clean_file(clamd: Clamd) -> None:
    with pytest.raises(Refused, match="virus-unknown"):
        ClamAV(str(clamd.socket)).virus_in(io.BytesIO(bytes(2 * STREAM_OCTETS)))


Answering = Callable[[bytes], str]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Serves one connection on a port: reads to the end of the stream, then says what it was told to."""
    threads: list[threading.Thread] = []

    def started(answer: bytes) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]

        def serve() -> None:
            with closing(listening), closing(listening.accept()[0]) as connection:
                received = b""
                while not received.endswith(bytes(4)) and (octets := connection.recv(65_536)):
                    received += octets
                connection.sendall(answer)

        threads.append(threading.Thread(target=serve, daemon=True))
        threads[-1].start()
        return f"127.0.0.1:{port}"

    yield started
    for thread in threads:
        thread.join(10)


@pytest.mark.parametrize(
    "answer", [b"", b"\0", b"stream: ", b"lstat() failed ERROR\0", b"stream: OK and more\0", b"\xff" * 9_000]
)
def test_an_answer_that_is_none_is_not_taken_for_clean(answering: Answering, answer: bytes) -> None:
    with pytest.raises(Unavailable, match="clamav"):
        ClamAV(answering(answer)).virus_in(io.BytesIO(b"x"))


def test_an_answer_over_tcp(answering: Answering) -> None:
    assert ClamAV(answering(b"stream: Win.Test FOUND\0")).virus_in(io.BytesIO(b"x")) == "Win.Test"
    assert ClamAV(answering(b"stream: OK\0")).virus_in(io.BytesIO(b"x")) == ""


def test_a_daemon_that_never_answers_is_not_waited_for(answering: Answering) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening, pytest.raises(Unavailable, match="clamav"):
        ClamAV(f"127.0.0.1:{listening.getsockname()[1]}", answer_seconds=0.3).virus_in(io.BytesIO(b"x"))


@pytest.mark.parametrize("where", ["127.0.0.1:nonsense", "nonsense", "127.0.0.1:1"])
def test_an_address_that_is_none_makes_the_mail_wait(where: str) -> None:
    with pytest.raises(Unavailable, match="clamav"):
        ClamAV(where).virus_in(io.BytesIO(b"x"))
