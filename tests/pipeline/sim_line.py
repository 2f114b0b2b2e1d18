"""The line of the simulation: a mail of one to three documents, with the logic of the real stages and of the real outbox.

mail      open ─┬→ … all decided → dispatch
document        └→ decide ┄┄┄┄┄┄┄┄┄┄┄┬→ compose → publish
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from uuid import UUID

from greenlet import GreenletExit

from scanstraat import failpoint
from scanstraat.errors import Inconsistent, Refused, Unavailable
from scanstraat.model.task import Claim, NewTask
from tests.pipeline.sim_rows import Rows

DELIVERED, PARKED = "delivered", "parked"
MOVES = {
    "open": ("received", "sorted"),
    "decide": ("sorted", "decided"),
    "dispatch": ("sorted", "dispatched"),
    "compose": ("decided", "staged"),
    "publish": ("staged", DELIVERED),
}
MAIL_STAGES = frozenset({"open", "dispatch"})

PUBLISHED_BEFORE_COMMIT = "the drop appears before the commit"
NAMES_WITHOUT_TOKEN = "staged files are named without the token"
COUNTED_WITHOUT_LOCK = "the decided documents are counted without a lock"
XML_FIRST = "the XML is moved before its PDF"
PARKED_HOLDS_UP = "a parked document holds up the others of its mail"


@dataclass(frozen=True, slots=True)
class Mail:
    id: UUID
    state: str = "received"
    documents: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    id: UUID
    mail: UUID
    state: str = "sorted"
    staged: str = ""


@dataclass(slots=True)
class Outbox:
    """Staging and drop folder. A file's content is the claim that wrote it, so that a mixed pair shows."""

    staging: dict[str, str] = field(default_factory=dict)
    drop: dict[str, str] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def stage(self, name: str, content: str) -> None:
        for ending in (".pdf", ".xml"):
            failpoint.reach("durable.rename")
            self.staging[name + ending] = content

    def publish(self, name: str, stem: str, endings: tuple[str, str] = (".pdf", ".xml")) -> None:
        there = f"{name}.xml" in self.staging
        failpoint.reach("sim.looked")
        if there and f"{stem}.xml" in self.drop:
            raise Inconsistent("name-taken", "it exists already.")
        for ending in endings:
            failpoint.reach("delivery.rename")
            self._move(name + ending, stem + ending)

    def _move(self, source: str, target: str) -> None:
        if source not in self.staging:
            return
        if target in self.drop:
            raise Inconsistent("name-taken", "it exists already.")
        self.drop[target] = self.staging.pop(source)
        if target.endswith(".xml") and target.replace(".xml", ".pdf") not in self.drop:
            self.wrong.append(f"{target} shows before its PDF")

    def take_away(self) -> None:
        """What the consumer does: whole drops leave the folder."""
        for name in [name for name in self.drop if name.endswith(".xml")]:
            stem = name.removesuffix(".xml")
            xml, pdf = self.drop.pop(name), self.drop.pop(f"{stem}.pdf", "")
            self.taken[stem] = self.taken.get(stem, 0) + 1
            if xml != pdf:
                self.wrong.append(f"{stem} is made of {xml} and {pdf or 'nothing'}")


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to a subject at one stage, each time: nothing, or it is refused, fails, or kills its worker."""

    stage: str = ""
    how: str = ""


@dataclass(slots=True)
class World:
    """All that the stages of one schedule share."""

    rows: Rows
    outbox: Outbox
    random: Random
    fates: dict[UUID, Fate]
    faults: frozenset[str]
    calm: bool = False  # from here on nothing more goes wrong by chance
    deaths: int = 0

    def work(self, claim: Claim) -> None:
        fate = self.fates.get(claim.task.subject)
        if fate is not None and fate.stage == claim.task.stage:
            if fate.how == "kills":
                self.deaths += 1
                raise GreenletExit
            raise Refused("broken", "it cannot be read.") if fate.how == "refused" else RuntimeError("a fault of ours")
        if not self.calm and self.random.random() < 0.03:
            raise Unavailable("away", "something is away.")


class SimStep:
    """A stage of the simulated line: the runner's `Step`."""

    def __init__(self, name: str, world: World) -> None:
        self._name, self._world = name, world
        self._before, self._after = MOVES[name]

    def load(self, claim: Claim) -> Mail | Document:
        row: Mail | Document = self._world.rows.get(_key(self._name, claim.task.subject))
        return row

    def work(self, taken: Mail | Document) -> None:
        return None

    def file(self, taken: Mail | Document, given: object, claim: Claim) -> None:
        self._world.work(claim)
        if isinstance(taken, Mail):
            return
        outbox, stem = self._world.outbox, str(taken.id.int)
        if self._name == "compose":
            outbox.stage(self._staged_name(stem, claim), f"{stem}-{claim.token}")
            if PUBLISHED_BEFORE_COMMIT in self._world.faults:
                outbox.publish(self._staged_name(stem, claim), stem)
        elif self._name == "publish":
            outbox.publish(taken.staged, stem, (".xml", ".pdf") if XML_FIRST in self._world.faults else (".pdf", ".xml"))

    def keep(self, taken: Mail | Document, given: object, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
        subject = self._move(claim.task.subject, self._before, self._after)
        if isinstance(subject, Mail):
            return self._keep_mail(subject)
        if self._name == "decide":
            return self._all_decided(subject.mail)
        if self._name == "compose":
            name = self._staged_name(str(subject.id.int), claim)
            self._world.rows.put(("document", subject.id), replace(subject, staged=name))
            return (NewTask("publish", subject.id),)
        return ()

    def park(self, claim: Claim, error: str, now: datetime) -> tuple[NewTask, ...]:
        subject = self._move(claim.task.subject, self._before, PARKED)
        if isinstance(subject, Mail) or PARKED_HOLDS_UP in self._world.faults:
            return ()
        return self._all_decided(subject.mail)

    def _keep_mail(self, mail: Mail) -> tuple[NewTask, ...]:
        rows = self._world.rows
        if self._name == "open":
            for document in mail.documents:
                rows.put(("document", document), Document(document, mail.id))
            return tuple(NewTask("decide", document) for document in mail.documents)
        decided = (rows.get(("document", document)) for document in mail.documents)
        return tuple(NewTask("compose", document.id) for document in decided if document.state == "decided")

    def _all_decided(self, mail: UUID) -> tuple[NewTask, ...]:
        rows = self._world.rows
        if COUNTED_WITHOUT_LOCK not in self._world.faults:
            rows.lock(("mail", mail))
        found: Mail = rows.get(("mail", mail))
        undecided = any(rows.get(("document", document)).state == "sorted" for document in found.documents)
        failpoint.reach("sim.counted")
        return (NewTask("dispatch", mail),) if found.state == "sorted" and not undecided else ()

    def _move(self, subject: UUID, before: str, after: str) -> Mail | Document:
        key = _key(self._name, subject)
        self._world.rows.lock(key)
        row: Mail | Document = self._world.rows.get(key)
        if row.state != before:
            raise Inconsistent("state", f"{subject.int} is not {before}.")
        row = replace(row, state=after)
        self._world.rows.put(key, row)
        return row

    def _staged_name(self, stem: str, claim: Claim) -> str:
        return stem if NAMES_WITHOUT_TOKEN in self._world.faults else f"{stem}-{claim.token}"


def _key(stage: str, subject: UUID) -> tuple[str, UUID]:
    return ("mail" if stage in MAIL_STAGES else "document", subject)
