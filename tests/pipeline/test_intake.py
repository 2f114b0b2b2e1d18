from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanstraat.errors import Unavailable
from scanstraat.mailbox.intake import RecipientState, SpooledMail, StoredAs
from scanstraat.model.administration import Administration
from scanstraat.model.mail import Channel, Envelope
from scanstraat.pipeline.intake import StoredIntake, fingerprint_of
from scanstraat.records import models
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable

NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
MAIL = b"Message-ID: <1@supplier.example>\r\nFrom: a@supplier.example\r\nSubject: Invoice\r\n\r\nHello\r\n"


def _spool(folder: Path, content: bytes) -> SpooledMail:
    path = folder / hashlib.sha256(content).hexdigest()
    path.write_bytes(content)
    return SpooledMail(path, len(content), path.name)


def _intake(home: Path, rung: list[str]) -> StoredIntake:
    return StoredIntake(Blobs(home), TaskTable(), lambda: NOW, rung.extend)


def _envelope(administration: Administration) -> Envelope:
    return Envelope("a@supplier.example", f"{administration.drop}@invoices.example", NOW, Channel.SMTP, "[192.0.2.1]")


@pytest.mark.rule("A4", "A10")
def test_only_known_addresses_under_contract_are_accepted(administration: Administration, tmp_path: Path) -> None:
    intake = _intake(tmp_path, [])
    assert intake.recipient(f"{administration.drop}@invoices.example") is RecipientState.ACCEPTED
    assert intake.recipient("nobody@invoices.example") is RecipientState.UNKNOWN
    models.Administration.objects.filter(id=administration.id).update(contract_ended_on="2026-03-01")
    assert intake.recipient(f"{administration.drop}@invoices.example") is RecipientState.ENDED


@pytest.mark.rule("A7")
def test_a_stored_mail_has_its_bytes_its_row_and_its_first_task(administration: Administration, tmp_path: Path) -> None:
    rung: list[str] = []
    _intake(tmp_path, rung).store((_envelope(administration),), _spool(tmp_path, MAIL))
    row = models.Mail.objects.get(administration_id=administration.id)
    assert Blobs(tmp_path).get(administration.id, row.sha256) == MAIL
    assert rung == [f"open:{row.id}"]
    assert models.Task.objects.get(id=rung[0]).state == models.Task.WAITING


@pytest.mark.rule("A8")
def test_the_same_mail_twice_is_processed_once_and_logged_twice(administration: Administration, tmp_path: Path) -> None:
    rung: list[str] = []
    intake = _intake(tmp_path, rung)
    traces = (b"Received: by a\r\n", b"Received: by another\r\n way\r\n")
    kept = [intake.store((_envelope(administration),), _spool(tmp_path, trace + MAIL)) for trace in traces]
    row = models.Mail.objects.get(administration_id=administration.id)
    assert kept == [(StoredAs(row.id, is_new=True),), (StoredAs(row.id, is_new=False),)]
    assert len(rung) == 1
    assert [event.event for event in row.events.all()] == ["received", "received"]


@pytest.mark.rule("A2")
def test_a_mail_to_two_administrations_is_processed_once_for_each(
    database: None, administration: Administration, tmp_path: Path
) -> None:
    from scanstraat.records.offices import open_administration

    other = Administration(0, "Other", administration.own, f"other-{administration.drop}")
    other = open_administration("Other office", other, (f"{other.drop}@invoices.example",))
    rung: list[str] = []
    _intake(tmp_path, rung).store((_envelope(administration), _envelope(other)), _spool(tmp_path, MAIL))
    assert len(rung) == 2
    paths = {Blobs(tmp_path).path(a.id, hashlib.sha256(MAIL).hexdigest()) for a in (administration, other)}
    assert len(paths) == 2
    assert all(path.exists() for path in paths)


def test_an_address_taken_away_between_rcpt_and_data_makes_the_sender_try_again(
    administration: Administration, tmp_path: Path
) -> None:
    models.Address.objects.filter(administration_id=administration.id).delete()
    with pytest.raises(Unavailable, match="address-gone"):
        _intake(tmp_path, []).store((_envelope(administration),), _spool(tmp_path, MAIL))
    assert not models.Mail.objects.filter(administration_id=administration.id).exists()


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("other", "same"),
    [
        (b"Received: from x\r\n" + MAIL, True),
        (MAIL.replace(b"Hello", b"Hullo"), False),
        (MAIL.replace(b"<1@", b"<2@"), False),
        (MAIL.replace(b"Subject: Invoice", b"Subject: Invoice 2"), False),
    ],
)
def test_message_id_and_content_make_a_mail_the_same(tmp_path: Path, other: bytes, same: bool) -> None:
    one, two = _spool(tmp_path, MAIL), _spool(tmp_path, other)
    assert (fingerprint_of(one.path, one.sha256) == fingerprint_of(two.path, two.sha256)) is same


def test_a_mail_without_message_id_is_known_by_all_its_bytes(tmp_path: Path) -> None:
    bare = _spool(tmp_path, b"Subject: x\r\n\r\nbody")
    assert fingerprint_of(bare.path, bare.sha256) == bare.sha256
    nothing = _spool(tmp_path, b"")
    assert fingerprint_of(nothing.path, nothing.sha256) == nothing.sha256


def test_the_first_task_of_a_mail_is_the_first_stage_of_the_line() -> None:
    from scanstraat.pipeline.intake import ENTRY
    from scanstraat.pipeline.line import LINE

    assert LINE[0].name == ENTRY
