"""The picture in a real browser: pointing at print, coming closer, turning; and what happens when the hold is lost."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from scanstraat.model.administration import Administration
from scanstraat.model.field import FieldName
from scanstraat.model.people import Post, Role
from scanstraat.records import mails, models, people
from tests.desk.chromium import launched, opened, served
from tests.desk.conftest import PASSWORD, office_of
from tests.desk.review import papers
from tests.desk.review.operator import Operator
from tests.desk.review.papers import SUPPLIERS, Invoice, iban_of


@pytest.fixture
def operator(administration: Administration) -> str:
    name = f"op-{uuid4().hex[:8]}"
    people.create_user(name, PASSWORD, (Post(Role.OPERATOR, office=people.office(office_of(administration))),), date(2026, 1, 1))
    return name


@pytest.fixture
def invoice(administration: Administration) -> UUID:
    (document,) = papers.laid(administration, (Invoice(0, more=1),))
    papers.decided(document, lambda read: papers.without(FieldName.SUPPLIER_NAME)(papers.without(FieldName.IBAN)(read)))
    return document


def _words(document: UUID) -> dict[str, tuple[float, float]]:
    """The middle of each word of the first page where it stands first, in points."""
    row = models.Document.objects.get(id=document)
    pages = mails.pages(row.mail_id)
    first = next(page for part in pages for page in part.pages if page.number == 1)
    return {word.text: word.box.middle for word in reversed(first.words)}


def _place(page: Page, point: tuple[float, float]) -> tuple[float, float]:
    """Where a point of the page is on the screen."""
    paper = page.locator(".paper.shown").bounding_box()
    assert paper
    scale = paper["width"] / papers.WIDTH
    return paper["x"] + point[0] * scale, paper["y"] + point[1] * scale


def _point(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press at one word and let go at another."""
    page.mouse.move(*_place(page, start))
    page.mouse.down()
    page.mouse.move(*_place(page, end), steps=4)
    page.mouse.up()


@pytest.mark.rule("C7")
def test_print_is_pointed_at_and_comes_closer(administration: Administration, invoice: UUID, operator: str) -> None:
    words = _words(invoice)
    with served() as desk, launched() as browser:
        seen = opened(browser, "light", 1366, 768)
        at, page = Operator(seen.page, "viewer"), seen.page
        page.goto(f"{desk}/review/{invoice}")
        page.get_by_label("Name").fill(operator)
        page.get_by_label("Password").fill(PASSWORD)
        at.press("Enter")
        at.sees(invoice)
        _point_at_fields(at, words)
        _come_closer(page)
        at.press("PageDown")
        expect(page.locator(".tools .at")).to_have_text("Page 2 of 2")
        page.context.close()
    assert seen.complaints == []


def _point_at_fields(at: Operator, words: dict[str, tuple[float, float]]) -> None:
    """A name by dragging over it, an IBAN by a click on one of its groups; each with where it stands."""
    page = at.page
    at.stands_in("value-supplier_name")
    page.wait_for_load_state("networkidle")  # the words are there
    page.mouse.move(*_place(page, words["Korenaar"]))
    expect(page.locator(".tip")).to_have_text("Korenaar")
    _point(page, words["Bakkerij"], words["B.V."])
    assert page.locator("#value-supplier_name").input_value().startswith("Bakkerij De Korenaar")
    at.stands_in("value-supplier_name")  # the hands stay where they were
    assert '"page":1' in page.locator("[name='evidence.supplier_name']").input_value()
    at.press("Enter")
    at.stands_in("value-iban")
    page.mouse.click(*_place(page, words["INGB"]))
    assert page.locator("#value-iban").input_value().replace(" ", "") == iban_of(0)
    expect(page.locator("#check-iban")).to_contain_text("The IBAN is valid")
    at.takes_a_picture("pointed")


def _come_closer(page: Page) -> None:
    before = page.locator(".paper.shown").bounding_box()
    page.keyboard.press("Alt+Equal")
    larger = page.locator(".paper.shown").bounding_box()
    assert before
    assert larger
    assert larger["width"] > before["width"]
    for _ in range(9):
        page.keyboard.press("Alt+Equal")
    expect(page.locator(".zoom")).to_have_text("400%")
    expect(page.locator(".paper.shown img")).to_have_attribute("src", re.compile(r"dpi=300$"))
    page.keyboard.press("Alt+0")
    fitting = page.locator(".paper.shown").bounding_box()
    assert fitting
    assert fitting["width"] <= before["width"] + 1


def test_a_hold_that_is_lost_is_told_and_what_was_typed_stays(
    administration: Administration, invoice: UUID, operator: str
) -> None:
    with served() as desk, launched() as browser:
        seen = opened(browser, "light", 1366, 768)
        at, page = Operator(seen.page, "lost"), seen.page
        page.goto(f"{desk}/review/{invoice}")
        page.get_by_label("Name").fill(operator)
        page.get_by_label("Password").fill(PASSWORD)
        at.press("Enter")
        at.sees(invoice)
        at.type(SUPPLIERS[0][0])
        token = page.locator("#fields [name=csrfmiddlewaretoken]").input_value()
        page.request.post(f"{desk}/review/{invoice}/hand-back", form={"csrfmiddlewaretoken": token}, headers={"Referer": desk})
        at.press("Control+Enter")
        page.get_by_text("not in your hands any more").wait_for()
        assert page.locator("#value-supplier_name").input_value() == SUPPLIERS[0][0]
        at.takes_a_picture("lost")
        page.get_by_role("button", name="Open it again").press("Enter")
        expect(page.get_by_text("not in your hands any more")).to_have_count(0)
        assert page.locator("#value-supplier_name").input_value() == SUPPLIERS[0][0]
        page.context.close()
