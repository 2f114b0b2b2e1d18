"""When a forwarded mail was sent, as the forwarding program printed it: in many forms and languages, often without a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from scanstraat.mailbox.forwardwords import plain, words

_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2099
_CLOCK_SKEW = timedelta(days=1)
_LONGEST = 200
_DAY = re.compile(
    r"""
    (?<![\d.:/+-]) (?:
        # 2026-03-31
        (?P<y1> (?:19|20)\d\d ) [ ]? (?P<s1> [-./] ) [ ]? (?P<m1> \d{1,2} ) [ ]? (?P=s1) [ ]? (?P<d1> \d{1,2} )
        # 31.03.2026
      | (?P<d2> \d{1,2} ) [ ]? (?P<s2> [-./] ) [ ]? (?P<m2> \d{1,2} ) [ ]? (?P=s2) [ ]? (?P<y2> (?:19|20)\d\d | \d\d )
        # 31 de marzo de 2026
      | (?P<d3> \d{1,2} ) (?: st | nd | rd | th | er | [.]?º | [.] )? [ ]? (?: (?: de | of | den ) [ ] )? -?
          (?P<n3> [^\W\d_]{3,} ) [.]? ,? [ -]? (?: (?: de | del | of ) [ ] )? (?P<y3> (?:19|20)\d\d )
        # 2026. marcius 31.
      | (?P<y4> (?:19|20)\d\d ) [.]? [ ] (?P<n4> [^\W\d_]{3,} ) [.]? [ ] (?P<d4> \d{1,2} )
    ) (?! \d )
        # March 31st, 2026
    | (?<! [^\W\d_] ) (?P<n5> [^\W\d_]{3,} ) [.]? [ ] (?P<d5> \d{1,2} ) (?: st | nd | rd | th )? ,? [ ]
        (?P<y5> (?:19|20)\d\d ) (?! \d )
    """,
    re.VERBOSE,
)
_TIME = re.compile(
    r"""
    (?<! [\d+-] ) (?P<hour> \d{1,2} ) [:.h] (?P<minute> \d\d ) (?: [:.] (?P<second> \d\d ) )? (?! \d )
    (?: [ ]? (?P<half> [ap] ) [.]? [ ]? m \b )?
    """,
    re.VERBOSE,
)
_OFFSET = re.compile(
    r"(?: (?: gmt | utc ) [ ]? )? (?P<sign> [+\-−] ) (?P<hours> \d{1,2}? ) (?: :? (?P<minutes> \d\d ) )? (?! \d )", re.VERBOSE
)
_ZONE_NAME = re.compile(r"(?<! [^\W_] ) (?P<name> [a-z]{1,4} ) (?! [^\W_] )", re.VERBOSE)
_ZONES = {
    **dict.fromkeys(("gmt", "utc", "z", "wet"), 0),
    **dict.fromkeys(("cet", "mez", "bst", "west", "hnec"), 1),
    **dict.fromkeys(("cest", "mesz", "eet", "haec"), 2),
    **dict.fromkeys(("eest",), 3),
    **dict(zip(("edt", "est", "cdt", "cst", "mdt", "mst", "pdt", "pst"), (-4, -5, -5, -6, -6, -7, -7, -8), strict=True)),
}


def sent_text(printed: str, zone: tzinfo, forwarded_at: datetime | None) -> str:
    """The printed moment as ISO 8601, a day alone where no time is printed, "" where it cannot be told for sure.

    Where no zone is printed it is the wall time of `zone`, the forwarder's own. Of a day that may be read in two ways, the one
    counts that does not lie after `forwarded_at`.

    >>> from datetime import UTC
    >>> summer = timezone(timedelta(hours=2))
    >>> sent_text("dinsdag 31 maart 2026 23:30", summer, None), sent_text("Tue, Mar 31, 2026 at 9:12 PM", UTC, None)
    ('2026-03-31T23:30:00+02:00', '2026-03-31T21:12:00+00:00')
    >>> sent_text("31.03.2026 um 09:12", UTC, None), sent_text("Tue, 31 Mar 2026 09:12:05 +0530", UTC, None)
    ('2026-03-31T09:12:00+00:00', '2026-03-31T09:12:05+05:30')
    >>> sent_text("04/03/2026 09:12 AM", UTC, None), sent_text("vorige week", UTC, None), sent_text("31-3-2026", UTC, None)
    ('', '', '2026-03-31')
    """
    text = plain(" ".join(printed[:_LONGEST].split()))
    for found in _DAY.finditer(text):
        rest = text[: found.start()] + " | " + text[found.end() :]
        clock, behind = _clock(rest)
        day = _chosen(tuple(_days(found)), forwarded_at, clock is not None and _is_american(rest))
        if day is not None:
            return _iso(day, clock, _zone(behind) or zone)
    return ""


def _iso(day: date, clock: time | None, zone: tzinfo) -> str:
    if clock is None:
        return day.isoformat()
    return datetime.combine(day, clock, zone).isoformat()


def _days(found: re.Match[str]) -> Iterator[date]:
    """The days it may be: the one most of the world means first."""
    numbers = {name: text for name, text in found.groupdict().items() if text}
    at = next(place for place in "12345" if f"d{place}" in numbers)
    year, day = int(numbers[f"y{at}"]), int(numbers[f"d{at}"])
    year = year + 2000 if year < 100 else year
    month = int(numbers[f"m{at}"]) if f"m{at}" in numbers else words().months.get(numbers[f"n{at}"], 0)
    yield from _day(year, month, day)
    if at == "2" and numbers["s2"] == "/" and day != month:
        yield from _day(year, day, month)


def _day(year: int, month: int, day: int) -> Iterator[date]:
    if _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        try:
            yield date(year, month, day)
        except ValueError:
            return


def _chosen(days: tuple[date, ...], forwarded_at: datetime | None, american: bool) -> date | None:
    """The only day that was not after the mail was forwarded; of two, the first, unless halves of the day are counted."""
    latest = (forwarded_at + _CLOCK_SKEW).date() if forwarded_at else date.max
    possible = [day for day in days if day <= latest]
    if len(possible) > 1 and american:
        return None
    return possible[0] if possible else None


def _is_american(text: str) -> bool:
    found = _TIME.search(text)
    return found is not None and found["half"] is not None


def _clock(text: str) -> tuple[time | None, str]:
    """The time of day, and what stands behind it, where a zone may be."""
    found = _TIME.search(text)
    if found is None:
        return None, ""
    hour = int(found["hour"])
    if found["half"] and hour <= 12:
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0)), text[found.end() :]
    except ValueError:
        return None, ""


def _zone(text: str) -> timezone | None:
    """The zone printed behind the time."""
    if found := _OFFSET.search(text):
        away = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if away <= timedelta(hours=14):
            return timezone(away if found["sign"] == "+" else -away)
    named = (_ZONES.get(match["name"]) for match in _ZONE_NAME.finditer(text))
    hours = next((hours for hours in named if hours is not None), None)
    return None if hours is None else timezone(timedelta(hours=hours))
