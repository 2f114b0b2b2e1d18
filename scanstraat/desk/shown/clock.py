"""How long something has waited, and until when it has to be done, in words that need no colour (G4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext

from scanstraat.desk.wording import Label, Tone
from scanstraat.pipeline.clock import zone

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def span(length: timedelta) -> str:
    """A time that passed, in its largest unit.

    >>> [span(timedelta(minutes=minutes)) for minutes in (-1, 0.5, 59, 60, 1439, 1440, 5000)]
    ['0 min', '0 min', '59 min', '1 h', '23 h', '1 d', '3 d']
    """
    if length >= _DAY:
        return gettext("%(n)d d") % {"n": length // _DAY}
    if length >= _HOUR:
        return gettext("%(n)d h") % {"n": length // _HOUR}
    return gettext("%(n)d min") % {"n": max(length, timedelta()) // timedelta(minutes=1)}


def clock(due_at: datetime, country: str, now: datetime) -> Label:
    """Until when, by the clock of that country.

    >>> from datetime import UTC
    >>> due = datetime(2026, 4, 1, 15, tzinfo=UTC)
    >>> clock(due, "NL", due - timedelta(hours=2)).text, clock(due, "NL", due + timedelta(hours=3)).text
    ('due today 17:00', 'overdue 3 h')
    >>> clock(due, "NL", due - timedelta(days=1)).text, clock(due, "FI", due - timedelta(days=3)).text
    ('due tomorrow 17:00', 'due Wed 1 Apr 18:00')
    """
    if due_at < now:
        return Label(gettext("overdue %(span)s") % {"span": span(now - due_at)}, Tone.BAD)
    due, today = due_at.astimezone(zone(country)), now.astimezone(zone(country)).date()
    named = {"day": date_format(due, "D j M"), "time": date_format(due, "H:i")}
    if due.date() == today:
        return Label(gettext("due today %(time)s") % named, Tone.ASKING)
    if due.date() == today + _DAY:
        return Label(gettext("due tomorrow %(time)s") % named, Tone.QUIET)
    return Label(gettext("due %(day)s %(time)s") % named, Tone.QUIET)
