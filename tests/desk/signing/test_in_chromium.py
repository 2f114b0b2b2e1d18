"""Signing in as a person meets it: apps, passkeys, recovery codes and sessions, in a real browser under the policy of pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, CDPSession, Page, expect

from scanstraat.model.people import Post, Role
from tests.desk.chromium import SCREENSHOTS, Seen, opened
from tests.desk.conftest import PASSWORD
from tests.desk.signing.persons import Somebody, code, somebody


@pytest.fixture
def auditor(database: None) -> Somebody:
    return somebody(Post(Role.AUDITOR))


@pytest.fixture
def local(desk: str) -> str:
    """The desk by its name: a passkey belongs to a name, never to an address."""
    return desk.replace("127.0.0.1", "localhost")


def _with_authenticator(seen: Seen) -> tuple[CDPSession, str]:
    """Give the page an authenticator that keeps passkeys and knows its owner by his finger."""
    session = seen.page.context.new_cdp_session(seen.page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def _sign_in(page: Page, desk: str, name: str) -> None:
    page.goto(f"{desk}{reverse('sign-in')}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def _clean(seen: Seen, *but: str) -> None:
    assert set(seen.hosts) == {"localhost"}
    assert [each for each in seen.complaints if not any(part in each for part in but)] == []
    seen.page.close()


@pytest.mark.rule("I3", "I7")
def test_a_passkey_is_added_and_signs_in_alone_and_as_second_factor(local: str, auditor: Somebody, browser: Browser) -> None:
    seen = opened(browser)
    page, (session, authenticator) = seen.page, _with_authenticator(seen)
    _sign_in(page, local, auditor.name)
    page.get_by_role("link", name=auditor.name).click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("My laptop")
    page.screenshot(path=SCREENSHOTS / "passkey-add.png")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{local}{reverse('account')}")
    expect(page.locator("bdi", has_text="My laptop")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "account-light.png", full_page=True)
    kept = session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert [(each["isResidentCredential"], each["rpId"]) for each in kept] == [(True, "localhost")]
    _sign_out(page)
    page.goto(f"{local}{reverse('mails')}")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Mail log")).to_be_visible()
    _sign_out(page)
    _sign_in(page, local, auditor.name)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Mail log")).to_be_visible()
    page.goto(f"{local}{reverse('account')}")
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("What you call it").fill("Key on my ring")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("link", name="Remove Key on my ring").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    _sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()  # the browser still has it
    expect(page.get_by_role("alert").first).to_be_visible()
    _clean(seen)


@pytest.mark.rule("I3")
def test_an_owner_who_is_not_known_by_his_finger_is_told_calmly(local: str, auditor: Somebody, browser: Browser) -> None:
    seen = opened(browser)
    page, (session, authenticator) = seen.page, _with_authenticator(seen)
    _sign_in(page, local, auditor.name)
    page.goto(f"{local}{reverse('mfa_add_webauthn')}")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    page.screenshot(path=SCREENSHOTS / "passkey-not-used.png")
    _clean(seen)


@pytest.mark.rule("I3")
def test_an_app_is_scanned_or_typed_and_a_recovery_code_stands_in_for_it(local: str, auditor: Somebody, browser: Browser) -> None:
    seen = opened(browser, "dark", 1920, 1200)
    page = seen.page
    _sign_in(page, local, auditor.name)
    page.goto(f"{local}{reverse('account')}")
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("#totp-key").inner_text()
    box = page.locator(".scan svg").bounding_box()
    assert box
    assert box["width"] > 150
    page.screenshot(path=SCREENSHOTS / "app-set-up.png")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("alert")).to_contain_text("This does not fit")
    assert page.locator("#totp-key").inner_text() == secret
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    page.screenshot(path=SCREENSHOTS / "recovery-codes.png")
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download").click()
    assert loading.value.suggested_filename == "recovery-codes.txt"
    _sign_out(page)
    _sign_in(page, local, auditor.name)
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)  # there is none
    page.screenshot(path=SCREENSHOTS / "second-factor.png")
    page.get_by_label("Code").fill(code(secret, 1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mail log")).to_be_visible()
    _sign_out(page)
    _sign_in(page, local, auditor.name)
    page.get_by_label("Code").fill(codes[0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mail log")).to_be_visible()
    page.goto(f"{local}{reverse('account')}")
    expect(page.get_by_text("9 left")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "account-dark.png", full_page=True)
    _clean(seen)


@pytest.mark.rule("I3")
def test_sessions_elsewhere_are_ended_from_here(local: str, auditor: Somebody, browser: Browser) -> None:
    here, there = opened(browser), opened(browser)
    for seen in (here, there):
        _sign_in(seen.page, local, auditor.name)
        expect(seen.page.get_by_role("heading", name="Mail log")).to_be_visible()
    here.page.goto(f"{local}{reverse('account')}")
    expect(here.page.get_by_text("Chromium, Linux")).to_have_count(2)
    here.page.get_by_role("button", name="End all others").click()
    expect(here.page.get_by_role("status")).to_contain_text("Your other sessions are ended")
    there.page.reload()
    expect(there.page).to_have_url(re.compile(re.escape(reverse("sign-in"))))
    _clean(there)
    _clean(here)


@pytest.mark.rule("I3")
def test_after_wrong_passwords_the_page_says_for_how_long_it_is_closed(local: str, auditor: Somebody, browser: Browser) -> None:
    seen = opened(browser)
    page = seen.page
    page.goto(f"{local}{reverse('sign-in')}")
    for _ in range(5):
        page.get_by_label("Name").fill(auditor.name)
        page.get_by_label("Password").fill("four other words go")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("heading", name="Closed for a while")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "sign-in-closed.png")
    _clean(seen, "429 (Too Many Requests)")
