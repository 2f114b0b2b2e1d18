"""What webhooks are told is written with what it tells of, for those who want to know it, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.hook import EVENT_OF_STATE, EVENTS, Event
from scanstraat.model.state import DocumentState
from scanstraat.records import documents, hooks, models, offices, people
from scanstraat.records.hooks import HookOwner
from tests.desk import mailroom

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
URL = "https://example.com/in"


def _hook(owner: HookOwner, *events: Event, url: str = URL) -> UUID:
    return hooks.add(owner, url, frozenset(events or EVENTS), "sealed", "key x", NOW)


def _told(webhook: UUID) -> list[str]:
    return list(models.HookCall.objects.filter(webhook_id=webhook).order_by("created_at").values_list("event", flat=True))


def test_a_mail_is_told_of_from_its_arrival_to_its_end(administration: Administration) -> None:
    hook = _hook(HookOwner(administration.id))
    papers = tuple(
        mailroom.Paper(verdict=verdict)
        for verdict in (mailroom.DELIVERED, mailroom.IN_REVIEW, mailroom.REMINDER, mailroom.ADVERTISING)
    )
    made = mailroom.deliver(administration, papers=papers)
    mailroom.park(mailroom.receive(administration, "Kapot"), "broken")
    wanted = [
        *("document.archived", "document.delivered", "document.discarded", "document.in-review"),
        *("mail.parked", "mail.received", "mail.received"),
    ]
    assert sorted(_told(hook)) == wanted
    body = json.loads(models.HookCall.objects.get(webhook_id=hook, event="document.delivered").body)
    assert body["type"] == "document.delivered"
    assert body["data"] == {
        "administration": administration.drop,
        "url": f"/api/documents/{made.documents[0]}",
        "mail": str(made.mail),
        "document": str(made.documents[0]),
    }


def test_what_is_rolled_back_is_told_to_nobody(administration: Administration) -> None:
    hook = _hook(HookOwner(administration.id), Event.DOCUMENT_IN_REVIEW)
    (document,) = mailroom.deliver(administration, papers=(mailroom.Paper(verdict=mailroom.REMINDER),)).documents
    with transaction.atomic():
        documents.move(document, DocumentState.ARCHIVED, DocumentState.IN_REVIEW, NOW)
        assert _told(hook) == ["document.in-review"]
        transaction.set_rollback(True)
    assert _told(hook) == []
    documents.move(document, DocumentState.ARCHIVED, DocumentState.IN_REVIEW, NOW)
    assert _told(hook) == ["document.in-review"]


def test_an_office_is_told_of_all_its_administrations_and_nobody_of_another_s(administration: Administration) -> None:
    row = models.Administration.objects.select_related("office").get(id=administration.id)
    drop = f"{administration.drop}-2"
    sister = offices.open_administration(row.office.name, replace(administration, name=drop, drop=drop), (f"{drop}@x.example",))
    foreign = offices.open_administration(
        f"Other {drop}", replace(administration, name=drop, drop=f"{drop}-f"), (f"{drop}-f@x.example",)
    )
    of_office = _hook(HookOwner(office=people.office(row.office.name)), Event.MAIL_RECEIVED)
    of_own = _hook(HookOwner(administration.id), Event.MAIL_RECEIVED, Event.DOCUMENT_ARCHIVED)
    for owner in (administration, sister, foreign):
        mailroom.deliver(owner)
    assert (_told(of_office), _told(of_own)) == (["mail.received"] * 2, ["mail.received"])


def test_where_nobody_listens_an_event_costs_one_look(administration: Administration) -> None:
    (document,) = mailroom.deliver(administration, papers=(mailroom.Paper(verdict=mailroom.REMINDER),)).documents
    with CaptureQueriesContext(connection) as queries:
        documents.move(document, DocumentState.ARCHIVED, DocumentState.IN_REVIEW, NOW)
    assert len([query for query in queries if "webhook" in query["sql"]]) == 1
    with CaptureQueriesContext(connection) as queries:
        documents.move(document, DocumentState.IN_REVIEW, DocumentState.SORTED)
    assert not [query for query in queries if "webhook" in query["sql"]]


def test_an_address_is_told_once_and_there_is_an_end_to_them(administration: Administration) -> None:
    owner = HookOwner(administration.id)
    first = _hook(owner)
    with pytest.raises(Refused, match="webhook-taken"):
        _hook(owner)
    hooks.end(first, NOW)
    _hook(owner)
    for number in range(19):
        _hook(owner, url=f"{URL}/{number}")
    with pytest.raises(Refused, match="webhooks-many"):
        _hook(owner, url=f"{URL}/x")


@pytest.mark.parametrize("end", [hooks.sent, hooks.failed])
def test_a_call_is_one_holder_s_at_a_time_and_ended_once(administration: Administration, end: Callable[..., bool]) -> None:
    hook = _hook(HookOwner(administration.id))
    call = hooks.test(hook, NOW)
    claimed = hooks.claim(call, "a:1", NOW, NOW + timedelta(minutes=5))
    assert claimed is not None
    assert hooks.claim(call, "b:1", NOW, NOW + timedelta(minutes=5)) is None
    later = NOW + timedelta(minutes=6)
    taken_over = hooks.claim(call, "b:1", later, later + timedelta(minutes=5))
    assert taken_over is not None
    assert not end(claimed, "late", later)
    assert not hooks.postponed(claimed, "late", later)
    assert end(taken_over, "200", later)
    assert not end(taken_over, "200", later)
    assert hooks.claim(call, "c:1", later + timedelta(hours=1), later + timedelta(hours=2)) is None
    assert hooks.claim(UUID(int=0), "c:1", NOW, NOW) is None


def test_calls_of_the_dead_are_free_at_once_and_a_full_one_is_passed_over(administration: Administration) -> None:
    hook, other = _hook(HookOwner(administration.id)), _hook(HookOwner(administration.id), url=f"{URL}/2")
    call, second = hooks.test(hook, NOW), hooks.test(other, NOW)
    assert hooks.claim(call, f"{hook}:1", NOW, NOW + timedelta(minutes=5))
    assert hooks.release(f"{hook}:", NOW, but=f"{hook}:1") == 0
    assert hooks.release(f"{hook}:", NOW, but=f"{hook}:2") == 1
    due = {each for each, _ in hooks.due(NOW, 10_000)}
    assert {call, second} <= due
    assert call not in {each for each, _ in hooks.due(NOW, 10_000, frozenset({hook}))}


def test_every_end_of_a_document_has_its_event() -> None:
    told = {state for state in DocumentState if state in EVENT_OF_STATE}
    assert told == {
        DocumentState.DELIVERED,
        DocumentState.IN_REVIEW,
        DocumentState.ARCHIVED,
        DocumentState.REJECTED,
        DocumentState.DISCARDED,
    }
