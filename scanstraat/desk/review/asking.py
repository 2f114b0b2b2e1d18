"""What a request at the review desk says of itself: who asks, when, and which part of the queue he works on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, QueryDict

from scanstraat.model.review import Actor
from scanstraat.records.queues import QueueFilter

# What narrows the queue, and travels with every address of the desk.
_NARROWING = ("reason", "administration", "holder", "overdue", "kind", "search")
_LONGEST = 18  # digits of an id


def actor(request: HttpRequest) -> Actor:
    """The person signed in."""
    return Actor(request.user.pk or 0, request.user.get_username())


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def hold_until(at: datetime) -> datetime:
    """How long a document that is opened or renewed then stays with the person."""
    return at + timedelta(seconds=settings.SCANSTRAAT.hold_seconds)


def undo_until(at: datetime) -> datetime:
    """Until when an act of that moment can be undone."""
    return at + timedelta(seconds=settings.SCANSTRAAT.undo_seconds)


def queue_filter(request: HttpRequest) -> QueueFilter:
    """The part of the queue that the address names; what cannot be understood narrows nothing."""
    asked = request.GET
    administration = asked.get("administration", "")
    is_number = administration.isascii() and administration.isdecimal() and len(administration) <= _LONGEST
    return QueueFilter(
        user=request.user.pk or 0,
        reason=asked.get("reason", ""),
        administration=int(administration) if is_number else None,
        holder=asked.get("holder", ""),
        overdue=bool(asked.get("overdue")),
        kind=asked.get("kind", ""),
        search=asked.get("search", ""),
    )


def query(request: HttpRequest) -> str:
    """What narrows the queue, as the end of an address: "?reason=cut", or ""."""
    kept = QueryDict(mutable=True)
    for name in _NARROWING:
        if request.GET.get(name):
            kept[name] = request.GET[name]
    return f"?{kept.urlencode()}" if kept else ""


def is_htmx(request: HttpRequest) -> bool:
    """Whether our own script asks for a piece of the page; otherwise a browser wants a whole one."""
    return request.headers.get("HX-Request") == "true"
