"""Mails that come at the same time are kept in one transaction, and none suffers for another."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from scanstraat.errors import Unavailable
from scanstraat.mailbox.intake import SpooledMail, StoredAs
from scanstraat.model.administration import Administration
from scanstraat.model.mail import Channel, Envelope, Refusal
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.records import models, receiving, refusals
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable

NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
MAILS = 12


def _mail(folder: Path, number: int) -> SpooledMail:
    content = b"Message-ID: <%d@supplier.example>\r\nSubject: Invoice %d\r\n\r\nHello\r\n" % (number, number)
    path = folder / f"{number}-{hashlib.sha256(content).hexdigest()}"
    path.write_bytes(content)
    return SpooledMail(path, len(content), hashlib.sha256(content).hexdigest())


def _envelope(recipient: str) -> Envelope:
    return Envelope("a@supplier.example", recipient, NOW, Channel.SMTP, "192.0.2.1")


def _kept_together(intake: StoredIntake, jobs: list[tuple[str, SpooledMail]]) -> list[Any]:
    """Each from a thread of its own, all at once."""
    barrier = threading.Barrier(len(jobs))

    def store(job: tuple[str, SpooledMail]) -> Any:
        barrier.wait()
        try:
            return intake.store((_envelope(job[0]),), job[1])
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(store, jobs))


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many mails each statement recorded."""
    sizes: list[int] = []
    real: Callable[..., None] = receiving.receive

    def counted(arrivals: Any) -> None:
        sizes.append(len(arrivals))
        real(arrivals)

    monkeypatch.setattr(receiving, "receive", counted)
    return sizes


@pytest.mark.rule("A7")
def test_mails_that_come_together_are_committed_together(
    administration: Administration, tmp_path: Path, transactions: list[int]
) -> None:
    intake = StoredIntake(Blobs(tmp_path), TaskTable(), lambda: NOW, lambda _: None)
    address = f"{administration.drop}@invoices.example"
    kept = _kept_together(intake, [(address, _mail(tmp_path, number)) for number in range(MAILS)])
    assert all(stored.is_new for (stored,) in kept)
    rows = models.Mail.objects.filter(administration_id=administration.id)
    assert {row.id for row in rows} == {stored.mail for (stored,) in kept}
    assert models.Task.objects.filter(subject__in=[row.id for row in rows]).count() == MAILS
    assert sum(transactions) == MAILS
    assert len(transactions) < MAILS, "some shared a transaction"


@pytest.mark.rule("A7")
def test_one_that_cannot_be_kept_takes_no_other_with_it(
    administration: Administration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = StoredIntake(Blobs(tmp_path), TaskTable(), lambda: NOW, lambda _: None)
    address = f"{administration.drop}@invoices.example"
    bad = _mail(tmp_path, 0)
    real = receiving.receive

    def failing(arrivals: Any) -> None:
        if any(arrival.sha256 == bad.sha256 for arrival in arrivals):
            raise ValueError("a fault of ours that this mail brings out")
        real(arrivals)

    monkeypatch.setattr(receiving, "receive", failing)
    jobs = [(address, bad), ("gone@invoices.example", _mail(tmp_path, 2))]
    jobs += [(address, _mail(tmp_path, number)) for number in range(3, MAILS)]
    failed, gone, *kept = _kept_together(intake, jobs)
    assert isinstance(failed, ValueError)
    assert isinstance(gone, Unavailable)
    assert gone.code == "address-gone"
    assert all(isinstance(stored, StoredAs) for (stored,) in kept)
    assert models.Mail.objects.filter(administration_id=administration.id).count() == MAILS - 3


@pytest.mark.rule("A8")
def test_the_same_mail_twice_at_once_is_one_mail(administration: Administration, tmp_path: Path) -> None:
    intake = StoredIntake(Blobs(tmp_path), TaskTable(), lambda: NOW, lambda _: None)
    spooled = _mail(tmp_path, 1)
    kept = _kept_together(intake, [(f"{administration.drop}@invoices.example", spooled)] * 6)
    assert sum(stored.is_new for (stored,) in kept) == 1
    assert len({stored.mail for (stored,) in kept}) == 1
    (row,) = models.Mail.objects.filter(administration_id=administration.id)
    assert row.events.count() == 6


@pytest.mark.rule("A9")
def test_what_was_turned_away_is_found_by_its_administration_and_forgotten_in_time(
    administration: Administration, tmp_path: Path
) -> None:
    intake = StoredIntake(Blobs(tmp_path), TaskTable(), lambda: NOW, lambda _: None)
    address = f"{administration.drop}@invoices.example"
    ours = Refusal(NOW, Channel.SMTP, "192.0.2.1", "a@supplier.example", address.upper(), "552 5.3.4 too big")
    strange = Refusal(NOW, Channel.LMTP, "x" * 200, "\x00\ud800" + "s" * 400, "nobody@invoices.example", "550 5.1.1 unknown")
    intake.refused((ours, strange))
    (row,) = models.Refusal.objects.filter(administration_id=administration.id)
    assert (row.sender, row.recipient, row.reply) == (ours.sender, ours.recipient, ours.reply)
    assert models.Refusal.objects.get(recipient=strange.recipient, at=NOW, administration=None).reply == strange.reply
    refusals.forget_before(NOW)
    assert models.Refusal.objects.filter(at=NOW).count() >= 2
    assert refusals.forget_before(NOW.replace(hour=11)) >= 2
    assert not models.Refusal.objects.filter(at=NOW).exists()
