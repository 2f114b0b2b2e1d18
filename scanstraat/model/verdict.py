"""Verdicts: where a document goes, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """The ways out of the line. REJECT is a person's alone: it is not for this administration, or of no use, and he says why."""

    DELIVER = "deliver"
    REVIEW = "review"
    ARCHIVE = "archive"
    DISCARD = "discard"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code for queues and filters, a sentence for people, and the SERVICE rule behind it where there is one."""

    code: str
    text: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a document goes. A review always has at least one reason."""

    action: Action
    reasons: tuple[Reason, ...] = ()
