"""Tasks: one stage of one mail or document, and the right to do it for a while."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be done next. Its id is made from stage and subject, so that it exists once."""

    stage: str
    subject: UUID

    @property
    def id(self) -> str:
        """The task's key.

        >>> NewTask("open", UUID(int=7)).id
        'open:00000000-0000-0000-0000-000000000007'
        """
        return f"{self.stage}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do a task until its lease ends. `token` fences: a claim with an older token writes nothing.

    `attempts` counts this claim too; `crashes` counts the earlier leases that ran out with nothing said.
    """

    task: NewTask
    token: int
    attempts: int
    crashes: int
