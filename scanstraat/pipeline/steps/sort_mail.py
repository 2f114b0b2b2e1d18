"""Stage `sort`: pages become documents, each classified by itself (B3, B4, B5, B7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.model.document import Document, PageClass
from scanstraat.model.mail import StoredMail, StoredPart
from scanstraat.model.page import Page
from scanstraat.model.state import MailState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.clock import due_at
from scanstraat.pipeline.splitting import SplitPart, split
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.pipeline.words import classify_all
from scanstraat.records import documents, mails, offices

Pages = tuple[Page, ...]
Classes = tuple[PageClass, ...]


@dataclass(frozen=True, slots=True)
class Unsorted:
    """A mail's parts, each with its pages (none where it has none), and the country whose working days count for it."""

    mail: StoredMail
    country: str
    parts: tuple[tuple[StoredPart, Pages], ...]


def load(subject: UUID, tools: Tools) -> Unsorted:
    """The parts and their words."""
    read = {part.part: part.pages for part in mails.pages(subject)}
    mail, parts = mails.get(subject), mails.parts(subject)
    country = offices.administration(mail.administration).country
    return Unsorted(mail, country, tuple((part, read.get(part.index, ())) for part in parts))


def work(taken: Unsorted, tools: Tools) -> tuple[Document, ...]:
    """Classify every page, then cut."""
    all_pages = tuple(page for _, pages in taken.parts for page in pages)
    classes = iter(tools.words.call(classify_all, tools.limits, all_pages) if all_pages else ())
    return split(tuple(_split_part(part, pages, tuple(next(classes) for _ in pages)) for part, pages in taken.parts))


def keep(taken: Unsorted, given: tuple[Document, ...], claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record the documents; each is recognised by itself, and its clock is set (G4)."""
    mail = taken.mail
    ids = documents.add(mail.id, mail.administration, given, due_at(mail.envelope.received_at, taken.country))
    mails.log(mail.id, now, "sorted", ", ".join(document.kind for document in given))
    return tuple(NewTask("recognise", document) for document in ids)


def _split_part(part: StoredPart, pages: Pages, classes: Classes) -> SplitPart:
    problem = part.problem.text if part.problem else ""
    return SplitPart(index=part.index, name=part.name, role=part.role, problem=problem, pages=pages, classes=classes)


STAGE = Stage("sort", MailState.READ, MailState.SORTED, load, work, nothing_to_file, keep)
