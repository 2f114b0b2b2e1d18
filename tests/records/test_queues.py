from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanstraat.model.administration import Administration
from scanstraat.model.document import Document, Kind
from scanstraat.model.field import FieldName, Reading, Readings
from scanstraat.model.mail import Envelope, MailHeader, OpenedMail
from scanstraat.model.people import Post, Role
from scanstraat.model.reasons import BROUGHT_BACK, PARKED
from scanstraat.model.state import DocumentState
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.records import documents, mails, models, offices, people, queues
from scanstraat.records.queues import FREE, MINE, QueueFilter
from tests.desk.conftest import PASSWORD, office_of

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def person(*posts: Post) -> int:
    return people.create_user(f"user-{uuid4().hex[:10]}", PASSWORD, posts, date(2026, 1, 1))


def operator(owner: Administration) -> int:
    return person(Post(Role.OPERATOR, office=people.office(office_of(owner))))


def second(owner: Administration) -> Administration:
    drop = f"drop-{uuid4().hex[:12]}"
    return offices.open_administration(office_of(owner), replace(owner, drop=drop, name=f"Second {drop}"), ())


def document(
    owner: Administration,
    *codes: str,
    due: timedelta = DAY,
    kind: Kind = Kind.INVOICE,
    supplier: str = "Korenaar",
    sender: str = "a@korenaar.example",
) -> UUID:
    """A document in review for these reasons; archived where there are none."""
    envelope = Envelope(sender, f"{owner.drop}@invoices.example", NOW - DAY)
    mail = mails.receive(owner.id, envelope, "", uuid4().hex, 1)
    mails.keep_opened(mail, OpenedMail(MailHeader("", sender, "", "Factuur"), "", ()), ())
    (made,) = documents.add(mail, owner.id, (Document(0, kind, 0.9, ()),), NOW + due)
    verdict = Verdict(Action.REVIEW if codes else Action.ARCHIVE, tuple(Reason(code, code) for code in codes))
    documents.keep_decision(made, Readings((Reading(FieldName.SUPPLIER_NAME, supplier, 0.9),)), None, verdict, None)
    documents.move(made, DocumentState.SORTED, DocumentState.RECOGNISED)
    documents.move(made, DocumentState.RECOGNISED, DocumentState.DECIDED)
    documents.move(made, DocumentState.DECIDED, DocumentState.IN_REVIEW if codes else DocumentState.ARCHIVED, NOW)
    return made


def hold(identifier: UUID, by: int, until: timedelta = timedelta(minutes=2)) -> None:
    models.Document.objects.filter(id=identifier).update(held_by=by, held_until=NOW + until)


def ids(wanted: QueueFilter) -> list[UUID]:
    return [line.id for line in queues.lines(wanted, NOW)]


def row(identifier: UUID) -> models.Document:
    return models.Document.objects.get(id=identifier)


def test_what_comes_into_review_waits_for_its_heaviest_reason_and_leaves_with_nothing(administration: Administration) -> None:
    waits = document(administration, "doubt", "new-account")
    hold(waits, operator(administration))
    found = row(waits)
    assert (found.reason, found.queued_at, found.due_at) == ("new-account", NOW, NOW + DAY)
    documents.move(waits, DocumentState.IN_REVIEW, DocumentState.DECIDED)
    documents.move(waits, DocumentState.DECIDED, DocumentState.DISCARDED, NOW)
    gone = row(waits)
    assert (gone.queued_at, gone.held_by, gone.held_until, gone.ended_at) == (None, None, None, NOW)


def test_what_is_brought_back_waits_though_its_verdict_holds_nothing(administration: Administration) -> None:
    archived = document(administration)
    documents.move(archived, DocumentState.ARCHIVED, DocumentState.IN_REVIEW, NOW + DAY)
    found = row(archived)
    assert (found.reason, found.queued_at, found.ended_at) == (BROUGHT_BACK, NOW + DAY, None)


def test_what_is_laid_aside_waits_too_and_is_not_handed_out(administration: Administration) -> None:
    user = operator(administration)
    archived = document(administration)
    models.Document.objects.filter(id=archived).update(state=DocumentState.DECIDED)
    documents.park(archived, "the disk is full", NOW)
    assert [(line.id, line.reason) for line in queues.lines(QueueFilter(user), NOW)] == [(archived, PARKED)]
    assert queues.next_free(QueueFilter(user), NOW) is None
    documents.unpark(archived)
    assert ids(QueueFilter(user)) == []
    assert row(archived).reason == ""


@pytest.mark.rule("I5", "I6")
def test_a_person_sees_what_waits_where_he_may_review(administration: Administration) -> None:
    other = second(administration)
    here, there = document(administration, "doubt"), document(other, "doubt", due=2 * DAY)
    office = people.office(office_of(administration))
    assert ids(QueueFilter(operator(administration))) == [here, there]
    assert queues.waiting(operator(administration)) == 2
    for post in (Post(Role.OFFICE_MAIN_USER, office=office), Post(Role.AUDITOR, office=office)):
        nobody = person(post)
        assert ids(QueueFilter(nobody)) == []
        assert queues.counts(QueueFilter(nobody), NOW).everything == 0
        assert queues.next_free(QueueFilter(nobody), NOW) is None


@pytest.mark.rule("G4")
def test_the_most_urgent_comes_first(administration: Administration) -> None:
    late, soon, over = (document(administration, "doubt", due=due) for due in (2 * DAY, DAY, -DAY))
    wanted = QueueFilter(operator(administration))
    assert ids(wanted) == [over, soon, late]
    assert ids(replace(wanted, overdue=True)) == [over]
    assert queues.next_free(wanted, NOW) == over
    assert queues.next_free(wanted, NOW, (over,)) == soon
    assert [line.id for line in queues.lines(wanted, NOW, offset=1, limit=1)] == [soon]


def test_what_another_holds_is_not_handed_out_until_his_time_is_over(administration: Administration) -> None:
    user, colleague = operator(administration), operator(administration)
    first, then = document(administration, "doubt"), document(administration, "doubt", due=2 * DAY)
    wanted = QueueFilter(user)
    hold(first, colleague)
    assert queues.next_free(wanted, NOW) == then
    assert [line.is_mine for line in queues.lines(QueueFilter(colleague), NOW)] == [True, False]
    assert ids(replace(wanted, holder=FREE)) == [then]
    assert ids(replace(wanted, holder=MINE)) == []
    hold(first, user)
    assert queues.next_free(wanted, NOW) == first
    assert ids(replace(wanted, holder=MINE)) == [first]
    hold(first, colleague, -timedelta(seconds=1))
    assert queues.next_free(wanted, NOW) == first
    assert [line.holder for line in queues.lines(wanted, NOW)] == ["", ""]


def test_words_are_looked_for_where_people_would(administration: Administration) -> None:
    user = operator(administration)
    bakery = document(administration, "doubt", supplier="Bakkerij Zon", sender="Jan <jan@oven.example>")
    document(administration, "doubt", supplier="Smid")
    assert ids(QueueFilter(user, search="zon bakkerij")) == [bakery]
    assert ids(QueueFilter(user, search="jan@oven")) == [bakery]
    assert ids(QueueFilter(user, search="zon smid")) == []
    assert queues.counts(QueueFilter(user, search="zon"), NOW).total == 1


_made = st.tuples(
    st.sampled_from(("doubt", "kind", "new-account")),
    st.sampled_from((Kind.INVOICE, Kind.REMINDER)),
    st.booleans(),
    st.sampled_from((-DAY, DAY)),
    st.sampled_from(("", "me", "other", "me, before")),
)
_wanted = st.builds(
    QueueFilter,
    user=st.just(0),
    reason=st.sampled_from(("", "doubt", "kind")),
    administration=st.sampled_from((None, 1, 2)),
    holder=st.sampled_from(("", MINE, FREE)),
    overdue=st.booleans(),
    kind=st.sampled_from(("", Kind.REMINDER)),
)


@pytest.fixture
def two(administration: Administration) -> Callable[[], tuple[int, int, Administration, Administration]]:
    me, other, beside = operator(administration), operator(administration), second(administration)

    def emptied() -> tuple[int, int, Administration, Administration]:
        models.Document.objects.filter(administration__in=(administration.id, beside.id)).delete()
        return me, other, administration, beside

    return emptied


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(_made, max_size=6), wanted=_wanted)
def test_each_count_is_what_choosing_it_would_show(
    two: Callable[[], tuple[int, int, Administration, Administration]],
    made: list[tuple[str, Kind, bool, timedelta, str]],
    wanted: QueueFilter,
) -> None:
    me, other, here, there = two()
    for code, kind, is_here, due, holder in made:
        new = document(here if is_here else there, code, due=due, kind=kind)
        if holder:
            hold(new, other if holder == "other" else me, -DAY if "before" in holder else DAY)
    place = {None: None, 1: here.id, 2: there.id}[wanted.administration]
    wanted = replace(wanted, user=me, administration=place)
    found = queues.counts(wanted, NOW)

    def shown(**chosen: object) -> int:
        return len(ids(replace(wanted, **chosen)))

    assert found.everything == len(made)
    assert found.total == shown()
    assert all(dict(found.reasons).get(code, 0) == shown(reason=code) for code in ("doubt", "kind", "new-account"))
    assert all(dict(found.kinds).get(kind, 0) == shown(kind=kind) for kind in (Kind.INVOICE, Kind.REMINDER))
    places = {identifier: count for identifier, _, count in queues.administrations(wanted, NOW)}
    assert all(places.get(each.id, 0) == shown(administration=each.id) for each in (here, there))
    assert (found.mine, found.free, found.overdue) == (shown(holder=MINE), shown(holder=FREE), shown(overdue=True))
    free = queues.next_free(wanted, NOW)
    mine = {line.id for line in queues.lines(wanted, NOW) if line.is_mine or not line.holder}
    assert (free in mine) if free else not mine


def test_the_queue_is_read_from_its_indexes(administration: Administration) -> None:
    user = operator(administration)
    document(administration, "doubt")
    with CaptureQueriesContext(connection) as asked:
        queues.counts(QueueFilter(user), NOW)
        queues.lines(QueueFilter(user), NOW)
        queues.next_free(QueueFilter(user), NOW)
    count, listed, following = (query["sql"] for query in asked)
    assert "SCAN records_document USING COVERING INDEX what_waits_by_its_reason" in plan(count)
    assert "SCAN records_document USING INDEX what_waits_by_its_clock" in plan(listed)
    assert "SCAN records_document USING INDEX what_waits_by_its_clock" in plan(following)


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(line[-1]) for line in cursor.fetchall())
