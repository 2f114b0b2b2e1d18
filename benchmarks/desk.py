"""How quick the review desk is with thousands of documents: the server's answers, the next page on the screen, a person's pace.

    python -m benchmarks.desk [--documents 10000] [--waiting 4000] [--accepts 60] [--paced 20]

The whole service runs in a temporary home, and Debian's Chromium works at the desk as an operator does, by keys alone. The
documents are real: invoices that came by mail and went down the line, each with two fields in doubt.

The paced person is a model, and this is all of it: he looks at a new document for 1.2 s, compares each doubtful field with its
print for 1.0 s, and types over the invoice number at 200 ms a key; everything else is the desk's own time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from benchmarks import desk_home
from benchmarks.desk_home import PASSWORD, Size
from benchmarks.service import prepare, running
from scanstraat.records import connection
from scanstraat.settings import Settings

CHROMIUM = "/usr/bin/chromium"
ASKED = 60  # times each page is asked for
HASTY = 15  # documents accepted without a pause
A_LOOK_MS = 1_000
LOOK_MS, COMPARE_MS, KEY_MS = 1_200, 1_000, 200
SERVER_GOAL_MS, NEXT_GOAL_MS, PACE_GOAL_S = 100, 150, 8
ON_THE_SCREEN = "#work[data-document][data-shown=yes]"
STOPS = ".field.stop:not(.passed)"
# Notes when Enter was pressed and when the document that follows was painted: desk.js says so two frames after it was.
STOPWATCH = """
addEventListener("keydown", (event) => { if (event.key === "Enter") window.pressed = performance.now(); }, true);
new MutationObserver(() => {
  const work = document.querySelector("#work[data-shown=yes]");
  if (!work || work.dataset.document === window.before) return;
  window.before = work.dataset.document;
  window.waited = performance.now() - window.pressed;
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-shown"] });
"""
# What the server took for the accepting requests, without the network: from the request sent to the answer's last byte.
ACCEPTS = """
performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/accept"))
  .map((entry) => entry.responseEnd - entry.requestStart)
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The command's arguments."""

    size: Size
    accepts: int
    paced: int


def main() -> None:
    """Measure and print."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="scanstraat-desk-") as folder:
        home = Path(folder)
        prepare(home)
        connection.connect()
        connection.migrate()
        administrations = desk_home.open_administrations()
        name = desk_home.open_person()
        with running(home) as service:
            desk_home.send_real(service.smtp, administrations[:40], asked.size.real)
            real = desk_home.leave_two_doubts(asked.size.real)
            desk_home.copy_around(asked.size)
            print(f"{asked.size.documents:,} documents, {asked.size.waiting:,} wait, {real} of them real; {os.cpu_count()} cores")
            _measure(f"http://{Settings.from_environment().desk_listen}", name, asked)


def _arguments() -> Asked:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--waiting", type=int, default=4_000)
    parser.add_argument("--accepts", type=int, default=60)
    parser.add_argument("--paced", type=int, default=20)
    wanted = parser.parse_args()
    real = wanted.accepts + wanted.paced + HASTY + 5
    return Asked(Size(wanted.documents, wanted.waiting, real), wanted.accepts, wanted.paced)


def _measure(desk: str, name: str, asked: Asked) -> None:
    with _browser() as page:
        page.goto(f"{desk}/sign-in?next=/review")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#queue")
        cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
        _print_answers(desk, cookies)
        page.add_init_script(STOPWATCH)
        page.goto(f"{desk}/review")
        page.keyboard.press("n")
        page.wait_for_selector(ON_THE_SCREEN)
        waits = [_accepted(page, _after_a_look) for _ in range(asked.accepts)]
        _row("accept, as the browser waits for it", page.evaluate(ACCEPTS), SERVER_GOAL_MS)
        _row("from Enter to the next document painted, after a look of a second", waits, NEXT_GOAL_MS)
        hasty = [_accepted(page, _at_once) for _ in range(HASTY)]
        _row("the same without a pause, so that the next one is not held ready yet", hasty, NEXT_GOAL_MS)
        paced = [_timed(page) for _ in range(asked.paced)]
        _row("the same at a person's pace", [waited for waited, _ in paced], NEXT_GOAL_MS)
        seconds = [taken for _, taken in paced]
        pace = f"median {statistics.median(seconds):.1f} s, most {max(seconds):.1f} s (aim {PACE_GOAL_S} s)"
        print(f"\na person's pace, a document with two doubtful fields: {pace}")


@contextmanager
def _browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium.new_page(viewport={"width": 1920, "height": 1200})
        chromium.close()


def _print_answers(desk: str, cookies: dict[str, str]) -> None:
    print("\n| milliseconds | median | p95 | most | aim |\n|---|---|---|---|---|")
    with httpx.Client(base_url=desk, cookies=cookies) as client:
        seen = client.get("/review").text.partition("seen=")[2][:16]
        for words, address in (
            ("the queue, all of it", "/review"),
            ("the queue, one reason", "/review?reason=doubt"),
            ("the queue, searched", "/review?search=klant"),
            ("the queue, its last page", "/review?page=1000"),
            ("its counts and list, changed", "/review/counts"),
            ("its counts, unchanged", f"/review/counts?seen={seen}"),
        ):
            _row(words, [_answered(client, address) for _ in range(ASKED)], SERVER_GOAL_MS)


def _answered(client: httpx.Client, address: str) -> float:
    started = time.perf_counter()
    client.get(address).raise_for_status()
    return (time.perf_counter() - started) * 1_000


def _accepted(page: Page, act: Callable[[Page], None]) -> float:
    """Accept the document on the screen; how long the next one took to be there, in milliseconds."""
    before = page.get_attribute("#work", "data-document")
    act(page)
    page.wait_for_selector(f"#work[data-shown=yes]:not([data-document='{before}'])")
    waited: float = page.evaluate("window.waited")
    return waited


def _at_once(page: Page) -> None:
    """Enter at each doubtful field, and at what is asked beside them, without looking."""
    for _ in range(page.locator(STOPS).count()):
        page.keyboard.press("Enter")


def _after_a_look(page: Page) -> None:
    page.wait_for_timeout(A_LOOK_MS)
    _at_once(page)


def _timed(page: Page) -> tuple[float, float]:
    """A document at a person's pace: how long the next one took to be there, and all of it in seconds."""
    started = time.perf_counter()
    return _accepted(page, _paced), time.perf_counter() - started


def _paced(page: Page) -> None:
    """As the model of a person does it: the first doubtful field is wrong by its last letter, the others are right."""
    page.wait_for_timeout(LOOK_MS)
    for place in range(page.locator(STOPS).count()):
        page.wait_for_timeout(COMPARE_MS)
        if place == 0:
            page.keyboard.type(page.evaluate("document.activeElement.value") + "7", delay=KEY_MS)
        page.keyboard.press("Enter")


def _row(words: str, measured: Sequence[float], aim: float) -> None:
    ordered = sorted(measured)
    p95 = ordered[int(len(ordered) * 0.95)] if ordered else float("nan")
    print(f"| {words} | {statistics.median(ordered):.0f} | {p95:.0f} | {ordered[-1]:.0f} | {aim} |")


if __name__ == "__main__":
    main()
