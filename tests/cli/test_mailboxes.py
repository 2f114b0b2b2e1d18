"""The commands for mailboxes as a person types them, and the part that collects as the supervisor starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from benchmarks.dovecot import PASSWORD, Dovecot
from scanstraat.cli.main import app
from scanstraat.errors import Refused, ScanstraatError
from scanstraat.model.administration import Administration
from scanstraat.records import models

ROOT = Path(__file__).parent.parent.parent
MAIL = b"Delivered-To: %s@invoices.example\r\nMessage-ID: <%d@x.example>\r\nSubject: Factuur\r\n\r\nhallo\r\n"

pytestmark = pytest.mark.xdist_group("dovecot-commands")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


def scanstraat(*words: str, typed: str = "", **variables: str) -> Result:
    """Run a command in this process; standard input is `typed`, no terminal."""
    return CliRunner().invoke(app, words, input=typed, env={"COLUMNS": "300", **variables})


def said(result: Result) -> str:
    assert result.exception is None, result.exception
    return " ".join(result.output.split())


def refused(result: Result) -> str:
    assert isinstance(result.exception, ScanstraatError)
    return str(result.exception)


def at(server: Dovecot, user: str) -> tuple[str, ...]:
    return ("--host", "127.0.0.1", "--port", f"{server.port}", "--security", "none", "--user", user)


@pytest.mark.rule("A6")
def test_a_mailbox_is_added_checked_changed_and_ended(dovecot: Dovecot, administration: Administration) -> None:
    drop = administration.drop
    dovecot.put(drop, MAIL % (drop.encode(), 1), MAIL % (drop.encode(), 2))
    owner = ("--administration", drop)
    assert "is looked after" in said(scanstraat("add-mailbox", drop, *owner, *at(dovecot, drop), typed="wrong\n"))
    wrong = refused(scanstraat("check-mailbox", drop))
    assert wrong.startswith("sign-in: 127.0.0.1 refuses the password")
    assert f"scanstraat mailbox-secret {drop}" in wrong
    assert "is signed in to" in said(scanstraat("mailbox-secret", drop, SCANSTRAAT_PASSWORD=PASSWORD))
    checked = said(scanstraat("check-mailbox", drop))
    assert "the server has IDLE, MOVE, UIDPLUS" in checked
    assert "folders: INBOX INBOX: 2 messages" in checked
    assert "0 dealt with before, 0 too large" in checked
    assert "moved to Scanstraat done, which is made then" in checked
    listed = said(scanstraat("mailboxes"))
    assert "nobody looks after it: is `scanstraat run` up?" in listed
    assert PASSWORD not in listed + checked
    assert "mailbox-taken" in refused(scanstraat("add-mailbox", drop, *owner, *at(dovecot, drop), typed="x\n"))
    assert "no more" in said(scanstraat("end-mailbox", drop))
    assert models.Mailbox.objects.get(name=drop).secret == ""
    assert "mailbox-unknown" in refused(scanstraat("end-mailbox", drop))
    assert "is looked after" in said(scanstraat("add-mailbox", drop, *owner, *at(dovecot, drop), typed=f"{PASSWORD}\n"))
    said(scanstraat("end-mailbox", drop))


WRONG = {
    "nobody's": ((), "mailbox-owner"),
    "shared without header": (("--shared",), "mailbox-owner"),
    "unknown administration": (("--administration", "nobody"), "administration-unknown"),
    "unknown way": (("--shared", "--recipient-header", "X-To", "--way", "pigeon"), "sign-in-way"),
    "no tenant": (
        ("--shared", "--recipient-header", "X-To", "--way", "microsoft365"),
        "credentials: microsoft365 needs --tenant",
    ),
    "another machine, unencrypted": (("--shared", "--recipient-header", "X-To", "--host", "mail.example"), "not-encrypted"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_missing_is_named(case: str, dovecot: Dovecot, database: None) -> None:
    words, text = WRONG[case]
    result = scanstraat("add-mailbox", "wrong", *at(dovecot, "user"), *words, typed="a\nb\nc\n")
    assert text in refused(result)
    assert not models.Mailbox.objects.filter(name="wrong").exists()


def test_an_address_of_another_is_refused(dovecot: Dovecot, administration: Administration) -> None:
    words = ("--administration", administration.drop, "--recipient", "facturen@elsewhere.example")
    assert "address-unknown" in refused(scanstraat("add-mailbox", "other", *at(dovecot, "u"), *words, typed="a\n"))


@pytest.mark.rule("I3")
def test_several_secrets_come_in_the_order_they_are_asked_for(dovecot: Dovecot, administration: Administration) -> None:
    from scanstraat.records import mailboxes
    from scanstraat.settings import Settings

    name = f"{administration.drop}-gmail"
    words = ("--user", "u@gmail.example", "--way", "gmail", "--client-id", "app", "--administration", administration.drop)
    said(scanstraat("add-mailbox", name, *words, typed="s3cr3t\nr3fr3sh\n"))
    account = mailboxes.named(Settings.from_environment().home_path, name)
    assert (account.host, account.port) == ("imap.gmail.com", 993)
    assert (account.credentials.client_secret, account.credentials.refresh_token) == ("s3cr3t", "r3fr3sh")
    said(scanstraat("end-mailbox", name))
    with pytest.raises(Refused, match="mailbox-unknown"):
        mailboxes.named(Settings.from_environment().home_path, name)


@pytest.mark.rule("A6", "A7")
def test_the_part_that_collects_takes_mails_and_ends_cleanly(dovecot: Dovecot, administration: Administration) -> None:
    drop = administration.drop
    dovecot.put(drop, *(MAIL % (drop.encode(), number) for number in range(5)))
    environment = {**os.environ, "SCANSTRAAT_IMAP_PAUSE_SECONDS": "0.05"}
    command = [sys.executable, "-m", "scanstraat.cli.main", "collect", "--holder", "test:collect:1"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        words = ("--shared", "--recipient-header", "Delivered-To", *at(dovecot, drop))
        said(scanstraat("add-mailbox", drop, *words, typed=f"{PASSWORD}\n"))  # noticed while it runs
        end = time.monotonic() + 30
        while len(dovecot.mails(drop, "Scanstraat done")) < 5 and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(0.5)
        assert "5 stored" in said(scanstraat("mailboxes"))
        began = time.monotonic()
        running.send_signal(signal.SIGTERM)
        output, _ = running.communicate(timeout=20)
        assert (running.returncode, time.monotonic() - began < 5) == (0, True), output
    finally:
        running.kill()
        running.wait()
        said(scanstraat("end-mailbox", drop))
    assert models.Mail.objects.filter(administration_id=administration.id).count() == 5
    assert models.Mailbox.objects.get(name=drop).lease_until is None
