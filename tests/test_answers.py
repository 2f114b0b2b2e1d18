"""Answers to senders, end to end: the whole service with a real relay and a real name server."""

from __future__ import annotations

import json
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pikepdf
import pytest

from benchmarks.servers import free_port
from tests.mailbox.letters import attach, letter, pdf
from tests.mailbox.nameserver import NameServer
from tests.workers.sink import Sink, Taken

ROOT = Path(__file__).parent.parent
ADDRESS, CONTACT, SENDER = "facturen@bakker.example", "anna@bakker.example", "piet@jansen.example"
SECONDS = 90

pytestmark = pytest.mark.xdist_group("line")


@dataclass
class House:
    """A running service, whom it writes to, and where it asks."""

    environment: dict[str, str]
    sink: Sink
    port: int

    def takes(self, mail: bytes, sender: str = SENDER) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=SECONDS) as session:
            session.sendmail(sender, [ADDRESS], mail)

    def letters(self, count: int) -> list[dict[str, str]]:
        """What became of all letters, newest first, once there are `count` and none waits."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            found = [json.loads(line) for line in _scanstraat(self.environment, "letters", "--json").splitlines()]
            if len(found) >= count and all(row["state"] != "waiting" for row in found):
                return found
            time.sleep(0.3)
        raise AssertionError(found)

    def to(self, recipient: str) -> list[Taken]:
        return [taken for taken in self.sink.taken if taken.recipients == [recipient]]


def _scanstraat(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "scanstraat.cli.main", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, port = tmp_path_factory.mktemp("answers"), free_port()
    with Sink(folder) as sink, NameServer() as names:
        names.publish("jansen.example", spf="v=spf1 ip4:127.0.0.1 -all", dmarc="v=DMARC1; p=reject")
        ours = {
            "SCANSTRAAT_HOME": str(folder / "home"),
            "SCANSTRAAT_SMTP_LISTEN": f"127.0.0.1:{port}",
            "SCANSTRAAT_DESK_LISTEN": "",
            "SCANSTRAAT_COLLECT": "no",
            "SCANSTRAAT_WORKERS": "1",
            "SCANSTRAAT_RELAY": f"localhost:{sink.port}",
            "SCANSTRAAT_RELAY_CA": sink.ca,
            "SCANSTRAAT_DNS": f"127.0.0.1:{names.port}",
            "SCANSTRAAT_TRUSTED_PEERS": "",  # else this machine, from which the test sends, counts as a relay of ours
        }
        environment = {**os.environ, **ours}
        _scanstraat(environment, "migrate")
        opened = ("Bakker BV", "--office", "Kantoor", "--drop", "bakker", "--address", ADDRESS)
        _scanstraat(environment, "add-administration", *opened)
        said = _scanstraat(environment, "instruct", "bakker", "--answers", "--contact", CONTACT)
        assert said == f"Bakker BV: senders are answered; messages go to {CONTACT}\n"
        with open(folder / "service.log", "wb") as log:
            command = [sys.executable, "-m", "scanstraat.cli.main", "run"]
            service = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(port)
            yield House(environment, sink, port)
        finally:
            service.terminate()
            service.wait(SECONDS)


def _wait_for(port: int) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=SECONDS).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the service does not start")


def _mail_with_a_locked_file(author: str = SENDER) -> bytes:
    mail: EmailMessage = letter("Hierbij de factuur voor uw administratie. Met vriendelijke groet, Piet")
    mail.replace_header("From", f"Piet <{author}>")
    mail.replace_header("Message-ID", f"<{time.time_ns()}@jansen.example>")
    attach(mail, pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "Factuur 2026-17 www.evil.example.pdf")
    return mail.as_bytes(policy=SMTP)


@pytest.mark.rule("A9", "B9", "G1")
def test_who_sends_a_locked_file_hears_of_it_in_his_language_and_nobody_else_hears_anything(house: House) -> None:
    begun = time.monotonic()
    house.takes(_mail_with_a_locked_file())
    (line,) = house.letters(1)
    assert time.monotonic() - begun < 60
    assert (line["state"], line["recipient"], line["purpose"]) == ("sent", SENDER, "receipt"), line
    (receipt,) = house.to(SENDER)
    assert receipt.mail["Subject"] == f"Uw e-mail aan {ADDRESS} is aangekomen, maar niet alles kon worden gelezen"
    assert (
        "- Factuur 2026-17 www_evil_example.pdf: het is beveiligd met een wachtwoord. Stuur het zonder wachtwoord."
        in receipt.text
    )
    assert "Het zegt niets over goedkeuring of betaling." in receipt.text

    house.takes(_mail_with_a_locked_file(), sender="x@evil.example")
    house.takes(_mail_with_a_locked_file("eve@evil.example"), sender="eve@evil.example")
    house.takes(b"Auto-Submitted: auto-generated\r\n" + _mail_with_a_locked_file())
    house.takes(receipt.content)  # our own letter comes back: no receipt, and no message that it was archived
    assert [row["state"] for row in house.letters(6)] == ["withheld"] * 5 + ["sent"]

    reminder = message_from_bytes((ROOT / "fixtures/mails/35-reminder-nl.eml").read_bytes(), policy=SMTP)
    reminder.replace_header("From", SENDER)
    house.takes(reminder.as_bytes())
    assert {row["purpose"]: row["state"] for row in house.letters(8)[:2]} == {"receipt": "sent", "archived": "sent"}
    (told,) = house.to(CONTACT)
    assert told.mail["Subject"] == "In het archief van Bakker BV: stukken die geen facturen zijn"
    assert "- Aanmaning" in told.text
    assert len(house.sink.taken) == 3
    logged = _scanstraat(house.environment, "mails", "--json")
    assert logged.count('"dispatched"') == 6
