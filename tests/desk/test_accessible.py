"""Every page of the desk as people with other eyes and hands meet it: axe-core finds nothing, and all works at 200% zoom.

The routes are walked, so that a new page is looked at without being named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser, Page

from scanstraat.desk.signing.owed import FACTOR
from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.model.people import Role
from scanstraat.model.supplier import Account, Supplier
from scanstraat.records import suppliers
from scanstraat.supplier_registry import normalise
from tests.desk import mailroom
from tests.desk.chromium import Seen, opened

SignIn = Callable[..., Client]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
IN_LIGHT = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
IN_DARK = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
LARGE, ZOOMED = {"width": 1366, "height": 768}, {"width": 640, "height": 400}  # 1280 by 800 at 200%
# Leads elsewhere, away from the desk, or to what is no page.
NO_PAGES = frozenset({"sign-out", "openid_connect_callback", "sign-on"})
# What sticks out at the side and cannot be scrolled to, lies under something else, or is cut off: nothing may.
STICKS_OUT = """(within) => {
    const root = document.documentElement, wide = root.clientWidth, found = [];
    if (root.scrollWidth > wide) found.push(`the page is ${root.scrollWidth} wide, the window ${wide}`);
    const scrolls = (element) => {
        for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
            if (["auto", "scroll"].includes(getComputedStyle(box).overflowX)) return true;
        }
        return false;
    };
    const named = (element) => `${element.outerHTML.slice(0, 80)} ${element.textContent.trim().slice(0, 40)}`;
    const controls = "a, button, input:not([type=hidden]), select, textarea, summary, label";
    for (const element of document.querySelector(within).querySelectorAll(controls)) {
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        const box = element.getBoundingClientRect();
        if (box.width <= 1 || element.matches(".skip, .hidden, .hidden *")) continue;
        if ((box.right > wide + 1 || box.left < -1) && !scrolls(element)) found.push(`sticks out: ${named(element)}`);
        element.scrollIntoView({ block: "center", inline: "center" });
        const now = element.getClientRects()[0];
        const hit = document.elementFromPoint(now.x + now.width / 2, now.y + now.height / 2);
        if (hit && hit !== element && !element.contains(hit) && !hit.contains(element)) {
            found.push(`is covered by ${named(hit)}: ${named(element)}`);
        }
    }
    for (const element of document.querySelectorAll(`${within} main *, dialog[open] *`)) {
        const style = getComputedStyle(element);
        const isCut = ["hidden", "clip"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
        if (isCut && element.clientWidth > 1 && style.textOverflow !== "ellipsis" && element.textContent.trim()) {
            found.push(`is cut off: ${named(element)}`);
        }
    }
    return found;
}"""


@dataclass(frozen=True, slots=True)
class World:
    """What there is to look at: what each kind of address can name."""

    mail: str
    document: str
    in_review: str
    supplier: int
    administration: int
    user: int

    def named(self, route: str) -> dict[str, object] | None:
        """What stands for the variable parts of a route; None where there is nothing of that kind."""
        if "<" not in route:
            return {}
        tables = {
            "mails/": self.mail,
            "documents/": self.document,
            "review/": self.in_review,
            "suppliers/": self.supplier,
            "administrations/": self.administration,
            "users/": self.user,
            "operators/": self.user,
        }
        identifier = next((value for start, value in tables.items() if route.startswith(start)), None)
        wanted = {"identifier": identifier, "index": 1, "number": 1}
        names = [part.split(":")[-1].split(">")[0] for part in route.split("<")[1:]]
        return {name: wanted[name] for name in names} if all(wanted.get(name) for name in names) else None


@pytest.fixture
def world(administration: Administration, signed_in: SignIn) -> World:
    papers = (
        mailroom.Paper(),
        mailroom.Paper(verdict=mailroom.IN_REVIEW),
        mailroom.Paper(Kind.REMINDER, mailroom.REMINDER, match=None),
        mailroom.Paper(Kind.ADVERTISING, mailroom.ADVERTISING, mailroom.Readings(), None),
    )
    made = mailroom.deliver(administration, "FW: Facturen maart", papers)
    mailroom.park(mailroom.receive(administration, "Scan", "scanner@klant.example", days=2), "the mail holds 4,000 parts")
    with transaction.atomic():
        known = Supplier(0, "Drukkerij De Letter", "NL820471616B01", "NL", (Account("NL20INGB0001234567"),))
        supplier = suppliers.add(administration.id, known, normalise.name(known.name))
    user = int(signed_in(administration, role=Role.OFFICE_USER).session["_auth_user_id"])
    documents = [str(document) for document in made.documents]
    return World(str(made.mail), documents[0], documents[1], supplier, administration.id, user)


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    """Each route of the desk with its name."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif pattern.name and pattern.name not in NO_PAGES:
            yield pattern.name, route


def pages_for(client: Client, world: World) -> dict[str, str]:
    """The address of every whole page that this person gets, by the route's name; a route with a dot is a file's."""
    found: dict[str, str] = {}
    for name, route in routes(get_resolver().url_patterns):
        values = world.named(route)
        if values is None or name in found or route.startswith(("api", "^")) or "." in route:
            continue
        address = reverse(name, kwargs=values)
        response = client.get(address)
        is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
        if is_page and b"</html>" in response.getvalue():
            found[name] = address
        response.close()
    return found


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person before the browser: his session, "" for a stranger, and the pages he gets."""

    session: str
    pages: dict[str, str]


@pytest.fixture(params=["lead", "main user", "stranger"])
def visitor(request: pytest.FixtureRequest, administration: Administration, world: World, signed_in: SignIn) -> Visitor:
    """Made before the browser is: whose event loop lets no query run beside it."""
    if request.param == "stranger":
        return Visitor("", pages_for(Client(SERVER_NAME="localhost"), world))
    client = signed_in(operator=True) if request.param == "lead" else signed_in(administration)
    session = client.session
    session[FACTOR] = True
    session.save()
    return Visitor(client.cookies[settings.SESSION_COOKIE_NAME].value, pages_for(client, world))


def wrong_with(page: Page, axe: Axe, within: str = "html") -> list[str]:
    """All that axe finds in light and dark, and what sticks out when zoomed, of the page or of one thing in it."""
    page.emulate_media(color_scheme="light")
    found = [f"light: {each}" for each in violations(page, axe, IN_LIGHT, within)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in violations(page, axe, IN_DARK, within)]
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    found += [f"zoomed: {each}" for each in page.evaluate(STICKS_OUT, within)]
    page.set_viewport_size(LARGE)  # type: ignore[arg-type]
    return found


def violations(page: Page, axe: Axe, options: dict[str, object], within: str) -> Iterator[str]:
    for violation in axe.run(page, within, options).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html'][:160]}: {node['failureSummary'][:300]}"


def walked(seen: Seen, desk: str, pages: dict[str, str]) -> str:
    """What is wrong with these pages, one a line."""
    axe, found = Axe(), []
    for name, address in pages.items():
        seen.page.goto(desk + address)
        found += [f"{name}: {each}" for each in wrong_with(seen.page, axe)]
    return "\n".join(found)


def dialogs_of(seen: Seen, address: str) -> str:
    """What is wrong with the dialogs of the review page, each opened by its button."""
    page, axe, found = seen.page, Axe(), []
    page.goto(address)
    names = page.evaluate(
        "() => [...new Set([...document.querySelectorAll('button[data-open]:enabled')].map((b) => b.dataset.open))]"
    )
    assert {"archive", "reject", "keys"} <= set(names)
    for name in names:
        page.evaluate("(name) => document.querySelector(`button[data-open=${name}]:enabled`).click()", name)
        page.locator("dialog[open]").wait_for()
        found += [f"{name}: {each}" for each in wrong_with(page, axe, "dialog[open]")]
        page.keyboard.press("Escape")
    return "\n".join(found)


def test_every_page_is_accessible_and_works_at_200_percent(desk: str, visitor: Visitor, browser: Browser) -> None:
    seen = opened(browser)
    if visitor.session:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": visitor.session, "url": desk}
        seen.page.context.add_cookies([cookie])  # type: ignore[list-item]
    assert ({"mails", "mail", "documents", "document"} if visitor.session else {"sign-in"}) <= set(visitor.pages)
    assert walked(seen, desk, visitor.pages) == ""
    if "review" in visitor.pages:
        assert dialogs_of(seen, desk + visitor.pages["review"]) == ""
    assert set(seen.hosts) == {"127.0.0.1"}
    assert seen.complaints == []
    seen.page.context.close()
