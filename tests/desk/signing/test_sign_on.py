"""Signing on with an OpenID Connect provider: a real one beside a real desk."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.urls import reverse
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, expect

from scanstraat.desk.signing import sign_on
from scanstraat.model.people import Post, Role
from tests.desk.chromium import SCREENSHOTS, opened
from tests.desk.signing.persons import Somebody, browser, code, set_up_app, sign_in, somebody, told

SERVE = "from scanstraat.desk.serving import serve; from scanstraat.settings import Settings; serve(Settings.from_environment())"
pytestmark = [pytest.mark.xdist_group("sign-on"), pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # of the provider


@dataclass(frozen=True, slots=True)
class Beside:
    """A desk at `desk` whose persons may sign on with the provider at `issuer`."""

    desk: str
    issuer: str
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self) -> httpx.Client:
        """A browser that is closed after the test."""
        self.clients.append(httpx.Client(follow_redirects=True, headers={"User-Agent": "Firefox"}))
        return self.clients[-1]

    def knows(self, **claims: object) -> str:
        """Have the provider know somebody; returns his subject."""
        subject = f"subject-{uuid4().hex}"
        httpx.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()
        return subject

    def sign_on(self, subject: str, query: str = "") -> tuple[httpx.Client, httpx.Response]:
        """What a browser has and shows at the end of the way over the provider."""
        client = self.client()
        form = client.get(f"{self.desk}{reverse('sign-on')}{query}")
        assert f"{form.url}".startswith(f"{self.issuer}/oauth2/authorize"), form.text
        return client, client.post(form.url, data={"sub": subject})


@pytest.fixture(scope="module")
def both(database: None) -> Iterator[Beside]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with run_server_in_thread() as provider:
        issuer = f"http://localhost:{provider.server_port}"
        own = {
            "SCANSTRAAT_DESK_LISTEN": f"127.0.0.1:{port}",
            "SCANSTRAAT_OIDC_ISSUER": f"{issuer}/",
            "SCANSTRAAT_OIDC_CLIENT_ID": "scanstraat",
            "SCANSTRAAT_OIDC_CLIENT_SECRET": "a secret",
            "SCANSTRAAT_OIDC_NAME": "Kantoor Noord",
        }
        with subprocess.Popen([sys.executable, "-c", SERVE], env={**os.environ, **own}, stderr=subprocess.DEVNULL) as process:
            try:
                _await(f"http://localhost:{port}/health")
                yield Beside(f"http://localhost:{port}", issuer)
            finally:
                process.terminate()


@pytest.fixture
def beside(both: Beside) -> Iterator[Beside]:
    yield both
    while both.clients:
        both.clients.pop().close()


@pytest.fixture
def auditor(database: None) -> Somebody:
    return somebody(Post(Role.AUDITOR))


def _await(address: str) -> None:
    for _ in range(200):
        try:
            httpx.get(address)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answers at {address}")


def _links(person: Somebody) -> list[str]:
    return list(SocialAccount.objects.filter(user_id=person.id).values_list("uid", flat=True))


def _is_in(client: httpx.Client, desk: str, name: str) -> bool:
    page = client.get(f"{desk}{reverse('account')}")
    return name in page.text and page.url.path == reverse("account")


@pytest.mark.rule("I3")
def test_a_person_is_found_by_his_verified_address_and_linked(beside: Beside) -> None:
    address = f"{uuid4().hex}@example.com"
    person = somebody(Post(Role.AUDITOR), email=address)
    subject = beside.knows(email=address.upper(), email_verified=True, preferred_username="another")
    client, page = beside.sign_on(subject, "?next=/upload")
    assert page.url.path == "/upload"
    assert _is_in(client, beside.desk, person.name)
    assert _links(person) == [subject]
    assert SocialAccount.objects.get(uid=subject).extra_data == {}
    assert told(person) == [(person.name, "sign-on-linked"), (person.name, "sign-in")]
    httpx.put(f"{beside.issuer}/users/{subject}", json={"email": "new@example.com"}).raise_for_status()
    client, _ = beside.sign_on(subject)  # by the link now, whatever he is called elsewhere
    assert _is_in(client, beside.desk, person.name)
    assert SocialAccount.objects.get(uid=subject).extra_data == {}
    assert person.row.has_usable_password()


@pytest.mark.rule("I3")
def test_a_person_is_found_by_his_name(beside: Beside) -> None:
    person = somebody()
    subject = beside.knows(preferred_username=person.name, email="somewhere@example.com", email_verified=False)
    client, _ = beside.sign_on(subject)
    assert _is_in(client, beside.desk, person.name)
    assert _links(person) == [subject]


@pytest.mark.rule("I3")
def test_who_is_not_here_or_was_ended_or_is_not_proven_is_refused_and_never_made(beside: Beside) -> None:
    address = f"{uuid4().hex}@example.com"
    person, ended = somebody(email=address), somebody()
    User.objects.filter(pk=ended.id).update(is_active=False)
    claims: tuple[dict[str, object], ...] = (
        {"email": "nobody@example.com", "email_verified": True, "preferred_username": "nobody-here"},
        {"preferred_username": ended.name},
        {"email": address, "email_verified": False},
        {"email": address},
        {},
        {"email": address, "email_verified": True, "preferred_username": somebody().name},  # two persons
    )
    before = User.objects.count()
    for each in claims:
        client, page = beside.sign_on(beside.knows(**each))
        assert (page.status_code, "There is no account for you here" in page.text) == (403, True), each
        assert not _is_in(client, beside.desk, person.name)
    assert User.objects.count() == before
    assert _links(person) == _links(ended) == []


@pytest.mark.rule("I3")
def test_one_who_was_linked_and_then_ended_is_refused(beside: Beside) -> None:
    person = somebody()
    subject = beside.knows(preferred_username=person.name)
    beside.sign_on(subject)
    User.objects.filter(pk=person.id).update(is_active=False)
    assert beside.sign_on(subject)[1].status_code == 403


@pytest.mark.rule("I3")
def test_another_identity_with_the_name_of_one_who_is_linked_is_refused(beside: Beside) -> None:
    person = somebody()
    first, second = beside.knows(preferred_username=person.name), beside.knows(preferred_username=person.name)
    assert beside.sign_on(first)[1].status_code == 200
    assert beside.sign_on(second)[1].status_code == 403
    assert _links(person) == [first]


@pytest.mark.rule("I3")
def test_a_second_factor_is_asked_for_after_it_too(beside: Beside) -> None:
    person = somebody()
    secret = set_up_app(sign_in(person.name))
    client, page = beside.sign_on(beside.knows(preferred_username=person.name))
    assert page.url.path == reverse("mfa_authenticate")
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token
    client.post(page.url, data={"csrfmiddlewaretoken": token[1], "code": code(secret, 1)}, headers={"Referer": f"{page.url}"})
    assert _is_in(client, beside.desk, person.name)
    assert Authenticator.objects.filter(user_id=person.id).exists()


def test_an_answer_nobody_asked_for_and_one_that_was_denied_are_told_calmly(beside: Beside) -> None:
    client = beside.client()
    for query in ("", "?code=x&state=y", "?error=access_denied", "?error=server_error&state=z"):
        answer = client.get(f"{beside.desk}/sign-in/sso/callback{query}")
        assert (answer.status_code, "Try it again" in answer.text) == (502, True), query
    assert client.get(f"{beside.desk}/sign-in/elsewhere/callback?code=x&state=y").status_code == 404
    form = client.get(f"{beside.desk}{reverse('sign-on')}")
    assert client.post(form.url, data={"action": "deny"}).status_code == 502


def test_without_a_provider_there_is_no_way_to_it(database: None) -> None:
    assert browser().get(reverse("sign-on")).status_code == 404
    assert "Continue with" not in browser().get(reverse("sign-in")).content.decode()


def test_a_token_and_an_answer_of_two_subjects_do_not_go_together() -> None:
    assert sign_on.is_of_one({"userinfo": {"sub": "a"}, "id_token": {"sub": "a"}})
    assert not sign_on.is_of_one({"userinfo": {"sub": "a"}, "id_token": {"sub": "b"}})


@pytest.mark.rule("I7")
def test_the_way_over_the_provider_goes_in_a_browser_under_the_policy_of_the_page(
    beside: Beside, auditor: Somebody, browser: Browser
) -> None:
    subject = beside.knows(preferred_username=auditor.name)
    seen = opened(browser)
    seen.page.goto(f"{beside.desk}/documents")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    seen.page.screenshot(path=SCREENSHOTS / "sign-in-with-provider.png")
    seen.page.get_by_role("link", name="Continue with Kantoor Noord").click()
    seen.page.locator("input[name=sub]").fill(subject)
    seen.page.keyboard.press("Enter")
    expect(seen.page.get_by_role("heading", name="Documents")).to_be_visible()
    assert not [each for each in seen.complaints if "Content Security Policy" in each]  # the provider has pages of its own
    seen.page.close()
