"""An administration opened as an operator does it: one form, a test mail through the running service, the acceptance (K1)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.servers import free_port
from scanstraat.settings import Settings
from scanstraat.workers.supervisor import wait_until_answering
from tests.desk.chromium import SCREENSHOTS, launched, opened
from tests.desk.conftest import PASSWORD

ROOT = Path(__file__).parents[3]
NAME = "Bakkerij De Ochtend B.V."
MAIN_USER = "anna.devries"
LEFT = ("htmx:sendAbort", "htmx:afterRequest")  # what htmx says of a page that was left while it asked for something
SEEN_SECONDS = 60_000  # milliseconds; a browser's own limit of 5 s is short for a whole line on a busy machine

pytestmark = [pytest.mark.rule("K1"), pytest.mark.xdist_group("line")]


@dataclass(frozen=True, slots=True)
class Running:
    """A whole service: where its pages are, and its home."""

    desk: str
    home: Path


def _scanstraat(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "scanstraat.cli.main", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    """The service as it is run, one worker, with a lead in an empty database."""
    own = {
        "SCANSTRAAT_HOME": str(tmp_path / "home"),
        "SCANSTRAAT_SMTP_LISTEN": f"127.0.0.1:{free_port()}",
        "SCANSTRAAT_SMTP_HOSTNAME": "mx.scan.example",
        "SCANSTRAAT_DESK_LISTEN": f"127.0.0.1:{free_port()}",
        "SCANSTRAAT_WORKERS": "1",
        "SCANSTRAAT_SECOND_FACTOR": "nobody",
    }
    environment = {**os.environ, **own, "SCANSTRAAT_PASSWORD": PASSWORD}
    (tmp_path / "home").mkdir()
    _scanstraat(environment, "migrate")
    _scanstraat(environment, "add-user", "lead", "--role", "lead", "--everywhere", "--confidential-since", "2026-01-01")
    settings = Settings.from_environment(own)
    with open(tmp_path / "service.log", "wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "scanstraat.cli.main", "run"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_until_answering(settings, 60, lambda: running.poll() is None)
        yield Running(f"http://{settings.desk_listen}", tmp_path / "home")
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=60)


def _sign_in(page: Page, desk: str) -> None:
    page.goto(f"{desk}/sign-in")
    page.get_by_label("Name").fill("lead")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def _fill(page: Page) -> None:
    """The form, by keyboard where a person would."""
    page.get_by_label("It belongs to").select_option("A new office")
    page.get_by_label("Name of the new office").fill("Administratiekantoor Noord")
    page.get_by_label("Company name").fill(NAME)
    page.get_by_label("Own VAT numbers").fill("NL820471616B02x")
    page.keyboard.press("Tab")
    expect(page.locator("#plan")).to_contain_text("does not have the form of a VAT number")
    expect(page.locator("#plan")).to_contain_text("bakkerij-de-ochtend@mx.scan.example")
    page.get_by_label("Own VAT numbers").fill("NL820471616B01")
    page.get_by_label("Own IBANs").fill("NL91 ABNA 0417 1643 00")
    page.get_by_label("Mail addresses").fill("facturen@ochtend.scan.example")
    page.get_by_label("Contacts").fill("boekhouding@ochtend.example")
    page.get_by_label("Name to sign in with").fill(MAIN_USER)
    page.get_by_label("Full name").fill("Anna de Vries")
    page.keyboard.press("Tab")
    expect(page.locator("#plan")).to_contain_text("NL91ABNA0417164300")
    expect(page.locator("#plan")).to_contain_text(MAIN_USER)


def _hand_over(page: Page, suffix: str) -> None:
    """From the checklist to the acceptance record."""
    expect(page.get_by_text("shown this once")).to_be_visible()
    expect(page.get_by_text("5 of 8 done")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"opening-begun-{suffix}.png", full_page=True)
    page.get_by_role("button", name="They are right as they are").click()
    expect(page.get_by_text("6 of 8 done")).to_be_visible()
    page.get_by_role("button", name="Send a test mail").click()
    expect(page.locator("#point-trial")).to_contain_text("was delivered after", timeout=SEEN_SECONDS)
    expect(page.get_by_text("7 of 8 done")).to_be_visible()
    expect(page.get_by_text("This was a test. Throw its drop away")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"opening-tried-{suffix}.png", full_page=True)
    page.get_by_label("Who accepts it for the customer").fill("Anna de Vries")
    page.get_by_role("button", name="Record the acceptance").click()
    expect(page.get_by_role("heading", name="Acceptance record")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"acceptance-{suffix}.png", full_page=True)


@pytest.mark.rule("A1", "A4", "E3", "F4", "I5")
def test_an_operator_opens_an_administration_in_a_few_minutes(service: Running) -> None:
    with launched() as browser:
        seen = opened(browser, "light", 1920, 1200)
        page = seen.page
        _sign_in(page, service.desk)
        began = time.monotonic()
        page.get_by_role("link", name="Administrations").click()
        page.get_by_role("link", name="Open an administration").click()
        _fill(page)
        page.screenshot(path=SCREENSHOTS / "open-light-1920.png", full_page=True)
        page.get_by_role("button", name="Open the administration").click()
        _hand_over(page, "light-1920")
        took = time.monotonic() - began
        print(f"an administration was opened, tried and accepted in {took:.1f} s")
        page.get_by_role("link", name=NAME).click()
        expect(page.get_by_text("8 of 8 done")).to_be_visible()
        expect(page.get_by_text("Opened and accepted in 0 min")).to_be_visible()
        _look_around(browser_page := opened(browser, "dark", 1366, 768).page, service.desk)
        browser_page.close()
    assert set(seen.hosts) == {"127.0.0.1"}
    assert [said for said in seen.complaints if not said.startswith(LEFT)] == []
    drops = sorted((service.home / "drops" / "bakkerij-de-ochtend").iterdir())
    assert [drop.suffix for drop in drops] == [".pdf", ".xml"]
    told = drops[1].read_text()
    assert "Scanstraat test B.V." in told
    assert "TEST-" in told


def _look_around(page: Page, desk: str) -> None:
    """The other pages, on a laptop in the dark."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    _sign_in(page, desk)
    for name, address in (
        ("mails-nothing", "/mails?search=nowhere"),
        ("mails", "/mails"),
        ("documents", "/documents?state=delivered"),
        ("suppliers", "/suppliers"),
        ("supplier", "/suppliers/1"),
        ("administrations", "/administrations"),
        ("administration", "/administrations/1"),
        ("opening", "/administrations/1/opening"),
        ("open", "/administrations/open"),
        ("keys", "/keys"),
        ("system", "/system"),
    ):
        page.goto(desk + address)
        page.screenshot(path=SCREENSHOTS / f"offices-{name}-dark-1366.png", full_page=True)
    expect(page.get_by_text("Work on the line")).to_be_visible()
    page.wait_for_function(
        "before => document.querySelector('.clock').textContent !== before", arg=page.locator(".clock").text_content()
    )
