"""What is done to persons, by whom it may be done, and what it may not leave behind; on SQLite, and once on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.servers import PrivatePostgres
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.people import Post, Role
from scanstraat.model.review import Actor
from scanstraat.records import audit, authority, models, offices, passwords, people, staff
from scanstraat.records.staff import Details
from tests.desk import mailroom
from tests.records.offices_machine import OfficesMachine

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "four words make one"
AT = datetime(2026, 3, 31, 9, tzinfo=UTC)
AGREED = date(2026, 1, 1)
Act = Callable[[], object]


def _office(administration: Administration) -> int:
    return models.Administration.objects.get(id=administration.id).office_id


def _name() -> str:
    return f"user-{uuid4().hex[:10]}"


def _person(*posts: Post, since: date | None = None) -> Actor:
    name = _name()
    return Actor(staff.add(name, PASSWORD, Details(confidential_since=since), posts, None, AT), name)


def _main(administration: Administration) -> Actor:
    return _person(Post(Role.OFFICE_MAIN_USER, _office(administration)))


def _refused(act: Act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def _end(person: Actor, by: Actor | None = None) -> Act:
    return lambda: staff.end(person.user, by, AT)


def _change(person: Actor, *posts: Post, by: Actor | None = None, details: Details | None = None) -> Act:
    return lambda: staff.change(person.user, details or Details(), posts, by, AT)


@pytest.fixture
def elsewhere(administration: Administration) -> Administration:
    """An administration of another office."""
    drop = f"{administration.drop}-elsewhere"
    return offices.open_administration(f"Office {drop}", replace(administration, name=drop, drop=drop), (f"{drop}@x.example",))


@pytest.mark.rule("I5")
def test_an_office_keeps_a_main_user(administration: Administration, elsewhere: Administration) -> None:
    office, other = _office(administration), _office(elsewhere)
    first = _main(administration)
    user, moved = Post(Role.OFFICE_USER, office), Post(Role.OFFICE_MAIN_USER, other)
    for act in (_end(first), _change(first, user), _change(first, moved), _change(first, user, by=first)):
        assert _refused(act) == "last-main-user"
    assert people.person(first.user) == replace(people.value(User.objects.get(pk=first.user)), is_active=True)
    second = _main(administration)
    _end(second)()
    assert _refused(_end(first)) == "last-main-user"  # one who was ended counts for nothing
    staff.revive(second.user, first, AT)
    _end(first, by=second)()
    assert _refused(_end(second)) == "last-main-user"


@pytest.mark.rule("I5")
def test_a_main_user_decides_over_customers_of_his_office_and_nobody_else(
    administration: Administration, elsewhere: Administration
) -> None:
    main, office, other = _main(administration), _office(administration), _office(elsewhere)
    own = _person(Post(Role.OFFICE_USER, office))
    both = _person(Post(Role.OFFICE_USER, office), Post(Role.ADMINISTRATION_USER, administration=elsewhere.id))
    foreign = _person(Post(Role.OFFICE_USER, other))
    operator = _person(Post(Role.OPERATOR, office), since=AGREED)
    for posts in (
        (Post(Role.OFFICE_USER, other),),
        (Post(Role.ADMINISTRATION_USER, administration=elsewhere.id),),
        (Post(Role.OPERATOR, office),),
        (Post(Role.LEAD),),
        (Post(Role.AUDITOR),),
        (Post(Role.AUDITOR, 10**9),),
        (Post(Role.AUDITOR, administration=10**9),),
    ):
        assert _refused(lambda posts=posts: staff.add(_name(), PASSWORD, Details(), posts, main, AT)) == "not-yours"
        assert _refused(_change(own, *posts, by=main)) == "not-yours"
    for person in (both, foreign, operator):
        for act in (
            _end(person, main),
            lambda person=person: staff.revive(person.user, main, AT),
            lambda person=person: passwords.give(person.user, "other words make another", main, AT),
            lambda person=person: passwords.reset_second_factor(person.user, main),
            _change(person, Post(Role.AUDITOR, office), by=main, details=Details("Somebody else")),
        ):
            assert _refused(act) == "not-yours"
    assert _refused(_change(own, *_posts(own), by=main, details=Details(confidential_since=AGREED))) == "not-yours"
    assert {main.user, own.user, both.user} == set(authority.persons(main).values_list("id", flat=True))
    _change(both, Post(Role.AUDITOR, office), by=main)()  # his roles elsewhere stay
    assert set(_posts(both)) == {Post(Role.AUDITOR, office), Post(Role.ADMINISTRATION_USER, administration=elsewhere.id)}
    _change(both, by=main)()
    assert _posts(both) == (Post(Role.ADMINISTRATION_USER, administration=elsewhere.id),)
    assert _refused(_change(own, by=main)) == "role-missing"
    _end(own, by=main)()


def _posts(person: Actor) -> tuple[Post, ...]:
    found = people.person(person.user)
    assert found is not None
    return found.posts


@pytest.mark.rule("I3", "I5")
def test_who_has_no_right_over_users_or_was_ended_decides_over_nobody(administration: Administration) -> None:
    office = _office(administration)
    main, second = _main(administration), _main(administration)
    reader = _person(Post(Role.OFFICE_USER, office))
    later = _person(Post(Role.LEAD), since=datetime.now(UTC).date() + timedelta(days=1))
    _end(second)()
    for by in (reader, later, second):
        assert _refused(_end(main, by)) == "not-yours"
        assert not authority.persons(by).exists()


@pytest.mark.rule("I3")
def test_ending_a_person_ends_his_sessions_and_hands_back_what_he_holds(administration: Administration) -> None:
    made = mailroom.deliver(administration)
    _main(administration)
    person, other = _main(administration), _main(administration)
    stays, goes = _session(other.user), _session(person.user)
    rows = models.Document.objects.filter(id=made.documents[0])
    rows.update(held_by=person.user, held_until=AT)
    models.ReviewAct.objects.create(mail_id=made.mail, document=made.documents[0], user_id=person.user, by=person.name, at=AT)
    _end(person, by=other)()
    assert (SessionStore().exists(goes), SessionStore().exists(stays)) == (False, True)
    assert rows.values_list("held_by", "held_until").get() == (None, None)
    assert models.ReviewAct.objects.filter(by=person.name).exists()
    told = models.AuditEntry.objects.filter(subject=f"user {person.name}").order_by("number")
    assert [(row.actor, row.act) for row in told] == [("policy command-line", "add-user"), (other.name, "end-user")]
    assert audit.verify(audit.INSTALLATION) == ()


def _session(user: int) -> str:
    store = SessionStore()
    store["_auth_user_id"] = str(user)
    store.create()
    assert store.session_key
    return store.session_key


@pytest.mark.rule("I3")
def test_an_operator_is_let_in_with_a_date_of_confidentiality_only(administration: Administration) -> None:
    operator = _person(Post(Role.OPERATOR), since=AGREED)
    assert _refused(_change(operator, Post(Role.OPERATOR), details=Details())) == "no-confidentiality"
    assert people.rights(operator.user)
    _end(operator)()
    models.Profile.objects.filter(user_id=operator.user).update(confidential_since=None)
    assert _refused(lambda: staff.revive(operator.user, None, AT)) == "no-confidentiality"
    agreed = Details(confidential_since=AGREED)
    staff.change(operator.user, agreed, (Post(Role.OPERATOR),), None, AT)
    staff.revive(operator.user, None, AT)
    assert people.rights(operator.user)


@pytest.mark.rule("I3")
def test_nobody_takes_himself_out_of_his_last_role_as_a_lead(administration: Administration) -> None:
    lead, _ = _person(Post(Role.LEAD), since=AGREED), _person(Post(Role.LEAD), since=AGREED)
    agreed = Details(confidential_since=AGREED)
    later = Details(confidential_since=datetime.now(UTC).date() + timedelta(days=1))
    assert _refused(_change(lead, Post(Role.OPERATOR), by=lead, details=agreed)) == "own-lead"
    assert _refused(_change(lead, Post(Role.LEAD), by=lead, details=later)) == "own-lead"
    assert _refused(_end(lead, lead)) == "own-end"
    assert _refused(lambda: passwords.give(lead.user, "other words make another", lead, AT)) == "own-account"
    assert _refused(lambda: passwords.reset_second_factor(lead.user, lead)) == "own-account"


@pytest.mark.rule("I3")
def test_a_password_that_was_given_is_to_be_changed(administration: Administration) -> None:
    main, person = _main(administration), _main(administration)
    profiles = models.Profile.objects.filter(user_id=person.user)
    assert profiles.get().must_change_password
    profiles.update(must_change_password=False)  # as choosing one's own does, see the tests of signing in
    key = _session(person.user)
    assert _refused(lambda: passwords.give(person.user, "short", main, AT)) == "password-weak"
    passwords.give(person.user, "given words make one", main, AT)
    assert profiles.get().must_change_password
    assert not SessionStore().exists(key)
    assert User.objects.get(pk=person.user).check_password("given words make one")


@pytest.mark.rule("I3")
def test_names_and_addresses_are_checked_and_an_unknown_person_is_said_to_be_so(administration: Administration) -> None:
    post = (Post(Role.OFFICE_USER, _office(administration)),)
    for name, details, posts, code in (
        ("two words", Details(), post, "name-form"),
        ("", Details(), post, "name-form"),
        ("x" * 151, Details(), post, "name-form"),
        (_name(), Details(email="no address"), post, "email-form"),
        (_name(), Details("x" * 201), post, "name-long"),
        (_name(), Details(), (), "role-missing"),
    ):
        assert _refused(lambda name=name, d=details, p=posts: staff.add(name, PASSWORD, d, p, None, AT)) == code
    assert _refused(lambda: staff.end(10**9, None, AT)) == "user-unknown"
    assert _refused(lambda: staff.named("nobody at all")) == "user-unknown"


@pytest.mark.rule("I3", "I5")
def test_ensuring_a_person_twice_changes_nothing_and_other_roles_replace_the_old(administration: Administration) -> None:
    _main(administration)
    name, posts = _name(), (Post(Role.OFFICE_MAIN_USER, _office(administration)),)
    staff.ensure(name, PASSWORD, posts, None, once=False, at=AT)
    first = User.objects.get(username=name)
    entries = models.AuditEntry.objects.filter(subject=f"user {name}")
    staff.ensure(name, PASSWORD, posts, None, once=False, at=AT)
    assert entries.count() == 1
    assert User.objects.get(username=name).password == first.password
    assert first.password.startswith("argon2$argon2id$")
    staff.end(first.pk, None, AT)
    staff.ensure(name, "other words make another", (Post(Role.LEAD),), AGREED, once=True, at=AT)
    assert list(first.memberships.values_list("role", "office")) == [("lead", None)]
    assert User.objects.get(username=name).check_password("other words make another")
    assert models.Profile.objects.get(user=first).must_change_password
    assert people.rights(first.pk)
    assert staff.words(posts) in entries.get(act="change-user").detail
    assert name in {person.name for person in staff.everybody()}


@pytest.mark.rule("I5")
def test_two_main_users_who_end_each_other_at_once_do_not_leave_the_office_alone(administration: Administration) -> None:
    for _ in range(4):
        pair = [_main(administration), _main(administration)]
        for old in authority.persons(pair[0]).exclude(id__in=[person.user for person in pair]):
            staff.end(old.pk, None, AT)
        codes: list[str] = []
        barrier = Barrier(2)

        def act(person: Actor, by: Actor, barrier: Barrier = barrier, codes: list[str] = codes) -> None:
            barrier.wait()
            try:
                staff.end(person.user, by, AT)
            except Refused as error:
                codes.append(error.code)
            finally:
                connection.close()

        threads = [Thread(target=act, args=(pair[0], pair[1])), Thread(target=act, args=(pair[1], pair[0]))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert User.objects.filter(id__in=[person.user for person in pair], is_active=True).count() == 1
        assert len(codes) == 1
        assert codes[0] in {"last-main-user", "not-yours"}


@pytest.mark.rule("I3", "I5")
def test_whatever_is_done_in_whatever_order_every_office_keeps_its_main_user(database: None) -> None:
    run_state_machine_as_test(
        OfficesMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )


@pytest.mark.rule("I3")
def test_a_second_factor_that_was_lost_is_taken_away_by_another(administration: Administration) -> None:
    person = _main(administration)
    other = _main(administration)
    Authenticator.objects.create(user_id=person.user, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user_id=other.user, type=Authenticator.Type.RECOVERY_CODES, data={})
    both = frozenset({person.user, other.user})
    assert passwords.with_second_factor(both) == {person.user}
    passwords.reset_second_factor(person.user, other)
    assert passwords.with_second_factor(both) == frozenset()
    assert models.AuditEntry.objects.filter(actor=other.name, subject=f"user {person.name}").exists()


@pytest.mark.rule("I4", "I5")
def test_persons_and_the_audit_log_keep_all_this_on_postgresql_too() -> None:
    with PrivatePostgres() as server:
        environment = {**os.environ, "DATABASE_URL": server.url}
        files = [__file__, str(Path(__file__).with_name("test_audit.py"))]
        options = ("-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not postgresql and not whatever")
        command = [sys.executable, "-m", "pytest", *options, *files]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
