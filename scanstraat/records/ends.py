"""Where the parts and documents of a mail ended, read from the database (A9)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from scanstraat.codec import from_json
from scanstraat.errors import Refused
from scanstraat.model.document import Document
from scanstraat.model.ends import CountedPart, DocumentEnd, PartEnd, ToldDocument, document_end, ends_of
from scanstraat.model.mail import Problem
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.story import DocumentStory, EventStory, LetterStory, MailStory, PartStory, RefusalLine
from scanstraat.records import lists, mails, models
from scanstraat.records.blobs import Blobs

MOST_REFUSALS = 20
_NO_LETTER_COLUMNS = ("text",)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """Of a page as stored, its number alone."""

    number: int


_Numbers = tuple[_Numbered, ...]


def counted_part(row: models.Part) -> CountedPart:
    """A part with the numbers of its pages; their words are passed over."""
    pages = from_json(zlib.decompress(bytes(row.pages)), _Numbers) if row.pages else ()
    return CountedPart(mails.part_value(row), tuple(page.number for page in pages))


def told_document(row: models.Document) -> ToldDocument:
    """A document as far as its end goes."""
    return ToldDocument(from_json(row.value, Document), DocumentState(row.state), lists.why(row), lists.drop(row))


def part_ends(mail: models.Mail) -> tuple[PartEnd, ...]:
    """The ends of the parts of a mail whose rows are at hand."""
    told = tuple(told_document(row) for row in mail.documents.all())
    return ends_of(MailState(mail.state), mail.error, tuple(counted_part(row) for row in mail.parts.all()), told)


def mail_story(mail: UUID, blobs: Blobs) -> MailStory:
    """All that is known of a mail; raises `Refused` (`unknown-id`) where there is none."""
    row = models.Mail.objects.select_related("administration").filter(id=mail).first()
    if row is None:
        raise Refused("unknown-id", f"there is no mail {mail}.", "`scanstraat mails` shows the ids.")
    parts = tuple(row.parts.all())
    documents = tuple(row.documents.select_related("delivery").order_by("ordinal"))
    told = tuple(told_document(document) for document in documents)
    counted = tuple(counted_part(part) for part in parts)
    state, value = MailState(row.state), mails.value(row)
    ends = ends_of(state, row.error, counted, told)
    events = tuple(EventStory(event.at, event.event, event.text) for event in row.events.all())
    return MailStory(
        id=row.id,
        administration=row.administration.name,
        state=state,
        error=row.error,
        envelope=value.envelope,
        header=value.header,
        size=row.size,
        sha256=row.sha256,
        times_received=sum(event.event == "received" for event in events),
        origins=tuple(dict.fromkeys(part.part.origin for part in counted if part.part.origin)),
        parts=tuple(_part_story(row, *each, blobs) for each in zip(parts, counted, ends, _depths(counted), strict=True)),
        documents=tuple(_document_story(d, t, document_end(state, row.error, t)) for d, t in zip(documents, told, strict=True)),
        events=events,
        letters=tuple(_letter(letter) for letter in row.letters.defer(*_NO_LETTER_COLUMNS).order_by("created_at")),
        refusals=refusals_of(row),
    )


def refusals_of(mail: models.Mail) -> tuple[RefusalLine, ...]:
    """What else the sender of a mail sent to its administration and was not taken, the newest first."""
    rows = models.Refusal.objects.filter(administration_id=mail.administration_id, sender__iexact=mail.envelope_sender)
    found = rows.select_related("administration").order_by("-at")[:MOST_REFUSALS] if mail.envelope_sender else ()
    return tuple(lists.refusal_line(row) for row in found)


def _depths(parts: Iterable[CountedPart]) -> tuple[int, ...]:
    """How many containers each part is in; what holds itself counts for what is known."""
    containers = {counted.part.index: counted.part.container for counted in parts}
    depths = []
    for index in containers:
        seen = {index}
        while (outer := containers.get(index)) is not None and outer not in seen:
            seen.add(outer)
            index = outer
        depths.append(len(seen) - 1)
    return tuple(depths)


def _part_story(mail: models.Mail, row: models.Part, counted: CountedPart, end: PartEnd, depth: int, blobs: Blobs) -> PartStory:
    path = blobs.path(mail.administration_id, row.sha256)
    part = counted.part
    return PartStory(
        index=part.index,
        depth=depth,
        container=part.container,
        name=part.name,
        media_type=part.media_type,
        declared=row.declared,
        role=part.role,
        sha256=part.sha256,
        octets=path.stat().st_size if path.exists() else 0,
        pages=len(counted.pages),
        problem=Problem(row.problem_code, row.problem) if row.problem_code else None,
        origin=part.origin,
        end=end.end,
        reason=end.reason,
        documents=end.documents,
    )


def _document_story(row: models.Document, told: ToldDocument, end: DocumentEnd) -> DocumentStory:
    return DocumentStory(
        id=row.id,
        ordinal=row.ordinal,
        kind=row.kind,
        state=told.state,
        end=end.end,
        reason=end.reason,
        drop=told.drop,
        category=row.category,
        supplier=row.supplier_name,
        number=row.number,
        total=row.total,
        currency=row.currency,
        pages=len(told.document.pages),
    )


def _letter(row: models.Letter) -> LetterStory:
    return LetterStory(row.created_at, row.purpose, row.recipient, row.subject, row.state, row.reason, row.ended_at)
