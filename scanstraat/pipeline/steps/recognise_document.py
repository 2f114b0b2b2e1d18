"""Stage `recognise`: the words of a document become readings (C1-C7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.extractors.recognition import recognise
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.document import Kind, StoredDocument
from scanstraat.model.field import Readings
from scanstraat.model.page import Page
from scanstraat.model.state import DocumentState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.pages import pages_of
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.records import documents, offices

# Reminders are read too, since the mail may say they are to be treated as invoices (G3), and the archive looks for their numbers.
NOT_READ = frozenset({Kind.UNREADABLE, Kind.ADVERTISING, Kind.ANNEX})


@dataclass(frozen=True, slots=True)
class Words:
    """A document and its pages, with the customer's own identity (C6)."""

    stored: StoredDocument
    pages: tuple[Page, ...]
    own: OwnIdentity


def load(subject: UUID, tools: Tools) -> Words:
    """The document's pages, in its own order."""
    stored = documents.get(subject)
    own = offices.administration(stored.administration).own
    return Words(stored, pages_of(stored.mail, stored.document.pages), own)


def work(taken: Words, tools: Tools) -> Readings:
    """Recognise, in a bounded child, since the words are foreign."""
    if taken.stored.document.kind in NOT_READ or not taken.pages:
        return Readings()
    return tools.words.call(recognise, tools.limits, taken.pages, taken.own)


def keep(taken: Words, given: Readings, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record the readings; the decision comes next."""
    documents.keep_readings(taken.stored.id, given)
    return (NewTask("decide", taken.stored.id),)


STAGE = Stage("recognise", DocumentState.SORTED, DocumentState.RECOGNISED, load, work, nothing_to_file, keep)
