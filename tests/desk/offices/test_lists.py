"""The lists of customers: did it arrive, was it turned away, what was delivered; by words, period, state and kind, and as CSV."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scanstraat.archive.filing import CATEGORIES
from scanstraat.desk.narrowing import MOST_COUNTED
from scanstraat.desk.sentences import PROGRAMS
from scanstraat.desk.sentences_typed import FOLDERS
from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.model.hook import EVENTS
from scanstraat.model.key import SCOPES
from scanstraat.model.mail import Channel, Refusal
from scanstraat.records import models, offices, refusals
from tests.desk import mailroom
from tests.desk.mailroom import RECEIVED, Paper

SignIn = Callable[..., Client]
TAGS = re.compile(r"<[^>]*>", re.VERBOSE)


def text_of(client: Client, address: str, **query: object) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return " ".join(html.unescape(TAGS.sub(" ", response.content.decode().replace("<wbr>", ""))).split())


def _turn_away(recipient: str, sender: str, reply: str, days: int = 0) -> None:
    at = RECEIVED - timedelta(days=days)
    refusals.keep([Refusal(at, Channel.SMTP, "192.0.2.9", sender, recipient, reply)])


@pytest.fixture
def foreign(administration: Administration) -> Administration:
    drop = f"{administration.drop}-foreign"
    return offices.open_administration(f"Office {drop}", replace(administration, name=drop, drop=drop), (f"{drop}@x.example",))


@pytest.mark.rule("A9", "A3")
def test_a_mail_that_was_turned_away_is_found_by_the_same_search_with_why(
    administration: Administration, foreign: Administration, signed_in: SignIn
) -> None:
    sender = f"billing-{uuid4().hex[:8]}@supplier.example"
    _turn_away(f"{administration.drop}@invoices.example", sender, "552 5.3.4 the mail is over 30 MB")
    _turn_away(f"{foreign.drop}@x.example", sender, "550 5.1.1 not for you")
    client = signed_in(administration)
    shown = text_of(client, reverse("mails"), search=sender)
    assert "No mail that was taken fits this search; these were turned away." in shown
    assert f"2026-03-31 09:12 {sender} 192.0.2.9 {administration.name}" in shown
    assert "552 5.3.4 the mail is over 30 MB" in shown
    assert "not for you" not in shown
    assert "Turned away" in text_of(client, reverse("mails"), state="turned-away")
    assert "over 30 MB" not in text_of(client, reverse("mails"), search=sender, state="delivered")
    assert "over 30 MB" not in text_of(client, reverse("mails"), search=sender, until="2026-03-30")


@pytest.mark.rule("A4", "A9", "I5")
def test_only_who_sees_every_office_sees_what_was_for_none_of_ours(administration: Administration, signed_in: SignIn) -> None:
    sender = f"typo-{uuid4().hex[:8]}@supplier.example"
    _turn_away("nobody@invoices.example", sender, "550 5.1.1 unknown here")
    assert "550 5.1.1" not in text_of(signed_in(administration), reverse("mails"), search=sender)
    assert "550 5.1.1 unknown here" in text_of(signed_in(operator=True), reverse("mails"), search=sender)


@pytest.mark.rule("A9")
def test_who_finds_nothing_is_told_what_that_means_and_what_to_try(administration: Administration, signed_in: SignIn) -> None:
    mailroom.deliver(administration)
    shown = text_of(signed_in(administration), reverse("mails"), search="nowhere-to-be-found", state="delivered")
    assert "No mail fits this search So nothing like it came in, and nothing like it was turned away here." in shown
    assert "Was it larger than 30 MB?" in shown
    assert "Or search in all days, states and administrations." in shown
    assert f"Mails are taken at these addresses: {administration.drop}@invoices.example {administration.name}" in shown


@pytest.mark.rule("A9")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"since": "2026-03-31"}, ["today"]),
        ({"until": "2026-03-30"}, ["yesterday", "long ago"]),
        ({"since": "2026-03-30", "until": "2026-03-30"}, ["yesterday"]),
        ({"state": "in-review"}, ["yesterday"]),
        ({"state": "under-way"}, ["long ago"]),
        ({"state": "delivered", "search": "today"}, ["today"]),
        ({"since": "yesterday", "until": "9999-12-31"}, ["today", "yesterday", "long ago"]),
    ],
)
def test_the_log_is_narrowed_by_period_and_state(
    administration: Administration, signed_in: SignIn, query: dict[str, str], found: list[str]
) -> None:
    mailroom.deliver(administration, "about today")
    mailroom.deliver(administration, "about yesterday", (Paper(verdict=mailroom.IN_REVIEW),), days=1)
    mailroom.receive(administration, "about long ago", days=40)
    days = {"today": 0, "yesterday": 1, "long ago": 40}
    rows = models.Mail.objects.filter(administration_id=administration.id)
    made = {subject: str(rows.get(received_at=RECEIVED - timedelta(days=ago)).id) for subject, ago in days.items()}
    page = signed_in(administration).get(reverse("mails"), query).content.decode()
    assert [subject for subject in made if made[subject] in page] == found
    assert ("Write days as 2026-03-31." in page) is (query.get("since") == "yesterday" or query.get("until") == "9999-12-31")


def test_no_more_mails_are_counted_than_anybody_turns_over(administration: Administration, signed_in: SignIn) -> None:
    given = {"size": 1, "recipient": "x", "channel": "smtp", "received_at": timezone.now()}
    models.Mail.objects.bulk_create(
        models.Mail(administration_id=administration.id, sha256=f"{n}", fingerprint=f"{n}", **given)
        for n in range(MOST_COUNTED + 3)
    )
    client = signed_in(administration)
    assert "the newest 2000 of more; narrow the period to see older ones" in text_of(client, reverse("mails")).replace(",", "")
    assert f"Page {MOST_COUNTED // 50} of {MOST_COUNTED // 50}" in text_of(client, reverse("mails"), page=9_999)


@pytest.mark.rule("G1", "G4")
def test_documents_are_found_by_entry_kind_folder_and_period(administration: Administration, signed_in: SignIn) -> None:
    reminder = Paper(Kind.REMINDER, mailroom.REMINDER, match=None)
    advertising = Paper(Kind.ADVERTISING, mailroom.ADVERTISING, mailroom.Readings(), None)
    made = mailroom.deliver(administration, papers=(Paper(), reminder, advertising))
    models.Document.objects.filter(id=made.documents[1]).update(category="Reminders / Reminders")
    client = signed_in(administration)
    shown = text_of(client, reverse("documents"), state="archived")
    assert "All 3 Invoices delivered 1 Archive 1 Rejected or discarded 1 Download this list (CSV)" in shown
    assert "All folders Reminders / Reminders 1" in shown

    def found(**query: str) -> list[bool]:
        page = client.get(reverse("documents"), query).content.decode()
        return [str(document) in page for document in made.documents]

    assert found(state="delivered") == [True, False, False]
    assert found(state="archived", category="Reminders / Reminders") == [False, True, False]
    assert found(state="archived", category="Invoices / Receipts") == [False, False, False]
    assert found(kind="advertising") == [False, False, True]
    assert found(state="turned-down") == [False, False, True]
    assert found(until="2026-03-30") == [False, False, False]
    for query in ({"kind": "x"}, {"state": "staged "}, {"administration": "0"}):
        assert client.get(reverse("documents"), query).status_code == 404


@pytest.mark.rule("I5", "I4")
def test_the_list_is_a_csv_file_that_no_spreadsheet_runs(
    administration: Administration, foreign: Administration, signed_in: SignIn
) -> None:
    values = {"supplier_name": '=HYPERLINK("http://evil.example")', "invoice_number": "@SUM(1)"}
    made = mailroom.deliver(
        administration,
        "-1+1 subject",
        (Paper(completed=mailroom.with_values(mailroom.COMPLETED, **values)),),
        "+31 <x@y.example>",
    )
    other = mailroom.deliver(foreign)
    models.Delivery.objects.filter(document=made.documents[0]).update(refused_at=RECEIVED, refusal="\t=wrong books")
    response = signed_in(administration).get(reverse("documents-csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    head, row = csv.reader(io.StringIO(content, newline=""))
    line = dict(zip(head, row, strict=True))
    assert line["Document"] == str(made.documents[0])
    assert str(other.documents[0]) not in content
    assert (line["Supplier"], line["Invoice number"]) == ('\'=HYPERLINK("http://evil.example")', "'@SUM(1)")
    assert (line["Subject"], line["Sender"]) == ("'-1+1 subject", "'+31 <x@y.example>")
    assert (line["Total"], line["Reason of the refusal"]) == ("1233.23", "'=wrong books")
    assert not any(value.startswith(("=", "+", "@", "\t")) for value in row)
    assert models.AuditEntry.objects.filter(act="download-list").exists()


@pytest.mark.rule("F8")
def test_a_document_says_what_the_workflow_said_of_its_drop(administration: Administration, signed_in: SignIn) -> None:
    made = mailroom.deliver(administration)
    client, address = signed_in(administration), reverse("document", args=[made.documents[0]])
    rows = models.Delivery.objects.filter(document=made.documents[0])
    assert "Delivered 2026-03-31 09:12 UTC" in text_of(client, address)
    assert "The workflow has not acknowledged it yet." in text_of(client, address)
    rows.update(acknowledged_at=RECEIVED, times=2)
    assert "The workflow acknowledged it 2026-03-31 09:12 UTC." in text_of(client, address)
    assert "asked for 2 times" in text_of(client, address)
    rows.update(acknowledged_at=None, refused_at=RECEIVED, refusal="not our order")
    assert "The workflow refused it 2026-03-31 09:12 UTC: not our order" in text_of(client, address)


@pytest.mark.parametrize("query", [{"search": "factuur 2026"}, {"state": "delivered"}, {"since": "2026-01-01"}])
@pytest.mark.parametrize("name", ["mails", "documents", "suppliers", "administrations"])
def test_a_longer_list_asks_the_database_no_more_questions(
    administration: Administration, signed_in: SignIn, name: str, query: dict[str, str]
) -> None:
    client = signed_in(administration)
    if name in ("suppliers", "administrations"):
        query = {"search": "a"}

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name), query).status_code == 200
        return len(asked)

    def one_more(number: int) -> None:
        mailroom.deliver(administration, f"Factuur {number} 2026")
        row = models.Supplier.objects.create(administration_id=administration.id, name=f"Bakker {number}", name_key="x")
        models.SupplierAccount.objects.create(supplier=row, number=f"NL{number}")
        office = models.Administration.objects.get(id=administration.id).office
        drop = f"{administration.drop}-{number}"
        offices.open_administration(office.name, replace(administration, name=f"A {drop}", drop=drop), (f"{drop}@x.example",))

    one_more(0)
    one_more(1)
    few = questions()
    for number in range(2, 6):
        one_more(number)
    assert questions() == few < 16


def test_each_folder_of_the_archive_can_be_said_in_other_languages() -> None:
    assert {str(category) for category in CATEGORIES.values()} == set(FOLDERS)


def test_what_keys_and_webhooks_are_for_can_be_said_in_other_languages() -> None:
    assert {*SCOPES.values(), *EVENTS.values()} == set(PROGRAMS)
