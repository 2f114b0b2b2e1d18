"""What a stage is: one row of the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from scanstraat.bounded import Child, Limits
from scanstraat.delivery.dropping import Outbox
from scanstraat.mailbox.opening import Opener
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.second_look import Eyes
from scanstraat.reading.crops import Looker
from scanstraat.reading.reader import Reader
from scanstraat.records.blobs import Blobs

I = TypeVar("I")  # noqa: E741 - what a stage takes
O = TypeVar("O")  # noqa: E741 - what it gives


@dataclass(frozen=True, slots=True)
class Tools:
    """What stages work with; made once a worker.

    `child` runs what looks at foreign bytes, `words` what looks at foreign words, and `pictures` has the OCR engine in memory.
    """

    child: Child
    words: Child
    pictures: Child
    limits: Limits
    opener: Opener
    reader: Reader
    looker: Looker
    blobs: Blobs
    outbox: Outbox

    @property
    def eyes(self) -> Eyes:
        """What recognises a document: words first, then a second look at crops."""
        return Eyes(self.words, self.looker, self.limits)

    def close(self) -> None:
        """End the processes of all children."""
        for child in (self.child, self.words, self.pictures):
            child.close()


@dataclass(frozen=True, slots=True)
class Stage(Generic[I, O]):
    """One step of one mail or document, in four parts that the runner calls in this order.

    `load` reads values from the database; `work` is the pure function from values to a value; `file` writes durable files for
    the outcome and may happen twice; `keep` writes the rows within the runner's one transaction and names the next tasks.
    """

    name: str
    before: MailState | DocumentState
    after: MailState | DocumentState
    load: Callable[[UUID, Tools], I]
    work: Callable[[I, Tools], O]
    file: Callable[[I, O, Claim, Tools], None]
    keep: Callable[[I, O, Claim, datetime], tuple[NewTask, ...]]


def nothing_to_file(taken: object, given: object, claim: Claim, tools: Tools) -> None:
    """For stages whose outcome is rows only."""
