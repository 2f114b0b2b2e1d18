"""The pages as a person meets them: our own server, a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.model.people import Post, Role
from scanstraat.records import offices, people
from tests.desk import mailroom
from tests.desk.chromium import SCREENSHOTS, opened
from tests.desk.conftest import PASSWORD, office_of


@pytest.fixture
def person(administration: Administration) -> str:
    """One who sees `administration` with a mail log worth looking at."""
    _fill(administration)
    name = f"anna-{uuid4().hex[:8]}"
    office = office_of(administration)
    second = replace(administration, name="Second administration", drop=f"{administration.drop}-2")
    offices.open_administration(office, second, (f"{second.drop}@invoices.example",))
    people.create_user(name, PASSWORD, (Post(Role.OFFICE_USER, office=people.office(office)),))
    return name


def _fill(owner: Administration) -> None:
    other = mailroom.with_values(mailroom.COMPLETED, supplier_name="Van der Veen Installatietechniek", invoice_number="VF-88213")
    several = (
        mailroom.Paper(verdict=mailroom.IN_REVIEW, completed=other),
        mailroom.Paper(Kind.REMINDER, mailroom.REMINDER, match=None),
        mailroom.Paper(Kind.ADVERTISING, mailroom.ADVERTISING, mailroom.Readings(), None),
    )
    mailroom.deliver(owner)
    mailroom.deliver(owner, "FW: Facturen maart", several, "Klant BV <boekhouding@klant.example>", days=1)
    mailroom.park(
        mailroom.receive(owner, "Scan van de kopieerder", "scanner@klant.example", days=2), "the mail holds 4,000 parts"
    )
    mailroom.receive(owner, "Invoice 5567", "billing@example.com", days=3)


def _walk(page: Page, desk: str, person: str, suffix: str) -> None:
    """Sign in, look at the log, a mail, the list and a document; then sign out."""
    page.goto(desk)
    page.screenshot(path=SCREENSHOTS / f"sign-in-{suffix}.png")
    page.get_by_label("Name").fill(person)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Mail log")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"mails-{suffix}.png")
    page.get_by_role("link", name="FW: Facturen maart").click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"mail-{suffix}.png", full_page=True)
    page.get_by_role("link", name="Documents", exact=True).click()
    page.screenshot(path=SCREENSHOTS / f"documents-{suffix}.png")
    page.get_by_role("link", name="Delivered").click()
    page.get_by_role("rowheader").get_by_role("link", name="Invoice").click()
    _look_at_the_document(page, suffix)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def _look_at_the_document(page: Page, suffix: str) -> None:
    picture = page.get_by_role("img", name="Page 1 of 2")
    expect(picture).to_be_visible()
    page.wait_for_function("picture => picture.complete && picture.naturalWidth >= 1200", arg=picture.element_handle())
    page.screenshot(path=SCREENSHOTS / f"document-{suffix}.png")
    page.get_by_role("link", name="show Total on the picture").click()
    box = page.locator("rect:target")
    assert box.get_attribute("id") == "box-total"
    expect(box).to_be_in_viewport()
    expect(page.get_by_role("navigation", name="Main")).to_be_in_viewport(ratio=1)  # only the column scrolls, not the page
    _lies_on_the_print(picture.bounding_box(), box.bounding_box())
    page.screenshot(path=SCREENSHOTS / f"document-total-{suffix}.png")


def _lies_on_the_print(picture: dict[str, float] | None, box: dict[str, float] | None) -> None:
    """The box on the screen is where the total is printed on the page."""
    assert picture
    assert box
    scale = picture["width"] / mailroom.WIDTH
    printed = mailroom.box_of("total")
    assert box["x"] == pytest.approx(picture["x"] + printed.x0 * scale, abs=5 * scale)
    assert box["y"] == pytest.approx(picture["y"] + printed.y0 * scale, abs=5 * scale)
    assert box["width"] == pytest.approx(printed.width * scale, abs=10 * scale)


@pytest.mark.rule("A9")
@pytest.mark.parametrize(
    ("scheme", "width", "height"), [("light", 1920, 1200), ("dark", 1366, 768)], ids=["light-large", "dark-laptop"]
)
def test_a_person_follows_a_mail_to_the_box_on_its_invoice(
    desk: str, person: str, browser: Browser, scheme: str, width: int, height: int
) -> None:
    seen = opened(browser, scheme, width, height)
    try:
        _walk(seen.page, desk, person, f"{scheme}-{width}")
    finally:
        seen.page.close()
    assert set(seen.hosts) == {"127.0.0.1"}
    assert seen.complaints == []


@pytest.mark.rule("A6", "A8")
@pytest.mark.parametrize(
    ("scheme", "width", "height"), [("light", 1366, 768), ("dark", 1920, 1200)], ids=["light-laptop", "dark-large"]
)
def test_a_person_uploads_by_keyboard_and_follows_the_mail(
    desk: str, person: str, browser: Browser, tmp_path: Path, scheme: str, width: int, height: int
) -> None:
    (tmp_path / "één factuur.pdf").write_bytes(mailroom.invoice_pdf())
    (tmp_path / "bijlage.pdf").write_bytes(mailroom.invoice_pdf(1))
    seen = opened(browser, scheme, width, height)
    try:
        _upload(seen.page, desk, person, tmp_path, f"{scheme}-{width}")
    finally:
        seen.page.close()
    assert set(seen.hosts) == {"127.0.0.1"}
    assert seen.complaints == []


def _upload(page: Page, desk: str, person: str, folder: Path, suffix: str) -> None:
    """Sign in, upload two files, too much, and the same two again; then look at the mail."""
    page.goto(f"{desk}/upload")
    page.get_by_label("Name").fill(person)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Upload")).to_be_visible()
    files, note = page.get_by_label("Files"), page.get_by_label("Note")
    page.get_by_label("Administration").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(files).to_be_focused()
    files.set_input_files([folder / "één factuur.pdf", folder / "bijlage.pdf"])
    page.keyboard.press("Tab")
    expect(note).to_be_focused()
    page.keyboard.type("Graag vóór vrijdag")
    page.screenshot(path=SCREENSHOTS / f"upload-filled-{suffix}.png")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Taken for ")
    expect(page.get_by_label("Administration")).not_to_have_value("")  # the one just uploaded for
    page.screenshot(path=SCREENSHOTS / f"upload-taken-{suffix}.png")
    _drop_too_much(page, suffix)
    files.set_input_files([folder / "één factuur.pdf", folder / "bijlage.pdf"])
    expect(page.get_by_role("alert")).to_be_hidden()
    note.fill("Graag vóór vrijdag")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status")).to_contain_text("Already there")
    page.get_by_role("link", name="See the mail in the log").click()
    expect(page.get_by_text("again, from ")).to_be_visible()


def _drop_too_much(page: Page, suffix: str) -> None:
    """Files that together are too large, dropped on the page: told at once, and not sent."""
    dropped = page.evaluate_handle(
        """() => {
            const files = new DataTransfer();
            for (const name of ["a.pdf", "b.pdf"]) files.items.add(new File([new Uint8Array(16_000_000)], name));
            return files;
        }"""
    )
    for event in ("dragover", "drop"):
        page.dispatch_event("body", event, {"dataTransfer": dropped})
    expect(page.get_by_role("alert")).to_contain_text("Together these files are larger than 30 MB")
    page.screenshot(path=SCREENSHOTS / f"upload-too-much-{suffix}.png")
    page.get_by_role("button", name="Upload").click()
    expect(page).to_have_url(re.compile(r"/upload\?mail="))
