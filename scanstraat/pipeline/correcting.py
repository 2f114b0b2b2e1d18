"""Corrections by programs (E7): of a document in review they are what a person would type; from delivered ones is learned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.errors import Refused
from scanstraat.extractors.typed.value import typed
from scanstraat.model.correction import Correction, Given
from scanstraat.model.document import Kind, StoredDocument
from scanstraat.model.field import FieldName
from scanstraat.model.review import Act, Actor, Entry, Looked, Objection
from scanstraat.model.state import DocumentState
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.pipeline.learning import learn_correction
from scanstraat.pipeline.review.accepting import accept
from scanstraat.pipeline.review.checking import case_of, looked
from scanstraat.pipeline.review.grasping import grasp, keep_act
from scanstraat.pipeline.review.sending import of_kind
from scanstraat.records import documents, learned, mails, offices, review
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic


@dataclass(frozen=True, slots=True)
class Wish:
    """What a program says of a document: fields as typed, its kind (None: as it is), and objections that it has looked at.

    `is_final`: it is to go its way where nothing stands against that.
    """

    fields: tuple[tuple[FieldName, str], ...] = ()
    kind: Kind | None = None
    answered: tuple[str, ...] = ()
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Corrected:
    """What came of it: whether the document went its way, and what stands in the way, where it did not."""

    is_accepted: bool
    objections: tuple[Objection, ...] = ()


def correct(document: UUID, wish: Wish, by: Actor, now: datetime, tasks: TaskTable) -> Corrected:
    """Record a program's correction, and carry it out.

    In review, the values are given as if a person had typed them, the verdict is renewed, and the document waits for a person all
    the same, unless the wish is final and no objection is left. Of a delivered document the supplier register learns. Raises
    `Refused`: `unknown-id`, `not-held` (a person is at it), `state` (it is anywhere else), and what `typed` raises.
    """
    with atomic():
        mail = review.lock(document)
        review.let_go(document, now)
        stored = documents.get(document)
        if stored.state is DocumentState.DELIVERED:
            _of_delivered(stored, wish, by, now)
            return Corrected(is_accepted=False)
        if stored.state is not DocumentState.IN_REVIEW:
            raise Refused("state", f"the document is {stored.state}.", "Correct it in review, or once it is delivered.")
        entries = tuple(Entry(field, text, text) for field, text in wish.fields)
        kind = wish.kind or stored.document.kind
        if wish.is_final:
            said = accept(document, by, entries, kind, wish.answered, now, now, tasks)
            if not said.objections:
                return Corrected(is_accepted=True)
        said = _kept(document, entries, kind, wish.answered, by, now)
        mails.log(mail, now, "corrected", f"document {stored.document.ordinal + 1} by {by.name}")
    return Corrected(is_accepted=False, objections=said.objections)


def _kept(document: UUID, entries: tuple[Entry, ...], kind: Kind, answered: tuple[str, ...], by: Actor, now: datetime) -> Looked:
    hand = grasp(document, by)
    offices.lock(hand.stored.administration)
    said = looked(case_of(document), entries, kind, answered, now, by)
    refused = next((each for each in said.objections if each.code.startswith("typed-")), None)
    if refused is not None:
        raise Refused(refused.code, f"{refused.field}: {refused.text}", "Send the field as it stands on the document.")
    if said.kind is not hand.stored.document.kind:
        review.keep_value(document, of_kind(hand.stored.document, said.kind))
    review.keep_correction(document, said.correction)
    known = said.match.supplier.id if said.match and said.match.supplier else 0
    documents.keep_decision(document, said.readings, said.match, _waiting(said.verdict, by), known or None)
    keep_act(hand, Act.CORRECT, by, now, ", ".join(entry.field for entry in entries))
    return said


def _waiting(verdict: Verdict, by: Actor) -> Verdict:
    """What holds it up; where nothing does, that nobody has accepted it yet."""
    if verdict.action is Action.REVIEW:
        return verdict
    return Verdict(Action.REVIEW, (Reason("corrected", f"{by.name} corrected it, and nobody has accepted it yet", "E7"),))


def _of_delivered(stored: StoredDocument, wish: Wish, by: Actor, now: datetime) -> None:
    """The drop stays as it was: the workflow has it. What is said of the supplier is learned (E5, D8)."""
    if wish.kind is not None or wish.answered or wish.is_final:
        raise Refused("state", "the document is delivered.", "Send corrected fields alone, or refuse the drop.")
    country = offices.administration(stored.administration).country
    given = tuple(Given(field, typed(field, text, now.date(), country), by.name, now) for field, text in wish.fields)
    before = stored.correction
    fields = {each.field for each in given}
    kept = Correction((*(each for each in before.given if each.field not in fields), *given), before.answered)
    review.keep_correction(stored.id, kept)
    name = stored.completed.value(FieldName.SUPPLIER_NAME) if stored.completed else None
    supplier = learn_correction(stored.administration, learned.supplier_of(stored.id), name or "", Correction(given))
    learned.keep_supplier(stored.id, supplier)
    review.record(stored.mail, stored.id, Act.CORRECT, by, now, ", ".join(sorted(fields)), None)
    mails.log(stored.mail, now, "corrected", f"document {stored.document.ordinal + 1} by {by.name}")
