"""A real browser before our own server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from scanstraat.desk.serving import server

SCREENSHOTS = Path("build/screenshots")
QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page of the browser, with what it asked for and complained of."""

    page: Page
    hosts: list[str | None] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def served() -> Iterator[str]:
    """The desk at a free port, in a thread of this process."""
    web = server(replace(settings.SCANSTRAAT, desk_listen="127.0.0.1:0"))
    thread = threading.Thread(target=web.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.effective_port}"
    finally:
        web.trigger.pull_trigger(lambda: web.asyncore.close_all(web._map))
        thread.join()
        web.task_dispatcher.shutdown()


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(QUIET))
        try:
            yield chromium
        finally:
            chromium.close()


def opened(browser: Browser, scheme: str = "light", width: int = 1366, height: int = 768) -> Seen:
    """A new page in a context of its own."""
    seen = Seen(browser.new_page(color_scheme=scheme, reduced_motion="reduce", viewport={"width": width, "height": height}))
    seen.page.on("request", lambda request: seen.hosts.append(urlsplit(request.url).hostname))
    # "info" is no complaint: Chromium's word that autofocus yields where the script has put the focus already
    seen.page.on("console", lambda message: message.type == "info" or seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    return seen
