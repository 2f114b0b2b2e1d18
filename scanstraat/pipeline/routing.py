"""Where a document goes, and why: two tables, one of kinds and one of checks (B7-B9, C7, D9, E6, E8, G1-G3).

The table of kinds says which way a document of each kind goes and how sure of the kind the service must be for it. Invoices, and
reminders that the mail says are to be treated so, then pass every row of `CHECKS`; each objection sends them to a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scanstraat.model.administration import Administration
from scanstraat.model.correction import Answered
from scanstraat.model.document import Document, Kind
from scanstraat.model.field import FieldName, Reading, Readings
from scanstraat.model.invoice import REQUIRED
from scanstraat.model.supplier import MatchOutcome, SupplierMatch
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.pipeline.fallbacks import WITHOUT_FALLBACK
from scanstraat.pipeline.phrases import phrase_said


@dataclass(frozen=True, slots=True)
class Way:
    """The way of a kind: what happens to it, how sure of the kind the service must be (else a person looks), and why.

    `may_be_invoice`: the mail can say that it is to be treated as an invoice (G3).
    """

    action: Action
    confidence: float
    because: Reason
    may_be_invoice: bool = False


_AS_INVOICE = Way(Action.DELIVER, 0.5, Reason("invoice", "it is an invoice", "G2"))
_OTHER = Way(Action.ARCHIVE, 0.5, Reason("not-an-invoice", "it is not an invoice", "G1"))

KINDS = {
    Kind.INVOICE: _AS_INVOICE,
    Kind.CREDIT_NOTE: _AS_INVOICE,
    Kind.E_INVOICE: _AS_INVOICE,
    Kind.RECEIPT: _AS_INVOICE,
    Kind.REMINDER: Way(Action.ARCHIVE, 0.5, Reason("reminder", "it is a reminder, not an invoice", "G1"), may_be_invoice=True),
    Kind.PAYMENT_REQUEST: Way(
        Action.ARCHIVE, 0.5, Reason("not-an-invoice", "it asks for payment but is not an invoice", "G1"), may_be_invoice=True
    ),
    Kind.STATEMENT: _OTHER,
    Kind.ORDER_CONFIRMATION: _OTHER,
    Kind.DELIVERY_NOTE: _OTHER,
    Kind.QUOTE: _OTHER,
    Kind.PRO_FORMA: _OTHER,
    Kind.OTHER: _OTHER,
    Kind.ANNEX: Way(Action.REVIEW, 0.0, Reason("annex", "it is an annex, and its invoice is not known", "B5")),
    Kind.ADVERTISING: Way(Action.DISCARD, 0.8, Reason("advertising", "it is advertising", "B8")),
    Kind.UNREADABLE: Way(Action.REVIEW, 0.0, Reason("unreadable", "nothing on it can be read", "B9")),
}


@dataclass(frozen=True, slots=True)
class Scrutiny:
    """How a field is looked at: whether confidence below the administration's threshold holds the invoice. Doubts always do."""

    field: FieldName
    decides: bool


# A field that a fallback rule filled is not doubtful by that alone, and neither is one that is not there.
FIELDS = (
    Scrutiny(FieldName.IBAN, decides=True),
    Scrutiny(FieldName.ACCOUNT, decides=True),
    Scrutiny(FieldName.BIC, decides=False),
    Scrutiny(FieldName.SUPPLIER_NAME, decides=True),
    Scrutiny(FieldName.VAT_NUMBER, decides=False),
    Scrutiny(FieldName.INVOICE_NUMBER, decides=True),
    Scrutiny(FieldName.INVOICE_DATE, decides=True),
    Scrutiny(FieldName.DUE_DATE, decides=False),
    Scrutiny(FieldName.TOTAL, decides=True),
    Scrutiny(FieldName.NET_TOTAL, decides=False),
    Scrutiny(FieldName.VAT_TOTAL, decides=False),
    Scrutiny(FieldName.CURRENCY, decides=True),
)


# Objections that a person may look at and hold for no obstacle; all others have to be mended. A total below zero goes out as a
# credit note or not at all.
ANSWERABLE = frozenset({"cut", "kind", "doubt", "credit-note", "supplier", "new-account", "suspected-duplicate"})

_CODES = {FieldName.SUPPLIER_NAME: "no-name", FieldName.TOTAL: "no-amount"}


@dataclass(frozen=True, slots=True)
class Case:
    """All that a decision rests on; `readings` are completed by the fallback rules."""

    document: Document
    readings: Readings
    match: SupplierMatch | None
    administration: Administration
    duplicate_of: str


def decide(
    document: Document,
    readings: Readings,
    match: SupplierMatch | None,
    administration: Administration,
    mail_text: str,
    duplicate_of: str,
    answered: tuple[Answered, ...] = (),
) -> Verdict:
    """Where `document` goes. `readings` are completed; `mail_text` is subject and text of the mail (G3).

    `duplicate_of` names an earlier document that is the same invoice by real supplier, number and amount, or by its picture, and
    is empty where there is none; the caller never compares by a number that a fallback filled (D8, E8). What a person has
    `answered` holds nothing up, and stays as a remark that names him.

    >>> from scanstraat.model.administration import OwnIdentity
    >>> demo = Administration(1, "Demo", OwnIdentity(), "demo")
    >>> decide(Document(0, Kind.REMINDER, 0.9, ()), Readings(), None, demo, "", "").action.value
    'archive'
    """
    way = KINDS[document.kind]
    confirmed, objections = _told_apart(_of_the_cut(document, way), answered)
    if objections:
        return Verdict(Action.REVIEW, objections)
    phrase = phrase_said(mail_text, administration.instructions.reminder_phrases) if way.may_be_invoice else ""
    if way.action is not Action.DELIVER and not phrase:
        return Verdict(way.action, (way.because, *confirmed))
    case = Case(document, readings, match, administration, duplicate_of)
    also, objections = _told_apart(tuple(reason for check in CHECKS for reason in check(case)), answered)
    if objections:
        return Verdict(Action.REVIEW, objections)
    said = (Reason("as-invoice", f"the mail says so: {phrase!r}", "G3"),) if phrase else ()
    return Verdict(Action.DELIVER, said + confirmed + also + _remarks(case))


def _told_apart(reasons: tuple[Reason, ...], answered: tuple[Answered, ...]) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Those that a person has answered, as remarks that name him, and the others."""
    who = {answer.code: answer.by for answer in answered if answer.code in ANSWERABLE}
    confirmed = tuple(
        Reason("confirmed", f"{who[reason.code]} has looked: {reason.text}", reason.rule)
        for reason in reasons
        if reason.code in who
    )
    return confirmed, tuple(reason for reason in reasons if reason.code not in who)


def _of_the_cut(document: Document, way: Way) -> tuple[Reason, ...]:
    """What keeps a document of any kind from going its way by itself."""
    if document.problem:
        return (Reason("problem", document.problem, "B9"),)
    doubts = tuple(Reason("cut", doubt, "B4") for doubt in document.doubts)
    if document.confidence < way.confidence:
        text = f"it looks like {document.kind}, but only {document.confidence:.0%} sure"
        return (*doubts, Reason("kind", text, "B7"))
    return doubts


def _incomplete(case: Case) -> tuple[Reason, ...]:
    """Nothing goes out that is not whole; where name or amount lack, nothing else was filled, and only they are named."""
    missing = [field for field in REQUIRED if case.readings.get(field) is None]
    if not case.readings.get(FieldName.IBAN) and not case.readings.get(FieldName.ACCOUNT):
        missing.append(FieldName.IBAN)
    first = [field for field in missing if field in WITHOUT_FALLBACK]
    return tuple(Reason(_CODES.get(field, "incomplete"), f"no {_in_words(field)} was found", "D9") for field in first or missing)


def _doubtful_fields(case: Case) -> tuple[Reason, ...]:
    looked_at = ((row, case.readings.get(row.field)) for row in FIELDS)
    threshold = case.administration.instructions.deliver_threshold
    return tuple(reason for row, reading in looked_at if reading for reason in _about(reading, threshold if row.decides else 0.0))


def _about(reading: Reading, threshold: float) -> tuple[Reason, ...]:
    name = _in_words(reading.field)
    doubts = tuple(Reason("doubt", f"{name} {reading.value}: {doubt}", "C7") for doubt in reading.doubts)
    if reading.rule or doubts or reading.confidence >= threshold:
        return doubts
    return (Reason("doubt", f"{name} {reading.value} is only {reading.confidence:.0%} sure", "C7"),)


def _sign(case: Case) -> tuple[Reason, ...]:
    """A credit note in the place of an invoice, or the other way round, would be booked with the wrong sign."""
    said, total = case.readings.value(FieldName.IS_CREDIT_NOTE) == "true", case.readings.get(FieldName.TOTAL)
    if case.document.kind is not Kind.E_INVOICE and said != (case.document.kind is Kind.CREDIT_NOTE):
        fields = "a credit note" if said else "no credit note"
        return (Reason("credit-note", f"it looks like {case.document.kind}, but its fields say {fields}", "C3"),)
    if total and total.amount < 0 and not said:
        return (Reason("negative-total", f"the total {total.value} is below zero, but it is no credit note", "C3"),)
    return ()


def _supplier(case: Case) -> tuple[Reason, ...]:
    if case.match is None or case.match.outcome is MatchOutcome.UNKNOWN:
        return (Reason("no-supplier", "nothing real on it tells who the supplier is", "E2"),)
    return tuple(Reason("supplier", doubt, "C7") for doubt in case.match.doubts)


def _new_account(case: Case) -> tuple[Reason, ...]:
    return _account_reasons(case) if case.administration.instructions.new_account_waits else ()


def _account_reasons(case: Case) -> tuple[Reason, ...]:
    if case.match is None or case.match.new_account is None or case.match.supplier is None:
        return ()
    known = ", ".join(account.number for account in case.match.supplier.accounts) or "no account"
    text = f"account {case.match.new_account.number} is new for {case.match.supplier.name}, known with {known}"
    return (Reason("new-account", text, "E6"),)


def _duplicate(case: Case) -> tuple[Reason, ...]:
    if not case.duplicate_of:
        return ()
    return (Reason("suspected-duplicate", f"it seems to be the same invoice as {case.duplicate_of}", "E8"),)


def _remarks(case: Case) -> tuple[Reason, ...]:
    """What the reader of a delivered invoice should know: fields filled by a rule, a new supplier, an account not verified."""
    filled = tuple(
        Reason("filled", f"{_in_words(reading.field)} {reading.value} was filled", reading.rule)
        for reading in case.readings.readings
        if reading.rule
    )
    is_new = case.match is not None and case.match.outcome is MatchOutcome.NEW
    new = (Reason("new-supplier", "the supplier is new in the register", "E3"),) if is_new else ()
    return filled + new + _account_reasons(case)


def _in_words(field: FieldName) -> str:
    return {FieldName.IBAN: "IBAN", FieldName.BIC: "BIC", FieldName.VAT_NUMBER: "VAT number"}.get(field, field.replace("_", " "))


# What may hold an invoice: each row gives its objections, none if there are none.
CHECKS: tuple[Callable[[Case], tuple[Reason, ...]], ...] = (
    _incomplete,
    _doubtful_fields,
    _sign,
    _supplier,
    _new_account,
    _duplicate,
)
