"""The entries of the list of documents: where documents ended, as customers look for them; one row an entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from scanstraat.model.state import DocumentState


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: the name in addresses, its text, and the states of the documents in it."""

    name: str
    text: str
    states: frozenset[DocumentState]


ENTRIES = (
    Entry("delivered", _("Invoices delivered"), frozenset({DocumentState.DELIVERED})),
    Entry("archived", _("Archive"), frozenset({DocumentState.ARCHIVED})),
    Entry("in-review", _("In review"), frozenset({DocumentState.IN_REVIEW})),
    Entry("turned-down", _("Rejected or discarded"), frozenset({DocumentState.REJECTED, DocumentState.DISCARDED})),
    Entry(
        "under-way",
        _("On the way"),
        frozenset({DocumentState.SORTED, DocumentState.RECOGNISED, DocumentState.DECIDED, DocumentState.STAGED}),
    ),
    Entry("parked", _("Laid aside"), frozenset({DocumentState.PARKED})),
)
ENTRY = {entry.name: entry for entry in ENTRIES}


@dataclass(frozen=True, slots=True)
class Tab:
    """An entry with how many documents are in it."""

    name: str
    text: str
    count: int


def tabs(counts: Mapping[str, int]) -> tuple[Tab, ...]:
    """The entries that have documents, from how many are in each state.

    >>> tabs({"archived": 2, "rejected": 1, "discarded": 3})
    (Tab(name='archived', text='Archive', count=2), Tab(name='turned-down', text='Rejected or discarded', count=4))
    """
    found = (Tab(row.name, gettext(row.text), sum(counts.get(state, 0) for state in row.states)) for row in ENTRIES)
    return tuple(tab for tab in found if tab.count)
