"""Where a document is, in calm sentences for who waits for it: delivered and taken, archived where, looked at until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext

from scanstraat.model.state import DocumentState
from scanstraat.records.models import Delivery, Document


def whereabouts(row: Document) -> tuple[str, ...]:
    """The sentences for a document, the most telling first."""
    return tuple(_told(row))


def _told(row: Document) -> Iterator[str]:
    delivery: Delivery | None = getattr(row, "delivery", None)
    if row.state == DocumentState.DELIVERED and delivery and delivery.delivered_at:
        yield gettext("Delivered %(at)s to the drop folder.") % {"at": _moment(delivery.delivered_at)}
        yield from _of_the_drop(delivery)
    elif row.state == DocumentState.ARCHIVED:
        yield (
            gettext("In the archive, under %(category)s.") % {"category": gettext(row.category)}
            if row.category
            else gettext("In the archive.")
        )
    elif row.state == DocumentState.IN_REVIEW:
        yield gettext("A person of the service looks at it before it goes on.")
        if row.due_at:
            yield gettext("That is done by %(at)s.") % {"at": _moment(row.due_at)}
    elif row.state == DocumentState.REJECTED:
        yield gettext("A person rejected it; it was not delivered.")
    elif row.state == DocumentState.DISCARDED:
        yield gettext("It was discarded as advertising; it can be brought back while its mail is kept.")
    elif row.state == DocumentState.PARKED:
        yield gettext("Something went wrong on the line. The service knows, and nothing is lost.")
    else:
        yield gettext("It is on its way; look again in a moment.")


def _of_the_drop(delivery: Delivery) -> Iterator[str]:
    """What the workflow said of it (F8)."""
    if delivery.refused_at:
        said = {"at": _moment(delivery.refused_at), "why": delivery.refusal or gettext("no reason given")}
        yield gettext("The workflow refused it %(at)s: %(why)s") % said
    elif delivery.acknowledged_at:
        yield gettext("The workflow acknowledged it %(at)s.") % {"at": _moment(delivery.acknowledged_at)}
    else:
        yield gettext("The workflow has not acknowledged it yet.")
    if delivery.times > 1:
        yield gettext("It was asked for %(times)d times.") % {"times": delivery.times}


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
