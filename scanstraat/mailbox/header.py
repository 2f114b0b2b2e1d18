"""What a mail says of itself: its header as a `MailHeader`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scanstraat.mailbox.fields import Fields
from scanstraat.model.mail import MailHeader

_LONGEST_RECIPIENTS = 5_000
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2099
# A year of four digits that Python would take for one of two, and so for one of our days.
_YEAR_OF_NOBODY = re.compile(r"\b [a-z]{3,} [ -] 0 \d{3} \b", re.VERBOSE | re.IGNORECASE)


def mail_header(fields: Fields) -> MailHeader:
    """The header decoded; fields that are missing or cannot be read are empty."""
    return MailHeader(
        message_id=fields.text("message-id"),
        sender=fields.text("from") or fields.text("sender"),
        recipients=fields.texts("to", _LONGEST_RECIPIENTS) or fields.texts("cc", _LONGEST_RECIPIENTS),
        subject=fields.text("subject"),
        sent_at=sent_at(fields.text("date")),
    )


def sent_at(date: str) -> datetime | None:
    """A Date header in its own zone (UTC where it names none); None where absent or absurd (D2).

    >>> sent_at("Tue, 31 Mar 2026 23:30:00 +0200").isoformat()
    '2026-03-31T23:30:00+02:00'
    >>> sent_at("Mon, 1 Jan 1970 00:00:00 +0000"), sent_at("gisteren"), sent_at("1 Jan 2026 00:00 +9999")
    (None, None, None)
    >>> sent_at("Mon, 01 Jan 0000 00:00:00 +0000"), sent_at("1 Jan 26 09:00:00 +0000").year
    (None, 2026)
    """
    if _YEAR_OF_NOBODY.search(date):
        return None
    try:
        found = parsedate_to_datetime(date)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if _EARLIEST_YEAR <= found.year <= _LATEST_YEAR else None
