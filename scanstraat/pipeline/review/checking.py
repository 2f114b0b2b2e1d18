"""A document in review with what a person filled in, looked at as it would be decided. Nothing is written (D8, D9, E1-E8).

The live check and accepting both come through here, so that what a person sees while he types is what accepting comes to. The
register and the earlier documents are asked each time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from scanstraat.model.administration import Administration
from scanstraat.model.correction import Answered, Correction, Given, applied
from scanstraat.model.document import Document, Kind, StoredDocument
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.mail import Origin, StoredMail
from scanstraat.model.reasons import HOLDING
from scanstraat.model.review import Actor, Entry, Looked, Objection
from scanstraat.model.supplier import SupplierMatch
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.pipeline.datesent import begins_in, date_sent
from scanstraat.pipeline.fallbacks import complete
from scanstraat.pipeline.looking_up import look_up, picture_of, said_of
from scanstraat.pipeline.phrases import phrase_said
from scanstraat.pipeline.review.contradictions import FilledIn, contradictions
from scanstraat.pipeline.review.entering import Entered, Form, entered
from scanstraat.pipeline.review.remarks import Known, Seen, remarks
from scanstraat.pipeline.routing import ANSWERABLE, KINDS, decide
from scanstraat.records import documents, mails, offices, suppliers
from scanstraat.supplier_registry.matching import match

# What accepting by itself settles: the person has looked at the cut, the kind and every field. A program has not.
SETTLED = ("cut", "kind", "doubt")
# Where an objection of the line is to be mended.
FIELD_OF = {
    "no-name": FieldName.SUPPLIER_NAME,
    "no-amount": FieldName.TOTAL,
    "credit-note": FieldName.IS_CREDIT_NOTE,
    "negative-total": FieldName.TOTAL,
    "no-supplier": FieldName.SUPPLIER_NAME,
    "supplier": FieldName.SUPPLIER_NAME,
    "new-account": FieldName.IBAN,
    "suspected-duplicate": FieldName.INVOICE_NUMBER,
}
# The queue of an objection that the line itself does not know; of all others, that of doubtful fields.
_QUEUES = {"no-pages": "problem", "supplier-name": "supplier", "own-name": "no-supplier"}
_SIGNED_KINDS = frozenset({Kind.INVOICE, Kind.CREDIT_NOTE, Kind.RECEIPT})
_NO_PAGES = "it has no page that could be read, so that it cannot go out as an invoice"


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """A document in review with all that does not change while a person types; `picture` as `looking_up.picture_of` has it."""

    stored: StoredDocument
    mail: StoredMail
    administration: Administration
    picture: str
    origin: Origin | None = None

    @property
    def read(self) -> Readings:
        """What the line read."""
        return self.stored.readings or Readings()

    @property
    def sent_at(self) -> datetime:
        """When the mail was sent that it came in first (D2)."""
        return date_sent(self.mail, self.origin)

    @property
    def shown(self) -> Readings:
        """What stands in the form before anybody types: read, given before, and filled by the rules."""
        return complete(applied(self.read, self.stored.correction), self.administration, self.sent_at)


@dataclass(frozen=True, slots=True)
class _Inspected:
    """An invoice with its entries applied, completed and matched."""

    kind: Kind
    correction: Correction
    filled_in: FilledIn
    duplicate_of: str
    objections: tuple[Objection, ...]


def case_of(document: UUID) -> ReviewCase:
    """The document as the database has it; raises `Inconsistent` where there is none."""
    stored = documents.get(document)
    first = begins_in(stored.document)
    part = mails.part(stored.mail, first) if first is not None else None
    origin = part.origin if part else None
    administration = offices.administration(stored.administration)
    return ReviewCase(stored, mails.get(stored.mail), administration, picture_of(stored.document, part), origin)


def looked(
    case: ReviewCase, entries: tuple[Entry, ...], kind: Kind, answered: tuple[str, ...], now: datetime, by: Actor
) -> Looked:
    """What accepting would come to. Where the kind is none of an invoice, the fields do not matter (G1).

    `answered` are the codes of objections that `by` has looked at; those that cannot be answered remain.
    """
    settled = () if by.is_program else SETTLED
    answers = tuple(Answered(code, by.name, now) for code in dict.fromkeys((*settled, *answered)))
    if not _goes_as_invoice(case, kind):
        return _as_other(case, kind, answers)
    seen = _inspected(case, entries, kind, answers, Form(case.read, case.shown, case.administration, by, now))
    document = _as_kind(case.stored.document, seen.kind)
    given, said = seen.filled_in, said_of(case.mail, seen.kind)
    verdict = decide(document, given.readings, given.match, case.administration, said, seen.duplicate_of, answers)
    objections = (*seen.objections, *_objections(verdict, given.readings))
    left = tuple(each for each in objections if not (each.can_be_answered and each.code in answered))
    return Looked(
        kind=seen.kind,
        readings=given.readings,
        match=given.match,
        verdict=_verdict(verdict, left, tuple(each for each in seen.objections if each not in left), by),
        objections=left,
        remarks=remarks(Seen(given, now.date(), _known(given.match), bool(seen.duplicate_of))),
        correction=seen.correction,
    )


def _goes_as_invoice(case: ReviewCase, kind: Kind) -> bool:
    """Whether a document of this kind goes to the workflow: an invoice, or a reminder that the mail says is one (G3)."""
    way = KINDS[kind]
    phrases = case.administration.instructions.reminder_phrases
    return way.action is Action.DELIVER or (way.may_be_invoice and bool(phrase_said(said_of(case.mail, kind), phrases)))


def _as_other(case: ReviewCase, kind: Kind, answers: tuple[Answered, ...]) -> Looked:
    """What is no invoice goes where its kind goes; only an annex, or what cannot be read, has to become something first."""
    document = replace(_as_kind(case.stored.document, kind), problem="")
    completed, before = case.shown, case.stored.correction
    verdict = decide(document, completed, None, case.administration, case.mail.header.subject, "", answers)
    objections = _objections(verdict, completed) if verdict.action is Action.REVIEW else ()
    correction = Correction(before.given, _newest(before.answered, answers))
    return Looked(kind, completed, case.stored.match, verdict, objections, correction=correction)


def _inspected(case: ReviewCase, entries: tuple[Entry, ...], kind: Kind, answers: tuple[Answered, ...], form: Form) -> _Inspected:
    found = entered(entries, form)
    kind = _said_by_field(case, kind, form, found)
    given = {each.field: each for each in (*found.given, *_said_by_kind(case, kind, answers, form, found))}
    before = case.stored.correction
    kept = (each for each in before.given if each.field not in given)
    correction = Correction((*kept, *given.values()), _newest(before.answered, answers))
    readings = applied(case.read, correction)
    looked_up = look_up(case.stored, readings, case.picture)
    supplier = match(readings, looked_up.register, case.administration.own) if readings.readings else None
    filled_in = FilledIn(complete(readings, case.administration, case.sent_at), supplier, case.administration)
    pages = () if case.stored.document.pages else (Objection("no-pages", _NO_PAGES, None, "B9"),)
    refused = {each.field for each in found.objections}
    against = tuple(each for each in contradictions(filled_in) if each.field not in refused)
    return _Inspected(kind, correction, filled_in, looked_up.duplicate_of, (*pages, *found.objections, *against))


def _as_kind(document: Document, kind: Kind) -> Document:
    """The document as the person says it is; of another kind than before, nobody doubts it any more."""
    return document if kind is document.kind else replace(document, kind=kind, confidence=1.0)


def _said_by_field(case: ReviewCase, kind: Kind, form: Form, found: Entered) -> Kind:
    """The kind where the person left it but changed the field that says whether it is a credit note."""
    given = _is_credit_note(found)
    untouched = given is None or given == (form.shown.value(FieldName.IS_CREDIT_NOTE) or "false")
    if untouched or kind is not case.stored.document.kind or kind not in _SIGNED_KINDS:
        return kind
    return Kind.CREDIT_NOTE if given == "true" else Kind.INVOICE


def _said_by_kind(case: ReviewCase, kind: Kind, answers: tuple[Answered, ...], form: Form, found: Entered) -> tuple[Given, ...]:
    """The field that says whether it is a credit note, where a person chose the kind: the XML goes by the field."""
    document, value = case.stored.document, "true" if kind is Kind.CREDIT_NOTE else "false"
    is_chosen = kind is not document.kind or document.confidence >= 1 or any(a.code == "credit-note" for a in answers)
    said = _is_credit_note(found) or form.shown.value(FieldName.IS_CREDIT_NOTE) or "false"
    if kind not in _SIGNED_KINDS or not is_chosen or said == value:
        return ()
    return (Given(FieldName.IS_CREDIT_NOTE, value, form.by.name, form.now),)


def _is_credit_note(found: Entered) -> str | None:
    return next((each.value for each in found.given if each.field is FieldName.IS_CREDIT_NOTE), None)


def _newest(before: tuple[Answered, ...], answers: tuple[Answered, ...]) -> tuple[Answered, ...]:
    codes = {answer.code for answer in answers}
    return (*(answer for answer in before if answer.code not in codes), *answers)


def _objections(verdict: Verdict, readings: Readings) -> tuple[Objection, ...]:
    """The reasons for a review as what a person can mend or answer."""
    if verdict.action is not Action.REVIEW:
        return ()
    return tuple(
        Objection(
            reason.code,
            reason.text,
            _field_of(reason.code, readings),
            reason.rule,
            can_be_answered=reason.code in ANSWERABLE,
        )
        for reason in verdict.reasons
    )


def _field_of(code: str, readings: Readings) -> FieldName | None:
    field = FIELD_OF.get(code)
    return FieldName.ACCOUNT if field is FieldName.IBAN and readings.get(FieldName.IBAN) is None else field


def _verdict(decided: Verdict, left: tuple[Objection, ...], answered: tuple[Objection, ...], by: Actor) -> Verdict:
    """The verdict with what stands in the way, or with what the person looked at and let pass."""
    if left:
        return Verdict(Action.REVIEW, tuple(Reason(_queue_of(each.code), each.text, each.rule) for each in left))
    confirmed = tuple(Reason("confirmed", f"{by.name} has looked: {each.text}", each.rule) for each in answered)
    return Verdict(decided.action, (*decided.reasons, *confirmed))


def _queue_of(code: str) -> str:
    """The reason that stands for an objection in the queues."""
    return code if code in HOLDING else _QUEUES.get(code, "doubt")


def _known(found: SupplierMatch | None) -> Known | None:
    if found is None or found.supplier is None or not found.supplier.id:
        return None
    told = suppliers.known_since(found.supplier.id)
    return Known(*told) if told else None
