"""Nobody reaches anything of another office, at any address there is, by any id, as anybody (I3, I5, I6).

Two offices with rows of every kind stand side by side; each person of the one, each stranger and each key goes through all
addresses with all ids of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from scanstraat.model.administration import Administration
from scanstraat.model.people import ROLES, Post, Right, Role
from scanstraat.records import models, people
from tests.desk import mailroom, worlds
from tests.desk.conftest import BACKEND, PASSWORD
from tests.desk.routes import (
    API_METHODS,
    BY_KEY,
    METHODS,
    OPEN,
    OWN,
    TABLE,
    answered,
    foreign,
    needs,
    own,
    routes,
)
from tests.desk.worlds import HOLDERS, World, made, state

SignIn = Callable[..., Client]
pytestmark = pytest.mark.xdist_group("visibility")  # the two offices are made once
FORM = "application/x-www-form-urlencoded"
CLOSED = {403, 404, 405}
Worlds = tuple[World, World]


@pytest.fixture(scope="module")
def both(database: None) -> Worlds:
    """Our office, and the other one."""
    return made(1), made(2)


@pytest.fixture
def strangers(both: Worlds) -> Iterator[dict[str, Client]]:
    """Those who have no business here at all, or none yet or any more."""
    _, other = both
    clients = {"nobody": Client(SERVER_NAME="localhost")}
    posts: dict[str, tuple[Post, ...]] = {
        "without a role": (),
        "ended": (Post(Role.LEAD), Post(Role.OFFICE_MAIN_USER, other.office)),
        "without a date": (Post(Role.OPERATOR),),
        "not yet": (Post(Role.LEAD), Post(Role.OPERATOR, other.office)),
    }
    for name, held in posts.items():
        user = people.create_user(f"stranger-{uuid4().hex[:10]}", PASSWORD, held, date(2026, 1, 1))
        clients[name] = Client(SERVER_NAME="localhost")
        clients[name].force_login(User.objects.get(pk=user), backend=BACKEND)
        profile = models.Profile.objects.filter(user_id=user)
        if name == "without a date":
            profile.update(confidential_since=None)
        elif name == "not yet":
            profile.update(confidential_since=datetime.now(UTC).date() + timedelta(days=2))
        elif name == "ended":
            User.objects.filter(pk=user).update(is_active=False)
    yield clients
    User.objects.filter(username__startswith="stranger-").delete()


def _is_closed(status: int, location: str) -> bool:
    to_sign_in = location.startswith((reverse("sign-in"), reverse("account_reauthenticate")))
    return status in CLOSED or (status == 302 and to_sign_in)


def _words(world: World, but: str = "") -> list[str]:
    """What may not come out: everything that stands in this world only, but what was asked with."""
    return [word for word in world.words if word not in but]


def _unchanged(other: World, before: worlds.State) -> None:
    """Nothing of the other office is different or gone, and nothing new names anything of it."""
    now = state()
    assert {name: now.get(name) for name in other.rows} == other.rows
    ids = set(other.ids.values())
    for name in now.keys() - before.keys():
        assert not ids & {value for value in now[name] if not isinstance(value, bool)}, name
        assert other.mark not in f"{now[name]}", name


@pytest.mark.rule("I5")
def test_every_address_is_in_the_table_and_no_other() -> None:
    assert {route.name for route in routes()} == set(TABLE)


@pytest.mark.rule("I5")
@pytest.mark.parametrize("holder", HOLDERS)
def test_nothing_of_another_office_is_reached_by_any_id_at_any_address(both: Worlds, holder: str) -> None:
    mine, other = both
    client, before, form = mine.client(holder), state(), urlencode(other.sent())
    for route in (each for each in routes() if each.identifier and needs(each) != BY_KEY):
        # a lead of our office may do there all that anybody may: he tries every id, the others those the address is about
        for address in foreign(route, other) if holder == "lead" else (own(route, other),):
            for method in METHODS:
                status, body, location = answered(client, method, address, data=form, content_type=FORM)
                assert _is_closed(status, location), (method, address, status, location)
                assert not [word for word in _words(other, address) if word in body], (method, address)
    _unchanged(other, before)


@pytest.mark.rule("I3", "I5")
def test_strangers_reach_nothing_at_all(both: Worlds, strangers: dict[str, Client]) -> None:
    _, other = both
    before, form = state(), urlencode(other.sent())
    for name, client in strangers.items():
        for route in (each for each in routes() if needs(each) not in (OPEN, BY_KEY)):
            address = own(route, other)
            for method in METHODS:
                status, body, location = answered(client, method, address, data=form, content_type=FORM)
                assert status < 500, (name, method, address)
                assert not [word for word in _words(other, address) if word in body + location.split("next=")[0]], (name, address)
                is_own = needs(route) == OWN and not route.identifier and name not in ("nobody", "ended")
                is_list = route.name in ("mails", "documents") and name not in ("nobody", "ended")  # empty for them
                assert is_own or is_list or _is_closed(status, location), (name, method, address, status, location)
                if name in ("nobody", "ended"):
                    assert location.startswith(reverse("sign-in")), (name, method, address, status)
    _unchanged(other, before)


@pytest.mark.rule("I5")
@pytest.mark.parametrize("holder", HOLDERS)
def test_lists_searches_and_filters_show_nothing_of_another_office(both: Worlds, holder: str) -> None:
    mine, other = both
    client = mine.client(holder)
    looked_for = ("", "Zeer geheime", f"Leverancier {other.mark}", other.mark, f"{other.ids['mail']}", "2026-0412")
    queries = [{"search": words} for words in looked_for] + [{"state": "delivered"}, {"check": "yes"}]
    queries += [{"person": other.mark}, {"subject": f"{other.ids['mail']}"}, {"holder": "mine"}, {"reason": "iban"}]
    queries += [{"administration": f"{other.ids['administration']}"}, {"office": f"{other.ids['office']}"}]
    if holder not in ("lead", "main user"):  # what they see, these two see too
        queries = queries[::5]
    for name in (each.name for each in routes() if not each.identifier and needs(each) not in (OPEN, BY_KEY)):
        for query in queries if isinstance(TABLE[name][0], Right) else queries[:1]:
            _, body, _ = answered(client, "GET", f"{reverse(name)}?{urlencode(query)}")
            sent = "".join(query.values())
            rest = body.replace(sent, "") if sent else body  # what was asked with stands in the form again
            assert not [word for word in _words(other, sent) if word in rest], (name, query)


@pytest.mark.rule("I5")
def test_forms_that_name_something_of_another_office_do_nothing_to_it(both: Worlds) -> None:
    mine, (_, other) = made(4), both  # an office of its own, as ours comes out of this rather changed
    client, before, form = mine.client("lead"), state(), urlencode(other.sent())
    for route in (each for each in routes() if needs(each) not in (OPEN, OWN, BY_KEY)):
        status, body, _ = answered(client, "POST", own(route, mine), data=form, content_type=FORM)
        assert status < 500, route.name
        names = [word for word in other.words if not word.isdecimal() and word not in form]
        assert not [word for word in names if word in body], route.name
    _unchanged(other, before)


@pytest.mark.rule("I5")
def test_who_leads_here_and_only_reads_there_does_there_nothing_but_read(both: Worlds) -> None:
    (mine, _), other = both, made(5)  # read by him, the other one is not as it was
    posts = (Post(Role.LEAD, mine.office), Post(Role.ADMINISTRATION_USER, administration=other.owner.id))
    user = people.create_user(f"both-{uuid4().hex[:10]}", PASSWORD, posts, date(2026, 1, 1))
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(pk=user), backend=BACKEND)
    before, form = _lasting(), urlencode(other.sent())
    for route in (each for each in routes() if each.identifier and isinstance(needs(each), Right)):
        for method in METHODS:
            status, _, location = answered(client, method, own(route, other), data=form, content_type=FORM)
            assert status < 400 if (needs(route), method) == (Right.SEE, "GET") else _is_closed(status, location), route.name
    for route in (each for each in routes() if not each.identifier and isinstance(needs(each), Right)):
        if needs(route) != Right.SEE:
            assert other.mark not in answered(client, "GET", own(route, other))[1], route.name
    User.objects.filter(pk=user).delete()
    assert {name: row for name, row in _lasting().items() if name in other.rows} == {
        name: row for name, row in before.items() if name in other.rows
    }


def _may(holder: str, needed: Right) -> bool:
    return needed in ROLES[HOLDERS[holder][0]].rights


@pytest.mark.rule("I5", "I6")
@pytest.mark.parametrize("holder", HOLDERS)
def test_in_his_own_office_each_gets_what_his_role_says(both: Worlds, holder: str) -> None:
    mine, (_, other) = made(3), both
    client = mine.client(holder)
    for route in (each for each in routes() if isinstance(needs(each), Right)):
        address, needed = own(route, mine), needs(route)
        assert isinstance(needed, Right)
        if _may(holder, needed):
            status, body, location = answered(client, "GET", address)
            assert status not in (403, 404), (address, status)
            assert not [word for word in other.words if word in body], address
            assert not location.startswith(reverse("sign-in")), address
    before = _lasting()
    for route in (each for each in routes() if isinstance(needs(each), Right)):
        address, needed = own(route, mine), needs(route)
        if isinstance(needed, Right) and not _may(holder, needed):
            for method in METHODS:
                status, _, _ = answered(client, method, address, data=urlencode(mine.sent()), content_type=FORM)
                assert status in (403, 404), (method, address, status)
    assert _lasting() == before


def _lasting() -> worlds.State:
    return {name: row for name, row in state().items() if name[0] not in ("AuditEntry", "AuditHead")}


def _asked(key: str, method: str, address: str) -> tuple[int, str]:
    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {key}"})
    status, body, _ = answered(client, method, address, data='{"reason": "x"}', content_type="application/json")
    return status, body


def _without(body: str, *ids: object) -> str:
    for each in ids:
        body = body.replace(f"{each}", "ID")
    return body


@pytest.mark.rule("I5")
@pytest.mark.parametrize("which", ["key", "office_key"])
def test_a_key_of_another_office_cannot_tell_what_is_there_from_what_is_not(both: Worlds, which: str) -> None:
    mine, other = both
    key, before = getattr(mine, which), state()
    for route in (each for each in routes() if needs(each) == BY_KEY):
        unknown = {"uuid": uuid4(), "int": 10**17 + 7, "": ""}[route.identifier]
        none = route.at(index=1, number=1, rest="nowhere", identifier=unknown)
        not_there = {method: _asked(key, method, none) for method in API_METHODS}
        # as with persons: the key of the whole office tries every id, the other those the address is about
        for address in foreign(route, other) if route.identifier and which == "office_key" else (own(route, other),):
            for method in API_METHODS:
                status, body = _asked(key, method, address)
                assert not [word for word in _words(other, address) if word in body], (method, address)
                if route.identifier:
                    assert status in (404, 405, 422), (method, address, status)
                    said, told = not_there[method]
                    assert (status, _without(body, *other.ids.values())) == (said, _without(told, unknown)), (method, address)
    _unchanged(other, before)


@pytest.mark.rule("I3")
def test_without_a_key_programs_get_nothing(both: Worlds) -> None:
    mine, other = both
    lead = mine.client("lead")
    for route in (each for each in routes() if needs(each) == BY_KEY):
        for method in API_METHODS:
            for client in (Client(SERVER_NAME="localhost"), lead):
                status, body, _ = answered(client, method, own(route, other), data="{}", content_type="application/json")
                assert status in (401, 405), (method, route.name, status)
                assert not [word for word in _words(other) if word in body], route.name


@pytest.mark.rule("I5")
def test_a_picture_rendered_for_one_person_is_not_handed_to_another(both: Worlds) -> None:
    mine, other = both
    address = reverse("picture", args=[other.ids["delivered"], 1])
    first = other.client("user").get(address)
    first.close()
    again = mine.client("user").get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 404


@pytest.mark.rule("I5", "I6")
def test_who_may_sees_the_documents_of_every_office_in_one_view(both: Worlds, signed_in: SignIn) -> None:
    client = signed_in(operator=True)
    for world in both:
        for name in ("mail", "document", "supplier", "review", "user", "administration"):
            route = next(each for each in routes() if each.name == name)
            assert answered(client, "GET", own(route, world))[0] in (200, 302), name
    listed = client.get(reverse("mails"), {"search": "Zeer geheime"}).content.decode()
    assert all(world.mark in listed for world in both)


@pytest.mark.rule("I3", "I5")
def test_a_person_without_an_office_and_one_who_was_ended_see_nothing(administration: Administration, signed_in: SignIn) -> None:
    address = reverse("mail", args=[mailroom.deliver(administration).mail])
    assert signed_in().get(address).status_code == 404
    ended = signed_in(administration)
    User.objects.filter(pk=ended.session["_auth_user_id"]).update(is_active=False)
    assert ended.get(address).status_code == 302
