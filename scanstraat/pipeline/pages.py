"""The pages of a document, gathered from the parts of its mail."""

from __future__ import annotations

from uuid import UUID

from scanstraat.delivery.attaching import Annex
from scanstraat.delivery.pdf import SourcePages
from scanstraat.model.mail import StoredMail, StoredPart
from scanstraat.model.page import Page, PageRef
from scanstraat.pipeline.stage import Tools
from scanstraat.records import mails


def pages_of(mail: UUID, refs: tuple[PageRef, ...]) -> tuple[Page, ...]:
    """The pages `refs` names, in that order."""
    read = {part.part: part.pages for part in mails.pages(mail, frozenset(ref.part for ref in refs))}
    return tuple(read[ref.part][ref.page - 1] for ref in refs)


def sources_of(
    mail: StoredMail,
    parts: tuple[StoredPart, ...],
    refs: tuple[PageRef, ...],
    tools: Tools,
    turns: tuple[int, ...] = (),
) -> tuple[SourcePages, ...]:
    """The pages `refs` names with the PDFs they come from, neighbours of one file together; `turns` has one for each, or none."""
    pdfs = {part.index: part.pdf_sha256 for part in parts}
    sources: list[SourcePages] = []
    taken = 0
    for run in _runs(refs):
        pdf = tools.blobs.get(mail.administration, pdfs[run[0].part])
        sources.append(SourcePages(pdf, pages_of(mail.id, run), turns[taken : taken + len(run)]))
        taken += len(run)
    return tuple(sources)


def annexes_of(mail: StoredMail, parts: tuple[StoredPart, ...], indices: tuple[int, ...], tools: Tools) -> tuple[Annex, ...]:
    """The files without pages that stay with a document."""
    files = (part for part in parts if part.index in indices)
    return tuple(Annex(file.name, file.media_type, tools.blobs.get(mail.administration, file.sha256)) for file in files)


def _runs(refs: tuple[PageRef, ...]) -> list[tuple[PageRef, ...]]:
    runs: list[tuple[PageRef, ...]] = []
    for ref in refs:
        if runs and runs[-1][0].part == ref.part:
            runs[-1] = (*runs[-1], ref)
        else:
            runs.append((ref,))
    return runs
