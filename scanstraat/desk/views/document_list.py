"""The list of documents, on a page and as a file for spreadsheets."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from scanstraat.codec import from_json
from scanstraat.desk import audit, visibility, wording
from scanstraat.desk.narrowing import Period, chosen_period, chosen_search, page_of
from scanstraat.desk.rights import may
from scanstraat.desk.search import narrow_documents
from scanstraat.desk.shown import entries, lists
from scanstraat.desk.views.mails import HEAVY
from scanstraat.model.document import Kind
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.people import Right
from scanstraat.records.models import Document

MOST_ROWS = 10_000  # of one file; who needs more takes a period at a time
_ROWS_AT_ONCE = 200
_NEWEST_FIRST = ("-mail__received_at", "mail_id", "ordinal")
# What begins so may be taken for a formula by a spreadsheet (OWASP, "CSV injection"). "=1+1", "-cmd"; "-12.50" is a number.
_FORMULA = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20]", re.VERBOSE)
_NUMBER = re.compile(r"-? \d+ (?: \. \d+ )?", re.VERBOSE)
HEAD = (
    _("Received (UTC)"),
    _("Administration"),
    _("Kind"),
    _("State"),
    _("Category"),
    _("Supplier"),
    _("Invoice number"),
    _("Invoice date"),
    _("Due date"),
    _("Total"),
    _("Currency"),
    _("Account"),
    _("Why"),
    _("Delivered as"),
    _("Acknowledged (UTC)"),
    _("Refused (UTC)"),
    _("Reason of the refusal"),
    _("Sender"),
    _("Subject"),
    _("Document"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to."""

    search: str
    administration: int | None
    period: Period
    kind: str
    state: str
    category: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the entry narrows it."""
        return bool(self.search or self.administration or self.period or self.kind or self.category)


@may(Right.SEE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The documents, newest mail first, by entry; narrowed by words, administration, kind, period and category."""
    asked = _asked(request)
    rows = _narrowed(request, asked)
    tabs = entries.tabs(dict(rows.order_by().values_list("state").annotate(Count("id"))))
    rows = _in_entry(rows, asked)
    page = page_of(request, _with_mails(rows))
    shown = {
        "here": "documents",
        "page": page,
        "lines": [lists.document_line(row, row.mail) for row in page],
        "asked": asked,
        "search": asked.search,
        "period": asked.period,
        "tabs": tabs,
        "everything": sum(tab.count for tab in tabs),
        "categories": _categories(request, asked) if asked.state == "archived" else (),
        "kinds": [(kind.value, gettext(text)) for kind, text in wording.KINDS.items()],
        "administrations": visibility.administrations(request),
        "administration": asked.administration,
        "most_rows": MOST_ROWS,
    }
    return render(request, "desk/documents.html", shown)


@may(Right.SEE)
@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as CSV (RFC 4180, UTF-8 with the mark that spreadsheets want), sent as it is read; at most `MOST_ROWS`."""
    asked = _asked(request)
    rows = _with_mails(_in_entry(_narrowed(request, asked), asked))[:MOST_ROWS]
    audit.read(request, "download-list", asked.administration, "documents")
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="documents.csv"'
    return response


def guarded(value: str) -> str:
    """A value that no spreadsheet takes for a formula, on one line.

    >>> guarded("=HYPERLINK(1)"), guarded("-12.50"), guarded("-x"), guarded("Bakker & Co")
    ("'=HYPERLINK(1)", '-12.50', "'-x", 'Bakker & Co')
    """
    plain = " ".join(value.split())
    return f"'{plain}" if _FORMULA.match(plain) and not _NUMBER.fullmatch(plain) else plain


class _Echo:
    """What `csv` writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: QuerySet[Document]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([gettext(text) for text in HEAD])
    for row in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        yield writer.writerow([guarded(value) for value in _values(row)])


def _values(row: Document) -> Iterator[str]:
    line = lists.document_line(row, row.mail)
    read = from_json(row.completed, Readings) if row.completed else Readings()
    delivery = getattr(row, "delivery", None)
    yield f"{line.received_at:%Y-%m-%d %H:%M:%S}"
    yield from (line.administration, line.kind, line.state.text, row.category, line.supplier, line.number, line.date)
    yield from (read.value(FieldName.DUE_DATE) or "", row.total, row.currency, row.account)
    yield "; ".join(reason.text for reason in line.why)
    yield line.drop
    for moment in (delivery.acknowledged_at, delivery.refused_at) if delivery else (None, None):
        yield f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""
    yield delivery.refusal if delivery else ""
    yield from (row.mail.header_sender or row.mail.envelope_sender, row.mail.subject, str(row.id))


def _asked(request: HttpRequest) -> Asked:
    """What the address asks for; 404 for an entry or a kind that there is not."""
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if (state and state not in entries.ENTRY) or (kind and kind not in set(Kind)):
        raise Http404
    category = request.GET.get("category", "")[:80] if state == "archived" else ""
    administration = visibility.chosen_administration(request)
    return Asked(chosen_search(request), administration, chosen_period(request), kind, state, category)


def _narrowed(request: HttpRequest, asked: Asked) -> QuerySet[Document]:
    """The documents of all entries that are asked for."""
    rows = asked.period.of(narrow_documents(visibility.documents(request), asked.search), "mail__received_at")
    if asked.administration is not None:
        rows = rows.filter(administration_id=asked.administration)
    return rows.filter(kind=asked.kind) if asked.kind else rows


def _in_entry(rows: QuerySet[Document], asked: Asked) -> QuerySet[Document]:
    if asked.state:
        rows = rows.filter(state__in=entries.ENTRY[asked.state].states)
    return rows.filter(category=asked.category) if asked.category else rows


def _with_mails(rows: QuerySet[Document]) -> QuerySet[Document]:
    return rows.select_related("mail__administration", "delivery").defer(*HEAVY, "mail__text").order_by(*_NEWEST_FIRST)


def _categories(request: HttpRequest, asked: Asked) -> tuple[tuple[str, int], ...]:
    """The folders of the archive with how many documents are in each."""
    rows = _narrowed(request, asked).filter(state__in=entries.ENTRY["archived"].states).exclude(category="")
    return tuple(rows.order_by("category").values_list("category").annotate(Count("id")))
