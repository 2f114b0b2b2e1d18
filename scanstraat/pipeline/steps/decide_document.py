"""Stage `decide`: who the supplier is, what the fallback rules fill, and where the document goes (D, E, G).

Suppliers are registered here (E3), in the transaction that records the verdict. Two documents of one new supplier, or the same
invoice twice, may be decided side by side; so what was looked up is looked up again under a lock before it is acted upon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.errors import Unavailable
from scanstraat.mailbox.forwardtext import without_answered
from scanstraat.model.administration import Administration
from scanstraat.model.document import StoredDocument
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.mail import Origin, StoredMail
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.supplier import MatchOutcome, Supplier, SupplierMatch
from scanstraat.model.task import Claim, NewTask
from scanstraat.model.verdict import Action, Verdict
from scanstraat.pipeline.datesent import begins_in, date_sent
from scanstraat.pipeline.fallbacks import complete
from scanstraat.pipeline.routing import KINDS, decide
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.pipeline.steps import dispatch_mail
from scanstraat.records import documents, mails, offices, suppliers
from scanstraat.supplier_registry import normalise
from scanstraat.supplier_registry.matching import LookupKeys, lookup_keys, match


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the database said: the suppliers that may be meant, and an earlier document that may be the same ("" for none)."""

    register: tuple[Supplier, ...]
    duplicate_of: str


@dataclass(frozen=True, slots=True)
class Case:
    """All that a decision rests on; `picture` is the sha256 of the file the document begins in, "" where it has no pages.

    `origin` is the forwarded mail that the file came in (A5).
    """

    stored: StoredDocument
    mail: StoredMail
    administration: Administration
    readings: Readings
    picture: str
    looked_up: LookedUp
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The match (None for what is not recognised), the completed readings, and the verdict."""

    match: SupplierMatch | None
    completed: Readings
    verdict: Verdict


def load(subject: UUID, tools: Tools) -> Case:
    """The readings, the mail, and what the register and the earlier documents say."""
    stored = documents.get(subject)
    administration = offices.administration(stored.administration)
    readings = stored.readings or Readings()
    first = begins_in(stored.document)
    part = mails.part(stored.mail, first) if first is not None else None  # alone, since mails have up to a thousand
    picture = part.sha256 if part and stored.document.pages else ""
    looked_up = _look_up(stored, readings, picture)
    origin = part.origin if part else None
    return Case(stored, mails.get(stored.mail), administration, readings, picture, looked_up, origin)


def work(taken: Case, tools: Tools) -> Decision:
    """Match, fill, decide."""
    found = match(taken.readings, taken.looked_up.register, taken.administration.own) if taken.readings.readings else None
    completed = complete(taken.readings, taken.administration, date_sent(taken.mail, taken.origin))
    document, said = taken.stored.document, _said_of(taken)
    return Decision(
        found, completed, decide(document, completed, found, taken.administration, said, taken.looked_up.duplicate_of)
    )


def _said_of(taken: Case) -> str:
    """What the mail says, where that decides: its subject and its text, without what it answers (G3)."""
    subject = taken.mail.header.subject
    if not KINDS[taken.stored.document.kind].may_be_invoice:
        return subject
    return f"{subject}\n{without_answered(taken.mail.text, subject)}"


def keep(taken: Case, given: Decision, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record the decision and the supplier; the last decision of a mail sends all its documents on their way."""
    stored = taken.stored
    offices.lock(stored.administration)
    if _look_up(stored, taken.readings, taken.picture) != taken.looked_up:
        raise Unavailable("changed-meanwhile", "the register or the documents changed while this one was decided.")
    supplier = _register(stored.administration, given)
    documents.keep_decision(stored.id, given.completed, given.match, given.verdict, supplier)
    mails.log(stored.mail, now, "decided", _said(stored, given.verdict))
    return _next(stored, given.verdict, now)


def _look_up(stored: StoredDocument, readings: Readings, picture: str) -> LookedUp:
    if not readings.readings:
        return LookedUp((), "")
    keys = lookup_keys(readings)
    register = suppliers.candidates(stored.administration, keys.account, keys.vat_number, keys.name)
    return LookedUp(register, _same_invoice(stored, readings, keys) or _same_picture(stored, picture))


def _same_invoice(stored: StoredDocument, readings: Readings, keys: LookupKeys) -> str:
    number, total = readings.value(FieldName.INVOICE_NUMBER) or "", readings.value(FieldName.TOTAL) or ""
    name = readings.value(FieldName.SUPPLIER_NAME) or ""
    return documents.same_invoice(stored.id, stored.administration, number, total, keys.account, name)


def _same_picture(stored: StoredDocument, picture: str) -> str:
    return documents.same_picture(stored.id, stored.mail, stored.administration, picture) if picture else ""


def _register(administration: int, given: Decision) -> int | None:
    found = given.match
    if found is None or found.supplier is None:
        return None
    if given.verdict.action is not Action.DELIVER:
        return found.supplier.id or None
    if found.outcome is MatchOutcome.NEW:
        return suppliers.add(administration, found.supplier, normalise.name(found.supplier.name))
    if found.new_account is not None:
        suppliers.add_account(found.supplier.id, found.new_account)
    return found.supplier.id


def _next(stored: StoredDocument, verdict: Verdict, now: datetime) -> tuple[NewTask, ...]:
    if mails.lock(stored.mail) is MailState.DISPATCHED:  # replayed after its mail went out: it goes its own way
        return dispatch_mail.send_on(stored.id, verdict.action, now)
    return () if documents.any_undecided(stored.mail) else (NewTask("dispatch", stored.mail),)


def _said(stored: StoredDocument, verdict: Verdict) -> str:
    reasons = "; ".join(reason.text for reason in verdict.reasons)
    said = f"document {stored.document.ordinal + 1} ({stored.document.kind}): {verdict.action}"
    return f"{said}: {reasons}" if reasons else said


STAGE = Stage("decide", DocumentState.RECOGNISED, DocumentState.DECIDED, load, work, nothing_to_file, keep)
