"""The line: the stages in their order, bound to their tools for the runner.

mail      open → read → sort ─┬→ … all decided → dispatch
document                      └→ recognise → decide ┄┄┄┄┄┄┄┬→ compose → publish
                                                           ├→ archive
                                                           └→ discard, reject: where a person says so
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scanstraat.model.state import DocumentState, MailState, is_resting
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.stage import Stage, Tools
from scanstraat.pipeline.steps import (
    archive_document,
    compose_drop,
    decide_document,
    discard_document,
    dispatch_mail,
    open_mail,
    publish_drop,
    read_mail,
    recognise_document,
    reject_document,
    sort_mail,
)
from scanstraat.pipeline.telling import answer_parked
from scanstraat.records import documents, mails

LINE: tuple[Stage[Any, Any], ...] = (
    open_mail.STAGE,
    read_mail.STAGE,
    sort_mail.STAGE,
    recognise_document.STAGE,
    decide_document.STAGE,
    dispatch_mail.STAGE,
    compose_drop.STAGE,
    publish_drop.STAGE,
    archive_document.STAGE,
    discard_document.STAGE,
    reject_document.STAGE,
)


@dataclass(frozen=True, slots=True)
class BoundStage:
    """A stage with its tools: the runner's `Step`."""

    stage: Stage[Any, Any]
    tools: Tools

    def load(self, claim: Claim) -> Any:
        """What the stage takes."""
        return self.stage.load(claim.task.subject, self.tools)

    def work(self, taken: Any) -> Any:
        """What it makes of it."""
        return self.stage.work(taken, self.tools)

    def file(self, taken: Any, given: Any, claim: Claim) -> None:
        """Its durable files."""
        self.stage.file(taken, given, claim, self.tools)

    def keep(self, taken: Any, given: Any, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
        """The move of the state, then the stage's own rows."""
        before, after = self.stage.before, self.stage.after
        if isinstance(before, MailState) and isinstance(after, MailState):
            mails.move(claim.task.subject, before, after)
        elif isinstance(before, DocumentState) and isinstance(after, DocumentState):
            documents.move(claim.task.subject, before, after, now if is_resting(after) else None)
        return self.stage.keep(taken, given, claim, now)

    def park(self, claim: Claim, error: str, now: datetime) -> tuple[NewTask, ...]:
        """Lay the subject aside; a parked document no longer holds up the others of its mail."""
        if isinstance(self.stage.before, MailState):
            mails.park(claim.task.subject, error)
            mails.log(claim.task.subject, now, "parked", error)
            answer_parked(claim.task.subject, now)
            return ()
        mail = documents.park(claim.task.subject, error, now)
        mails.log(mail, now, "parked", error)
        waits = mails.lock(mail) is MailState.SORTED and not documents.any_undecided(mail)
        return (NewTask(dispatch_mail.STAGE.name, mail),) if waits else ()


def steps(tools: Tools) -> dict[str, BoundStage]:
    """Every stage by name, bound to `tools`."""
    return {stage.name: BoundStage(stage, tools) for stage in LINE}


def stage_from(state: MailState | DocumentState) -> str:
    """The name of the stage that takes a subject on from `state`, where just one does.

    >>> stage_from(MailState.OPENED), stage_from(DocumentState.STAGED)
    ('read', 'publish')
    """
    return next(stage.name for stage in LINE if stage.before == state and type(stage.before) is type(state))
