"""Recognising files side by side, for the command and for whoever measures it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scanstraat.bounded import Child, SteadyChild
from scanstraat.errors import Refused, ScanstraatError
from scanstraat.model.administration import OwnIdentity
from scanstraat.pipeline.recognition import (
    PRELOAD,
    PRELOAD_LIGHT,
    PRELOAD_WORDS,
    Beside,
    RecognisedDocument,
    recognise_file,
)
from scanstraat.settings import Settings


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file: its documents, or the error that kept it from being read."""

    file: Path
    seconds: float
    documents: tuple[RecognisedDocument, ...] = ()
    error: ScanstraatError | None = None


class Recogniser:
    """Recognises files on several threads; each has child processes of its own, which do the work."""

    def __init__(self, own: OwnIdentity, jobs: int, settings: Settings) -> None:
        self._own, self._jobs, self._settings = own, jobs, settings
        self._local = threading.local()
        self._children: list[Child] = []
        self._lock = threading.Lock()

    def results(self, files: list[Path]) -> Iterator[Result]:
        """The results in the order of the files."""
        try:
            with ThreadPoolExecutor(self._jobs) as pool:
                yield from pool.map(self._result, files)
        finally:
            for child in self._children:
                child.close()

    def _at_hand(self) -> tuple[Child, Beside]:
        """This thread's child processes; each starts when it is first needed."""
        if not hasattr(self._local, "at_hand"):
            child, light, words = Child(PRELOAD), Child(PRELOAD_LIGHT), SteadyChild(PRELOAD_WORDS)
            self._local.at_hand = child, Beside(light, words)
            with self._lock:
                self._children.extend((child, light, words))
        at_hand: tuple[Child, Beside] = self._local.at_hand
        return at_hand

    def _result(self, file: Path) -> Result:
        started = time.perf_counter()
        try:
            content = file.read_bytes()
            child, beside = self._at_hand()
            documents = recognise_file(content, file.name, self._own, child, self._settings, beside=beside)
        except OSError as error:
            why = Refused("no-file", f"{file} cannot be read: {error.strerror}.")
            return Result(file, time.perf_counter() - started, error=why)
        except ScanstraatError as error:
            return Result(file, time.perf_counter() - started, error=error)
        return Result(file, time.perf_counter() - started, documents)
