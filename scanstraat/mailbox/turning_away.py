"""What is turned away is told to the house behind (A9), a bounded number of lines whatever comes; no sender waits for it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from scanstraat.mailbox.limits import key_of
from scanstraat.model.mail import Refusal

ROWS_A_MINUTE = 20  # of one peer, each with its addresses; the others of that minute are counted in one further line
_WAITING = 10_000  # lines not written yet, where the database is away; then the oldest are forgotten
_PEERS = 1_000  # counted apart at once; the others are counted together
_OTHERS = "others"


class TurnedAway:
    """Collects refusals in the loop; `take` hands out what is to be written."""

    def __init__(self) -> None:
        self._waiting: deque[Refusal] = deque(maxlen=_WAITING)
        self._counts: Counter[str] = Counter()
        self._last: dict[str, Refusal] = {}
        self._minute: datetime | None = None

    def add(self, refusal: Refusal) -> None:
        """Note one."""
        self._begin_minute(refusal.at)
        key = key_of(refusal.peer)
        if key not in self._counts and len(self._counts) >= _PEERS:
            key = _OTHERS
        self._counts[key] += 1
        if self._counts[key] <= ROWS_A_MINUTE:
            self._waiting.append(refusal)
        else:
            self._last[key] = refusal

    def take(self, now: datetime | None) -> tuple[Refusal, ...]:
        """What is to be written by now; None where nothing more will come."""
        if now is None:
            self._end_minute()
        else:
            self._begin_minute(now)
        rows = tuple(self._waiting)
        self._waiting.clear()
        return rows

    def give_back(self, rows: Iterable[Refusal]) -> None:
        """They could not be written: to be taken again."""
        newer = tuple(self._waiting)
        self._waiting.clear()
        self._waiting.extend((*rows, *newer))

    def _begin_minute(self, now: datetime) -> None:
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._end_minute()
            self._minute = minute

    def _end_minute(self) -> None:
        for key, last in self._last.items():
            more = self._counts[key] - ROWS_A_MINUTE
            who = last.peer if key != _OTHERS else "other peers"
            text = f"{more} more in this minute from {who}; the last: {last.reply}"
            self._waiting.append(replace(last, peer=last.peer if key != _OTHERS else "", sender="", recipient="", reply=text))
        self._counts.clear()
        self._last.clear()
