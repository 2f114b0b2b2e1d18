"""States of mails and documents, and the only moves there are. `docs/architecture.md` shows this table."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from scanstraat.errors import Inconsistent


class MailState(StrEnum):
    """Where a mail is on the line."""

    RECEIVED = "received"
    OPENED = "opened"
    READ = "read"
    SORTED = "sorted"
    DISPATCHED = "dispatched"
    PARKED = "parked"


class DocumentState(StrEnum):
    """Where a document is on the line."""

    SORTED = "sorted"
    RECOGNISED = "recognised"
    DECIDED = "decided"
    STAGED = "staged"
    DELIVERED = "delivered"
    IN_REVIEW = "in-review"
    ARCHIVED = "archived"
    DISCARDED = "discarded"
    REJECTED = "rejected"
    PARKED = "parked"


State = MailState | DocumentState
S = TypeVar("S", MailState, DocumentState)

# Two tables, since members of the two enums that share a name are equal as text.
MAIL_MOVES: dict[MailState, tuple[MailState, ...]] = {
    MailState.RECEIVED: (MailState.OPENED, MailState.PARKED),
    MailState.OPENED: (MailState.READ, MailState.PARKED),
    MailState.READ: (MailState.SORTED, MailState.PARKED),
    MailState.SORTED: (MailState.DISPATCHED, MailState.PARKED),
    MailState.DISPATCHED: (),
    MailState.PARKED: (MailState.RECEIVED, MailState.OPENED, MailState.READ, MailState.SORTED),
}

DOCUMENT_MOVES: dict[DocumentState, tuple[DocumentState, ...]] = {
    DocumentState.SORTED: (DocumentState.RECOGNISED, DocumentState.PARKED),
    DocumentState.RECOGNISED: (DocumentState.DECIDED, DocumentState.PARKED),
    DocumentState.DECIDED: (
        DocumentState.STAGED,
        DocumentState.IN_REVIEW,
        DocumentState.ARCHIVED,
        DocumentState.DISCARDED,
        DocumentState.REJECTED,
        DocumentState.PARKED,
    ),
    DocumentState.STAGED: (DocumentState.DELIVERED, DocumentState.PARKED),
    DocumentState.DELIVERED: (DocumentState.IN_REVIEW,),
    DocumentState.IN_REVIEW: (DocumentState.SORTED, DocumentState.DECIDED),
    DocumentState.ARCHIVED: (DocumentState.IN_REVIEW,),
    DocumentState.DISCARDED: (DocumentState.IN_REVIEW, DocumentState.DECIDED),
    DocumentState.REJECTED: (DocumentState.IN_REVIEW,),
    DocumentState.PARKED: (
        DocumentState.SORTED,
        DocumentState.RECOGNISED,
        DocumentState.DECIDED,
        DocumentState.STAGED,
    ),
}

# Where a person or nobody has to act: the line itself does nothing more with these.
RESTING_MAILS = frozenset({MailState.DISPATCHED, MailState.PARKED})
RESTING_DOCUMENTS = frozenset(
    {
        DocumentState.DELIVERED,
        DocumentState.IN_REVIEW,
        DocumentState.ARCHIVED,
        DocumentState.DISCARDED,
        DocumentState.REJECTED,
        DocumentState.PARKED,
    }
)


def moves(now: State) -> tuple[State, ...]:
    """The states that may follow `now`."""
    return MAIL_MOVES[now] if isinstance(now, MailState) else DOCUMENT_MOVES[now]


def is_resting(state: State) -> bool:
    """Whether the line does nothing more with a subject in this state."""
    return state in RESTING_MAILS if isinstance(state, MailState) else state in RESTING_DOCUMENTS


def advance(now: S, to: S) -> S:
    """`to`, if that move exists; raises `Inconsistent` otherwise.

    >>> advance(MailState.RECEIVED, MailState.OPENED)
    <MailState.OPENED: 'opened'>
    """
    if type(to) is not type(now) or to not in moves(now):
        raise Inconsistent("transition", f"there is no way from {now!r} to {to!r}.", "Replay from the stage it came from.")
    return to
