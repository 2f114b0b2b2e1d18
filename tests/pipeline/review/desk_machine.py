"""Several persons at one mail, doing whatever can be done in any order, driven by hypothesis; run by test_machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scanstraat.codec import from_json
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.document import Document, Kind
from scanstraat.model.page import PageRef
from scanstraat.model.review import Actor
from scanstraat.pipeline.review import acts, holding
from scanstraat.pipeline.review.refusing import take_back
from scanstraat.records import models
from scanstraat.records.offices import open_administration
from tests.pipeline.review.at_the_desk import (
    HOLD,
    NOW,
    SHY,
    TASKS,
    UNDO,
    Page,
    accepted,
    drops,
    in_review,
    is_balanced,
    person,
    run,
    violations,
)

FILES = ((Page("2026-0412", "41,20"), Page(), Page()), (Page("2026-0413", "41,30"),), (Page("2026-0414", "41,40"), Page()))
_places = st.integers(0, 7)  # which of the documents there are, counted round
_persons = st.integers(0, 1)
_kinds = st.sampled_from((Kind.INVOICE, Kind.CREDIT_NOTE, Kind.QUOTE, Kind.REMINDER, Kind.ADVERTISING))
_undoable = st.sampled_from(("accept", "archive", "discard", "reject", "kind", "turn"))
_NOT_RESTORED = frozenset({"held_until"})


@cache
def people() -> tuple[Actor, Actor]:
    """Two persons for all runs."""
    return person(), person()


class Desk(RuleBasedStateMachine):
    """One mail of three files; whatever happens, nothing is lost and nothing is in two places."""

    @initialize()
    def begin(self) -> None:
        drop = f"drop-{uuid4().hex[:12]}"
        new = Administration(0, f"Administration {drop}", OwnIdentity(), drop, instructions=SHY)
        self.owner = open_administration(f"Office {drop}", new, (f"{drop}@invoices.example",))
        self.now = NOW
        self.mail, _ = in_review(self.owner, *FILES)
        self.pages = sorted(self._pages(), key=str)
        self.delivered: dict[UUID, int] = {}
        self.holds: dict[UUID, tuple[Actor, Any]] = {}

    @rule(place=_places, who=_persons)
    def hold(self, place: int, who: int) -> None:
        document, by = self._document(place), people()[who]
        holder = models.Document.objects.values_list("held_by_id", "held_until", "state").get(id=document)
        is_free = holder[0] in (None, by.user) or holder[1] <= self.now
        said = holding.hold(document, by, self.now, self.now + HOLD)
        assert said == (is_free and holder[2] in ("in-review", "parked"))

    @rule(place=_places, who=_persons)
    def take(self, place: int, who: int) -> None:
        self._do(lambda: holding.take_from(self._document(place), people()[who], self.now, self.now + HOLD))

    @rule(place=_places, who=_persons, kind=_kinds)
    def accept(self, place: int, who: int, kind: Kind) -> None:
        document, by = self._document(place), people()[who]
        answers = ("suspected-duplicate", "new-account", "credit-note", "supplier")
        self._do(lambda: accepted(document, by, kind=kind, answered=answers, now=self.now))

    @rule(place=_places, who=_persons, act=_undoable, kind=_kinds)
    def act(self, place: int, who: int, act: str, kind: Kind) -> None:
        self._do(lambda: self._acted(self._document(place), people()[who], act, kind))

    @rule(place=_places, who=_persons, act=_undoable, kind=_kinds)
    def act_and_undo(self, place: int, who: int, act: str, kind: Kind) -> None:
        document, by = self._document(place), people()[who]
        holding.hold(document, by, self.now, self.now + HOLD)
        before, register = self._rows(), self._register()
        if self._do(lambda: self._acted(document, by, act, kind)):
            assert acts.undo(by, self.now, TASKS, document) == document
            assert (self._rows(), self._register()) == (before, register)

    @rule(who=_persons)
    def undo(self, who: int) -> None:
        self._do(lambda: acts.undo(people()[who], self.now, TASKS))

    @rule(place=_places, who=_persons, page=st.integers(1, 4))
    def split(self, place: int, who: int, page: int) -> None:
        self._do(lambda: acts.split(self._document(place), people()[who], page, self.now, TASKS))

    @rule(place=_places, other=_places, who=_persons)
    def merge(self, place: int, other: int, who: int) -> None:
        self._do(lambda: acts.merge(self._document(place), people()[who], self._document(other), self.now, TASKS))

    @rule(place=_places, who=_persons, order=st.permutations((1, 2, 3)))
    def reorder(self, place: int, who: int, order: list[int]) -> None:
        document = self._document(place)
        pages = len(self._value(document).pages)
        self._do(lambda: acts.reorder(document, people()[who], tuple(n for n in order if n <= pages), self.now, TASKS))

    @rule(place=_places, who=_persons)
    def bring_back(self, place: int, who: int) -> None:
        self._do(lambda: acts.bring_back(self._document(place), people()[who], self.now))

    @rule(place=_places)
    def refuse(self, place: int) -> None:
        self._do(lambda: take_back(self._document(place), "The amount is wrong.", self.now))

    @rule(seconds=st.sampled_from((1, 11, 200)), most=st.sampled_from((1, 100)))
    def work(self, seconds: int, most: int) -> None:
        self.now += timedelta(seconds=seconds)
        run(self.mail, self.now, most)

    @invariant()
    def nothing_is_lost_and_nothing_is_in_two_places(self) -> None:
        assert violations(self.owner) == []
        assert is_balanced(self.owner)
        assert sorted(self._pages(), key=str) == self.pages

    @invariant()
    def every_drop_is_there_once(self) -> None:
        times = models.Delivery.objects.filter(document__mail_id=self.mail).values_list("times", "delivered_at")
        there = sum(number - (at is None) for number, at in times)
        assert len(drops(self.owner)) == 2 * there

    def teardown(self) -> None:
        """In the end all of it can be brought to an end."""
        if not hasattr(self, "mail"):
            return
        self.now += timedelta(hours=1)
        run(self.mail, self.now)
        for row in models.Document.objects.filter(mail_id=self.mail, state="in-review"):
            by = people()[0]
            assert holding.hold(row.id, by, self.now, self.now + HOLD)
            acts.reject(row.id, by, "The end.", self.now, self.now, TASKS)
        run(self.mail, self.now)
        states = set(models.Document.objects.filter(mail_id=self.mail).values_list("state", flat=True))
        assert states <= {"delivered", "archived", "discarded", "rejected"}
        assert violations(self.owner) == []

    def _do(self, act: Callable[[], object]) -> bool:
        """Whether it was done; what is refused changes nothing."""
        before = self._rows()
        try:
            looked = act()
        except Refused:
            assert self._rows() == before
            return False
        return not getattr(looked, "objections", ())

    def _acted(self, document: UUID, by: Actor, act: str, kind: Kind) -> object:
        until = self.now + UNDO
        ways: dict[str, Callable[[], object]] = {
            "accept": lambda: accepted(document, by, kind=kind, now=self.now),
            "archive": lambda: acts.archive(document, by, kind, self.now, until, TASKS),
            "discard": lambda: acts.discard(document, by, kind, self.now, until, TASKS),
            "reject": lambda: acts.reject(document, by, "Not ours.", self.now, until, TASKS),
            "kind": lambda: acts.change_kind(document, by, kind, self.now),
            "turn": lambda: acts.turn(document, by, 1, 90, self.now),
        }
        return ways[act]()

    def _document(self, place: int) -> UUID:
        there = models.Document.objects.filter(mail_id=self.mail).order_by("ordinal").values_list("id", flat=True)
        return there[place % len(there)]

    def _value(self, document: UUID) -> Document:
        return from_json(models.Document.objects.get(id=document).value, Document)

    def _pages(self) -> list[PageRef]:
        values = models.Document.objects.filter(mail_id=self.mail).values_list("value", flat=True)
        return [ref for value in values for ref in from_json(value, Document).pages]

    def _rows(self) -> list[dict[str, Any]]:
        rows = models.Document.objects.filter(mail_id=self.mail).order_by("ordinal").values()
        return [{name: value for name, value in row.items() if name not in _NOT_RESTORED} for row in rows]

    def _register(self) -> list[tuple[Any, ...]]:
        rows = models.Supplier.objects.filter(administration_id=self.owner.id)
        return sorted(rows.values_list("id", "name", "accounts__number"))
