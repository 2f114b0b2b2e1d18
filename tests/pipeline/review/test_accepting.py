"""Accepting: what a person filled in is looked up again, decided, recorded and sent on in one transaction."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from lxml import etree

from scanstraat.codec import from_json, to_json
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.correction import Correction
from scanstraat.model.document import Kind
from scanstraat.model.field import FieldName, Method, Readings
from scanstraat.model.review import Entry
from scanstraat.model.verdict import Action, Verdict
from scanstraat.pipeline.review import acts
from scanstraat.records import documents, models
from scanstraat.settings import Settings
from tests.pipeline.review.at_the_desk import (
    LATER,
    NOW,
    TASKS,
    UNDO,
    Page,
    accepted,
    drops,
    in_review,
    is_balanced,
    of_mail,
    pdf_of,
    person,
    run,
    sent,
    shy,
    state_of,
    taken,
    violations,
)

INVOICE = Page("2026-0412", "1.233,23")
OTHER_IBAN = "NL20INGB0001234567"


def _row(document: UUID) -> models.Document:
    return models.Document.objects.get(id=document)


def _readings(document: UUID) -> Readings:
    return from_json(_row(document).completed, Readings)


def _correction(document: UUID) -> Correction:
    return from_json(_row(document).correction, Correction)


def _verdict(document: UUID) -> Verdict:
    return from_json(_row(document).verdict, Verdict)


@pytest.mark.rule("F1", "F3", "F8")
def test_what_is_accepted_is_delivered_once_the_time_for_undoing_is_over(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (first, second) = in_review(owner, (INVOICE,), (Page("2026-0413", "99,00"),))
    taken(first, anna)
    looked = accepted(first, anna)
    assert (looked.objections, looked.verdict.action) == ((), Action.DELIVER)
    assert state_of(first) == "decided"
    assert run(mail) == 0, "nothing is due yet"
    assert run(mail, LATER) == 2
    assert (state_of(first), state_of(second)) == ("delivered", "in-review")
    assert len(drops(owner)) == 2
    assert violations(owner) == []
    assert is_balanced(owner)


@pytest.mark.rule("C3")
def test_a_document_that_its_field_says_is_a_credit_note_is_one(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    looked = accepted(document, anna, (Entry(FieldName.IS_CREDIT_NOTE, "yes"),))
    assert (looked.kind, looked.verdict.action) == (Kind.CREDIT_NOTE, Action.DELIVER)
    assert run(mail, LATER) == 2
    assert _row(document).kind == Kind.CREDIT_NOTE
    folder = Settings.from_environment().home_path / "drops" / owner.drop
    (xml,) = (name for name in drops(owner) if name.endswith(".xml"))
    assert etree.parse(folder / xml).getroot().tag.endswith("}CreditNote")


@pytest.mark.rule("D8", "I4")
def test_what_is_given_stands_in_the_place_of_what_was_read_and_names_who_gave_it(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    looked = accepted(document, anna, (Entry(FieldName.INVOICE_NUMBER, "2026-0499"),))
    assert looked.objections == ()
    number = _readings(document).get(FieldName.INVOICE_NUMBER)
    assert number is not None
    assert (number.value, number.method, number.signals) == ("2026-0499", Method.OPERATOR, (f"given by {anna.name}",))
    assert number.runners_up[0].value == "2026-0412"
    assert _row(document).number == "2026-0499"
    assert {each.by for each in _correction(document).given} == {anna.name}
    run(mail, LATER)
    (xml,) = (Settings.from_environment().home_path / "drops" / owner.drop).glob("*.xml")
    assert etree.parse(xml).getroot().findtext("{*}ID") == "2026-0499"
    act = models.ReviewAct.objects.get(document=document)
    assert (act.act, act.by, act.undone_at) == ("accept", anna.name, None)
    assert f"accept by {anna.name}" in models.MailEvent.objects.get(mail_id=mail, event="reviewed").text


@pytest.mark.rule("D8", "D5")
def test_a_value_that_a_rule_filled_and_that_nobody_touched_is_not_given(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    accepted(document, anna)
    due = _readings(document).get(FieldName.DUE_DATE)
    assert due is not None
    assert (due.rule, due.method) == ("D5", Method.FALLBACK)
    given = {each.field for each in _correction(document).given}
    assert FieldName.DUE_DATE not in given
    assert {FieldName.TOTAL, FieldName.IBAN, FieldName.INVOICE_NUMBER} <= given


@pytest.mark.rule("D1", "D8")
def test_what_a_person_says_is_not_on_it_is_filled_by_its_rule_and_is_no_key(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    accepted(document, anna, (Entry(FieldName.INVOICE_NUMBER, ""),))
    number = _readings(document).get(FieldName.INVOICE_NUMBER)
    assert number is not None
    assert (number.value, number.rule) == ("2026-03-30", "D1")
    assert _row(document).number == ""


@pytest.mark.rule("D9")
def test_with_an_objection_left_nothing_is_written(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    before = models.Document.objects.filter(id=document).values().get()
    looked = accepted(document, anna, (Entry(FieldName.TOTAL, ""),))
    assert looked.objections
    assert models.Document.objects.filter(id=document).values().get() == before
    assert not models.ReviewAct.objects.filter(document=document).exists()
    assert not models.Task.objects.filter(subject=document, state="waiting").exists()


@pytest.mark.rule("E3", "E6")
def test_its_supplier_is_registered_and_a_new_account_of_a_known_one_waits_for_an_answer(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (first,) = in_review(owner, (INVOICE,))
    taken(first, anna)
    accepted(first, anna)
    supplier = models.Supplier.objects.get(administration_id=owner.id)
    assert _row(first).supplier_id == supplier.id
    _, (second,) = in_review(owner, (Page("2026-0500", "10,00", iban="NL20 INGB 0001 2345 67"),))
    taken(second, anna)
    looked = accepted(second, anna)
    assert "new-account" in {each.code for each in looked.objections if each.can_be_answered}
    assert supplier.accounts.count() == 1
    assert accepted(second, anna, answered=("new-account",)).objections == ()
    assert sorted(supplier.accounts.values_list("number", "verified")) == [(OTHER_IBAN, False), ("NL91ABNA0417164300", False)]
    confirmed = [reason for reason in _verdict(second).reasons if reason.code == "confirmed" and reason.rule == "E6"]
    assert len(confirmed) == 1
    assert anna.name in confirmed[0].text
    assert "new-account" in {answer.code for answer in _correction(second).answered}


@pytest.mark.rule("E8")
def test_the_same_invoice_is_seen_though_it_was_delivered_while_this_one_lay_at_the_desk(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (first,) = in_review(owner, (INVOICE,))
    _, (second,) = in_review(owner, (Page("2026-0777", "1.233,23"),))
    for document in (first, second):
        taken(document, anna)
    accepted(first, anna)
    looked = accepted(second, anna, (Entry(FieldName.INVOICE_NUMBER, "2026-0412"),))
    assert "suspected-duplicate" in {each.code for each in looked.objections}


@pytest.mark.parametrize(
    ("kind", "state"), [(Kind.QUOTE, "archived"), (Kind.REMINDER, "archived"), (Kind.ADVERTISING, "discarded")]
)
@pytest.mark.rule("G1", "B8")
def test_what_is_no_invoice_goes_where_its_kind_goes(administration: Administration, kind: Kind, state: str) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    assert accepted(document, anna, kind=kind).objections == ()
    run(mail, LATER)
    assert (state_of(document), _row(document).kind) == (state, kind)
    assert violations(owner) == []


def test_it_has_to_be_in_review_and_in_his_hands(administration: Administration) -> None:
    owner, anna, berta = shy(administration), person(), person()
    _mail, (document,) = in_review(owner, (INVOICE,))
    with pytest.raises(Refused, match=r"not-held: .*nobody has it"):
        accepted(document, anna)
    taken(document, berta)
    with pytest.raises(Refused, match=f"not-held: .*{berta.name} has it"):
        accepted(document, anna)
    accepted(document, berta)
    with pytest.raises(Refused, match="not-in-review"):
        accepted(document, berta)
    with pytest.raises(Refused, match="unknown-id"):
        acts.archive(UUID(int=1), anna, Kind.OTHER, NOW, NOW + UNDO, TASKS)


@pytest.mark.rule("D8", "E6")
def test_what_was_given_and_answered_counts_where_a_document_is_decided_again(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    accepted(document, anna, (Entry(FieldName.INVOICE_NUMBER, "2026-0499"), Entry(FieldName.DUE_DATE, "2026-04-29")))
    correction = _row(document).correction
    models.Document.objects.filter(id=document).update(state="parked", parked_from="recognised", reason="parked")
    models.Task.objects.filter(subject=document).update(state="parked")
    berta = person()
    taken(document, berta)
    with pytest.raises(Refused, match=f"not-held: {berta.name}"):
        acts.replay(document, anna, NOW, TASKS)
    assert acts.replay(document, anna, LATER + timedelta(minutes=5), TASKS) == "decide"
    run(mail, LATER + timedelta(minutes=5))
    assert state_of(document) == "delivered"
    readings = _readings(document)
    assert (readings.value(FieldName.INVOICE_NUMBER), readings.value(FieldName.DUE_DATE)) == ("2026-0499", "2026-04-29")
    assert _row(document).correction == correction
    assert violations(owner) == []


@pytest.mark.rule("B9")
def test_what_has_no_page_is_neither_delivered_nor_archived(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail = sent(owner, pdf_of((INVOICE,)), b"%PDF-1.4 broken")
    run(mail)
    broken = next(document for document in of_mail(mail) if document.kind == "unreadable")
    models.Document.objects.filter(mail_id=mail).update(carries_overview=False)
    models.Document.objects.filter(mail_id=mail).exclude(id=broken.id).update(state="delivered", carries_overview=True)
    taken(broken.id, anna)
    assert "no-pages" in {each.code for each in accepted(broken.id, anna).objections}
    with pytest.raises(Refused, match="no-pages"):
        acts.archive(broken.id, anna, Kind.OTHER, NOW, NOW + UNDO, TASKS)
    assert state_of(broken.id) == "in-review"
    acts.reject(broken.id, anna, "It cannot be opened.", NOW, NOW + UNDO, TASKS)
    run(mail, LATER)
    assert state_of(broken.id) == "rejected"


def test_a_hold_that_ran_out_and_that_nobody_took_is_still_his(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna, NOW - timedelta(hours=1))
    assert accepted(document, anna).objections == ()
    assert _row(document).held_by_id is None


def test_the_correction_survives_a_second_look(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    accepted(document, anna, (Entry(FieldName.INVOICE_NUMBER, "2026-0499"),))
    stored = documents.get(document)
    assert stored.correction == _correction(document)
    assert to_json(stored.correction).decode() == _row(document).correction
