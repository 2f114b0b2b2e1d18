"""A watched folder as the part that collects looks after it: its watcher, and how it goes, noted in its row (A6)."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scanstraat.errors import Unavailable
from scanstraat.mailbox.folder import Place, Watcher
from scanstraat.mailbox.handing import HandingIn
from scanstraat.model.mail import Refusal
from scanstraat.records import folders, offices
from scanstraat.records.transaction import unavailable_without_database
from scanstraat.settings import Settings

_NOTE_SECONDS = 15.0  # how often it is noted that all is well
_LONGEST_PAUSE = 30.0  # between looks while disk or database are away
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class FolderWatch:
    """Looks into one folder, every `folder_seconds` of the settings."""

    folder: int
    handing_in: HandingIn
    settings: Settings
    clock: Callable[[], datetime]
    refused: Callable[[tuple[Refusal, ...]], object]
    _noted: str = "new"
    _noted_at: float = 0.0

    def look(self, stop: threading.Event) -> None:
        """Look until `stop` is set; raises only what waiting does not mend."""
        row = folders.get(self.folder)
        place = Place(row.path, row.drop, lambda: _recipient(row.administration))
        watcher = Watcher(place, self.handing_in, self.clock, self.refused)
        pause = self.settings.folder_seconds
        while not stop.is_set():
            try:
                self._note("; ".join(watcher.look(stop.is_set)))
                pause = self.settings.folder_seconds
            except Unavailable as error:
                pause = min(pause * 2, _LONGEST_PAUSE)
                _log.warning("%s is looked into again in %.0f s: %s", place.path, pause, error)
                self._note(str(error))
            stop.wait(pause)

    def _note(self, trouble: str) -> None:
        """How it goes, into its row: what is new at once, that all is well every now and then."""
        if trouble == self._noted and (trouble or time.monotonic() < self._noted_at + _NOTE_SECONDS):
            return
        if trouble:
            folders.LEASES.failed(self.folder, trouble)
        else:
            folders.LEASES.seen(self.folder, self.clock())
        self._noted, self._noted_at = trouble, time.monotonic()


def _recipient(administration: int) -> str:
    with unavailable_without_database():
        return offices.first_address(administration)
