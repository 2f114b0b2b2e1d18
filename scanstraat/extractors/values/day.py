"""Days as printed: numeric or with a month's name; the order of day and month is decided once for a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scanstraat.extractors.folding import plain

_NUMERIC = re.compile(
    r"""
    (?<![\d.,/-])
    (?: (?P<y1>(?:19|20)\d\d)\ ?(?P<s1>[-/.])\ ?(?P<m1>\d{1,2})\ ?(?P=s1)\ ?(?P<d1>\d{1,2})\.?   # 2024-10-17, 2021.09.30.
      | (?P<a>\d{1,2})\ ?(?P<s2>[-/.])\ ?(?P<b>\d{1,2})\ ?(?P=s2)\ ?(?P<y2>(?:19|20)\d\d|\d\d)   # 17-10-2024, 10/17/24
      | (?P<a3>\d{1,2})\ (?P<b3>\d{1,2})\ (?P<y3>20\d\d)                                         # 31 12 2024
      | (?P<a4>\d{1,2})/(?P<b4>\d{1,2})[-\ ](?P<y4>20\d\d|\d\d)                                # 31/12-2024
      | (?P<d5>\d{1,2})\.\ ?(?P<m5>XII|XI|IX|X|VIII|VII|VI|IV|V|III|II|I)\.?\ ?(?P<y5>(?:19|20)\d\d)  # 31.XII.2024
    )
    (?:(?=\d\d:\d\d)|(?![\d/-]|[.,:]\d))  # a till's time of day may stand right behind
    """,
    re.VERBOSE,
)
_DIGIT = re.compile(r"\d")
_PARTS = (("a", "a3", "a4"), ("b", "b3", "b4"), ("y2", "y3", "y4"))
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
# 20260503, and 260503 as Sweden writes it.
_COMPACT = re.compile(r"(?<![\w.,-])(?P<y>20\d\d|[123]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\w.,-])", re.VERBOSE)

EARLIEST, LATEST = 1990, 2079
# Two digits that lead a day are a year only from here to there.
YEARS_FROM, YEARS_TO = 15, 30


@dataclass(frozen=True, slots=True)
class DayText:
    """A day as printed. `day` is settled, or None where `first` and `second` may be either of day and month.

    `compact`: eight or six digits without marks, a day only where a label says so.
    """

    start: int
    end: int
    day: date | None
    first: int = 0
    second: int = 0
    year: int = 0
    slashed: bool = False
    compact: bool = False
    dashed: bool = False


def make_day(year: int, month: int, day: int) -> date | None:
    """A calendar day within the years invoices have, or None.

    >>> make_day(2024, 2, 30), make_day(24, 2, 29)
    (None, datetime.date(2024, 2, 29))
    """
    year = year + 2000 if year < 100 else year
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=4)
def _named(names: tuple[tuple[str, int], ...]) -> tuple[re.Pattern[str], dict[str, int]]:
    """The pattern of days with one of these names of months, and the number of each month."""
    months = "|".join(sorted((re.escape(name) for name, _ in names), key=len, reverse=True))
    end = r"(?![^\W\d_])"
    pattern = re.compile(
        rf"""
        (?<![\d.,/-])(?:
            (?P<d1>\d{{1,2}})\ ?(?:(?:st|nd|rd|th|er|ste|de|e|a|o){end}|\.|º)?(?:\ (?:of|de|den|d'))?
              [\ \-/.']?\ ?(?=[^\W\d_])(?P<m1>{months}){end}[.,]?
              (?:\ (?:de|del|of)|,)?[\ \-/.]?\ ?'?(?P<y1>(?:19|20)\d\d|\d\d)(?!\d|[.,]\d)
          | \b(?=[^\W\d_]+\.?[\ \-/]?\d)
              (?P<m2>{months}){end}\.?[\ \-/]?(?P<d2>\d{{1,2}})\ ?(?:st|nd|rd|th)?\ ?[,\-/]?\ ?(?P<y2>(?:19|20)\d\d)(?!\d)
          | (?P<y3>20\d\d)\.?(?:\ (?:m|g)\.)?[\ \-/]?(?P<m3>{months}){end}\.?[\ \-/]?(?P<d3>\d{{1,2}})(?!\d)
        )
        """,
        re.VERBOSE,
    )
    return pattern, dict(names)


def days_in(text: str, months: tuple[tuple[str, int], ...] = ()) -> Iterator[DayText]:
    """The days printed in a text; `months` pairs folded names of months with their numbers.

    >>> [str(d.day) for d in days_in("vom 11. März 2014 bis 2014-04-01", (("marz", 3),))]
    ['2014-03-11', '2014-04-01']
    >>> [str(d.day) for d in days_in("26 août 2026", (("aout", 8), ("out", 10)))]
    ['2026-08-26']
    >>> list(days_in("IP 10.20.30.40, tel 12-34-5678-9"))
    []
    >>> [str(d.day) for d in days_in("3 May '26, May 3rd, 2026, 03MAY26, 31.XII.2026", (("may", 5),))]
    ['2026-05-03', '2026-05-03', '2026-05-03', '2026-12-31']
    """
    if _DIGIT.search(text) is None:
        return
    found: list[DayText] = []
    for match in _NUMERIC.finditer(text):
        found.extend(_numeric(match))
    for match in _COMPACT.finditer(text):
        day = make_day(int(match["y"]), int(match["m"]), int(match["d"]))
        found.extend([DayText(*match.span(), day, compact=True)] if day else [])
    if months:
        pattern, numbers = _named(months)
        for match in pattern.finditer(plain(text)):
            y, m, d = next((match[f"y{i}"], match[f"m{i}"], match[f"d{i}"]) for i in (1, 2, 3) if match[f"m{i}"])
            day = make_day(int(y), numbers[m], int(d))
            found.extend([DayText(*match.span(), day)] if day else [])
    yield from sorted(found, key=lambda d: d.start)


def _numeric(match: re.Match[str]) -> list[DayText]:
    start, end = match.span()
    if match["y1"]:
        day = make_day(int(match["y1"]), int(match["m1"]), int(match["d1"]))
        return [DayText(start, end, day)] if day else []
    if match["m5"]:
        day = make_day(int(match["y5"]), _ROMAN.index(match["m5"]) + 1, int(match["d5"]))
        return [DayText(start, end, day)] if day else []
    first, second, year = (int(next(filter(None, match.group(*names)))) for names in _PARTS)
    day_first, month_first = make_day(year, second, first), make_day(year, first, second)
    if day_first and month_first and first != second:
        return [DayText(start, end, None, first, second, year, match["s2"] == "/", dashed=match["s2"] == "-")]
    settled = day_first or month_first
    return [DayText(start, end, settled, first, second, year, match["s2"] == "/", dashed=match["s2"] == "-")] if settled else []


def month_first(days: Iterable[DayText], american: bool) -> bool:
    """Whether a document writes month before day: proved by a day above 12, else only with slashes on an American paper.

    >>> month_first(days_in("03/20/2023 04/04/2023"), american=False), month_first(days_in("03/04/2023"), american=False)
    (True, False)
    """
    printed = tuple(days)
    proofs = [d.second > 12 for d in printed if d.day and d.first and d.first != d.second and max(d.first, d.second) > 12]
    if proofs:
        return sum(proofs) * 2 > len(proofs)
    return american and any(d.slashed for d in printed)


def year_first(days: Iterable[DayText], language: str) -> bool:
    """Whether a document writes "25-09-16" for 16 September 2025, as Sweden does; no day of it may speak against that.

    The year of several days varies least.

    >>> [year_first(days_in(text), "sv") for text in ("25-09-16 25-10-01", "16-09-25 01-10-25", "31-12-25")]
    [True, False, False]
    >>> year_first(days_in("25-09-16"), "nl")
    False
    """
    short = [d for d in days if d.dashed and d.year < 100]
    steady = len({d.first for d in short}) <= len({d.year for d in short})
    return language == "sv" and bool(short) and steady and all(d.first >= YEARS_FROM and _turned(d) for d in short)


def _turned(day: DayText) -> date | None:
    return make_day(day.first, day.second, day.year) if day.first <= YEARS_TO else None


def settle(day: DayText, months_lead: bool, years_lead: bool = False) -> date | None:
    """The calendar day of a printed one, given the document's order."""
    if years_lead and day.dashed and day.year < 100:
        return _turned(day)
    if day.day:
        return day.day
    return make_day(day.year, day.first, day.second) if months_lead else make_day(day.year, day.second, day.first)
