"""Stage `recognise`: the words of a document become readings (C1-C7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.delivery.pdf import SourcePages
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.document import Kind, StoredDocument
from scanstraat.model.field import Readings
from scanstraat.model.page import Page, PageSource
from scanstraat.model.state import DocumentState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.pages import pages_of, sources_of
from scanstraat.pipeline.second_look import recognised
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.records import documents, mails, offices

# Reminders are read too, since the mail may say they are to be treated as invoices (G3), and the archive looks for their numbers.
NOT_READ = frozenset({Kind.UNREADABLE, Kind.ADVERTISING, Kind.ANNEX})


@dataclass(frozen=True, slots=True)
class Words:
    """A document and its pages, with the customer's own identity (C6); the pages with their PDFs too where any is a scan."""

    stored: StoredDocument
    pages: tuple[Page, ...]
    own: OwnIdentity
    scans: tuple[SourcePages, ...] = ()


def load(subject: UUID, tools: Tools) -> Words:
    """The document's pages, in its own order."""
    stored = documents.get(subject)
    own, refs = offices.administration(stored.administration).own, stored.document.pages
    pages = pages_of(stored.mail, refs)
    if stored.document.kind in NOT_READ or not any(page.source is PageSource.OCR for page in pages):
        return Words(stored, pages, own)
    return Words(stored, pages, own, sources_of(mails.get(stored.mail), mails.parts(stored.mail), refs, tools))


def work(taken: Words, tools: Tools) -> Readings:
    """Recognise, in bounded children, since words and scans are foreign; what is unsure on a scan is looked at twice."""
    if taken.stored.document.kind in NOT_READ or not taken.pages:
        return Readings()
    return recognised(taken.pages, taken.own, lambda: taken.scans, tools.eyes)


def keep(taken: Words, given: Readings, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record the readings; the decision comes next."""
    documents.keep_readings(taken.stored.id, given)
    return (NewTask("decide", taken.stored.id),)


STAGE = Stage("recognise", DocumentState.SORTED, DocumentState.RECOGNISED, load, work, nothing_to_file, keep)
