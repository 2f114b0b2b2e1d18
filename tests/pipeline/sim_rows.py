"""A database in memory for the simulation: what is written shows at the commit, and a written row is locked until then.

`serial` is how SQLite isolates (one writing transaction at a time), otherwise it is READ COMMITTED with row locks (PostgreSQL):
a reader sees what is committed, a writer waits for the other writer of its row and then sees what that one wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from greenlet import getcurrent, greenlet

Key = tuple[str, Any]
EVERYTHING: Key = ("database", None)


class Rows:
    def __init__(self, serial: bool = True, wait: Callable[[Key], None] | None = None) -> None:
        self.serial = serial
        self.locked: dict[Key, Transaction] = {}
        self._committed: dict[Key, Any] = {}
        self._open: dict[greenlet, Transaction] = {}
        self._wait = wait

    def transaction(self) -> Transaction:
        """The one that is open in this greenlet, else a new one."""
        return self._open.get(getcurrent()) or Transaction(self)

    def get(self, key: Key) -> Any:
        own = self._open.get(getcurrent())
        if own is not None and key in own.written:
            return own.written[key]
        return self._committed.get(key)

    def all(self, table: str) -> Iterator[Any]:
        own = self._open.get(getcurrent())
        rows = self._committed if own is None else {**self._committed, **own.written}
        return (row for (name, _), row in rows.items() if name == table)

    def lock(self, key: Key) -> None:
        """Have the row to oneself until the transaction ends; waits for whoever has it."""
        own = self._open[getcurrent()]
        while (holder := self.locked.get(key)) is not own:
            if holder is None:
                self.locked[key] = own
                return
            assert self._wait is not None, f"{key} is locked and nobody else can run"
            self._wait(key)

    def put(self, key: Key, value: Any) -> None:
        self.lock(key)
        self._open[getcurrent()].written[key] = value


class Transaction:
    """All that is written inside is kept, or, where it is left by any exception, none of it."""

    __slots__ = ("_depth", "_rows", "written")

    def __init__(self, rows: Rows) -> None:
        self._rows, self._depth = rows, 0
        self.written: dict[Key, Any] = {}

    def __enter__(self) -> Transaction:
        self._depth += 1
        if self._depth > 1:
            return self
        self._rows._open[getcurrent()] = self
        if self._rows.serial:
            try:
                self._rows.lock(EVERYTHING)
            except BaseException:
                self._end()
                raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._depth -= 1
        if self._depth:
            return
        if kind is None:
            self._rows._committed.update(self.written)
        self._end()

    def _end(self) -> None:
        del self._rows._open[getcurrent()]
        for key in [key for key, owner in self._rows.locked.items() if owner is self]:
            del self._rows.locked[key]
