from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.model.administration import Administration, Instructions, OwnIdentity
from scanstraat.model.document import INVOICE_KINDS, Document, Kind
from scanstraat.model.field import FieldName, Method, Reading, Readings
from scanstraat.model.invoice import REQUIRED, Invoice
from scanstraat.model.supplier import Account, MatchOutcome, Supplier, SupplierMatch
from scanstraat.model.verdict import Action, Verdict
from scanstraat.pipeline.phrases import PHRASES
from scanstraat.pipeline.routing import KINDS, decide

DEMO = Administration(1, "Demo", OwnIdentity(), "demo")
BAKKER = Supplier(7, "Bakker BV", "NL004495445B01", "NL", (Account("NL91ABNA0417164300"),))
KNOWN = SupplierMatch(MatchOutcome.BY_ACCOUNT, BAKKER)
NEW_ACCOUNT = replace(KNOWN, outcome=MatchOutcome.BY_NAME, new_account=Account("NL18RABO0123459876"))
WHOLE = {
    FieldName.SUPPLIER_NAME: "Bakker BV",
    FieldName.TOTAL: "121.00",
    FieldName.IBAN: "NL91ABNA0417164300",
    FieldName.VAT_NUMBER: "NL004495445B01",
    FieldName.INVOICE_NUMBER: "F-12",
    FieldName.INVOICE_DATE: "2026-03-28",
    FieldName.DUE_DATE: "2026-04-11",
    FieldName.CURRENCY: "EUR",
}
READ = Readings(tuple(Reading(field, value, 0.9) for field, value in WHOLE.items()))
DUNNING = "Kunt u deze herinnering als factuur verwerken?"


def filled(field: FieldName, value: str, rule: str) -> Reading:
    return Reading(field, value, 0.0, rule=rule, method=Method.FALLBACK)


def without(*fields: FieldName) -> Readings:
    return Readings(tuple(reading for reading in READ.readings if reading.field not in fields))


def decided(
    kind: Kind = Kind.INVOICE,
    readings: Readings = READ,
    match: SupplierMatch | None = KNOWN,
    *,
    confidence: float = 0.9,
    instructions: Instructions = DEMO.instructions,
    text: str = "",
    duplicate_of: str = "",
) -> Verdict:
    document = Document(0, kind, confidence, ())
    return decide(document, readings, match, replace(DEMO, instructions=instructions), text, duplicate_of)


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


@pytest.mark.rule("G2")
@pytest.mark.parametrize("kind", sorted(INVOICE_KINDS - {Kind.CREDIT_NOTE}))
def test_an_invoice_without_objections_is_delivered(kind: Kind) -> None:
    assert decided(kind) == Verdict(Action.DELIVER)


@pytest.mark.rule("C3")
def test_a_credit_note_is_delivered_and_never_under_the_wrong_sign() -> None:
    credit = READ.with_reading(Reading(FieldName.IS_CREDIT_NOTE, "true", 0.9))
    negative = Reading(FieldName.TOTAL, "-121.00", 0.9)
    assert decided(Kind.CREDIT_NOTE, credit).action is Action.DELIVER
    assert decided(Kind.CREDIT_NOTE, credit.with_reading(negative)).action is Action.DELIVER
    assert codes(decided(Kind.CREDIT_NOTE, READ)) == ["credit-note"]
    assert codes(decided(Kind.INVOICE, credit)) == ["credit-note"]
    assert codes(decided(Kind.INVOICE, READ.with_reading(negative))) == ["negative-total"]
    assert decided(Kind.E_INVOICE, credit).action is Action.DELIVER


@pytest.mark.rule("C4")
def test_an_invoice_of_nothing_is_delivered() -> None:
    assert decided(readings=READ.with_reading(Reading(FieldName.TOTAL, "0.00", 0.9))).action is Action.DELIVER


@pytest.mark.rule("D9")
@pytest.mark.parametrize(
    ("field", "code"), [(FieldName.SUPPLIER_NAME, "no-name"), (FieldName.TOTAL, "no-amount"), (FieldName.IBAN, "incomplete")]
)
def test_what_lacks_a_field_goes_to_review(field: FieldName, code: str) -> None:
    verdict = decided(readings=without(field))
    assert (verdict.action, codes(verdict)) == (Action.REVIEW, [code])


@pytest.mark.rule("D9")
def test_where_name_and_amount_lack_only_they_are_named() -> None:
    assert codes(decided(readings=Readings(), match=None)) == ["no-name", "no-amount", "no-supplier"]


@pytest.mark.rule("C7")
@pytest.mark.parametrize("field", sorted(WHOLE))
def test_a_doubt_about_a_field_goes_to_review(field: FieldName) -> None:
    doubtful = READ.with_reading(Reading(field, WHOLE[field], 0.99, doubts=("printed twice, differently",)))
    assert decided(readings=doubtful).action is Action.REVIEW


@pytest.mark.rule("C7")
def test_an_unsure_field_that_decides_goes_to_review_below_the_administrations_threshold() -> None:
    unsure = READ.with_reading(Reading(FieldName.TOTAL, "121.00", 0.6))
    assert decided(readings=unsure).action is Action.DELIVER
    verdict = decided(readings=unsure, instructions=Instructions(deliver_threshold=0.7))
    assert codes(verdict) == ["doubt"]


@pytest.mark.rule("D1", "D6", "D7")
def test_fields_filled_by_a_rule_are_no_doubt_and_are_named() -> None:
    readings = READ.with_reading(filled(FieldName.INVOICE_NUMBER, "2026-03-28", "D1"))
    readings = readings.with_reading(filled(FieldName.IBAN, "Bakker BV", "D6"))
    readings = readings.with_reading(filled(FieldName.VAT_NUMBER, "Bakker BV", "D7"))
    verdict = decided(readings=readings)
    assert verdict.action is Action.DELIVER
    assert [reason.rule for reason in verdict.reasons] == ["D1", "D6", "D7"]


@pytest.mark.rule("C7")
def test_a_doubt_about_the_supplier_goes_to_review() -> None:
    assert codes(decided(match=replace(KNOWN, doubts=("two suppliers",)))) == ["supplier"]


@pytest.mark.rule("E2", "C6")
@pytest.mark.parametrize("match", [None, SupplierMatch(MatchOutcome.UNKNOWN)])
def test_an_invoice_of_nobody_goes_to_review(match: SupplierMatch | None) -> None:
    assert codes(decided(match=match)) == ["no-supplier"]


@pytest.mark.rule("E3", "E4")
def test_an_invoice_of_a_new_supplier_is_delivered_and_says_so() -> None:
    verdict = decided(match=SupplierMatch(MatchOutcome.NEW, replace(BAKKER, id=0)))
    assert (verdict.action, codes(verdict)) == (Action.DELIVER, ["new-supplier"])


@pytest.mark.rule("E6")
def test_a_new_account_on_a_known_supplier_waits_unless_the_administration_says_otherwise() -> None:
    waiting = decided(match=NEW_ACCOUNT)
    going = decided(match=NEW_ACCOUNT, instructions=Instructions(new_account_waits=False))
    assert (waiting.action, codes(waiting)) == (Action.REVIEW, ["new-account"])
    assert (going.action, codes(going)) == (Action.DELIVER, ["new-account"])
    assert "known with NL91ABNA0417164300" in going.reasons[0].text


@pytest.mark.rule("E8")
def test_a_suspected_duplicate_is_held() -> None:
    assert codes(decided(duplicate_of="document 12")) == ["suspected-duplicate"]


@pytest.mark.rule("B9")
def test_what_could_not_be_opened_goes_to_review_with_its_reason() -> None:
    document = Document(0, Kind.UNREADABLE, 1.0, (), problem="scan.pdf: it is encrypted.")
    verdict = decide(document, Readings(), None, DEMO, "", "")
    assert verdict.action is Action.REVIEW
    assert verdict.reasons[0].text == "scan.pdf: it is encrypted."
    assert decided(Kind.UNREADABLE).action is Action.REVIEW


@pytest.mark.rule("B4", "B7")
@pytest.mark.parametrize("kind", sorted(Kind))
def test_a_doubtful_cut_goes_to_review_whatever_it_is(kind: Kind) -> None:
    document = Document(0, kind, 1.0, (), doubts=("page 2 may belong to another",))
    assert decide(document, READ, KNOWN, DEMO, "", "").action is Action.REVIEW


@pytest.mark.rule("B7")
@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.ANNEX, Kind.UNREADABLE}))
def test_an_unsure_kind_goes_to_review(kind: Kind) -> None:
    assert codes(decided(kind, confidence=0.3)) == ["kind"]


@pytest.mark.rule("B8")
def test_advertising_is_discarded_only_when_it_surely_is() -> None:
    assert decided(Kind.ADVERTISING, confidence=0.9).action is Action.DISCARD
    assert decided(Kind.ADVERTISING, confidence=0.7).action is Action.REVIEW


@pytest.mark.rule("G1")
@pytest.mark.parametrize("kind", [kind for kind, way in KINDS.items() if way.action is Action.ARCHIVE])
def test_what_is_no_invoice_goes_to_the_archive(kind: Kind) -> None:
    verdict = decided(kind)
    assert verdict.action is Action.ARCHIVE
    assert [reason.rule for reason in verdict.reasons] == ["G1"]


@pytest.mark.rule("B5")
def test_an_annex_by_itself_goes_to_review() -> None:
    assert decided(Kind.ANNEX).action is Action.REVIEW


@pytest.mark.rule("G3")
@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.PAYMENT_REQUEST])
@pytest.mark.parametrize("phrase", [phrase for phrases in PHRASES.values() for phrase in phrases])
def test_a_reminder_is_treated_as_invoice_when_the_mail_says_so(kind: Kind, phrase: str) -> None:
    verdict = decided(kind, text=f"Fwd: Mahnung\n> {phrase.upper()}, s.v.p.")
    assert (verdict.action, codes(verdict)) == (Action.DELIVER, ["as-invoice"])


@pytest.mark.rule("G3")
@pytest.mark.parametrize(
    "text",
    [
        "Deze herinnering niet als factuur verwerken",
        "Please do not treat this as an invoice.",
        "Bitte nicht als Rechnung verbuchen",
        "Merci de ne pas traiter comme facture",
        "Vänligen inte behandla som faktura",
        "Älä käsittele laskuna",
        "In de bijlage vindt u een herinnering van een factuur",
    ],
)
def test_a_reminder_stays_one_when_the_mail_says_no_such_thing(text: str) -> None:
    assert decided(Kind.REMINDER, text=text).action is Action.ARCHIVE


@pytest.mark.rule("G3")
def test_a_no_in_another_sentence_denies_nothing() -> None:
    assert decided(Kind.REMINDER, text="Nog niet betaald. Als factuur verwerken").action is Action.DELIVER


@pytest.mark.rule("G3")
def test_the_administrations_own_phrases_count() -> None:
    instructions = Instructions(reminder_phrases=("in de verwerking graag",))
    assert decided(Kind.REMINDER, text="In de verwerking, graag!", instructions=instructions).action is Action.DELIVER


@pytest.mark.rule("G3")
def test_a_reminder_treated_as_invoice_passes_the_same_checks() -> None:
    assert decided(Kind.REMINDER, text=DUNNING, readings=without(FieldName.TOTAL)).action is Action.REVIEW
    assert decided(Kind.REMINDER, text=DUNNING, duplicate_of="document 12").action is Action.REVIEW


@pytest.mark.rule("G3")
def test_only_reminders_can_be_talked_into_being_invoices() -> None:
    assert decided(Kind.QUOTE, text=DUNNING).action is Action.ARCHIVE


READINGS = st.lists(
    st.builds(
        Reading,
        st.sampled_from([FieldName.ACCOUNT, FieldName.IS_CREDIT_NOTE, *sorted(WHOLE)]),
        st.just("1"),
        st.floats(0, 1),
        rule=st.sampled_from([None, "D1"]),
        doubts=st.sampled_from([(), ("?",)]),
    ),
    max_size=12,
    unique_by=lambda reading: reading.field,
).map(lambda found: Readings(tuple(found)))
DOCUMENTS = st.builds(
    Document,
    st.just(0),
    st.sampled_from(Kind),
    st.floats(0, 1),
    st.just(()),
    st.sampled_from([(), ("?",)]),
    st.sampled_from(["", "broken"]),
)
MATCHES = st.sampled_from([None, SupplierMatch(MatchOutcome.UNKNOWN), KNOWN, NEW_ACCOUNT, replace(KNOWN, doubts=("?",))])


@pytest.mark.rule("D9", "B3")
@given(DOCUMENTS, READINGS | st.just(READ), MATCHES, st.sampled_from(["", DUNNING]), st.sampled_from(["", "12"]))
def test_what_is_delivered_is_a_complete_invoice_and_what_is_not_has_a_reason(
    document: Document, readings: Readings, match: SupplierMatch | None, text: str, duplicate_of: str
) -> None:
    verdict = decide(document, readings, match, DEMO, text, duplicate_of)
    if verdict.action is Action.DELIVER:
        assert all(Invoice(readings, is_credit_note=False).reading(field) for field in REQUIRED)
        assert not document.problem
        assert not document.doubts
    else:
        assert verdict.reasons
    assert (verdict.action is Action.DISCARD) <= (document.kind is Kind.ADVERTISING)


def test_every_kind_has_its_row() -> None:
    assert set(KINDS) == set(Kind)
