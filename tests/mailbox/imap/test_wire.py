"""What a wire can do to a connection: break in the middle of a mail, hand on late, say what nobody asked for."""

from __future__ import annotations

import socket
import threading

import pytest

from scanstraat.errors import Unavailable
from scanstraat.mailbox.imap.connecting import LONGEST_LITERAL
from scanstraat.mailbox.imap.folder import Folder
from scanstraat.mailbox.imap.looking import LONGEST_PAUSE, Pauses
from scanstraat.records import models
from tests.mailbox.imap.conftest import House, letter, wait_until
from tests.mailbox.imap.proxy import Proxy

pytestmark = pytest.mark.xdist_group("dovecot")


@pytest.mark.rule("A6", "A7")
def test_a_connection_may_break_in_the_middle_of_a_mail(house: House) -> None:
    mail = letter(octets=900_000)
    house.server.put(house.user, mail)
    with Proxy(house.server.port, cuts=[200_000, 700_000]) as proxy:
        mailbox = house.add(port=proxy.port)
        house.start(mailbox)
        wait_until(lambda: house.outcomes(mailbox) == [("stored", True)])
        house.end()
        assert proxy.connections == 3
    assert house.stored() == house.done() == [mail]
    assert models.MailEvent.objects.filter(mail__administration_id=house.administration.id, event="received").count() == 1
    assert [path for path in (house.home / "spool").rglob("*") if path.is_file()] == []


def test_news_that_come_with_the_answer_to_idle_are_heard(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    wait, put = Folder.wait, threading.Event()

    def raced(folder: Folder, seconds: float, stop: threading.Event) -> bool:
        if not put.is_set():
            put.set()
            house.server.put(house.user, letter())
        return wait(folder, seconds, stop)

    monkeypatch.setattr(Folder, "wait", raced)
    with Proxy(house.server.port, late=0.3) as proxy:
        house.start(house.add(port=proxy.port))
        wait_until(house.done, 10)
        house.end()


def test_a_server_that_hangs_up_at_idle_is_polled(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from imapclient.exceptions import IMAPClientAbortError

    idles: list[int] = []

    def hangs_up(folder: Folder, seconds: float, stop: threading.Event) -> bool:
        idles.append(1)
        raise IMAPClientAbortError("socket error: EOF")

    monkeypatch.setattr(Folder, "wait", hangs_up)
    mailbox = house.add()
    house.start(mailbox)
    wait_until(lambda: len(idles) == 3)
    house.server.put(house.user, letter())
    wait_until(house.done)
    assert len(idles) == 3


class Fake(threading.Thread):
    """An IMAP server that says what it likes to a FETCH of a body."""

    def __init__(self, body: bytes) -> None:
        super().__init__(daemon=True)
        self.body = body
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.start()

    def run(self) -> None:
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            with client, client.makefile("rb") as lines:
                try:
                    client.sendall(b"* OK [CAPABILITY IMAP4rev1 LITERAL+ AUTH=PLAIN] hello\r\n")
                    self._answer(client, lines)
                except OSError:
                    pass

    def _answer(self, client: socket.socket, lines: object) -> None:
        for line in lines:  # type: ignore[attr-defined]
            tag, _, command = line.strip().partition(b" ")
            untagged = b""
            if command.startswith(b"AUTHENTICATE"):
                client.sendall(b"+ \r\n")
                lines.readline()  # type: ignore[attr-defined]
            elif command.startswith(b"CAPABILITY"):
                untagged = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
            elif command.startswith((b"SELECT", b"EXAMINE")):
                untagged = b"* 1 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 7] ok\r\n"
            elif command.startswith(b"UID SEARCH"):
                untagged = b"* SEARCH 1\r\n"
            elif b"RFC822.SIZE" in command:
                untagged = b"* 1 FETCH (UID 1 RFC822.SIZE 300)\r\n"
            elif b"BODY.PEEK" in command:
                untagged = self.body
            client.sendall(untagged + tag + b" OK done\r\n")


HOSTILE = {
    "a literal without end": b"* 1 FETCH (UID 1 BODY[]<0> {%d}\r\n" % (LONGEST_LITERAL + 1),
    "a body that is none": b"* 1 FETCH (UID 1 BODY[]<0> NIL)\r\n",
    "no IMAP at all": b"\x00\xff(((\r\n",
    "a message that breaks off": b"* 1 FETCH (UID 1 BODY[]<0> {3}\r\nabc BODY[\r\n",
}


@pytest.mark.rule("A6")
@pytest.mark.parametrize("answer", HOSTILE)
def test_whatever_a_server_says_stays_with_its_mailbox(answer: str, house: House) -> None:
    fake = Fake(HOSTILE[answer])
    mailbox = house.add(port=fake.port)
    house.start(mailbox, imap_poll_seconds=0.05)
    wait_until(lambda: house.outcomes(mailbox) == [("unfetchable", True)])
    house.end()
    fake.listening.close()
    assert house.stored() == []


def test_pauses_grow_up_to_a_bound_and_differ() -> None:
    pauses = Pauses(1.0)
    grown = [pauses.next() for _ in range(20)]
    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(grown[:8]))
    assert max(grown) <= LONGEST_PAUSE
    assert min(grown[10:]) >= LONGEST_PAUSE / 2
    assert len({pauses.next() for _ in range(5)}) > 1
    pauses.reset()
    assert pauses.next() <= 1.0
    assert pauses.next(at_once_longest=True) >= LONGEST_PAUSE / 2


def test_a_token_endpoint_that_hangs_is_not_waited_for_for_ever(house: House) -> None:
    from scanstraat.mailbox.imap.tokens import asked
    from scanstraat.mailbox.imap.ways import way
    from scanstraat.model.way_in import Credentials
    from tests.mailbox.imap.test_signing_in import TLS

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(Unavailable, match="does not answer"):
            asked(way("gmail"), Credentials(token_url=url), TLS, 0.2)
