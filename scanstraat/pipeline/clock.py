"""The clock of a document: it is dealt with within two working days after it came, national holidays known (G4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

WORKING_DAYS = 2
CLOSING = time(17)  # of the office that waits for it, by its own clock: what is published later is read the day after
_SATURDAY = 5
_ZONE = "Europe/Amsterdam"

# By ISO 3166-1; a country with several zones by that of its capital.
ZONES = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CH": "Europe/Zurich",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
}


def zone(country: str) -> ZoneInfo:
    """The zone that an administration of this country goes by; that of Amsterdam where the country is not in the table.

    >>> zone("FI").key, zone("XX").key
    ('Europe/Helsinki', 'Europe/Amsterdam')
    """
    return ZoneInfo(ZONES.get(country, _ZONE))


def due_at(received_at: datetime, country: str) -> datetime:
    """Until when what was received then has to be dealt with (G4): closing time of the second working day after it, in UTC.

    The day of receipt does not count, and begins and ends by the country's own clock.

    >>> due_at(datetime(2026, 3, 31, 9, 12, tzinfo=UTC), "NL").isoformat()  # Tuesday
    '2026-04-02T15:00:00+00:00'
    >>> due_at(datetime(2026, 4, 1, 9, 12, tzinfo=UTC), "DE").isoformat()  # Wednesday before Easter
    '2026-04-07T15:00:00+00:00'
    """
    local = zone(country)
    day = received_at.astimezone(local).date()
    for _ in range(WORKING_DAYS):
        day = _next_working_day(day, country)
    return datetime.combine(day, CLOSING, local).astimezone(UTC)


def is_working_day(day: date, country: str) -> bool:
    """Whether people work there that day: no weekend and no national holiday; in a country nobody knows, no weekend.

    >>> [is_working_day(date(2026, 4, 27), country) for country in ("NL", "BE", "XX")]  # King's Day
    [False, True, True]
    """
    return day.weekday() < _SATURDAY and day not in _holidays(country, day.year)


def _next_working_day(day: date, country: str) -> date:
    day += timedelta(days=1)
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # here, since only those who set a clock should pay for it

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
