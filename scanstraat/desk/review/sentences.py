"""What the review page says of what was done with a document, and of one that is in other hands by now."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from scanstraat.desk import wording
from scanstraat.model.document import Kind
from scanstraat.model.review import Act
from scanstraat.model.verdict import Action
from scanstraat.records import models

_DONE: dict[str, str] = {
    Action.DELIVER: _("%(document)s goes to the workflow."),
    Action.ARCHIVE: _("%(document)s goes to the archive."),
    Action.DISCARD: _("%(document)s is discarded."),
    Action.REJECT: _("%(document)s is rejected; the administration is told."),
    Act.SPLIT: _("%(document)s is split; both are read anew."),
    Act.MERGE: _("%(document)s is merged and read anew."),
    Act.REORDER: _("%(document)s is read anew in its new order."),
    Act.TURN: _("The page is turned."),
    Act.KIND: _("The kind is kept."),
    Act.BRING_BACK: _("%(document)s is in review again."),
    Act.REPLAY: _("%(document)s is tried again."),
    "note": _("The note is kept."),
    "undo": _("Undone: %(document)s is as it was."),
    "hand-back": _("%(document)s is handed back."),
    "skip": _("%(document)s is skipped."),
    "nothing-to-undo": _("There is nothing to undo."),
}


def done(what: str, row: models.Document | None = None) -> str:
    """What was done, in a sentence; `what` is an act, or where an accepted document goes."""
    return gettext(_DONE[what]) % {"document": named(row) if row else ""}


def named(row: models.Document) -> str:
    """A document by its kind and number."""
    return f"{gettext(wording.KINDS[Kind(row.kind)])} {row.number}".strip()


def lost(row: models.Document, at: datetime) -> str:
    """Why a person cannot go on with a document he had in hand."""
    is_held = row.held_by is not None and row.held_until is not None and row.held_until > at
    if is_held and row.held_by:
        text = gettext("%(name)s has this document by now. What you typed is still here, but cannot be kept.")
        return text % {"name": row.held_by.get_username()}
    return gettext("This document is not in your hands any more. What you typed is still here.")
