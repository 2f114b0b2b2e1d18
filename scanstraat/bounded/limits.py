"""What a process may use, and the errors for those that want more."""

from __future__ import annotations

from dataclasses import dataclass

from scanstraat.errors import Refused

DIED = "parser-died"
_LOOK = "Open it on a machine set apart; if it is sound, ask the sender for a simpler copy."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use.

    `memory_octets`: address space, on top of what the warm process had mapped before the call (a program: in all).
    `seconds`: by the clock on the wall, and of processor time. `output_octets`: of the reply, and of any one file written.
    """

    memory_octets: int
    seconds: float
    output_octets: int = 200_000_000


def died(how: str) -> Refused:
    """The process ended before its reply was complete."""
    return Refused(DIED, f"the process that read this content ended early ({how}).", _LOOK)


def slow(limits: Limits) -> Refused:
    """The process was still at work at the end of its time."""
    return Refused("parser-slow", f"this content was not read within {limits.seconds:g} seconds.", _LOOK)


def memory(limits: Limits) -> Refused:
    """The process asked for more memory than it may have."""
    return Refused("parser-memory", f"this content needs over {limits.memory_octets / 1e6:.0f} MB of memory.", _LOOK)


def output(limits: Limits) -> Refused:
    """What comes out is too large."""
    return Refused("parser-output", f"what is in this content is over {limits.output_octets / 1e6:g} MB.", _LOOK)
