"""A person sees the administrations of his offices and no others, at every address there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, reverse

from scanstraat.desk.urls import urlpatterns
from scanstraat.model.administration import Administration
from scanstraat.records import offices
from tests.desk import mailroom
from tests.desk.conftest import PASSWORD
from tests.desk.mailroom import Made

SignIn = Callable[..., Client]
OPEN = {"health", "sign-in"}  # served to anybody
BY_KEY = {"api-mails", "api-mail", "api-elsewhere"}  # served to programs, see test_api
FORMS = {"upload"}  # see test_upload
LISTS = {"mails", "documents"}
STREAMED = {"documents-csv"}  # see offices/test_lists
ELSEWHERE = {"home"}  # it only leads on


def _of_one(made: Made) -> dict[str, str]:
    """Every address that shows something of one mail or document."""
    mail, document = {"identifier": made.mail}, {"identifier": made.documents[0]}
    return {
        "mail": reverse("mail", kwargs=mail),
        "original-mail": reverse("original-mail", kwargs=mail),
        "part": reverse("part", kwargs={**mail, "index": 1}),
        "document": reverse("document", kwargs=document),
        "picture": reverse("picture", kwargs={**document, "number": 1}),
        "composed-pdf": reverse("composed-pdf", kwargs=document),
        "invoice-xml": reverse("invoice-xml", kwargs=document),
    }


@pytest.fixture
def foreign(administration: Administration) -> Administration:
    """An administration of another office."""
    drop = f"{administration.drop}-foreign"
    return offices.open_administration(f"Office {drop}", replace(administration, name=drop, drop=drop), (f"{drop}@x.example",))


def _status(client: Client, address: str) -> int:
    response = client.get(address)
    response.close()
    return response.status_code


@pytest.mark.rule("I5")
def test_no_address_is_forgotten_in_these_tests() -> None:
    known = set(_of_one(Made(1, UUID(int=1), (UUID(int=2),), ""))) | OPEN | LISTS | ELSEWHERE | BY_KEY | FORMS | STREAMED
    known -= {"sign-in"}  # stands with the pages of signing in, see tests/desk/signing
    assert known == {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}


@pytest.mark.rule("I5")
def test_a_foreign_person_gets_404_at_every_address_of_a_mail_and_its_documents(
    administration: Administration, foreign: Administration, signed_in: SignIn
) -> None:
    addresses = _of_one(mailroom.deliver(administration))
    own, other = signed_in(administration), signed_in(foreign)
    assert {name: _status(own, address) for name, address in addresses.items()} == dict.fromkeys(addresses, 200)
    assert {name: _status(other, address) for name, address in addresses.items()} == dict.fromkeys(addresses, 404)


@pytest.mark.rule("I5")
def test_lists_searches_and_filters_show_nothing_of_another_office(
    administration: Administration, foreign: Administration, signed_in: SignIn
) -> None:
    made, mark = mailroom.deliver(administration, "Zeer geheime factuur"), administration.name
    own, other = signed_in(administration), signed_in(foreign)
    for name in LISTS:
        for query in ("", "?search=geheime", "?search=Korenaar", "?search=2026-0412", "?state=delivered"):
            page = other.get(reverse(name) + query).content.decode()
            assert str(made.mail) not in page
            assert str(made.documents[0]) not in page
            assert mark not in page
        assert str(made.documents[0]) in own.get(reverse(name) + "?search=geheime").content.decode()
        assert own.get(reverse(name), {"administration": administration.id}).status_code == 200
        assert other.get(reverse(name), {"administration": administration.id}).status_code == 404
    assert ">1</span>" not in other.get(reverse("documents")).content.decode()  # not even counted in a tab


@pytest.mark.rule("I5", "I6")
def test_an_operator_sees_every_office(administration: Administration, foreign: Administration, signed_in: SignIn) -> None:
    client = signed_in(operator=True)
    for made in (mailroom.deliver(administration), mailroom.deliver(foreign)):
        assert all(_status(client, address) == 200 for address in _of_one(made).values())


@pytest.mark.rule("I3", "I5")
def test_a_person_without_an_office_and_one_who_was_ended_see_nothing(administration: Administration, signed_in: SignIn) -> None:
    addresses = _of_one(mailroom.deliver(administration))
    assert all(_status(signed_in(), address) == 404 for address in addresses.values())
    ended = signed_in(administration)
    User.objects.filter(pk=ended.session["_auth_user_id"]).update(is_active=False)
    assert all(_status(ended, address) == 302 for address in addresses.values())


@pytest.mark.rule("I3")
def test_nobody_gets_past_the_sign_in_page(administration: Administration) -> None:
    client = Client(SERVER_NAME="localhost")
    addresses = [
        *_of_one(mailroom.deliver(administration)).values(),
        *(reverse(name) for name in LISTS | ELSEWHERE | FORMS | STREAMED),
    ]
    for address in addresses:
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, f"{reverse('sign-in')}?next={address}"), address
    assert all(_status(client, reverse(name)) == 200 for name in OPEN)


@pytest.mark.rule("I5")
def test_a_picture_rendered_for_one_person_is_not_handed_to_another(
    administration: Administration, foreign: Administration, signed_in: SignIn
) -> None:
    address = _of_one(mailroom.deliver(administration))["picture"]
    first = signed_in(administration).get(address)
    first.close()
    again = signed_in(foreign).get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 404


@pytest.mark.rule("I3")
def test_signing_in_takes_the_right_password_and_a_token(administration: Administration, signed_in: SignIn) -> None:
    name = User.objects.get(pk=signed_in(administration).session["_auth_user_id"]).username
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    form = {"username": name, "password": PASSWORD}
    assert client.post(reverse("sign-in"), form).status_code == 403
    page = client.get(reverse("sign-in"))
    form["csrfmiddlewaretoken"] = page.content.decode().split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    wrong = client.post(reverse("sign-in"), {**form, "password": "four other words go"})
    assert b'role="alert"' in wrong.content
    assert client.post(reverse("sign-in"), form)["Location"] == reverse("home")
    assert client.get(reverse("home"))["Location"] == reverse("mails")
    assert client.get(reverse("mails")).status_code == 200
    assert client.get(reverse("sign-out")).status_code == 405  # a link on some page must not sign anybody out
