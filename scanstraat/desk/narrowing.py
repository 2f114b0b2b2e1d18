"""What a list is narrowed by in its address: words, a period of days, and how much of it is counted and turned over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from scanstraat.records.models import Refusal
from scanstraat.records.search import words

PAGE_LENGTH = 50
MOST_COUNTED = 2_000  # further back, one narrows the period: counting all there is would take longer than looking
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Period:
    """Days of UTC, both included; `asked_since` and `asked_until` as they were asked, `wrong` for what is no day."""

    since: date | None = None
    until: date | None = None
    asked_since: str = ""
    asked_until: str = ""
    wrong: tuple[str, ...] = ()

    @property
    def start(self) -> datetime | None:
        """The first moment of it."""
        return datetime.combine(self.since, time(), UTC) if self.since else None

    @property
    def end(self) -> datetime | None:
        """The first moment after it."""
        return datetime.combine(self.until + timedelta(days=1), time(), UTC) if self.until else None

    def of(self, rows: QuerySet[Any], column: str) -> QuerySet[Any]:
        """The rows whose `column` lies in it."""
        if self.start:
            rows = rows.filter(**{f"{column}__gte": self.start})
        return rows.filter(**{f"{column}__lt": self.end}) if self.end else rows

    def __bool__(self) -> bool:
        return bool(self.since or self.until)


def chosen_period(request: HttpRequest) -> Period:
    """The period asked for by `?since=` and `?until=`, ISO 8601 days; what is none narrows nothing and is named."""
    since, until = (request.GET.get(name, "").strip()[:40] for name in ("since", "until"))
    days = {name: _day(text) for name, text in (("since", since), ("until", until)) if text}
    wrong = tuple(name for name, day in days.items() if day is None)
    return Period(days.get("since"), days.get("until"), since, until, wrong)


def chosen_search(request: HttpRequest) -> str:
    """The words asked for by `?search=`."""
    return request.GET.get("search", "").strip()[:LONGEST_SEARCH]


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # Django's own takes no parameter when it runs
    """Pages of the first so many rows; it counts no further, since whoever looks for one mail in thousands narrows the list."""

    @cached_property
    def found(self) -> int:
        """How many there are, or one more than are counted."""
        rows: Any = self.object_list
        return int(rows.order_by()[: MOST_COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        """How many can be turned over."""
        return min(self.found, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are more than can be turned over."""
        return self.found > MOST_COUNTED


def page_of(request: HttpRequest, rows: QuerySet[Any], length: int = PAGE_LENGTH) -> Page[Any]:
    """The page of a list that `?page=` asks for."""
    return BoundedPaginator(rows, length).get_page(request.GET.get("page"))


def narrow_refusals(rows: QuerySet[Refusal], text: str) -> QuerySet[Refusal]:
    """What was turned away where every word of `text` is in sender, recipient, peer or the answer."""
    for word in words(text):
        found = Q(sender__icontains=word) | Q(recipient__icontains=word)
        rows = rows.filter(found | Q(peer__icontains=word) | Q(reply__icontains=word))
    return rows


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9_000 else None
