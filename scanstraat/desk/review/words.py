"""The words of a document with their boxes, for the viewer: a person points at print instead of typing it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from scanstraat.codec import to_json
from scanstraat.desk import audit, visibility
from scanstraat.desk.rights import may
from scanstraat.model.page import Page, PageRef
from scanstraat.model.people import Right
from scanstraat.records import documents, mails

# text, left, top, right, bottom in points as displayed, and the number of its line
Placed = tuple[str, float, float, float, float, int]


@dataclass(frozen=True, slots=True)
class WordsOnPage:
    """A page of the document (`n` from 1), its size in points, and its words in reading order."""

    n: int
    width: float
    height: float
    words: tuple[Placed, ...]


@may(Right.REVIEW)
@require_safe
def words(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """The words of all pages of a document, as JSON: a tuple of `WordsOnPage`."""
    row = visibility.document(request, identifier, Right.REVIEW)
    audit.read(request, "see-pages", row.administration_id, f"document {row.id}")
    refs = documents.value(row).document.pages
    read = pages_of(row.mail_id, refs)
    answer = tuple(_on_page(number, read[ref]) for number, ref in enumerate(refs, start=1) if ref in read)
    return HttpResponse(to_json(answer), content_type="application/json")


def pages_of(mail: UUID, refs: tuple[PageRef, ...]) -> dict[PageRef, Page]:
    """The pages read of those parts of the mail that the document has pages of."""
    wanted = frozenset(ref.part for ref in refs)
    return {PageRef(part.part, page.number): page for part in mails.pages(mail, wanted) for page in part.pages}


def _on_page(number: int, page: Page) -> WordsOnPage:
    placed = tuple(
        (word.text, round(word.box.x0, 1), round(word.box.y0, 1), round(word.box.x1, 1), round(word.box.y1, 1), word.line)
        for word in page.words
    )
    return WordsOnPage(number, round(page.width, 2), round(page.height, 2), placed)
