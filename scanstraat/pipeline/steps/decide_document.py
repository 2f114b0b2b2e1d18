"""Stage `decide`: who the supplier is, what the fallback rules fill, and where the document goes (D, E, G).

Suppliers are registered here (E3), in the transaction that records the verdict. Two documents of one new supplier, or the same
invoice twice, may be decided side by side; so what was looked up is looked up again under a lock before it is acted upon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.errors import Unavailable
from scanstraat.model.administration import Administration
from scanstraat.model.correction import applied
from scanstraat.model.document import StoredDocument
from scanstraat.model.field import Readings
from scanstraat.model.mail import Origin, StoredMail
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.supplier import SupplierMatch
from scanstraat.model.task import Claim, NewTask
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.pipeline.datesent import begins_in, date_sent
from scanstraat.pipeline.fallbacks import complete
from scanstraat.pipeline.looking_up import LookedUp, look_up, picture_of, said_of
from scanstraat.pipeline.registering import register
from scanstraat.pipeline.routing import decide
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.pipeline.steps import dispatch_mail
from scanstraat.records import documents, mails, offices
from scanstraat.supplier_registry.matching import match


@dataclass(frozen=True, slots=True)
class Case:
    """All that a decision rests on; `picture` is the sha256 of the file the document begins in, "" where it has no pages.

    What a person gave stands in `readings` in the place of what was read: nothing that is read or filled overrides it (D8).
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
    readings = applied(stored.readings or Readings(), stored.correction)
    first = begins_in(stored.document)
    part = mails.part(stored.mail, first) if first is not None else None  # alone, since mails have up to a thousand
    picture = picture_of(stored.document, part)
    looked_up = look_up(stored, readings, picture)
    origin = part.origin if part else None
    return Case(stored, mails.get(stored.mail), administration, readings, picture, looked_up, origin)


def work(taken: Case, tools: Tools) -> Decision:
    """Match, fill, decide."""
    found = match(taken.readings, taken.looked_up.register, taken.administration.own) if taken.readings.readings else None
    completed = complete(taken.readings, taken.administration, date_sent(taken.mail, taken.origin))
    document, answered = taken.stored.document, taken.stored.correction.answered
    said = said_of(taken.mail, document.kind)
    verdict = decide(document, completed, found, taken.administration, said, taken.looked_up.duplicate_of, answered)
    return Decision(found, completed, _back_to(document.cut_by, verdict))


def _back_to(cut_by: str, verdict: Verdict) -> Verdict:
    """What a person cut goes back to the desk after it was read, however certain all is by then."""
    if not cut_by:
        return verdict
    held = verdict.reasons if verdict.action is Action.REVIEW else ()
    return Verdict(Action.REVIEW, (*held, Reason("recut", f"{cut_by} has cut it anew", "B4")))


def keep(taken: Case, given: Decision, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record the decision and the supplier; the last decision of a mail sends all its documents on their way."""
    stored = taken.stored
    offices.lock(stored.administration)
    if look_up(stored, taken.readings, taken.picture) != taken.looked_up:
        raise Unavailable("changed-meanwhile", "the register or the documents changed while this one was decided.")
    supplier = register(stored.administration, given.match, given.verdict.action).supplier
    documents.keep_decision(stored.id, given.completed, given.match, given.verdict, supplier)
    mails.log(stored.mail, now, "decided", _said(stored, given.verdict))
    return _next(stored, given.verdict, now)


def _next(stored: StoredDocument, verdict: Verdict, now: datetime) -> tuple[NewTask, ...]:
    if mails.lock(stored.mail) is MailState.DISPATCHED:  # replayed after its mail went out: it goes its own way
        return dispatch_mail.send_on(stored.id, verdict.action, now)
    return () if documents.any_undecided(stored.mail) else (NewTask("dispatch", stored.mail),)


def _said(stored: StoredDocument, verdict: Verdict) -> str:
    reasons = "; ".join(reason.text for reason in verdict.reasons)
    said = f"document {stored.document.ordinal + 1} ({stored.document.kind}): {verdict.action}"
    return f"{said}: {reasons}" if reasons else said


STAGE = Stage("decide", DocumentState.RECOGNISED, DocumentState.DECIDED, load, work, nothing_to_file, keep)
