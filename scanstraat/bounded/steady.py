"""A child for work that is short and often: one forked process serves many calls before another takes its place."""

from __future__ import annotations

import socket

from scanstraat import codec
from scanstraat.bounded import limits as exceeded
from scanstraat.bounded import wire
from scanstraat.bounded.child import SLACK, Child
from scanstraat.bounded.limits import Limits

_CALLS = 200  # by one process: what its calls leave behind in memory stays small


class SteadyChild(Child):
    """Like `Child`, with a process kept for the next call: forking one costs more than classifying a page.

    For our own code over foreign values, such as words; what parses foreign bytes gets a process of its own each time. Time is
    limited for each call. Memory is that of all calls together, so a call that finds too little left, or its process gone,
    is made once more in a fresh one.
    """

    def __init__(self, preload: tuple[str, ...] = ()) -> None:
        super().__init__(preload)
        self._kept: socket.socket | None = None
        self._served = 0

    def _exchange(self, request: bytes, limits: Limits) -> bytes:
        if self._kept is not None:
            content = self._asked(request, limits)
            if content is not None and not _lacked_memory(content):
                return content
            self._release()
        self._kept, self._served = self._begun(_for_many(limits)), 0
        content = self._asked(request, limits)
        if content is None:
            self._release()
            raise exceeded.died("it ended without a word")
        return content

    def _asked(self, request: bytes, limits: Limits) -> bytes | None:
        """The reply of the kept process, which is released where it served its share; None where it gave none."""
        if self._kept is None:
            return None
        self._kept.settimeout(limits.seconds)
        try:
            wire.send(self._kept, request)
            content = wire.receive(self._kept, limits.output_octets + SLACK)
        except TimeoutError:
            self._drop()
            raise exceeded.slow(limits) from None
        except wire.TooLarge:
            self._drop()
            raise exceeded.output(limits) from None
        except OSError:
            return None
        except BaseException:  # interrupted halfway: the reply would be taken for that of the next call
            self._drop()
            raise
        self._served += 1
        if self._served >= _CALLS:
            self._release()
        return content

    def _release(self) -> None:
        """Let the kept process end; the warm one tells how, and forks no other before it did."""
        if self._kept is not None:
            self._kept.close()  # on which it ends
            self._kept = None
        if self._zygote is None or self._zygote.ended(stop=False) is None:
            self._drop()

    def _drop(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        super()._drop()


def _lacked_memory(content: bytes) -> bool:
    return codec.from_msgpack(content, wire.Reply).outcome is wire.Outcome.MEMORY


def _for_many(limits: Limits) -> Limits:
    return Limits(limits.memory_octets, limits.seconds * _CALLS, limits.output_octets)
