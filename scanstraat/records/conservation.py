"""All that is recorded of the mails of a period, a few at a time, each as it was at one moment (A9)."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from scanstraat.errors import Inconsistent
from scanstraat.model.conservation import Violation
from scanstraat.model.recorded import DocumentFacts, DroppedFacts, MailFacts
from scanstraat.model.state import MailState
from scanstraat.records import models
from scanstraat.records.ends import counted_part, told_document
from scanstraat.records.search import MailFilter, narrowed
from scanstraat.records.statements import rows
from scanstraat.records.transaction import snapshot

AT_ONCE = 50  # mails in memory
_COUNT = re.compile(r"(?P<count> \d+ ) [ ] (?: part | page ) s?", re.VERBOSE)
_COUNTED_EVENTS = ("received", "opened", "read", "sorted")
_UNUSED = ("readings", "completed", "match")
# What belongs to something that is not there: the table, its key to the other, the other table.
_ORPHANS = (
    ("records_mailevent", "mail_id", "records_mail"),
    ("records_part", "mail_id", "records_mail"),
    ("records_document", "mail_id", "records_mail"),
    ("records_delivery", "document_id", "records_document"),
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the log of a mail tells: how often it came, and how much was opened, read and sorted, the last time that was."""

    received: int = 0
    parts: int | None = None
    pages: int | None = None
    documents: int | None = None


def mails_of(wanted: MailFilter) -> Iterator[MailFacts | Violation]:
    """The wanted mails in the order of receipt, each with all that is recorded of it; a violation where that cannot be read."""
    last: tuple[datetime, UUID] | None = None
    rest = narrowed(wanted).order_by("received_at", "id")
    while some := tuple(_after(rest, last).values_list("received_at", "id")[:AT_ONCE]):
        with snapshot():
            facts = _facts(tuple(identifier for _, identifier in some))
        yield from facts
        last = some[-1]


def orphans() -> Iterator[Violation]:
    """Events, parts, documents and deliveries whose mail or document is not there."""
    for table, key, other in _ORPHANS:
        sql = f"SELECT t.id, t.{key} FROM {table} t LEFT JOIN {other} o ON o.id = t.{key} WHERE o.id IS NULL ORDER BY t.id"
        for row, missing in rows(sql):
            yield Violation(None, "orphans", f"{table} {row} belongs to {other} {missing}, which is not there")


def _after(mails: QuerySet[models.Mail], last: tuple[datetime, UUID] | None) -> QuerySet[models.Mail]:
    if last is None:
        return mails
    at, identifier = last
    return mails.filter(Q(received_at__gt=at) | Q(received_at=at, id__gt=identifier))


def _facts(identifiers: tuple[UUID, ...]) -> tuple[MailFacts | Violation, ...]:
    parts: defaultdict[UUID, list[models.Part]] = defaultdict(list)
    for part in models.Part.objects.filter(mail__in=identifiers).order_by("index"):
        parts[part.mail_id].append(part)
    documents: defaultdict[UUID, list[models.Document]] = defaultdict(list)
    papers = models.Document.objects.filter(mail__in=identifiers).select_related("delivery").defer(*_UNUSED)
    for document in papers.order_by("ordinal", "id"):
        documents[document.mail_id].append(document)
    subjects = (*identifiers, *(document.id for papers in documents.values() for document in papers))
    open_tasks = models.Task.objects.filter(subject__in=subjects, state__in=(models.Task.WAITING, models.Task.CLAIMED))
    waited_for, said = frozenset(open_tasks.values_list("subject", flat=True)), _said(identifiers)
    found = models.Mail.objects.filter(id__in=identifiers).defer("text").order_by("received_at", "id")
    return tuple(_mail(row, said[row.id], parts[row.id], documents[row.id], waited_for) for row in found)


def _said(identifiers: tuple[UUID, ...]) -> defaultdict[UUID, _Said]:
    said: defaultdict[UUID, _Said] = defaultdict(_Said)
    events = models.MailEvent.objects.filter(mail__in=identifiers, event__in=_COUNTED_EVENTS).order_by("id")
    for mail, event, text in events.values_list("mail_id", "event", "text"):
        before = said[mail]
        if event == "received":
            said[mail] = _Said(before.received + 1, before.parts, before.pages, before.documents)
        elif event == "opened":
            said[mail] = _Said(before.received, _count(text))
        elif event == "read":
            said[mail] = _Said(before.received, before.parts, _count(text))
        else:
            said[mail] = _Said(before.received, before.parts, before.pages, len(text.split(", ")) if text else 0)
    return said


def _count(text: str) -> int | None:
    """The number an event of the log tells.

    >>> _count("3 parts"), _count("1 page, 2 files could not be read"), _count("nothing")
    (3, 1, None)
    """
    found = _COUNT.match(text)
    return int(found["count"]) if found else None


def _mail(
    row: models.Mail, said: _Said, parts: list[models.Part], documents: list[models.Document], waited_for: frozenset[UUID]
) -> MailFacts | Violation:
    try:
        counted = tuple(counted_part(part) for part in parts)
        papers = tuple(_document(document, document.id in waited_for) for document in documents)
    except (Inconsistent, ValueError, zlib.error) as error:
        return Violation(row.id, "rows", f"what is recorded of it cannot be read: {error}")
    return MailFacts(
        id=row.id,
        administration=row.administration_id,
        received_at=row.received_at,
        state=MailState(row.state),
        error=row.error,
        sha256=row.sha256,
        times_received=said.received,
        said_parts=said.parts,
        said_pages=said.pages,
        said_documents=said.documents,
        parts=counted,
        documents=papers,
        has_task=row.id in waited_for,
    )


def _document(row: models.Document, has_task: bool) -> DocumentFacts:
    delivery = getattr(row, "delivery", None)
    drop = None
    if delivery:
        names = (delivery.folder, delivery.stem, delivery.staged_pdf, delivery.staged_xml)
        drop = DroppedFacts(*names, delivery.delivered_at, delivery.refused_at)
    return DocumentFacts(
        id=row.id,
        told=told_document(row),
        pdf_sha256=row.pdf_sha256,
        xml_sha256=row.xml_sha256,
        carries_overview=row.carries_overview,
        category=row.category,
        drop=drop,
        has_task=has_task,
    )
