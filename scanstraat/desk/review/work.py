"""The work area: all that the templates of the review page show of one document, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from scanstraat.codec import from_json
from scanstraat.desk import visibility, wording
from scanstraat.desk.review import asking
from scanstraat.desk.review.checks import checked, way_of
from scanstraat.desk.review.forms import FilledForm, filled_in
from scanstraat.desk.review.keys import groups
from scanstraat.desk.review.words import pages_of
from scanstraat.desk.rights import rights
from scanstraat.desk.shown import lists
from scanstraat.desk.shown.review import field_lines, shortened, told
from scanstraat.desk.shown.sheets import sheets
from scanstraat.model.administration import Instructions
from scanstraat.model.document import INVOICE_KINDS, Kind, StoredDocument
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.people import Right
from scanstraat.model.review import Entry, Looked
from scanstraat.model.state import DocumentState
from scanstraat.model.supplier import MatchOutcome, SupplierMatch
from scanstraat.pipeline.review import checking
from scanstraat.records import documents, models

_URGENT = timedelta(hours=8)
# What an archived document can be, the likely ones first; invoices go to the workflow.
_ARCHIVED_AS = (
    Kind.OTHER,
    Kind.REMINDER,
    Kind.PAYMENT_REQUEST,
    Kind.STATEMENT,
    Kind.ORDER_CONFIRMATION,
    Kind.DELIVERY_NOTE,
    Kind.QUOTE,
    Kind.PRO_FORMA,
    Kind.ANNEX,
)
_TONES = {MatchOutcome.BY_ACCOUNT: "good", MatchOutcome.UNKNOWN: "bad"}


@dataclass(frozen=True, slots=True)
class Left:
    """What a person had filled in when he was told that something stands in the way; `is_tried`: he had tried to accept it."""

    entries: Mapping[FieldName, Entry]
    kind: Kind
    answered: tuple[str, ...]
    is_tried: bool = False

    @classmethod
    def of(cls, request: HttpRequest, is_tried: bool = False) -> Left:
        """The form of the page as posted; raises `Refused` where it cannot be understood."""
        form = filled_in(request.POST)
        return cls({entry.field: entry for entry in form.entries}, form.kind, form.answered, is_tried)

    @property
    def form(self) -> FilledForm:
        """The same as the form that was posted."""
        return FilledForm(tuple(self.entries.values()), self.kind, self.answered)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence on what was done just now; `undo` is the document whose act can still be undone, "" where none can."""

    text: str = ""
    undo: str = ""


SILENT = Said()


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another document of the same mail."""

    id: str
    text: str


def nothing(request: HttpRequest, said: Said = SILENT) -> dict[str, Any]:
    """What is shown where the queue is empty."""
    return {"here": "review", "row": None, "query": asking.query(request), "keys": groups(), **_said(said)}


def shown(
    request: HttpRequest,
    row: models.Document,
    left: Left | None = None,
    said: Said = SILENT,
    lost: str = "",
) -> dict[str, Any]:
    """The context for one document: what the line read, or what the person had left in the inputs."""
    stored = documents.value(row)
    now = asking.now()
    kind = left.kind if left else stored.document.kind
    form = left.form if left else FilledForm((), kind, tuple(answer.code for answer in stored.correction.answered))
    # without the answers: what was answered has to stay on the page, ticked
    case, by = checking.case_of(row.id), asking.actor(request)
    looked = checking.looked(case, form.entries, kind, (), now, by)
    read = case.shown if left else looked.readings
    return {
        "here": "review",
        "row": row,
        "stored": stored,
        "query": asking.query(request),
        "subject": lists.subject(row.mail),
        "sender": row.mail.header_sender or row.mail.envelope_sender,
        "notes": list(row.notes.all()),
        "asked_for": asked_for(from_json(row.administration.instructions, Instructions)),
        "others": _siblings(row),
        "keys": groups(),
        "lost": lost,
        **_hold(request, row, now, bool(lost)),
        **_kinds(kind),
        **_clock(row, now),
        **_supplier(looked.match),
        **_fields(row, looked, read, left, form),
        **_sheets(stored, row),
        **_said(said),
    }


def waiting(request: HttpRequest, row: models.Document, said: Said = SILENT) -> dict[str, Any]:
    """What is shown while a document is read anew."""
    words = gettext(wording.KINDS[Kind(row.kind)])
    return {
        "here": "review",
        "row": row,
        "is_waiting": True,
        "query": asking.query(request),
        "keys": groups(),
        "kind_words": words,
        **_said(said),
    }


def asked_for(instructions: Instructions) -> tuple[str, ...]:
    """What an administration asked for, in sentences."""
    percent = f"{instructions.deliver_threshold:.0%}"
    waits = gettext("A new account of a known supplier waits for a person.")
    goes_on = gettext("A new account of a known supplier goes on by itself, marked as not verified.")
    told_sentences = [
        waits if instructions.new_account_waits else goes_on,
        gettext("A value that is less than %(percent)s sure is looked at by a person.") % {"percent": percent},
    ]
    if instructions.reminder_phrases:
        phrases = ", ".join(instructions.reminder_phrases)
        told_sentences.insert(0, gettext("Reminders are invoices where the mail says: %(phrases)s.") % {"phrases": phrases})
    if instructions.contacts:
        told_sentences.append(gettext("Messages go to %(contacts)s.") % {"contacts": ", ".join(instructions.contacts)})
    return tuple(told_sentences)


def _hold(request: HttpRequest, row: models.Document, now: datetime, is_lost: bool) -> dict[str, Any]:
    is_live = row.held_by is not None and row.held_until is not None and row.held_until > now
    is_mine = is_live and row.held_by_id == request.user.pk
    seconds = settings.SCANSTRAAT.hold_seconds
    return {
        "is_held": is_mine,
        "may_change": row.state == DocumentState.IN_REVIEW and (is_mine or is_lost),
        "may_assign": visibility.administrations(request, Right.ASSIGN).filter(id=row.administration_id).exists()
        if Right.ASSIGN in rights(request)
        else False,
        "may_hold": row.state == DocumentState.IN_REVIEW and not (is_live and not is_mine),
        "held_by": row.held_by.get_username() if is_live and not is_mine and row.held_by else "",
        "held_since": row.held_until - timedelta(seconds=seconds) if row.held_until else None,
        "held_until": row.held_until.isoformat() if row.held_until else "",
        "hold_seconds": seconds,
        "is_parked": row.state == DocumentState.PARKED,
    }


def _kinds(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "kind_words": gettext(wording.KINDS[kind]),
        "kinds": [(each.value, gettext(wording.KINDS[each])) for each in Kind],
        "archive_kinds": [(each.value, gettext(wording.KINDS[each])) for each in _ARCHIVED_AS],
        "archive_kind": kind.value if kind in _ARCHIVED_AS else Kind.OTHER.value,
        "verbs": {
            "archive": gettext("Archive"),
            "reject": gettext("Reject"),
            "discard": gettext("Discard"),
            "note": gettext("Keep the note"),
            "split": gettext("Split"),
            "order": gettext("Keep this order"),
            "merge": gettext("Merge"),
        },
        "reject_reasons": [
            gettext("It is not for this administration."),
            gettext("It cannot be read; ask the sender for another copy."),
            gettext("It is not complete; ask the sender for all pages."),
            gettext("It was processed before."),
        ],
    }


def _clock(row: models.Document, now: datetime) -> dict[str, Any]:
    is_overdue = row.due_at is not None and row.due_at < now
    is_urgent = row.due_at is not None and row.due_at - now < _URGENT
    return {"is_overdue": is_overdue, "clock_tone": "bad" if is_overdue else "asking" if is_urgent else "quiet"}


def _supplier(match: SupplierMatch | None) -> dict[str, Any]:
    if match is None:
        return {"match": None, "outcome": "", "supplier_tone": "", "supplier_reasons": ""}
    return {
        "match": match,
        "outcome": gettext(wording.OUTCOMES[match.outcome]),
        "supplier_tone": "asking" if match.doubts or match.new_account else _TONES.get(match.outcome, "quiet"),
        "supplier_reasons": "\n".join(match.reasons),
    }


def _fields(row: models.Document, looked: Looked, read: Readings, left: Left | None, form: FilledForm) -> dict[str, Any]:
    """`read` is what the inputs held when the page was opened: what was left as it was is still as sure as it was."""
    threshold = from_json(row.administration.instructions, Instructions).deliver_threshold
    is_invoice, is_tried = looked.kind in INVOICE_KINDS, left is not None and left.is_tried
    lines = field_lines(looked.objections, read, threshold, left.entries if left else {}, is_invoice, is_tried)
    found = {each.name: each for each in checked(looked, form, read)}
    text, tone = way_of(looked)
    return {
        "lines": [(line, found[line.name]) for line in lines],
        "answers": told(tuple(each for each in looked.objections if each.can_be_answered), form.answered),
        "general": told(tuple(each for each in looked.objections if each.field is None and not each.can_be_answered), ()),
        "why": [replace(reason, text=shortened(reason.text)) for reason in lists.why(row)],
        "number": next((line.text for line in lines if line.name == FieldName.INVOICE_NUMBER), ""),
        "way": text,
        "tone": tone,
    }


def _sheets(stored: StoredDocument, row: models.Document) -> dict[str, Any]:
    refs = stored.document.pages
    rows = models.Part.objects.filter(mail_id=row.mail_id, index__in={ref.part for ref in refs}).exclude(pdf_sha256="")
    names = dict(rows.values_list("index", "name"))
    read = {ref: page for ref, page in pages_of(row.mail_id, refs).items() if ref.part in names}
    return {"sheets": sheets(refs, names, read, (), stored.document.turns)}


def _siblings(row: models.Document) -> tuple[Sibling, ...]:
    """The other documents of the mail that are in review, those behind it first."""
    of_mail = models.Document.objects.filter(mail_id=row.mail_id, state=DocumentState.IN_REVIEW).exclude(id=row.id)
    found = list(of_mail.only("id", "ordinal", "kind", "number", "supplier_name"))
    found.sort(key=lambda each: (each.ordinal < row.ordinal, each.ordinal))
    return tuple(Sibling(f"{each.id}", _named(each)) for each in found)


def _named(row: models.Document) -> str:
    words = (f"{row.ordinal + 1}.", gettext(wording.KINDS[Kind(row.kind)]), row.number, row.supplier_name)
    return " ".join(word for word in words if word)


def said_context(request: HttpRequest, said: Said) -> dict[str, Any]:
    """For a sentence alone."""
    return {"query": asking.query(request), **_said(said)}


def _said(said: Said) -> dict[str, Any]:
    return {
        "said": said.text,
        "can_undo": bool(said.undo),
        "undo_document": said.undo,
        "undo_seconds": settings.SCANSTRAAT.undo_seconds,
    }
