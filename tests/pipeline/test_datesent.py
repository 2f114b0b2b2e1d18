from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest

from scanstraat.model.document import Document, Kind
from scanstraat.model.mail import Envelope, MailHeader, Origin, PartRole, StoredMail, StoredPart
from scanstraat.model.page import PageRef
from scanstraat.model.state import MailState
from scanstraat.pipeline.datesent import date_sent, origin_of, origins_of

RECEIVED = datetime.fromisoformat("2026-04-02T09:00:05+00:00")
SENT = datetime.fromisoformat("2026-04-02T11:00:00+02:00")
MAIL = StoredMail(UUID(int=1), 1, "", 0, Envelope("a@b", "c@d", RECEIVED), MailState.READ, MailHeader(sent_at=SENT))


@pytest.mark.rule("A5", "D2")
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-03-31T23:30:00-05:00", "2026-03-31T23:30:00-05:00"),  # the sender's own day, though it was April in UTC
        ("2026-03-31T23:30:00", "2026-03-31T23:30:00+02:00"),
        ("2026-03-31", "2026-03-31T00:00:00+02:00"),
        ("2026-04-03T08:00:00+00:00", "2026-04-03T08:00:00+00:00"),
        ("2026-04-03T10:00:00+00:00", SENT.isoformat()),  # more than a day after receipt
        ("1989-12-31T10:00:00+00:00", SENT.isoformat()),
        ("", SENT.isoformat()),
    ],
)
def test_the_date_of_the_forwarded_mail_counts_where_it_is_sane(said: str, expected: str) -> None:
    assert date_sent(MAIL, Origin("x", "y", said)).isoformat() == expected


@pytest.mark.rule("D2")
def test_a_mail_that_forwards_nothing_has_its_own_date() -> None:
    assert date_sent(MAIL, None) == SENT
    without = StoredMail(MAIL.id, 1, "", 0, MAIL.envelope, MailState.READ)
    assert date_sent(without, Origin(sent="2026-03-31T10:00")) == datetime(2026, 3, 31, 10, tzinfo=RECEIVED.tzinfo)
    assert date_sent(without, None) == RECEIVED


def _part(index: int, origin: Origin | None) -> StoredPart:
    return StoredPart(index, f"{index}.pdf", "application/pdf", PartRole.DOCUMENT, "", origin=origin)


@pytest.mark.rule("A5")
def test_a_document_comes_from_where_the_part_came_that_it_begins_in() -> None:
    first, second = Origin("a@b", sent="2026-03-31"), Origin("c@d")
    parts = (_part(0, None), _part(1, second), _part(2, first), _part(3, second))
    assert origin_of(Document(0, Kind.INVOICE, 1.0, (PageRef(2, 1), PageRef(1, 1))), parts) == first
    assert origin_of(Document(0, Kind.UNREADABLE, 1.0, (), part=3), parts) == second
    assert origin_of(Document(0, Kind.INVOICE, 1.0, (PageRef(0, 1),)), parts) is None
    assert origin_of(Document(0, Kind.OTHER, 1.0, ()), ()) is None
    assert origins_of(parts) == (second, first)
    passed_on = replace(_part(4, Origin("middle")), role=PartRole.CONTAINER)
    assert origins_of((passed_on, *parts)) == (second, first)
    assert origins_of((passed_on,)) == (Origin("middle"),)


def test_a_day_is_shown_with_the_zone_it_was_sent_in() -> None:
    assert date_sent(MAIL, Origin(sent="2026-03-31T10:00")).tzinfo == timezone(timedelta(hours=2))
