"""Days as typed: 31-3-26, 31/3, 310326, 31.3.2026, 2026-03-31, 31 mrt 2026, March 31, 2026. The day comes before the month."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from scanstraat.errors import Refused
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.table import phrases
from scanstraat.extractors.typed.text import short
from scanstraat.extractors.values.day import EARLIEST, LATEST

_NUMERIC = re.compile(
    r"""
      (?P<y1>[0-9]{4})[-/.\ ](?P<m1>[0-9]{1,2})[-/.\ ](?P<d1>[0-9]{1,2})                                     # 2026-03-31
    | (?P<y2>(?:19|20)[0-9]{2})(?P<m2>0[0-9]|1[0-2])(?P<d2>[0-9]{2})                                         # 20260331
    | (?P<d3>[0-9]{1,2})\ ?[-/.,\ ]\ ?(?P<m3>[0-9]{1,2})(?:\ ?[-/.,\ ]\ ?'?(?P<y3>[0-9]{4}|[0-9]{2}))?\.?   # 31-3-26, 31/3
    | (?P<d4>[0-9]{2})(?P<m4>[0-9]{2})(?P<y4>[0-9]{4}|[0-9]{2})                                              # 310326, 31032026
    """,
    re.VERBOSE,
)
_NAMED = re.compile(
    r"""
      (?P<d1>[0-9]{1,2})(?:\.|(?:st|nd|rd|th|er|:?e)(?![^\W\d_]))?\ ?(?:of\ |de\ |den\ )?[-/.]?
        (?P<m1>[^\W\d_]{3,})\.?[-/,.\ ]{0,2}(?:de\ )?'?(?P<y1>[0-9]{4}|[0-9]{2})?                            # 31 mrt '26
    | (?P<m2>[^\W\d_]{3,})\.?[-/\ ]?(?P<d2>[0-9]{1,2})(?:st|nd|rd|th)?(?:[-/,\ ]{1,2}(?P<y2>[0-9]{4}|[0-9]{2}))?  # March 31, 2026
    | (?P<y3>[0-9]{4})[-/.\ ]{0,2}(?P<m3>[^\W\d_]{3,})\.?[-/\ ]?(?P<d3>[0-9]{1,2})                                # 2026 mars 31
    """,
    re.VERBOSE,
)
_EXAMPLE = "Type it as 31-3-2026 or 31/3."


def day(text: str, today: date, ahead: timedelta) -> str:
    """The ISO date of a day as typed; a year of two digits is the one nearest to `today`.

    Without a year it is the last such day that lies no farther than `ahead` after `today`.

    >>> from datetime import timedelta
    >>> today, ahead = date(2026, 1, 9), timedelta(days=60)
    >>> [day(text, today, ahead) for text in ("31-3-26", "310326", "31. März 2026", "31 mrt '26", "maaliskuuta 31 2026")]
    ['2026-03-31', '2026-03-31', '2026-03-31', '2026-03-31', '2026-03-31']
    >>> day("31/12", today, ahead), day("2 feb", today, ahead), day("1/1/99", today, ahead)
    ('2025-12-31', '2026-02-02', '1999-01-01')
    >>> day("31-2-2026", today, ahead)
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-date: February 2026 has no day 31. Type it as 31-3-2026 or 31/3.
    >>> day("3/31/2026", today, ahead)
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-date: there is no month 31; the day comes before the month. Type it as 31-3-2026 or 31/3.
    """
    year, month, number = _parts(" ".join(text.split()))
    if not 1 <= month <= 12:
        raise Refused("typed-date", f"there is no month {month}; the day comes before the month.", _EXAMPLE)
    if year is None:
        return _without_year(month, number, today + ahead).isoformat()
    if len(year) == 2:
        year = str(min((int(year) + century for century in (1900, 2000)), key=lambda whole: abs(whole - today.year)))
    if not EARLIEST <= int(year) <= LATEST:
        raise Refused("typed-date", f"an invoice of the year {int(year)} is not expected.", _EXAMPLE)
    found = _made(int(year), month, number)
    if found is None:
        raise Refused("typed-date", f"{_MONTHS[month - 1]} {int(year)} has no day {number}.", _EXAMPLE)
    return found.isoformat()


_MONTHS = tuple(
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - to read
)


def _parts(text: str) -> tuple[str | None, int, int]:
    """Year as typed (None where there is none), month and day."""
    match = _NUMERIC.fullmatch(text) or _NAMED.fullmatch(plain(text))
    if match is None:
        raise Refused("typed-date", f"{short(text)} is no date.", _EXAMPLE)
    groups = match.groupdict()
    place = next(name[1:] for name, found in groups.items() if found and name[0] == "m")
    month = groups[f"m{place}"]
    return groups[f"y{place}"], int(month) if month.isdigit() else _month(month), int(groups[f"d{place}"])


@cache
def _named_months() -> dict[str, int]:
    return dict(phrases().months)


def _month(word: str) -> int:
    """The number of a month by its name in any of our languages, or by a beginning that only one month has."""
    names = _named_months()
    if word in names:
        return names[word]
    meant = {number for name, number in names.items() if name.startswith(word)}
    if len(meant) != 1:
        raise Refused("typed-date", f"{short(word)} is no month.", _EXAMPLE)
    return meant.pop()


def _without_year(month: int, number: int, last: date) -> date:
    tried = (_made(year, month, number) for year in (last.year, last.year - 1))
    found = next((made for made in tried if made and made <= last), None)
    if found is None:
        raise Refused("typed-date", f"{number} {_MONTHS[month - 1]} is no day of this year.", _EXAMPLE)
    return found


def _made(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
