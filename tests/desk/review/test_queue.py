from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test import Client

from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.model.people import Role
from scanstraat.model.state import DocumentState
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.records import models, offices
from tests.desk import mailroom
from tests.desk.conftest import office_of

SignedIn = Callable[..., Client]


def waits(
    owner: Administration, *codes: str, due: timedelta = timedelta(days=1), kind: Kind = Kind.INVOICE, **values: str
) -> UUID:
    """A document in review for these reasons."""
    verdict = Verdict(Action.REVIEW, tuple(Reason(code, code) for code in codes))
    values.setdefault("invoice_number", uuid4().hex[:8])
    paper = mailroom.Paper(kind, verdict, mailroom.with_values(mailroom.COMPLETED, **values))
    made = mailroom.deliver(owner, f"Mail {values['invoice_number']}", (paper,))
    models.Document.objects.filter(id=made.documents[0]).update(due_at=datetime.now(UTC) + due)
    return made.documents[0]


def listed(client: Client, query: str = "") -> list[UUID]:
    page = client.get(f"/review{query}")
    assert page.status_code == 200
    return [UUID(found) for found in re.findall(r'data-document="([0-9a-f-]+)"', page.content.decode())]


def text_of(client: Client, address: str = "/review") -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def hold(document: UUID, client: Client) -> None:
    """As if that person had opened it."""
    user = int(client.session["_auth_user_id"])
    models.Document.objects.filter(id=document).update(held_by=user, held_until=datetime.now(UTC) + timedelta(minutes=2))


@pytest.mark.rule("I6", "G4")
def test_one_view_of_all_that_waits_the_most_urgent_first(administration: Administration, signed_in: SignedIn) -> None:
    other = offices.open_administration(
        office_of(administration), replace(administration, drop=f"drop-{uuid4().hex[:12]}", name="Beside"), ()
    )
    later, over = (
        waits(administration, "doubt", "new-account"),
        waits(other, "kind", due=-timedelta(hours=3, minutes=5), kind=Kind.REMINDER),
    )
    client = signed_in(administration, role=Role.OPERATOR)
    assert listed(client) == [over, later]
    text = text_of(client)
    for words in ("overdue 3 h", "New bank account", "What kind is it", "Bakkerij De Korenaar B.V.", "EUR 1,233.23", "Beside"):
        assert words in text
    assert "2 documents wait" in text
    assert re.search(r'id="waiting"[^>]*>2<', text)
    assert "New bank account <span>1</span>" in text


def test_the_queue_is_narrowed_by_its_address(administration: Administration, signed_in: SignedIn) -> None:
    doubtful = waits(administration, "doubt", supplier_name="Smid & Zoon")
    unsure = waits(administration, "kind", due=-timedelta(hours=1), kind=Kind.REMINDER, invoice_number="K-17")
    client = signed_in(administration, role=Role.OPERATOR)
    assert listed(client, "?reason=doubt") == [doubtful]
    assert listed(client, "?overdue=yes") == [unsure]
    assert listed(client, "?kind=reminder") == [unsure]
    assert listed(client, "?search=smid") == [doubtful]
    assert listed(client, "?search=K-17") == [unsure]
    assert listed(client, f"?administration={administration.id}") == [unsure, doubtful]
    assert listed(client, "?administration=none&holder=anybody&page=x") == [unsure, doubtful]
    hold(doubtful, client)
    assert listed(client, "?holder=mine") == [doubtful]
    assert listed(client, "?holder=free") == [unsure]
    assert "Nothing waits here." in text_of(client, "/review?reason=annex")
    assert f'href="/review/{doubtful}?reason=doubt"' in text_of(client, "/review?reason=doubt")


def test_when_nothing_is_left_the_page_says_so(administration: Administration, signed_in: SignedIn) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    assert "All done" in text_of(client)
    assert client.get("/review/next").headers["Location"] == "/review/done"


@pytest.mark.rule("I5")
def test_only_who_may_review_has_a_queue(administration: Administration, signed_in: SignedIn) -> None:
    waits(administration, "doubt")
    for role in (Role.OFFICE_MAIN_USER, Role.OFFICE_USER, Role.ADMINISTRATION_USER, Role.AUDITOR):
        client = signed_in(administration, role=role)
        assert [client.get(address).status_code for address in ("/review", "/review/counts", "/review/next")] == [403] * 3
    assert Client(SERVER_NAME="localhost").get("/review").status_code == 302


@pytest.mark.rule("I5")
def test_an_operator_of_one_office_meets_nothing_of_another(
    administration: Administration, signed_in: SignedIn, database: None
) -> None:
    elsewhere = offices.open_administration(f"Office {uuid4().hex}", replace(administration, drop=f"drop-{uuid4().hex[:12]}"), ())
    theirs = waits(elsewhere, "doubt")
    client = signed_in(administration, role=Role.OPERATOR)
    assert listed(client) == []
    assert listed(client, f"?administration={elsewhere.id}") == []
    assert client.get("/review/next").headers["Location"] == "/review/done"
    assert listed(signed_in(elsewhere, role=Role.OPERATOR)) == [theirs]


def test_the_next_of_the_part_asked_for_is_taken_and_opened(administration: Administration, signed_in: SignedIn) -> None:
    waits(administration, "doubt", due=-timedelta(days=1))
    unsure = waits(administration, "kind")
    client = signed_in(administration, role=Role.OPERATOR)
    assert client.post("/review/next?reason=kind").headers["Location"] == f"/review/{unsure}?reason=kind"
    row = models.Document.objects.get(id=unsure)
    assert row.held_by_id == int(client.session["_auth_user_id"])
    assert row.held_until is not None


def test_nobody_is_given_what_another_has(administration: Administration, signed_in: SignedIn) -> None:
    first, then = waits(administration, "doubt", due=-timedelta(days=1)), waits(administration, "doubt")
    clients = [signed_in(administration, role=Role.OPERATOR) for _ in range(3)]
    places = [client.post("/review/next").headers["Location"] for client in clients]
    assert places == [f"/review/{first}", f"/review/{then}", "/review/done"]
    assert clients[0].post("/review/next").headers["Location"] == f"/review/{first}"  # what he has already comes first


def test_many_who_start_at_once_each_get_one_of_their_own(administration: Administration, signed_in: SignedIn) -> None:
    made = {f"/review/{waits(administration, 'doubt')}" for _ in range(4)}
    clients = [signed_in(administration, role=Role.OPERATOR) for _ in range(4)]
    together, places = Barrier(4), []

    def start(client: Client) -> None:
        together.wait()
        places.append(client.post("/review/next").headers["Location"])
        connections.close_all()

    threads = [Thread(target=start, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(places) == made


def test_a_lead_sees_who_has_what_and_takes_it_back(administration: Administration, signed_in: SignedIn) -> None:
    held = waits(administration, "doubt")
    operator, colleague, lead = (signed_in(administration, role=role) for role in (Role.OPERATOR, Role.OPERATOR, Role.LEAD))
    hold(held, operator)
    name = models.Document.objects.get(id=held).held_by.get_username()
    assert f"<bdi>{name}</bdi>" in text_of(colleague)
    assert f"/review/{held}/take" not in text_of(colleague)
    assert f'action="/review/{held}/take"' in text_of(lead)
    assert f"/review/{held}/take" not in text_of(operator)
    assert "<strong>you</strong>" in text_of(operator)
    assert lead.post(f"/review/{held}/take").status_code == 200
    assert models.Document.objects.get(id=held).held_by_id == int(lead.session["_auth_user_id"])


def test_the_part_that_changes_is_sent_only_when_it_has(administration: Administration, signed_in: SignedIn) -> None:
    waits(administration, "doubt")
    client = signed_in(administration, role=Role.LEAD)
    asked = re.search(r'hx-get="([^"]+)"', client.get("/review?reason=doubt").content.decode())
    assert asked
    address = asked[1].replace("&amp;", "&")
    assert address.startswith("/review/counts?reason=doubt&seen=")
    assert client.get(address).status_code == 204
    new = waits(administration, "doubt")
    changed = client.get(address)
    assert changed.status_code == 200
    assert f'data-document="{new}"' in changed.content.decode()
    assert "<html" not in changed.content.decode()
    assert changed.content.decode().count("seen=") == 1  # it asks with what it is now; no link carries that on


def test_what_was_laid_aside_waits_with_its_reason(administration: Administration, signed_in: SignedIn) -> None:
    aside = waits(administration, "doubt")
    models.Document.objects.filter(id=aside).update(
        state=DocumentState.PARKED, reason="parked", parked_from=DocumentState.DECIDED
    )
    operator, lead = (signed_in(administration, role=role) for role in (Role.OPERATOR, Role.LEAD))
    assert listed(operator, "?reason=parked") == [aside]
    assert "Laid aside by the service" in text_of(operator)
    assert operator.post("/review/next").headers["Location"] == "/review/done"
    mailroom.park(mailroom.receive(administration, "Too much"), "the mail holds 4,000 parts")
    assert "1 whole mail was laid aside" in text_of(lead)
    assert "laid aside before" not in text_of(operator)


def test_a_long_queue_has_pages(administration: Administration, signed_in: SignedIn) -> None:
    first = waits(administration, "doubt")
    row = models.Document.objects.get(id=first)
    copies = []
    for number in range(1, 61):
        row.pk, row.ordinal, row._state.adding = uuid4(), number, True
        copies.append(models.Document(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}))
    models.Document.objects.bulk_create(copies)
    client = signed_in(administration, role=Role.OPERATOR)
    both = listed(client), listed(client, "?page=2")
    assert [len(page) for page in both] == [50, 11]
    assert len({*both[0], *both[1]}) == 61
    assert listed(client, "?page=99") == both[1]


def test_the_frame_counts_on_review_pages_alone(administration: Administration, signed_in: SignedIn) -> None:
    document = waits(administration, "doubt")
    client = signed_in(administration, role=Role.OPERATOR)
    assert re.search(r'id="waiting"[^>]*>1<', text_of(client, f"/review/{document}"))
    assert 'id="waiting"' not in text_of(client, "/mails")
