"""The process that looks after what mail is collected from: one thread a source, each alone with its errors (A6).

A source is looked after by one process at a time, on whichever machine: by a lease in its row, renewed while its thread lives.
Sources that are added, changed or ended meanwhile are noticed. Import after the database is connected.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from scanstraat.model.way_in import Standing
from scanstraat.records import connection
from scanstraat.records.leases import Leases
from scanstraat.workers.process import clock, holder_name, told_to_stop

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0  # a source is free again so long after the process that had it lost its machine
TURN_SECONDS = 2.0  # how often leases are renewed and new sources noticed
STOP_SECONDS = 12.0  # for the mail at hand when told to stop
_PAUSE_SECONDS = 10.0  # before a thread that failed for no reason it knows is started again


class Looking(Protocol):
    """One source as its thread sees it."""

    def look(self, stop: threading.Event) -> None:
        """Look after the source until `stop` is set. What it raises is recorded in the source's row; it is then called anew."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source: its name, its leases, and what looks after one of them, by id."""

    name: str
    leases: Leases
    looking: Callable[[int], Looking]


@dataclass(slots=True)
class Watch:
    """A source this process has the lease of. `held_until` is this process's own clock: then the lease may be another's."""

    kind: Kind
    standing: Standing
    thread: threading.Thread
    stop: threading.Event
    held_until: float


def collect(kinds: tuple[Kind, ...], holder: str = "") -> None:
    """Look after all sources of these kinds until SIGTERM or SIGINT; mails at hand are taken to their end first.

    `holder` is the name leases are taken under: up to its last colon that of a place, where one such process is alive at a time.
    """
    stop = told_to_stop()
    Collector(kinds, holder or holder_name()).run(stop)


@dataclass(slots=True)
class Collector:
    """Looks after sources in threads, until told to stop."""

    kinds: tuple[Kind, ...]
    holder: str
    lease_seconds: float = LEASE_SECONDS
    turn_seconds: float = TURN_SECONDS
    _watches: dict[tuple[str, int], Watch] = field(default_factory=dict)

    def run(self, stop: threading.Event) -> None:
        """Look after what there is until `stop` is set, then end the threads and let the leases go."""
        while not self._freed() and not stop.wait(self.turn_seconds):
            pass
        while not stop.is_set():
            try:
                self._turn()
            except Exception as error:
                log.warning("sources are looked up later: %s", error)
                connection.disconnect()
            self._drop_lost()
            stop.wait(self.turn_seconds)
        self._end()
        connection.disconnect()

    def _freed(self) -> bool:
        """End the leases of those who worked at this place before."""
        place, _, _ = self.holder.rpartition(":")
        try:
            for kind in self.kinds:
                kind.leases.release_dead(f"{place}:", self.holder)
        except Exception as error:
            log.warning("waiting for the database: %s", error)
            connection.disconnect()
            return False
        return True

    def _turn(self) -> None:
        """Renew what is held, stop what was ended or changed, begin with what is free."""
        standing = {(kind.name, source.id): (kind, source) for kind in self.kinds for source in kind.leases.standing()}
        for key, watch in list(self._watches.items()):
            if key not in standing or standing[key][1].version != watch.standing.version:
                watch.stop.set()
            if watch.thread.is_alive():
                self._renew(watch)
            else:
                self._let_go(key)
        for key, (kind, source) in standing.items():
            if key not in self._watches and self._claimed(kind, source.id):
                self._watches[key] = self._begun(kind, source)

    def _claimed(self, kind: Kind, identifier: int) -> bool:
        now = clock()
        return kind.leases.claim(identifier, self.holder, now, now + timedelta(seconds=self.lease_seconds))

    def _renew(self, watch: Watch) -> None:
        asked_at = time.monotonic()
        until = clock() + timedelta(seconds=self.lease_seconds)
        if watch.kind.leases.renew(watch.standing.id, self.holder, until):
            watch.held_until = asked_at + self.lease_seconds
        else:
            watch.stop.set()

    def _drop_lost(self) -> None:
        """Stop what could not be renewed in time, since another may have begun with it."""
        for watch in self._watches.values():
            if time.monotonic() > watch.held_until and not watch.stop.is_set():
                log.warning("%s %d: the lease is lost", watch.kind.name, watch.standing.id)
                watch.stop.set()

    def _begun(self, kind: Kind, source: Standing) -> Watch:
        stop = threading.Event()
        thread = threading.Thread(
            target=_looked_after, args=(kind, source.id, stop), name=f"{kind.name} {source.id}", daemon=True
        )
        thread.start()
        return Watch(kind, source, thread, stop, time.monotonic() + self.lease_seconds)

    def _let_go(self, key: tuple[str, int]) -> None:
        watch = self._watches.pop(key)
        watch.kind.leases.release(watch.standing.id, self.holder)

    def _end(self) -> None:
        for watch in self._watches.values():
            watch.stop.set()
        until = time.monotonic() + STOP_SECONDS
        for watch in self._watches.values():
            watch.thread.join(max(0.0, until - time.monotonic()))
        for key in self._ended():
            try:
                self._let_go(key)
            except Exception as error:
                log.warning("the lease of %s %d ends by itself: %s", *key, error)

    def _ended(self) -> Iterator[tuple[str, int]]:
        return iter([key for key, watch in self._watches.items() if not watch.thread.is_alive()])


def _looked_after(kind: Kind, identifier: int, stop: threading.Event) -> None:
    """The thread of one source: whatever goes wrong there stays there."""
    while not stop.is_set():
        try:
            kind.looking(identifier).look(stop)
        except Exception as error:
            log.exception("%s %d is looked into again later", kind.name, identifier)
            _note(kind, identifier, f"{error}" or repr(error))
            stop.wait(_PAUSE_SECONDS)
        finally:
            connection.disconnect()


def _note(kind: Kind, identifier: int, error: str) -> None:
    try:
        kind.leases.failed(identifier, error)
    except Exception as failure:
        log.warning("that could not be recorded: %s", failure)
