"""A document in review looked at with what a person filled in, as the live check and accepting see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanstraat.codec import to_json
from scanstraat.model.administration import Administration, Instructions, OwnIdentity
from scanstraat.model.correction import Correction, Given
from scanstraat.model.document import Kind
from scanstraat.model.field import Evidence, FieldName, Method, Reading, Readings, RunnerUp
from scanstraat.model.page import Box
from scanstraat.model.review import Actor, Entry, Looked, Objection
from scanstraat.model.supplier import Account, MatchOutcome, Supplier
from scanstraat.model.verdict import Action
from scanstraat.pipeline.review.checking import ReviewCase, case_of, looked
from scanstraat.records import documents, models, suppliers
from scanstraat.supplier_registry import normalise
from tests.desk import mailroom

NOW = datetime(2026, 4, 2, 10, 0, tzinfo=UTC)
ANNA = Actor(7, "anna")
IBAN, OTHER_IBAN, VAT = "NL91ABNA0417164300", "NL20INGB0001234567", "NL820471616B01"
BROKEN_VAT = "NL820471617B01"
F = FieldName


def reading(field: FieldName, value: str, confidence: float = 0.98, doubts: tuple[str, ...] = ()) -> Reading:
    return Reading(field, value, confidence, doubts=doubts)


GOOD = Readings(
    (
        reading(F.SUPPLIER_NAME, "Bakkerij De Korenaar B.V."),
        reading(F.VAT_NUMBER, VAT),
        reading(F.IBAN, IBAN),
        reading(F.INVOICE_NUMBER, "2026-0412"),
        reading(F.INVOICE_DATE, "2026-03-30"),
        reading(F.TOTAL, "1233.23"),
        reading(F.NET_TOTAL, "1131.40"),
        reading(F.VAT_TOTAL, "101.83"),
        reading(F.CURRENCY, "EUR"),
        reading(F.IS_CREDIT_NOTE, "false"),
    )
)


def document_with(owner: Administration, readings: Readings, kind: Kind = Kind.INVOICE, subject: str = "") -> UUID:
    made = mailroom.deliver(owner, subject or f"Factuur {uuid4()}", (mailroom.Paper(kind, mailroom.IN_REVIEW),))
    documents.keep_readings(made.documents[0], readings)
    return made.documents[0]


def look(
    document: UUID, *entries: Entry, kind: Kind = Kind.INVOICE, answered: tuple[str, ...] = (), now: datetime = NOW
) -> Looked:
    return looked(case_of(document), entries, kind, answered, now, ANNA)


def codes(found: Looked) -> list[str]:
    return [objection.code for objection in found.objections]


def one(found: Looked, code: str) -> Objection:
    return next(objection for objection in found.objections if objection.code == code)


def said(found: Looked, field: FieldName) -> list[tuple[str, bool]]:
    return [(remark.text, remark.is_good) for remark in found.remarks if remark.field is field]


def instruct(owner: Administration, **values: object) -> None:
    row = models.Administration.objects.get(id=owner.id)
    row.instructions = to_json(replace(Instructions(), **values)).decode()  # type: ignore[arg-type]
    row.save()


def owned(owner: Administration, **values: tuple[str, ...]) -> None:
    models.Administration.objects.filter(id=owner.id).update(own=to_json(replace(OwnIdentity(), **values)).decode())


def add_supplier(owner: Administration, name: str, vat: str = "", *accounts: str) -> int:
    with transaction.atomic():
        known = Supplier(0, name, vat, "NL", tuple(Account(number) for number in accounts))
        return suppliers.add(owner.id, known, normalise.name(name))


def test_what_was_read_can_be_accepted_as_it_is(administration: Administration) -> None:
    found = look(document_with(administration, GOOD))
    assert codes(found) == []
    assert found.verdict.action is Action.DELIVER
    assert found.match is not None
    assert found.match.outcome is MatchOutcome.NEW
    assert found.readings.get(F.DUE_DATE) == Reading(F.DUE_DATE, "2026-03-30", 0.0, rule="D5", method=Method.FALLBACK)
    assert found.correction.given == ()


@pytest.mark.rule("D8")
def test_entries_equal_to_what_was_read_confirm_it_and_a_fallback_left_as_it_was_stays_one(
    administration: Administration,
) -> None:
    doubtful = GOOD.with_reading(reading(F.TOTAL, "1233.23", 0.2, ("unclear print",)))
    document = document_with(administration, doubtful.without(F.VAT_NUMBER))
    found = look(
        document,
        Entry(F.TOTAL, "1.233,23"),
        Entry(F.IBAN, "NL91 ABNA 0417 1643 00"),
        Entry(F.DUE_DATE, ""),
        Entry(F.VAT_NUMBER, "Bakkerij De Korenaar B.V."),
        Entry(F.PURCHASE_ORDER, " "),
    )
    assert codes(found) == []
    assert {given.field: given.value for given in found.correction.given} == {F.TOTAL: "1233.23", F.IBAN: IBAN}
    total = found.readings.get(F.TOTAL)
    assert total is not None
    assert (total.method, total.doubts, total.confidence) == (Method.OPERATOR, (), 1.0)
    assert [found.readings.get(f).rule for f in (F.DUE_DATE, F.VAT_NUMBER)] == ["D5", "D7"]  # type: ignore[union-attr]


def test_an_emptied_field_is_not_on_the_document_and_is_filled_by_its_rule(administration: Administration) -> None:
    found = look(document_with(administration, GOOD), Entry(F.INVOICE_NUMBER, "-"), Entry(F.VAT_NUMBER, ""))
    assert [(given.field, given.value) for given in found.correction.given] == [(F.INVOICE_NUMBER, ""), (F.VAT_NUMBER, "")]
    number = found.readings.get(F.INVOICE_NUMBER)
    assert number is not None
    assert (number.value, number.rule) == ("2026-03-30", "D1")
    assert found.verdict.action is Action.DELIVER


def test_what_cannot_be_taken_is_told_at_its_field(administration: Administration) -> None:
    found = look(document_with(administration, GOOD), Entry(F.TOTAL, "12,345.678"), Entry(F.INVOICE_DATE, "31-2-2026"))
    assert [(o.field, o.code, o.can_be_answered) for o in found.objections] == [
        (F.TOTAL, "typed-amount", False),
        (F.INVOICE_DATE, "typed-date", False),
    ]
    assert "more than two decimals" in found.objections[0].text
    assert found.verdict.action is Action.REVIEW


@pytest.mark.rule("D9")
def test_without_name_or_amount_nothing_goes_out_whatever_is_answered(administration: Administration) -> None:
    document = document_with(administration, GOOD.without(F.TOTAL))
    found = look(document, Entry(F.SUPPLIER_NAME, "-"), answered=("no-name", "no-amount", "no-supplier"))
    assert [(o.code, o.field) for o in found.objections][:2] == [("no-name", F.SUPPLIER_NAME), ("no-amount", F.TOTAL)]
    assert not any(o.can_be_answered for o in found.objections)


# ---------- typing twice ----------


def weak(field: FieldName, value: str | None, runners_up: tuple[str, ...] = (), confidence: float = 0.3) -> Readings:
    if value is None:
        return GOOD.without(field)
    others = tuple(RunnerUp(other, 0.1) for other in runners_up)
    return GOOD.with_reading(replace(reading(field, value, confidence), runners_up=others))


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [(F.TOTAL, None, "99,50"), (F.TOTAL, "12.00", "99,50"), (F.IBAN, None, OTHER_IBAN), (F.ACCOUNT, None, "123456-7")],
)  # fmt: skip
def test_what_money_goes_by_is_typed_twice_where_nothing_bears_it_out(
    administration: Administration, field: FieldName, value: str | None, text: str
) -> None:
    readings = weak(field, value).without(F.NET_TOTAL)
    document = document_with(administration, readings.without(F.IBAN) if field is F.ACCOUNT else readings)
    once = look(document, Entry(field, text))
    assert [(o.code, o.field, o.asks_again) for o in once.objections] == [("type-again", field, True)]
    otherwise = look(document, Entry(field, text, again="99,05"))
    assert [(o.code, o.asks_again) for o in otherwise.objections] == [("typed-otherwise", True)]
    assert text not in otherwise.objections[0].text
    twice = look(document, Entry(field, text, again=f" {text.lower()}"))
    assert codes(twice) == []
    assert twice.verdict.action is Action.DELIVER


def test_what_was_read_with_certainty_or_as_a_runner_up_is_typed_once(administration: Administration) -> None:
    certain = document_with(administration, GOOD.without(F.NET_TOTAL))
    assert codes(look(certain, Entry(F.TOTAL, "99,50"))) == []
    doubtful = document_with(administration, weak(F.TOTAL, "12.00", ("99.50",)).without(F.NET_TOTAL))
    assert codes(look(doubtful, Entry(F.TOTAL, "99,5"))) == []
    assert codes(look(doubtful, Entry(F.TOTAL, "12"))) == []
    assert codes(look(doubtful, Entry(F.INVOICE_NUMBER, "other"))) == []


def test_an_iban_pointed_at_is_not_typed_again_but_an_amount_is(administration: Administration) -> None:
    document = document_with(administration, GOOD.without(F.IBAN).without(F.TOTAL).without(F.NET_TOTAL))
    box = Box(1, 2, 3, 4)
    pointed = Entry(F.IBAN, OTHER_IBAN, evidence=Evidence(1, box, "NL20 INGB 0001 2345 67", Method.OPERATOR))
    amount = Entry(F.TOTAL, "99,50", evidence=Evidence(1, box, "99,50", Method.OPERATOR))
    found = look(document, pointed, amount)
    assert [(o.code, o.field) for o in found.objections] == [("type-again", F.TOTAL)]
    given = found.readings.get(F.IBAN)
    assert given is not None
    assert given.evidence == pointed.evidence


def test_what_was_given_before_is_not_asked_for_twice(administration: Administration) -> None:
    document = document_with(administration, GOOD.without(F.TOTAL).without(F.NET_TOTAL))
    given = Correction((Given(F.TOTAL, "99.50", "bert", NOW),))
    models.Document.objects.filter(id=document).update(correction=to_json(given).decode())
    found = look(document, Entry(F.TOTAL, "99,50"), Entry(F.INVOICE_NUMBER, "7"))
    assert codes(found) == []
    assert [(g.field, g.by) for g in found.correction.given] == [(F.TOTAL, "anna"), (F.INVOICE_NUMBER, "anna")]


# ---------- contradictions ----------


@pytest.mark.rule("C7")
def test_an_iban_that_fails_its_check_never_goes_out(administration: Administration) -> None:
    document = document_with(administration, GOOD.with_reading(reading(F.IBAN, "NL91ABNA0417164301")))
    for entries in ((), (Entry(F.IBAN, "NL91ABNA0417164301"),), (Entry(F.IBAN, "NL91 ABNA 0417 1643 01"),)):
        found = look(document, *entries, answered=("iban", "typed-iban", "supplier", "doubt"))
        assert found.verdict.action is Action.REVIEW
        assert [o.field for o in found.objections] == [F.IBAN]


@pytest.mark.rule("C6")
def test_the_customers_own_values_are_never_the_suppliers(administration: Administration) -> None:
    owned(administration, names=("Klant B.V.",), vat_numbers=(VAT,), ibans=(IBAN,))
    found = look(document_with(administration, GOOD), Entry(F.SUPPLIER_NAME, "Klant BV"), answered=("own-account", "own-name"))
    assert {o.code: o.field for o in found.objections if o.code.startswith("own-")} == {
        "own-account": F.IBAN,
        "own-vat-number": F.VAT_NUMBER,
        "own-name": F.SUPPLIER_NAME,
    }
    assert not any(o.can_be_answered for o in found.objections if o.code.startswith("own-"))


@pytest.mark.rule("C7")
@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry(F.VAT_TOTAL, "100,00"), "sums"),
        (Entry(F.DUE_DATE, "1-3-2026"), "due-before-date"),
        (Entry(F.VAT_NUMBER, BROKEN_VAT), "vat-number"),
    ],
)
def test_a_contradiction_can_be_looked_at_and_answered(administration: Administration, entry: Entry, code: str) -> None:
    document = document_with(administration, GOOD)
    found = look(document, entry)
    assert codes(found) == [code]
    assert one(found, code).can_be_answered
    assert one(found, code).rule == "C7"
    answered = look(document, entry, answered=(code,))
    assert answered.verdict.action is Action.DELIVER
    assert any("anna has looked" in reason.text for reason in answered.verdict.reasons if reason.code == "confirmed")
    assert code in {answer.code for answer in answered.correction.answered}


def test_cents_of_rounding_are_no_contradiction(administration: Administration) -> None:
    assert codes(look(document_with(administration, GOOD), Entry(F.VAT_TOTAL, "101,85"))) == []


# ---------- the register ----------


@pytest.mark.rule("E6")
def test_a_new_account_of_a_known_supplier_names_the_known_ones(administration: Administration) -> None:
    supplier = add_supplier(administration, "Bakkerij De Korenaar", VAT, OTHER_IBAN)
    document = document_with(administration, GOOD)
    found = look(document)
    assert codes(found) == ["new-account"]
    objection = found.objections[0]
    assert (objection.field, objection.can_be_answered, objection.rule) == (F.IBAN, True, "E6")
    assert OTHER_IBAN in objection.text
    answered = look(document, answered=("new-account",))
    assert answered.verdict.action is Action.DELIVER
    assert answered.match is not None
    assert answered.match.supplier is not None
    assert answered.match.supplier.id == supplier
    instruct(administration, new_account_waits=False)
    assert codes(look(document)) == []


@pytest.mark.rule("E1")
def test_the_register_is_asked_as_it_is_now_by_what_was_given(administration: Administration) -> None:
    document = document_with(administration, GOOD)
    case = case_of(document)
    supplier = add_supplier(administration, "Bakkerij De Korenaar", VAT, OTHER_IBAN)
    found = looked(case, (Entry(F.IBAN, OTHER_IBAN),), Kind.INVOICE, (), NOW, ANNA)
    assert codes(found) == []
    assert found.match is not None
    assert (found.match.outcome, found.match.supplier and found.match.supplier.id) == (MatchOutcome.BY_ACCOUNT, supplier)
    assert said(found, F.SUPPLIER_NAME)[0][0].startswith("Bakkerij De Korenaar, known since ")


def test_a_name_unlike_that_of_the_accounts_owner_is_an_objection(administration: Administration) -> None:
    add_supplier(administration, "Smederij Van Vliet", "", IBAN)
    document = document_with(administration, GOOD)
    found = look(document)
    assert codes(found) == ["supplier-name"]
    assert "Smederij Van Vliet" in found.objections[0].text
    assert look(document, answered=("supplier-name",)).verdict.action is Action.DELIVER


@pytest.mark.rule("E8")
def test_the_same_invoice_twice_is_told_by_what_was_given(administration: Administration) -> None:
    earlier = mailroom.deliver(administration, "Factuur 2026-0412")
    document = document_with(administration, GOOD.with_reading(reading(F.INVOICE_NUMBER, "2026-0413")), subject="Again")
    models.Part.objects.filter(mail__documents=document).update(sha256="another")
    assert codes(look(document)) == []
    found = look(document, Entry(F.INVOICE_NUMBER, "2026-0412"))
    assert codes(found) == ["suspected-duplicate"]
    assert (found.objections[0].field, found.objections[0].can_be_answered) == (F.INVOICE_NUMBER, True)
    assert str(earlier.documents[0]) in found.objections[0].text
    assert (
        look(document, Entry(F.INVOICE_NUMBER, "2026-0412"), answered=("suspected-duplicate",)).verdict.action is Action.DELIVER
    )


# ---------- kinds ----------


@pytest.mark.rule("G1")
def test_of_what_is_no_invoice_only_the_kind_matters(administration: Administration) -> None:
    document = document_with(administration, Readings())
    found = look(document, Entry(F.TOTAL, "rubbish"), kind=Kind.STATEMENT)
    assert (found.verdict.action, codes(found)) == (Action.ARCHIVE, [])
    assert look(document, kind=Kind.ADVERTISING).verdict.action is Action.DISCARD
    annex = look(document, kind=Kind.ANNEX)
    assert (annex.verdict.action, codes(annex)) == (Action.REVIEW, ["annex"])


@pytest.mark.rule("G3")
def test_a_reminder_that_the_mail_calls_an_invoice_is_looked_at_as_one(administration: Administration) -> None:
    document = document_with(administration, GOOD.without(F.TOTAL), subject="Graag behandelen als factuur")
    assert codes(look(document, kind=Kind.REMINDER)) == ["no-amount"]


@pytest.mark.rule("C3")
def test_the_kind_a_person_chose_says_the_sign(administration: Administration) -> None:
    negative = GOOD.with_reading(reading(F.TOTAL, "-1233.23")).without(F.NET_TOTAL)
    document = document_with(administration, negative)
    found = look(document, answered=("negative-total",))
    assert [(o.code, o.can_be_answered) for o in found.objections] == [("negative-total", False)]
    chosen = look(document, kind=Kind.CREDIT_NOTE)
    assert codes(chosen) == []
    assert chosen.readings.value(F.IS_CREDIT_NOTE) == "true"
    by_field = look(document, Entry(F.IS_CREDIT_NOTE, "yes"))
    assert (codes(by_field), by_field.kind) == ([], Kind.CREDIT_NOTE)


@pytest.mark.rule("C3")
def test_a_kind_that_the_fields_contradict_can_be_confirmed(administration: Administration) -> None:
    document = document_with(administration, GOOD.with_reading(reading(F.IS_CREDIT_NOTE, "true")))
    found = look(document, Entry(F.IS_CREDIT_NOTE, "true"))
    assert [(o.code, o.can_be_answered, o.field) for o in found.objections] == [("credit-note", True, F.IS_CREDIT_NOTE)]
    confirmed = look(document, Entry(F.IS_CREDIT_NOTE, "true"), answered=("credit-note",))
    assert codes(confirmed) == []
    assert confirmed.readings.value(F.IS_CREDIT_NOTE) == "false"


@pytest.mark.rule("B9")
def test_what_has_no_pages_goes_out_as_no_invoice(administration: Administration) -> None:
    document = document_with(administration, GOOD)
    case = case_of(document)
    bare = replace(case.stored.document, pages=(), problem="the PDF is broken", part=1)
    case = replace(case, stored=replace(case.stored, document=bare))
    assert "no-pages" in codes(looked(case, (), Kind.INVOICE, ("no-pages", "problem"), NOW, ANNA))
    assert looked(case, (), Kind.OTHER, (), NOW, ANNA).verdict.action is Action.ARCHIVE


def test_doubts_of_the_line_are_settled_by_accepting(administration: Administration) -> None:
    document = document_with(administration, GOOD.with_reading(reading(F.INVOICE_NUMBER, "2026-0412", 0.1, ("read twice",))))
    case = case_of(document)
    unsure = replace(case.stored.document, confidence=0.2, doubts=("a page may be missing",))
    found = looked(replace(case, stored=replace(case.stored, document=unsure)), (), Kind.INVOICE, (), NOW, ANNA)
    assert (codes(found), found.verdict.action) == ([], Action.DELIVER)


# ---------- remarks ----------


def test_good_things_are_told_too(administration: Administration) -> None:
    found = look(document_with(administration, GOOD), Entry(F.DUE_DATE, "29-4-2026"), Entry(F.BIC, "DEUTDEFF"))
    assert said(found, F.IBAN) == [("the IBAN is valid, of a bank in NL", True)]
    assert said(found, F.BIC) == [("the bank is in DE, the IBAN of NL", False)]
    assert said(found, F.VAT_NUMBER) == [("the VAT number has the right check digits", True)]
    assert said(found, F.TOTAL) == [("net and VAT make the total", True)]
    assert said(found, F.DUE_DATE) == [("30 days after the invoice date", True)]
    assert said(found, F.SUPPLIER_NAME) == [("not seen before: the supplier is new in the register", False)]
    assert said(found, F.INVOICE_NUMBER) == [("no invoice of this supplier with this number and amount came before", True)]
    late = look(document_with(administration, GOOD), Entry(F.DUE_DATE, "1-1-2027"))
    assert said(late, F.DUE_DATE) == [("277 days after the invoice date", False)]
    far = look(document_with(administration, GOOD), Entry(F.INVOICE_DATE, "1-1-2024"), Entry(F.ACCOUNT, "5050-1055", "5050-1055"))
    assert said(far, F.INVOICE_DATE) == [("2024-01-01 is more than a year ago", False)]


WRITTEN = st.text(max_size=20) | st.sampled_from(
    ["-", "1.233,23", "-5", "31-3-26", IBAN, "NL91ABNA0417164301", VAT, "true", "30 days"]
)
TYPED = st.lists(st.builds(Entry, st.sampled_from(FieldName), WRITTEN, st.sampled_from(["", "1.233,23", IBAN])), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED, st.sampled_from(Kind), st.lists(st.sampled_from(["sums", "credit-note", "iban", "new-account"]), max_size=2))
def test_whatever_is_typed_is_looked_at(
    administration: Administration, entries: list[Entry], kind: Kind, answered: list[str]
) -> None:
    case = _case(administration)
    found = looked(case, tuple(entries), kind, tuple(answered), NOW, ANNA)
    assert (found.verdict.action is Action.REVIEW) == bool(found.objections)
    assert all(objection.text for objection in found.objections)
    iban = found.readings.get(F.IBAN)
    assert found.objections or not iban or iban.rule or kind in _OTHERS or iban.value in (IBAN, OTHER_IBAN)


_OTHERS = frozenset(Kind) - {Kind.INVOICE, Kind.CREDIT_NOTE, Kind.E_INVOICE, Kind.RECEIPT}
_CASES: dict[int, ReviewCase] = {}


def _case(owner: Administration) -> ReviewCase:
    """One document for all examples of a test."""
    if owner.id not in _CASES:
        _CASES[owner.id] = case_of(document_with(owner, GOOD))
    return _CASES[owner.id]
