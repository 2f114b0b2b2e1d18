"""The page that says how the service is: what it sees, and that it tells what to do (I8)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from scanstraat import __version__
from scanstraat.mailbox.server import MailServer
from scanstraat.model.administration import Administration
from scanstraat.model.people import Role
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.records import health, models, offices
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from tests.desk import mailroom
from tests.desk.mailroom import Paper
from tests.desk.offices.test_lists import text_of

SignIn = Callable[..., Client]
pytestmark = pytest.mark.rule("I8")


@pytest.fixture
def lead(administration: Administration, signed_in: SignIn) -> Client:
    """Who looks after one office alone, so that nothing of other tests is in his numbers but the tasks."""
    models.Mailbox.objects.filter(administration=None).update(active=False)  # shared ones of other tests belong to all
    return signed_in(administration, role=Role.LEAD)


@pytest.fixture
def no_tasks(database: None) -> Iterator[None]:
    models.Task.objects.all().delete()
    yield
    models.Task.objects.all().delete()


def _task(**given: object) -> None:
    models.Task.objects.create(id=uuid4().hex, stage="open", subject=uuid4(), **given)


def test_a_service_that_is_well_says_so_by_each_sign(
    administration: Administration, lead: Client, no_tasks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = StoredIntake(Blobs(settings.SCANSTRAAT.home_path), TaskTable(), lambda: datetime.now(UTC), lambda tasks: None)
    own = replace(settings.SCANSTRAAT, smtp_listen="127.0.0.1:0")
    with MailServer(own, house) as listening:
        monkeypatch.setattr(settings, "SCANSTRAAT", replace(own, smtp_listen=f"127.0.0.1:{listening.smtp_port}"))
        shown = text_of(lead, reverse("system"))
    assert f"System Scanstraat {__version__}" in shown
    for said in (
        "Mail server answers At 127.0.0.1",
        "Work on the line keeps up",
        "Review in time 0 before a person.",
        "Laid aside none",
    ):
        assert said in shown
    for said in ("Mailboxes and folders none", "Letters go out 0 to go out.", "Webhooks go out", "Database answers SQLite 3."):
        assert said in shown


def test_each_trouble_is_named_on_top_with_what_to_do(
    administration: Administration, lead: Client, no_tasks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SCANSTRAAT", replace(settings.SCANSTRAAT, smtp_listen="127.0.0.1:1", relay=""))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(total=1000, used=990, free=10))
    now = datetime.now(UTC)
    made = mailroom.deliver(administration, papers=(Paper(verdict=mailroom.IN_REVIEW), Paper(verdict=mailroom.IN_REVIEW)))
    models.Document.objects.filter(id=made.documents[0]).update(
        due_at=now - timedelta(hours=1), queued_at=now - timedelta(days=3)
    )
    models.Document.objects.filter(id=made.documents[1]).update(due_at=now + timedelta(hours=1))
    mailroom.park(mailroom.receive(administration, "broken"), "it is broken")
    _task(next_at=now - timedelta(minutes=5))
    box = {"name": f"box-{uuid4().hex[:8]}", "host": "imap.example", "username": "x", "error": "the password is wrong"}
    models.Mailbox.objects.create(administration_id=administration.id, seen_at=now - timedelta(hours=2), **box)
    letter = {"purpose": "archived", "about": "x", "recipient": "x@y.example", "language": "en", "next_at": now}
    models.Letter.objects.create(
        administration_id=administration.id, subject="x", text="x", created_at=now - timedelta(hours=1), **letter
    )
    hook = {"url": "https://x.example", "events": "mail.received", "secret": "x", "created_at": now, "created_by": "x"}
    webhook = models.Webhook.objects.create(administration_id=administration.id, **hook)
    call = {"event": "mail.received", "body": "{}", "created_at": now, "next_at": now}
    models.HookCall.objects.create(webhook=webhook, state="failed", ended_at=now, **call)
    shown = text_of(lead, reverse("system"))
    named = "Mail server , Work on the line , Review , Laid aside , Mailboxes and folders , Letters , Webhooks , Disk"
    assert f"8 things want to be looked at: {named} " in shown
    assert "does not answer No mail server answers at 127.0.0.1:1" in shown
    assert (
        "nobody works 0 workers are busy with 0 tasks. 1 (the oldest for 5 minutes) due now, 0 for later. Nobody takes tasks"
        in shown
    )
    assert "overdue 2 (the oldest for 3 days) before a person. 1 past their clock of two working days." in shown
    assert "Mails: 1, documents: 0." in shown
    assert f"{box['name']}, seen 2 hours ago, looked after by nobody: the password is wrong" in shown
    assert "waiting 1 (the oldest for 1 hour) to go out. 0 failed in the last seven days. Set SCANSTRAAT_RELAY" in shown
    assert "some failed 0 to go out. 1 failed in the last seven days." in shown
    assert "almost full" in shown
    models.Mailbox.objects.filter(name=box["name"]).update(lease_until=now + timedelta(minutes=1), error="", seen_at=now)
    assert "Mailboxes and folders looked after" in text_of(lead, reverse("system"))


def test_workers_that_are_busy_or_died_are_counted(no_tasks: None) -> None:
    now = datetime.now(UTC)
    for holder in ("a:1", "a:1", "b:1"):
        _task(state="claimed", holder=holder, lease_until=now + timedelta(minutes=1), next_at=now)
    _task(state="claimed", holder="c:1", lease_until=now - timedelta(minutes=1), next_at=now)
    _task(state="parked", next_at=now)
    _task(state="done", next_at=now)
    _task(next_at=now + timedelta(hours=1))
    found = health.tasks(now)
    assert (found.claimed, found.holders, found.abandoned, found.parked, found.later) == (3, 2, 1, 1, 1)
    assert found.due == health.Waiting()


@pytest.mark.rule("I5")
def test_a_lead_of_an_office_sees_nothing_of_another_and_customers_see_no_system(
    administration: Administration, signed_in: SignIn
) -> None:
    mailroom.park(mailroom.receive(administration, "broken"), "it is broken")
    name = f"box-{uuid4().hex[:8]}"
    models.Mailbox.objects.create(administration_id=administration.id, name=name, host="imap.example", username="x")
    drop = f"f-{uuid4().hex[:8]}"
    foreign = offices.open_administration(f"Office {drop}", replace(administration, drop=drop), ())
    shown = text_of(signed_in(foreign, role=Role.LEAD), reverse("system"))
    assert name not in shown
    assert "Laid aside none" in shown
    assert name in text_of(signed_in(operator=True), reverse("system"))
    for role in (Role.OFFICE_MAIN_USER, Role.OFFICE_USER, Role.OPERATOR, Role.AUDITOR):
        assert signed_in(administration, role=role).get(reverse("system")).status_code == 403
    models.Mailbox.objects.filter(name=name).update(active=False)
