from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.model.delivery import Overview
from scanstraat.model.mail import Envelope, MailHeader, Origin, PartRole, StoredMail, StoredPart
from scanstraat.model.review import Standing
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.verdict import Action
from scanstraat.pipeline.overview import carrier, carrier_among, overview_of

D, R, A, X, N = Action.DELIVER, Action.REVIEW, Action.ARCHIVE, Action.DISCARD, Action.REJECT
RECEIVED = datetime.fromisoformat("2026-04-01T00:00:05+00:00")
SENT = datetime.fromisoformat("2026-03-31T19:00:00-05:00")
ENVELOPE = Envelope("bounce@supplier.example", "demo@scan.example", RECEIVED)


def stored(header: MailHeader, text: str) -> StoredMail:
    return StoredMail(UUID(int=1), 1, "", 0, ENVELOPE, MailState.SORTED, header, text)


@pytest.mark.rule("F3")
@pytest.mark.parametrize(
    ("actions", "ordinal"),
    [
        ((D, D, A), 1),
        ((D, R, A), 1),
        ((R, D, X), 1),
        ((A, A, X), 1),
        ((A,), 0),
        ((X, X), None),
        ((), None),
        ((D, X, D), 2),
        ((A, N), 0),
    ],
)
def test_the_last_that_may_reach_the_workflow_carries_the_page_else_the_last_archived(
    actions: tuple[Action, ...], ordinal: int | None
) -> None:
    assert carrier(actions) == ordinal


def _standings(*each: tuple[DocumentState, Action | None, bool]) -> tuple[Standing, ...]:
    return tuple(Standing(UUID(int=place), *standing) for place, standing in enumerate(each))


@pytest.mark.rule("F3")
@pytest.mark.parametrize(
    ("standings", "place"),
    [
        (((DocumentState.DELIVERED, D, True), (DocumentState.IN_REVIEW, R, False)), 0),
        (((DocumentState.DELIVERED, D, False), (DocumentState.IN_REVIEW, R, True)), 1),
        (((DocumentState.DELIVERED, D, False), (DocumentState.REJECTED, N, True)), None),
        (((DocumentState.DECIDED, A, False), (DocumentState.SORTED, None, False), (DocumentState.DECIDED, A, True)), 1),
        (((DocumentState.DECIDED, A, False), (DocumentState.DECIDED, X, True)), 0),
        (((DocumentState.IN_REVIEW, A, False), (DocumentState.DECIDED, A, False)), 0),
        (((DocumentState.PARKED, D, False), (DocumentState.ARCHIVED, A, False)), 0),
    ],
)
def test_where_persons_decide_it_goes_with_whose_pdf_has_it_or_is_yet_to_be_made(
    standings: tuple[tuple[DocumentState, Action | None, bool], ...], place: int | None
) -> None:
    assert carrier_among(_standings(*standings)) == (None if place is None else UUID(int=place))


@pytest.mark.rule("F3")
@given(st.lists(st.sampled_from(Action)).map(tuple))
def test_exactly_one_document_carries_the_page_whenever_one_goes_anywhere(actions: tuple[Action, ...]) -> None:
    ordinal = carrier(actions)
    if set(actions) <= {X, N}:
        assert ordinal is None
        return
    assert ordinal is not None
    assert actions[ordinal] not in {X, N}
    better = {D, R} if actions[ordinal] in {D, R} else {D, R, A}
    assert not better & set(actions[ordinal + 1 :])
    assert actions[ordinal] is not A or not {D, R} & set(actions)


@pytest.mark.rule("F2")
def test_the_page_says_sender_recipient_time_sent_subject_and_text() -> None:
    header = MailHeader("<1@x>", "Bakker <factuur@bakker.example>", "boekhouding@klant.example", "Factuur 12", SENT)
    parts = (
        StoredPart(0, "body.html", "text/html", PartRole.BODY, ""),
        StoredPart(1, "logo.png", "image/png", PartRole.DECORATION, ""),
        StoredPart(2, "factuur.pdf", "application/pdf", PartRole.DOCUMENT, ""),
        StoredPart(3, "geheim.pdf", "application/pdf", PartRole.UNREADABLE, ""),
    )
    assert overview_of(stored(header, "Zie bijlage"), parts) == Overview(
        "Bakker <factuur@bakker.example>", "demo@scan.example", SENT, "Factuur 12", "Zie bijlage", ("factuur.pdf", "geheim.pdf")
    )


@pytest.mark.rule("F2", "A5")
def test_the_page_names_each_mail_that_is_forwarded_once() -> None:
    origins = (Origin("a@b", "Factuur", "2026-03-31"), Origin("c@d"))
    parts = tuple(
        StoredPart(index, f"{index}.pdf", "application/pdf", PartRole.DOCUMENT, "", origin=origin)
        for index, origin in enumerate((None, origins[0], origins[0], origins[1]))
    )
    assert overview_of(stored(MailHeader(), ""), parts).origins == origins


@pytest.mark.rule("F2", "D2")
def test_where_the_mail_is_silent_the_envelope_speaks() -> None:
    page = overview_of(stored(MailHeader(), ""), ())
    assert (page.sender, page.sent_at) == ("bounce@supplier.example", RECEIVED)
