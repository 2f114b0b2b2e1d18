"""Second factors without a browser: apps and recovery codes, what asks for them, and what is kept of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from scanstraat.cli.signing import remove_second_factor
from scanstraat.desk.signing import adapters
from scanstraat.errors import Refused
from scanstraat.model.people import Post, Role
from scanstraat.records import factors
from tests.desk.conftest import PASSWORD
from tests.desk.signing.persons import Somebody, browser, code, is_in, later, operator, set_up_app, sign_in, somebody, told

asked_of: Callable[[str], override_settings] = lambda whom: override_settings(  # noqa: E731
    SCANSTRAAT=replace(settings.SCANSTRAAT, second_factor=whom)
)


def _with_app() -> tuple[Somebody, str]:
    person = somebody()
    return person, set_up_app(sign_in(person.name))


def _give(client: Client, given: str) -> Client:
    client.post(reverse("mfa_authenticate"), {"code": given})
    return client


def _codes(client: Client) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())


@pytest.mark.rule("I3")
def test_with_an_app_the_password_alone_lets_nobody_in(database: None) -> None:
    person, secret = _with_app()
    client = sign_in(person.name)
    assert not is_in(client)
    assert client.get(reverse("mails"))["Location"].startswith(reverse("sign-in"))
    assert "does not fit" in client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert not is_in(client)
    assert is_in(_give(client, code(secret, 1)))
    assert [act for _, act in told(person)][-2:] == ["factor-failed", "sign-in"]


@pytest.mark.rule("I3")
def test_a_code_is_good_once(database: None) -> None:
    person, secret = _with_app()
    given = code(secret, 1)
    assert is_in(_give(sign_in(person.name), given))
    assert not is_in(_give(sign_in(person.name), given))


@pytest.mark.rule("I3")
def test_codes_cannot_be_tried_through(database: None) -> None:
    person, secret = _with_app()
    client = sign_in(person.name)
    for _ in range(5):
        _give(client, "000000")
    answer = client.post(reverse("mfa_authenticate"), {"code": code(secret, 1)})
    assert "Wait five minutes" in answer.content.decode()


@pytest.mark.rule("I3")
def test_a_recovery_code_stands_in_once_for_the_app(database: None) -> None:
    person = somebody()
    client = sign_in(person.name)
    set_up_app(client)
    first, *others = _codes(client)
    assert len(others) == 9
    assert client.get(reverse("mfa_download_recovery_codes")).content.decode().split() == [first, *others]
    assert is_in(_give(sign_in(person.name), first))
    assert not is_in(_give(sign_in(person.name), first))
    assert _codes(client) == others
    client.post(reverse("mfa_generate_recovery_codes"))
    assert len(set(_codes(client)) - set(others)) == 10
    assert not is_in(_give(sign_in(person.name), others[0]))


@pytest.mark.rule("I3")
def test_secrets_are_kept_sealed_with_the_key_of_the_installation(database: None) -> None:
    person = somebody()
    client = sign_in(person.name)
    secret = set_up_app(client)
    codes = _codes(client)
    kept = " ".join(f"{row.data}" for row in Authenticator.objects.filter(user_id=person.id))
    assert secret not in kept
    assert not [one for one in codes if one in kept]
    assert not re.search(r"\b[0-9a-f]{80}\b", kept)  # the seed of the codes
    with pytest.raises(Refused, match="secret-lost"):
        adapters.Factors().decrypt("gAAAAAB" + "x" * 90)


@pytest.mark.rule("I3")
def test_whoever_changes_how_he_signs_in_shows_again_who_he_is(database: None) -> None:
    person, secret = _with_app()
    client = _give(sign_in(person.name), code(secret, 1))
    later(client, adapters.RECENT_SECONDS + 1)
    again = reverse("account_reauthenticate")
    for name in ("mfa_deactivate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
        assert client.get(reverse(name))["Location"] == f"{again}?next={reverse(name).replace('/', '%2F')}", name
    later(client, adapters.RECENT_SECONDS + 1)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert factors.has(person.id)
    wrong = client.post(again, {"password": "four other words go", "next": reverse("mfa_deactivate_totp")})
    assert "This is not your password" in wrong.content.decode()
    right = client.post(again, {"password": PASSWORD, "next": reverse("mfa_deactivate_totp")})
    assert right.status_code in {200, 302}
    client.post(reverse("mfa_deactivate_totp"))
    assert not factors.has(person.id)
    assert ("factor-removed") in [act for _, act in told(person)]
    assert is_in(sign_in(person.name))


def test_a_code_too_shows_who_one_is(database: None) -> None:
    person, secret = _with_app()
    client = _give(sign_in(person.name), code(secret, 1))
    later(client, adapters.RECENT_SECONDS + 1)
    assert client.get(reverse("mfa_reauthenticate")).status_code == 200
    client.post(reverse("mfa_reauthenticate"), {"code": code(secret), "next": reverse("account")})
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200


@pytest.mark.rule("I3")
def test_factors_that_were_lost_are_taken_away_and_sessions_with_them(database: None) -> None:
    person, secret = _with_app()
    client = _give(sign_in(person.name), code(secret, 1))
    assert factors.remove(person.id, "lead") == 2
    assert not is_in(client)
    assert is_in(sign_in(person.name))
    assert ("lead", "factors-removed") in told(person)
    set_up_app(sign_in(person.name))
    remove_second_factor(person.name)  # the command, for who has nobody
    assert is_in(sign_in(person.name))


@pytest.mark.rule("I3")
@pytest.mark.parametrize("whom", ["operators", "everyone"])
def test_who_must_have_a_second_factor_sets_it_up_before_anything_else(database: None, whom: str) -> None:
    with asked_of(whom):
        person = operator() if whom == "operators" else somebody(Post(Role.AUDITOR))
        client = sign_in(person.name)
        for name in ("home", "mails", "account", "account_change_password"):
            assert client.get(reverse(name))["Location"] == reverse("second-factor"), name
        assert client.post(reverse("account"), {"full_name": "Anna", "language": ""})["Location"] == reverse("second-factor")
        assert client.get(reverse("health")).status_code == 200
        assert client.get(reverse("second-factor")).status_code == 200
        secret = set_up_app(client)
        assert is_in(client)
        again = _give(sign_in(person.name), code(secret, 1))
        assert is_in(again)
        again.post(reverse("mfa_deactivate_totp"))
        assert again.get(reverse("mails"))["Location"] == reverse("second-factor")


@pytest.mark.rule("I3")
def test_others_are_not_asked_for_one(database: None) -> None:
    with asked_of("operators"):
        assert is_in(sign_in(somebody(Post(Role.AUDITOR)).name))
    with asked_of("nobody"):
        assert is_in(sign_in(operator().name))


@pytest.mark.rule("I3")
def test_a_sign_in_that_stopped_before_its_code_can_be_given_up(database: None) -> None:
    person, _ = _with_app()
    client = sign_in(person.name)
    assert client.get(reverse("sign-in"))["Location"] == reverse("mfa_authenticate")
    client.post(reverse("sign-out"))
    assert client.get(reverse("sign-in")).status_code == 200
    assert client.get(reverse("mfa_authenticate"))["Location"] == reverse("sign-in")


def test_pages_of_others_passkeys_and_codes_are_not_there(database: None) -> None:
    client = sign_in(somebody().name)
    for name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes"):
        assert client.get(reverse(name)).status_code == 404
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[987654])).status_code == 404
    assert "set one up first" in client.post(reverse("mfa_generate_recovery_codes")).content.decode()


_RESPONSE = {
    "clientDataJSON": "e30",
    "authenticatorData": "AAAA",
    "signature": "AA",
    "userHandle": "MQ",
    "attestationObject": "oA",
}


@pytest.mark.parametrize(
    "credential",
    [
        "[]",
        "3",
        "null",
        '{"id": "x"}',
        json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}),
        json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": _RESPONSE}),
    ],
)
def test_a_passkey_that_is_none_is_refused_calmly(database: None, credential: str) -> None:
    client = browser()
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential}, follow=True)
    assert b'role="alert"' in answer.content
    client = sign_in(somebody().name)
    client.get(reverse("mfa_add_webauthn"))
    assert b'role="alert"' in client.post(reverse("mfa_add_webauthn"), {"name": "", "credential": credential}).content


def test_the_browser_is_asked_for_a_passkey_that_knows_its_owner(database: None) -> None:
    client = browser()
    assert client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()["request_options"]
