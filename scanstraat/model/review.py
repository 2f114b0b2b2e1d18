"""What a person does at the review desk: who he is, what he typed, what stands in the way, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from scanstraat.model.correction import NOTHING_GIVEN, Correction
from scanstraat.model.document import Kind
from scanstraat.model.field import Evidence, FieldName, Readings
from scanstraat.model.state import DocumentState
from scanstraat.model.supplier import SupplierMatch
from scanstraat.model.verdict import Action, Verdict


class Act(StrEnum):
    """What a person can do with a document in review; each is recorded with who, when and what was before."""

    ACCEPT = "accept"
    ARCHIVE = "archive"
    REJECT = "reject"
    DISCARD = "discard"
    KIND = "kind"
    SPLIT = "split"
    MERGE = "merge"
    REORDER = "reorder"
    TURN = "turn"
    BRING_BACK = "bring-back"
    REPLAY = "replay"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts: his id, and the name he signs in with; or a program, by its key: id 0, and "key NAME"."""

    user: int
    name: str

    @property
    def is_program(self) -> bool:
        """Whether it is no person: it holds nothing, and has looked at nothing but what it says."""
        return self.user == 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A field as a person left it: `text` as typed, in any usual form; `again` the second typing where one was asked for.

    `evidence` is what he pointed at on the page, None where he typed or left what was there.
    """

    field: FieldName
    text: str
    again: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """What keeps a document from going out as it was filled in. `field` is where to mend it, None where it is no field's.

    `can_be_answered`: a person may say that he has looked and that it is right all the same; `asks_again`: the field has to be
    typed a second time.
    """

    code: str
    text: str
    field: FieldName | None = None
    rule: str = ""
    can_be_answered: bool = False
    asks_again: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check found out about a field while it is typed: `is_good` where it speaks for the value."""

    field: FieldName
    text: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """A document with what a person filled in, looked at as it would be decided: nothing is written by that.

    `readings` are completed by the fallback rules; `verdict` is what accepting would come to, a review where `objections` remain.
    `correction` is all that persons gave by then, this one's entries and answers among it: what accepting records.
    """

    kind: Kind
    readings: Readings
    match: SupplierMatch | None
    verdict: Verdict
    objections: tuple[Objection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    correction: Correction = NOTHING_GIVEN


@dataclass(frozen=True, slots=True)
class Standing:
    """A document as far as the overview page of its mail goes (F3); `action` is None where nothing was decided."""

    id: UUID
    state: DocumentState
    action: Action | None
    carries: bool
