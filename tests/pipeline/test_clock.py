from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.pipeline.clock import CLOSING, ZONES, due_at, is_working_day, zone

COUNTRIES = ("NL", "BE", "DE", "FI", "SE", "FR", "GB", "CH", "US", "XX", "")
moments = st.integers(0, 30 * 365 * 24 * 60).map(lambda minutes: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
countries = st.sampled_from(COUNTRIES)


@pytest.mark.rule("G4")
@pytest.mark.parametrize(
    ("received", "country", "due"),
    [
        ("2026-03-30T08:00+00:00", "NL", "2026-04-01 17:00"),  # Monday: Wednesday
        ("2026-04-02T08:00+00:00", "NL", "2026-04-08 17:00"),  # Thursday before Easter; Good Friday counts as a holiday for terms
        ("2026-04-02T08:00+00:00", "BE", "2026-04-07 17:00"),  # there it does not
        ("2026-04-02T08:00+00:00", "DE", "2026-04-08 17:00"),
        ("2026-04-04T08:00+00:00", "XX", "2026-04-07 17:00"),  # Saturday, weekends only
        ("2026-06-17T08:00+00:00", "SE", "2026-06-19 17:00"),
        ("2026-06-17T08:00+00:00", "FI", "2026-06-22 17:00"),  # Midsummer Eve
        ("2026-12-23T08:00+00:00", "GB", "2026-12-29 17:00"),  # Christmas, and Boxing Day made up for on Monday
        ("2026-07-13T21:30+00:00", "FR", "2026-07-16 17:00"),  # 23:30 in Paris, the day before a holiday
        ("2026-07-13T22:30+00:00", "FR", "2026-07-16 17:00"),  # the holiday itself has begun
        ("2026-10-23T15:30+00:00", "NL", "2026-10-27 17:00"),  # the clocks go back in between
    ],
)
def test_the_second_working_day_after_receipt(received: str, country: str, due: str) -> None:
    local = due_at(datetime.fromisoformat(received), country).astimezone(zone(country))
    assert f"{local:%Y-%m-%d %H:%M}" == due


@pytest.mark.rule("G4")
@given(moments, countries)
def test_it_falls_on_a_working_day_at_closing_time(received: datetime, country: str) -> None:
    local = due_at(received, country).astimezone(zone(country))
    assert is_working_day(local.date(), country)
    assert local.timetz().replace(tzinfo=None) == CLOSING


@pytest.mark.rule("G4")
@given(moments, countries)
def test_two_working_days_lie_after_receipt(received: datetime, country: str) -> None:
    first, last = received.astimezone(zone(country)).date(), due_at(received, country).astimezone(zone(country)).date()
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    assert sum(is_working_day(day, country) for day in days) == 2


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)), countries)
def test_what_came_later_is_never_due_earlier(received: datetime, later: timedelta, country: str) -> None:
    assert due_at(received, country) <= due_at(received + later, country)


def test_every_zone_of_the_table_is_known() -> None:
    assert all(zone(country).key == name for country, name in ZONES.items())


def test_a_year_without_known_holidays_has_its_weekends() -> None:
    assert due_at(datetime(1900, 1, 5, 9, tzinfo=UTC), "NL").date() == date(1900, 1, 9)


def test_only_who_sets_a_clock_pays_for_the_calendars() -> None:
    code = "import sys, scanstraat.pipeline.clock; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
