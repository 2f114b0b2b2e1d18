"""A form that was sent: each value checked where it is taken, and what is wrong said at its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.http import QueryDict
from django.utils.translation import gettext

from scanstraat.desk.spoken import spoken
from scanstraat.errors import Refused, ScanstraatError

T = TypeVar("T")
LONGEST = 10_000  # characters of one field
MOST_LINES = 100


def said(error: ScanstraatError) -> str:
    """What an error says and what to do about it, as sentences in the reader's language."""
    text = f"{spoken(error.message)} {spoken(error.next_step)}".strip()
    return text[:1].upper() + text[1:]


class Form:
    """The values as they were sent, to be shown again, and by field what is wrong with them."""

    def __init__(self, sent: QueryDict | dict[str, str]) -> None:
        self.values: dict[str, str] = {name: f"{sent.get(name, '')}"[:LONGEST] for name in sent}
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        """What was typed there, without blanks around it."""
        return self.values.get(name, "").replace("\x00", "").strip()

    def is_ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.text(name))

    def checked(self, name: str, check: Callable[[str], T], otherwise: T) -> T:
        """The value that `check` makes of it; where it refuses, `otherwise`, and the field says why."""
        return self._checked(name, self.text(name), check, otherwise)

    def optional(self, name: str, check: Callable[[str], T], otherwise: T) -> T:
        """As `checked`; `otherwise` where nothing was typed."""
        return self.checked(name, check, otherwise) if self.text(name) else otherwise

    def lines(self, name: str, check: Callable[[str], str]) -> tuple[str, ...]:
        """The values typed there, one a line, each once."""
        typed = [line.strip() for line in self.text(name).splitlines() if line.strip()]
        if len(typed) > MOST_LINES:
            self.wrong(name, gettext("There are more than %(most)d lines.") % {"most": MOST_LINES})
            typed = typed[:MOST_LINES]
        return tuple(dict.fromkeys(value for line in typed if (value := self._checked(name, line, check, ""))))

    def day(self, name: str) -> date | None:
        """A day, ISO 8601; None where nothing was typed, or no day."""
        try:
            return date.fromisoformat(self.text(name)) if self.text(name) else None
        except ValueError:
            self.wrong(name, gettext("Write the day as 2026-03-31."))
            return None

    def wrong(self, name: str, text: str) -> None:
        """Say at a field what is wrong; the first thing said there stands."""
        self.errors.setdefault(name, text)

    def refused(self, name: str, error: Refused) -> None:
        """Say at a field why it was refused."""
        self.wrong(name, said(error))

    def _checked(self, name: str, text: str, check: Callable[[str], T], otherwise: T) -> T:
        try:
            return check(text)
        except Refused as error:
            self.refused(name, error)
            return otherwise

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.errors
