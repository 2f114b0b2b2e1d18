"""An operator at the review page of a real browser: keys only, and what is on the screen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection
from playwright.sync_api import Page, expect

from scanstraat.model.administration import Administration
from scanstraat.records import models
from tests.desk.chromium import SCREENSHOTS
from tests.pipeline.review import at_the_desk

_TURN_SECONDS = 0.1


@contextmanager
def line_at_work(owner: Administration) -> Iterator[None]:
    """The real line goes on with what is due of this administration's mails, in a thread of its own."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(_TURN_SECONDS):
            for mail in models.Mail.objects.filter(administration_id=owner.id).values_list("id", flat=True):
                at_the_desk.run(mail, now=datetime.now(UTC))
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class Operator:
    """One who has the review page before him; `document` is the one on it."""

    def __init__(self, page: Page, suffix: str) -> None:
        self.page, self._suffix = page, suffix
        self.waits: list[float] = []

    @property
    def document(self) -> UUID:
        """The document on the screen."""
        return UUID(str(self.page.locator("#work").get_attribute("data-document")))

    def press(self, *keys: str) -> None:
        """Press these keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type over what is marked."""
        self.page.keyboard.type(text)

    def sees(self, document: UUID) -> None:
        """This document is on the screen, its picture too."""
        self.page.wait_for_selector(f'#work[data-document="{document}"][data-shown]')

    def stands_in(self, name: str) -> None:
        """The hands are in this input."""
        expect(self.page.locator(f'[id="{name}"]')).to_be_focused()

    def marked(self, field: str) -> str:
        """How a field's state is told."""
        return self.page.locator(f'[data-field="{field}"] .state .mark:visible').inner_text()

    def is_told(self, text: str) -> None:
        """The page says so in its toast."""
        expect(self.page.locator("#said")).to_contain_text(text)

    def leaves(self, document: UUID, *keys: str) -> None:
        """Press these keys; then another document, or none, is on the screen. Notes how long it took after the last Enter."""
        self.page.evaluate("performance.clearMeasures()")
        self.press(*keys)
        self.page.wait_for_selector(f'#work:is(.done, [data-shown]):not([data-document="{document}"])')
        self.waits += self.page.evaluate("performance.getEntriesByName('to-next').map((entry) => entry.duration)")

    def takes_a_picture(self, name: str) -> None:
        """Keep what is on the screen, to be looked at."""
        self.page.screenshot(path=SCREENSHOTS / f"review-{name}-{self._suffix}.png")
