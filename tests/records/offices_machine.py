"""Two offices, a handful of persons, and everything that can be done to them by anybody in any order; run by test_staff."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import override_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.people import CONFIDENTIAL, Post, Role
from scanstraat.model.review import Actor
from scanstraat.records import models, offices, passwords, people, staff
from scanstraat.records.staff import Details

PASSWORD, OTHER = "four words make one", "other words make another"
AT = datetime(2026, 3, 31, 9, tzinfo=UTC)
DATES = (None, date(2026, 1, 1), date(2999, 1, 1))
_some = st.integers(0, 20)  # which of those there are, counted round
_posts = st.lists(st.tuples(st.sampled_from(Role), st.integers(0, 4)), max_size=3).map(tuple)
_acting = st.one_of(st.none(), _some)
Wanted = tuple[tuple[Role, int], ...]


class OfficesMachine(RuleBasedStateMachine):
    """Every act either keeps the rules or is refused and changes nothing; all of it in one transaction that is undone."""

    @initialize()
    def begin(self) -> None:
        self.hashing = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
        self.hashing.enable()
        self.block: Any = transaction.atomic()
        self.block.__enter__()
        models.Membership.objects.filter(role=Role.LEAD).delete()  # of other tests
        self.places: list[Post] = [Post(Role.LEAD)]
        for _ in range(2):
            drop = f"drop-{uuid4().hex[:12]}"
            new = offices.open_administration(f"Office {drop}", Administration(0, drop, OwnIdentity(), drop), ())
            office = models.Administration.objects.get(id=new.id).office_id
            self.places += [Post(Role.AUDITOR, office), Post(Role.AUDITOR, administration=new.id)]
        self.had_main: set[int] = set()
        self.had_lead = False
        self.persons: list[Actor] = []
        self.add(((Role.LEAD, 0),), DATES[1], None)
        for place in (1, 3):
            self.add(((Role.OFFICE_MAIN_USER, place),), None, None)

    @rule(wanted=_posts, since=st.sampled_from(DATES), by=_acting)
    def add(self, wanted: Wanted, since: date | None, by: int | None) -> None:
        name = f"user-{uuid4().hex[:10]}"

        def act(actor: Actor | None) -> None:
            user = staff.add(name, PASSWORD, Details(confidential_since=since), self._held(wanted), actor, AT)
            self.persons.append(Actor(user, name))

        self._done(act, by)

    @rule(which=_some, wanted=_posts, since=st.sampled_from(DATES), is_dated=st.booleans(), by=_acting)
    def change(self, which: int, wanted: Wanted, since: date | None, is_dated: bool, by: int | None) -> None:
        person = people.person(self._person(which).user)
        assert person
        details = Details(confidential_since=since if is_dated else person.confidential_since)
        self._done(lambda actor: staff.change(person.id, details, self._held(wanted), actor, AT), by)

    @rule(which=_some, by=_acting)
    def end(self, which: int, by: int | None) -> None:
        self._done(lambda actor: staff.end(self._person(which).user, actor, AT), by)

    @rule(which=_some, by=_acting)
    def revive(self, which: int, by: int | None) -> None:
        self._done(lambda actor: staff.revive(self._person(which).user, actor, AT), by)

    @rule(which=_some, by=_acting)
    def give_password(self, which: int, by: int | None) -> None:
        self._done(lambda actor: passwords.give(self._person(which).user, OTHER, actor, AT), by)

    @precondition(lambda self: self.persons)
    @rule(which=_some)
    def sign_in(self, which: int) -> None:
        user = self._person(which).user
        if User.objects.get(pk=user).is_active:
            store = SessionStore()
            store["_auth_user_id"] = str(user)
            store.create()

    @invariant()
    def an_office_keeps_its_main_user(self) -> None:
        main = models.Membership.objects.filter(role=Role.OFFICE_MAIN_USER, user__is_active=True)
        now = {office for office in main.values_list("office_id", flat=True) if office in {p.office for p in self.places}}
        self.had_main |= now
        assert now == self.had_main

    @invariant()
    def the_service_keeps_a_lead(self) -> None:
        today = datetime.now(UTC).date()
        leads = models.Membership.objects.filter(role=Role.LEAD, office=None, administration=None, user__is_active=True)
        now = leads.filter(user__profile__confidential_since__lte=today).exists()
        self.had_lead = self.had_lead or now
        assert now == self.had_lead

    @invariant()
    def an_operator_is_active_with_a_date_only(self) -> None:
        users = [person.user for person in self.persons]
        rows = models.Membership.objects.filter(user__in=users, role__in=CONFIDENTIAL, user__is_active=True)
        assert not rows.filter(user__profile__confidential_since=None).exists()

    @invariant()
    def who_was_ended_has_no_session(self) -> None:
        users = {row.get_decoded().get("_auth_user_id") for row in Session.objects.all()}
        assert not {f"{person.user}" for person in self.persons if not User.objects.get(pk=person.user).is_active} & users

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            self.hashing.disable()

    def _done(self, act: Any, by: int | None) -> None:
        """Do it; refused, it changed nothing, and done, it changed only what this person decides over."""
        actor = None if by is None or not self.persons else self._person(by)
        before = self._state()
        try:
            with transaction.atomic():
                act(actor)
        except Refused:
            assert self._state() == before
            return
        if actor is not None:
            self._check_reach(actor, before, self._state())

    def _check_reach(self, actor: Actor, before: dict[int, Any], after: dict[int, Any]) -> None:
        """By hand, from the roles he had: a lead over all in his reach, a main user over customers in his office."""
        active, dated, own = before[actor.user][0], before[actor.user][1], before[actor.user][2]
        assert active
        is_agreed = dated is not None and dated <= datetime.now(UTC).date()
        leads = {post.office for post in own if post.role is Role.LEAD and is_agreed}
        mains = {post.office for post in own if post.role is Role.OFFICE_MAIN_USER}
        if None in leads:
            return
        nothing: tuple[bool, None, frozenset[Post]] = (True, None, frozenset())
        for user, state in after.items():
            was = before.get(user, nothing)
            touched = set(was[2]) ^ set(state[2])
            if was[0] != state[0]:
                touched |= set(state[2])
            for post in touched:
                office = post.office or self._owner(post.administration)
                assert office is not None
                assert office in leads | (set() if post.role in CONFIDENTIAL else mains)

    def _owner(self, administration: int | None) -> int | None:
        row = models.Administration.objects.filter(id=administration).values_list("office_id", flat=True)
        return row.first()

    def _state(self) -> dict[int, tuple[bool, date | None, frozenset[Post]]]:
        found = filter(None, (people.person(person.user) for person in self.persons))
        return {person.id: (person.is_active, person.confidential_since, frozenset(person.posts)) for person in found}

    def _person(self, which: int) -> Actor:
        return self.persons[which % len(self.persons)]

    def _held(self, wanted: Wanted) -> tuple[Post, ...]:
        places = ((role, self.places[place]) for role, place in wanted)
        return tuple(Post(role, place.office, place.administration) for role, place in places)
