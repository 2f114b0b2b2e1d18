"""The queue by keyboard alone, in a real browser, while it changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.model.people import Post, Role
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.records import models, people
from tests.desk import mailroom
from tests.desk.chromium import SCREENSHOTS, opened
from tests.desk.conftest import PASSWORD, office_of

SINCE = date(2026, 1, 1)
SUPPLIERS = (
    "Bakkerij De Korenaar B.V.",
    "Van der Veen Installatietechniek",
    "Smid & Zoon",
    "Nordström Papper AB",
    "Müller GmbH & Co. KG",
)
REASONS = ("doubt", "new-account", "suspected-duplicate", "kind", "doubt", "cut", "no-amount", "doubt")


def change(document: UUID, **values: object) -> None:
    """Change a row as another would; in a thread of its own, since the browser's loop runs in ours."""

    def update() -> None:
        models.Document.objects.filter(id=document).update(**values)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(update).result()


def fill(owner: Administration) -> list[UUID]:
    """Eight that wait, each more urgent than the one after it."""
    made = []
    for number, code in enumerate(REASONS):
        completed = mailroom.with_values(mailroom.COMPLETED, supplier_name=SUPPLIERS[number % 5], invoice_number=f"2026-{number}")
        verdict = Verdict(Action.REVIEW, (Reason(code, code),))
        kind = Kind.REMINDER if code == "kind" else Kind.INVOICE
        (document,) = mailroom.deliver(owner, f"Mail {number}", (mailroom.Paper(kind, verdict, completed),)).documents
        due = datetime.now(UTC) + timedelta(hours=9 * number - 12)
        models.Document.objects.filter(id=document).update(due_at=due)
        made.append(document)
    return made


@pytest.fixture
def made(administration: Administration) -> list[UUID]:
    """Eight that wait, the third in another's hands, and a mail that was laid aside."""
    documents = fill(administration)
    mailroom.park(mailroom.receive(administration, "Scan van de kopieerder"), "the mail holds 4,000 parts")
    office = people.office(office_of(administration))
    other = people.create_user(f"otto-{uuid4().hex[:6]}", PASSWORD, (Post(Role.OPERATOR, office=office),), SINCE)
    later = datetime.now(UTC) + timedelta(minutes=9)
    models.Document.objects.filter(id=documents[2]).update(held_by=other, held_until=later)
    return documents


@pytest.fixture
def lead(administration: Administration) -> str:
    name = f"lena-{uuid4().hex[:8]}"
    people.create_user(name, PASSWORD, (Post(Role.LEAD, office=people.office(office_of(administration))),), SINCE)
    return name


def sign_in(page: Page, desk: str, name: str) -> None:
    page.goto(f"{desk}/sign-in?next=/review")
    page.locator("input[name=login], input[name=username]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Review")).to_be_visible()
    page.wait_for_load_state()  # with the script that listens for keys


def focused(page: Page) -> str | None:
    found: str | None = page.evaluate("document.activeElement.closest('[data-document]')?.dataset.document")
    return found


def test_a_person_finds_and_opens_by_keyboard_alone_while_the_list_changes(
    desk: str, made: list[UUID], lead: str, browser: Browser
) -> None:
    seen = opened(browser)
    page = seen.page
    sign_in(page, desk, lead)
    page.keyboard.press("j")
    assert focused(page) == f"{made[0]}"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == f"{made[1]}"
    page.screenshot(path=SCREENSHOTS / "queue-light.png")
    change(made[0], queued_at=None)  # a colleague was quicker
    expect(page.locator(f'[data-document="{made[0]}"]')).to_have_count(0, timeout=8_000)
    assert focused(page) == f"{made[1]}"
    expect(page.locator("#waiting")).to_have_text("7")
    change(made[1], queued_at=None)  # and now on this very line
    expect(page.locator(f'[data-document="{made[1]}"]')).to_have_count(0, timeout=8_000)
    assert focused(page) == f"{made[2]}"
    page.keyboard.press("/")
    page.keyboard.type("nord")
    page.keyboard.press("Enter")
    expect(page.locator("[data-document]")).to_have_count(1)
    assert [complaint for complaint in seen.complaints if not complaint.startswith("Autofocus")] == []
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/review/{made[3]}?search=nord")
    page.go_back()
    page.keyboard.press("n")
    page.wait_for_url(f"**/review/{made[3]}?search=nord")
    assert set(seen.hosts) == {"127.0.0.1"}


def test_it_is_calm_in_the_dark_on_a_small_screen_and_at_two_hundred_percent(
    desk: str, made: list[UUID], lead: str, browser: Browser
) -> None:
    for suffix, scheme, width, height in (
        ("dark", "dark", 1920, 1200),
        ("zoom", "light", 683, 600),  # 1366 at 200%
    ):
        page = opened(browser, scheme, width, height).page
        sign_in(page, desk, lead)
        page.screenshot(path=SCREENSHOTS / f"queue-{suffix}.png", full_page=True)
        assert page.evaluate("document.querySelector('main').scrollWidth <= innerWidth")
        page.close()
    page = opened(browser).page
    sign_in(page, desk, lead)
    page.goto(f"{desk}/review?reason=annex")
    page.screenshot(path=SCREENSHOTS / "queue-nothing.png")
    for document in made:
        change(document, queued_at=None)
    expect(page.get_by_role("heading", name="All done")).to_be_visible(timeout=8_000)
    page.screenshot(path=SCREENSHOTS / "queue-done.png")
