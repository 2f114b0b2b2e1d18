"""Corrections by programs (E7): in review as a person's, of delivered documents to learn from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import User

from scanstraat.model.state import DocumentState
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.records import documents, models
from tests.desk import mailroom
from tests.desk.api.program import Program, in_review

pytestmark = pytest.mark.rule("E7")

RIGHT = {
    "supplier_name": "Bakkerij De Korenaar B.V.",
    "vat_number": "NL004495445B01",
    "iban": "nl91 abna 0417 1643 00",
    "invoice_number": "2026-0412",
    "invoice_date": "30-3-2026",
    "due_date": "30-4-2026",
    "total": "1.233,23",
    "net_total": "1131,40",
    "vat_total": "101,83",
    "currency": "EUR",
}


def _correct(program: Program, document: UUID, **body: object) -> dict[str, object]:
    return program.post(f"/documents/{document}/corrections", body)


@pytest.mark.rule("A9", "I4")
def test_values_are_given_by_the_key_and_the_document_still_waits_for_a_person(program: Program) -> None:
    (document,) = in_review(program.administration).documents
    answer = _correct(program, document, fields={"total": "1.234,50", "invoice_number": "2026-0413"})
    assert answer["accepted"] is False
    assert answer["document"]["document"]["state"] == "in-review"
    given = {each["field"]: (each["value"], each["by"]) for each in answer["document"]["recognised"]["corrections"]}
    assert given == {"total": ("1234.50", "key ledger"), "invoice_number": ("2026-0413", "key ledger")}
    readings = {each["field"]: each for each in answer["document"]["recognised"]["readings"]}
    assert (readings["total"]["value"], readings["total"]["method"]) == ("1234.50", "operator")
    assert "1233.23" in [each["value"] for each in readings["total"]["runners_up"]]
    assert answer["document"]["recognised"]["verdict"]["action"] == "review"
    assert ("correct", f"document {document}") in program.audited
    act = models.ReviewAct.objects.get(document=document)
    assert (act.act, act.by, act.user) == ("correct", "key ledger", None)


def test_a_doubt_that_a_program_says_nothing_of_stays_a_doubt(program: Program) -> None:
    (document,) = in_review(program.administration).documents
    answer = _correct(program, document, fields={"total": "1233,23"}, accept=True)
    assert (answer["accepted"], answer["document"]["document"]["state"]) == (False, "in-review")
    assert "vat_number" in {each["field"] for each in answer["objections"]} or "VAT" in f"{answer['objections']}"


def test_what_nothing_stands_against_goes_its_way_where_that_is_wished(program: Program) -> None:
    (document,) = in_review(program.administration).documents
    kept = _correct(program, document, fields=RIGHT)
    assert (kept["accepted"], kept["objections"]) == (False, [])
    assert kept["document"]["recognised"]["verdict"]["reasons"][0]["code"] == "corrected"
    done = _correct(program, document, accept=True)
    assert (done["accepted"], done["objections"]) == (True, [])
    stored = documents.get(document)
    assert (stored.state, stored.verdict.action if stored.verdict else "") == (DocumentState.DECIDED, Action.DELIVER)
    assert models.Task.objects.filter(subject=document, stage="compose").exists()
    assert ("accept", f"document {document}") in program.audited
    assert program.problem("POST", f"/documents/{document}/corrections", {"accept": True}) == (409, "state")


def test_what_a_person_has_in_hand_no_program_touches(program: Program) -> None:
    (document,) = in_review(program.administration).documents
    anna = User.objects.create_user(f"anna-{document}")
    now = datetime.now(UTC)
    row = models.Document.objects.filter(id=document)
    row.update(held_by=anna, held_until=now + timedelta(minutes=1))
    for body in ({"fields": {"total": "1"}}, {"accept": True}):
        assert program.problem("POST", f"/documents/{document}/corrections", body) == (409, "not-held")
    row.update(held_until=now - timedelta(seconds=1))
    assert _correct(program, document, fields={"total": "1"})["accepted"] is False


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "nothing"),
        ({"fields": {"total": "veel"}}, "typed-amount"),
        ({"fields": {"iban": "NL92ABNA0417164300"}}, "typed-iban"),
        ({"fields": {"colour": "red"}}, "invalid"),
        ({"fields": {"total": 1}}, "invalid"),
        ({"fields": {"total": "1"}, "kind": "poem"}, "invalid"),
        ({"accept": True, "more": 1}, "invalid"),
    ],
)
@pytest.mark.parametrize("is_delivered", [False, True])
def test_what_cannot_be_taken_changes_nothing(program: Program, body: object, code: str, is_delivered: bool) -> None:
    made = mailroom.deliver(program.administration) if is_delivered else in_review(program.administration)
    (document,) = made.documents
    status, said = program.problem("POST", f"/documents/{document}/corrections", body)
    assert (status, said) == ((409, "state") if is_delivered and code == "x" else (422, code))
    assert models.Document.objects.get(id=document).correction == ""
    assert program.audited == []


def test_a_kind_said_by_a_program_is_kept(program: Program) -> None:
    (document,) = in_review(program.administration).documents
    answer = _correct(program, document, kind="reminder", accept=True)
    assert (answer["accepted"], documents.get(document).document.kind) == (True, "reminder")
    assert documents.get(document).verdict == Verdict(
        Action.ARCHIVE, (Reason("reminder", "it is a reminder, not an invoice", "G1"),)
    )


@pytest.mark.rule("E5", "D8")
def test_from_a_delivered_document_the_register_learns(program: Program) -> None:
    (document,) = mailroom.deliver(program.administration).documents
    first = _correct(program, document, fields={"vat_number": "NL 0044.95.445.B01", "iban": "NL20 INGB 0001 2345 67"})
    assert (first["accepted"], first["document"]["document"]["state"]) == (False, "delivered")
    (supplier,) = program.get("/suppliers")["items"]
    assert (supplier["name"], supplier["vat_number"]) == ("Bakkerij De Korenaar B.V.", "NL004495445B01")
    assert [(each["number"], each["verified"]) for each in supplier["accounts"]] == [("NL20INGB0001234567", True)]
    _correct(program, document, fields={"iban": "NL91ABNA0417164300", "vat_number": "", "total": "9,00"})
    (again,) = program.get("/suppliers")["items"]
    assert (again["id"], again["vat_number"]) == (supplier["id"], "NL004495445B01")
    assert [each["number"] for each in again["accounts"]] == ["NL20INGB0001234567", "NL91ABNA0417164300"]
    shown = program.get(f"/documents/{document}")
    given = {each["field"]: each["value"] for each in shown["recognised"]["corrections"]}
    assert given == {"vat_number": "", "iban": "NL91ABNA0417164300", "total": "9.00"}
    readings = {each["field"]: each["value"] for each in shown["recognised"]["readings"]}
    assert readings["total"] == "1233.23"  # as it was delivered
    assert program.problem("POST", f"/documents/{document}/corrections", {"accept": True}) == (409, "state")


def test_elsewhere_on_the_line_nothing_can_be_corrected(program: Program) -> None:
    made = mailroom.deliver(program.administration, papers=(mailroom.Paper(verdict=mailroom.ADVERTISING),))
    body = {"fields": {"total": "1"}}
    assert program.problem("POST", f"/documents/{made.documents[0]}/corrections", body) == (409, "state")
