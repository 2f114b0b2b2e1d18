"""What persons do with documents in review, in and out of the database: holds, what an act changed, and notes.

A hold is taken by compare-and-set in one statement. An act locks all documents of its mail, so that no two acts on one mail are
under way at once; the order of locks is that of the line: a task, documents, the administration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from scanstraat.codec import from_json, to_json
from scanstraat.errors import Refused
from scanstraat.model.correction import Correction
from scanstraat.model.document import Document, StoredDocument
from scanstraat.model.reasons import first_reason
from scanstraat.model.review import Act, Actor, Standing
from scanstraat.model.state import DocumentState
from scanstraat.model.verdict import Action, Verdict
from scanstraat.records import documents, models
from scanstraat.records.statements import change

HOLDABLE = (DocumentState.IN_REVIEW, DocumentState.PARKED)
_HOLD = (
    "UPDATE records_document SET held_by_id = %s, held_until = %s WHERE id = %s AND state IN (%s, %s)"
    " AND (held_by_id IS NULL OR held_by_id = %s OR held_until IS NULL OR held_until <= %s)"
)
_RENEW = "UPDATE records_document SET held_until = %s WHERE id = %s AND held_by_id = %s"
_HAND_BACK = "UPDATE records_document SET held_by_id = NULL, held_until = NULL WHERE id = %s AND held_by_id = %s"
_TAKE = "UPDATE records_document SET held_by_id = %s, held_until = %s WHERE id = %s AND state IN (%s, %s)"
# What acts change of a document, and undoing restores. Who carries the overview is worked out anew; a hold is taken anew.
_RESTORED = (
    *("kind", "state", "value", "completed", "match", "verdict", "action", "supplier_id", "supplier_name", "account", "number"),
    *("total", "currency", "category", "pdf_sha256", "xml_sha256", "ended_at", "correction", "reason", "queued_at", "due_at"),
)
_FAR = 1_000_000  # added to ordinals on their way, so that no two of a mail are the same at any moment
Columns = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class InHand:
    """A document locked for an act, and who holds it: his id and name, None and "" for nobody."""

    stored: StoredDocument
    holder: int | None
    holder_name: str
    held_until: datetime | None
    was_delivered: bool

    def is_held_by_other(self, user: int, now: datetime) -> bool:
        """Whether somebody else has it, by a hold that has not run out."""
        return self.holder not in (None, user) and self.held_until is not None and self.held_until > now


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing an act needs: the columns before it, the task that carries it out, what it added to the register."""

    columns: str = ""
    task: str = ""
    supplier: int | None = None
    is_new: bool = False
    new_account: str = ""


@dataclass(frozen=True, slots=True)
class StoredAct:
    """An act as recorded; `undoing` is None where it cannot be undone."""

    id: int
    mail: UUID
    document: UUID
    act: Act
    by: str
    at: datetime
    undoing: Undoing | None


def hold(document: UUID, user: int, now: datetime, until: datetime) -> bool:
    """Take the hold where nobody has it; True too where he has it, False where another has, or it is not at the desk."""
    return change(_HOLD, user, until, document, *HOLDABLE, user, now) == 1


def renew(document: UUID, user: int, until: datetime) -> bool:
    """Keep the hold, also while the document is read anew; False where it was lost."""
    return change(_RENEW, until, document, user) == 1


def hand_back(document: UUID, user: int) -> None:
    """Let others have it; nothing where another holds it."""
    change(_HAND_BACK, document, user)


def let_go(document: UUID, now: datetime) -> None:
    """End a hold that ran out."""
    models.Document.objects.filter(id=document, held_until__lte=now).update(held_by=None, held_until=None)


def take(document: UUID, user: int, until: datetime) -> bool:
    """Take the hold from whoever has it; False where it is not at the desk."""
    return change(_TAKE, user, until, document, *HOLDABLE) == 1


def lock(document: UUID) -> UUID:
    """Within a transaction: let nobody else act on documents of this one's mail until it ends. Returns the mail.

    Raises `Refused` (`unknown-id`) where there is no such document, or none any more.
    """
    mail = models.Document.objects.filter(id=document).values_list("mail_id", flat=True).first()
    if mail is None:
        raise _unknown(document)
    of_mail = models.Document.objects.filter(mail_id=mail).order_by("id").values_list("id", flat=True)
    locked: tuple[UUID, ...] = ()
    while (found := tuple(of_mail.select_for_update(no_key=True))) != locked:  # again, where one was cut while we waited
        locked = found
    if document not in locked:
        raise _unknown(document)
    return mail


def in_hand(document: UUID) -> InHand:
    """A locked document and who holds it."""
    row = models.Document.objects.select_related("held_by").get(id=document)
    name = row.held_by.get_username() if row.held_by else ""
    was_delivered = models.Delivery.objects.filter(document_id=document).exists()
    return InHand(documents.value(row), row.held_by_id, name, row.held_until, was_delivered)


def standings(mail: UUID) -> tuple[Standing, ...]:
    """The documents of a mail, in mail order, as far as the overview page goes."""
    rows = models.Document.objects.filter(mail_id=mail).order_by("ordinal")
    columns = rows.values_list("id", "state", "action", "carries_overview")
    return tuple(Standing(i, DocumentState(state), Action(a) if a else None, carries) for i, state, a, carries in columns)


def set_carrier(mail: UUID, carrier: UUID | None) -> None:
    """Have this document of a mail carry the overview page, and no other (F3)."""
    of_mail = models.Document.objects.filter(mail_id=mail)
    of_mail.filter(carries_overview=True).exclude(id__in=[carrier]).update(carries_overview=False)
    of_mail.filter(id__in=[carrier], carries_overview=False).update(carries_overview=True)


def before(document: UUID) -> str:
    """The columns that acts change, as they are now."""
    row = models.Document.objects.filter(id=document).values(*_RESTORED).get()
    return to_json(row).decode()


def restore(document: UUID, columns: str) -> None:
    """Have these columns as they were."""
    was: Columns = from_json(columns, Columns)
    place = models.Document.objects.values_list("ordinal", flat=True).get(id=document)  # others may have been cut since
    was["value"] = to_json(replace(from_json(f"{was['value']}", Document), ordinal=place)).decode()
    times = {name: datetime.fromisoformat(f"{was[name]}") if was[name] else None for name in ("ended_at", "queued_at", "due_at")}
    models.Document.objects.filter(id=document).update(**(was | times))


def record(mail: UUID, document: UUID, act: Act, by: Actor, at: datetime, text: str, undoing: Undoing | None) -> None:
    """Record an act of a person within the transaction of what it does."""
    models.ReviewAct(
        mail_id=mail,
        document=document,
        user_id=by.user or None,
        by=by.name,
        at=at,
        act=act,
        text=text,
        before=to_json(undoing).decode() if undoing else "",
    ).save(force_insert=True)


def last_act(user: int, document: UUID | None = None) -> StoredAct | None:
    """The newest act of a person that is not undone, on this document where one is named; None for none."""
    acts = models.ReviewAct.objects.filter(user_id=user, undone_at=None)
    row = (acts.filter(document=document) if document else acts).order_by("-id").first()
    if row is None:
        return None
    undoing = from_json(row.before, Undoing) if row.before else None
    return StoredAct(row.id, row.mail_id, row.document, Act(row.act), row.by, row.at, undoing)


def is_last(act: StoredAct) -> bool:
    """Whether nobody has done anything with its document since."""
    return not models.ReviewAct.objects.filter(document=act.document, id__gt=act.id, undone_at=None).exists()


def undone(act: StoredAct, at: datetime) -> None:
    """Record that an act was undone."""
    models.ReviewAct.objects.filter(id=act.id).update(undone_at=at)


def keep_value(document: UUID, new: Document) -> None:
    """Record a document's value anew: its kind, pages and place."""
    columns = {"kind": new.kind, "ordinal": new.ordinal, "value": to_json(new).decode()}
    models.Document.objects.filter(id=document).update(**columns)


def renumber(mail: UUID, order: tuple[UUID, ...]) -> None:
    """Give the documents of a mail their places anew, from 0 without gaps: `order` names all of them."""
    values = {row.id: from_json(row.value, Document) for row in models.Document.objects.filter(mail_id=mail).only("value")}
    moved = [(place, document) for place, document in enumerate(order) if values[document].ordinal != place]
    for place, document in moved:
        models.Document.objects.filter(id=document).update(ordinal=_FAR + place)
    for place, document in moved:
        keep_value(document, replace(values[document], ordinal=place))


def cut_off(first: UUID, new: Document, held_by: int, until: datetime | None) -> UUID:
    """A document of its own, cut off the locked document `first`, held by the same person; its place is given by `renumber`."""
    whole = models.Document.objects.only("mail", "administration", "due_at").get(id=first)
    row = models.Document(
        mail_id=whole.mail_id,
        administration_id=whole.administration_id,
        ordinal=_FAR - 1,
        kind=new.kind,
        state=DocumentState.IN_REVIEW,
        value=to_json(new).decode(),
        due_at=whole.due_at,
        held_by_id=held_by,
        held_until=until,
    )
    row.save(force_insert=True)
    return row.id


def forget_reading(document: UUID) -> None:
    """Nothing that was read, decided or given counts any more: it is to be read anew."""
    texts = ("readings", "completed", "match", "verdict", "action", "supplier_name", "account", "number", "total", "currency")
    empty = dict.fromkeys((*texts, "correction", "reason"), "")
    models.Document.objects.filter(id=document).update(**empty, supplier_id=None)


def kinds(mail: UUID) -> tuple[str, ...]:
    """The kinds of the documents of a mail, in mail order."""
    return tuple(models.Document.objects.filter(mail_id=mail).order_by("ordinal").values_list("kind", flat=True))


def lay_again(document: UUID, verdict: Verdict) -> None:
    """Why a document that had ended is to be looked at again; the PDF that was made of it and its place count no more."""
    columns = {"verdict": to_json(verdict).decode(), "action": verdict.action, "reason": first_reason(verdict)}
    models.Document.objects.filter(id=document).update(**columns, category="", pdf_sha256="", xml_sha256="")


def swallow(document: UUID, other: UUID) -> None:
    """Remove `other`, whose pages `document` has now; its notes go with them, its tasks end."""
    models.Note.objects.filter(document_id=other).update(document_id=document)
    models.Task.objects.filter(subject=other).delete()
    models.Document.objects.filter(id=other).delete()


def note(document: UUID, by: str, at: datetime, text: str) -> None:
    """Keep what a person wrote beside a document."""
    if not documents.exists(document):
        raise _unknown(document)
    models.Note(document_id=document, by=by, at=at, text=text).save(force_insert=True)


def keep_correction(document: UUID, correction: Correction) -> None:
    """Record what persons gave on a document."""
    models.Document.objects.filter(id=document).update(correction=to_json(correction).decode())


def _unknown(document: UUID) -> Refused:
    return Refused("unknown-id", f"there is no document {document}, or none any more.", "Go back to the queue.")
