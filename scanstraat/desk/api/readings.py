"""What was read on a document, as the API tells it: values with where they stand, how sure they are, and who supplied them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from scanstraat.model.correction import Correction
from scanstraat.model.document import StoredDocument
from scanstraat.model.field import BUSINESS_TERMS, Evidence, FieldName, Method, Reading, Readings
from scanstraat.model.supplier import Account, MatchOutcome, SupplierMatch
from scanstraat.model.verdict import Action, Verdict


@dataclass(frozen=True, slots=True)
class EvidenceAnswer:
    """Where it was read: the page of the document, from 1; the box in points (1/72 inch) from the top left; what is printed."""

    page: int
    box: tuple[float, float, float, float]
    raw: str
    method: Method


@dataclass(frozen=True, slots=True)
class RunnerUpAnswer:
    """A value that was not chosen."""

    value: str
    confidence: float
    evidence: EvidenceAnswer | None


@dataclass(frozen=True, slots=True)
class ReadingAnswer:
    """The value of a field in canonical form, its EN 16931 term, how sure it is (0 to 1), and where it comes from.

    `rule` is the rule that filled it, "" where it was read or given; `doubts` say why a person should look.
    """

    field: FieldName
    term: str
    value: str
    confidence: float
    method: Method
    rule: str
    evidence: EvidenceAnswer | None
    runners_up: tuple[RunnerUpAnswer, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """A line of the invoice as printed; amounts without VAT."""

    description: str
    quantity: Decimal | None
    unit_price: Decimal | None
    line_total: Decimal | None
    page: int


@dataclass(frozen=True, slots=True)
class VatAnswer:
    """A row of the VAT breakdown: rate in percent, what it is applied to, and the VAT."""

    rate: Decimal
    base: Decimal
    vat: Decimal
    page: int


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    """A bank account: an IBAN, or (scheme BBAN) an account as printed, with its BIC where known."""

    number: str
    scheme: str
    bic: str


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """Who the supplier is: what told it, his id in the register (null: not in it), and an account that was not known of him."""

    outcome: MatchOutcome
    supplier: int | None
    name: str
    new_account: AccountAnswer | None
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReasonAnswer:
    """Why: a stable code, a sentence, and the number of the rule behind it."""

    code: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class VerdictAnswer:
    """Where it goes, and why."""

    action: Action
    reasons: tuple[ReasonAnswer, ...]


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a person or a program gave: "" says that the field is not on the document."""

    field: FieldName
    value: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recognised:
    """All that is known of what stands on a document."""

    readings: tuple[ReadingAnswer, ...]
    lines: tuple[LineAnswer, ...]
    vat_rates: tuple[VatAnswer, ...]
    charges: tuple[LineAnswer, ...]
    supplier: MatchAnswer | None
    verdict: VerdictAnswer | None
    corrections: tuple[GivenAnswer, ...]


def recognised(stored: StoredDocument) -> Recognised:
    """What is known of what stands on it, as far as the line or a person has come."""
    readings = stored.completed or stored.readings or Readings()
    return Recognised(
        readings=tuple(_reading(reading) for reading in readings.readings),
        lines=tuple(
            LineAnswer(line.description, line.quantity, line.unit_price, line.line_total, line.page) for line in readings.lines
        ),
        vat_rates=tuple(VatAnswer(rate.rate, rate.base, rate.vat, rate.page) for rate in readings.vat_rates),
        charges=tuple(
            LineAnswer(line.description, line.quantity, line.unit_price, line.line_total, line.page) for line in readings.charges
        ),
        supplier=_match(stored.match) if stored.match else None,
        verdict=verdict_answer(stored.verdict) if stored.verdict else None,
        corrections=_given(stored.correction),
    )


def verdict_answer(verdict: Verdict) -> VerdictAnswer:
    """A verdict as the API tells it."""
    return VerdictAnswer(verdict.action, tuple(ReasonAnswer(each.code, each.text, each.rule) for each in verdict.reasons))


def account_answer(account: Account) -> AccountAnswer:
    """An account as the API tells it."""
    return AccountAnswer(account.number, account.scheme, account.bic)


def _given(correction: Correction) -> tuple[GivenAnswer, ...]:
    return tuple(GivenAnswer(given.field, given.value, given.by, given.at) for given in correction.given)


def _reading(reading: Reading) -> ReadingAnswer:
    return ReadingAnswer(
        field=reading.field,
        term=BUSINESS_TERMS[reading.field],
        value=reading.value,
        confidence=reading.confidence,
        method=reading.method,
        rule=reading.rule or "",
        evidence=_evidence(reading.evidence),
        runners_up=tuple(
            RunnerUpAnswer(other.value, other.confidence, _evidence(other.evidence)) for other in reading.runners_up
        ),
        doubts=reading.doubts,
    )


def _evidence(evidence: Evidence | None) -> EvidenceAnswer | None:
    if evidence is None:
        return None
    box = evidence.box
    return EvidenceAnswer(evidence.page, (box.x0, box.y0, box.x1, box.y1), evidence.raw, evidence.method)


def _match(match: SupplierMatch) -> MatchAnswer:
    found, account = match.supplier, match.new_account
    return MatchAnswer(
        outcome=match.outcome,
        supplier=found.id if found and found.id else None,
        name=found.name if found else "",
        new_account=account_answer(account) if account else None,
        reasons=match.reasons,
        doubts=match.doubts,
    )
