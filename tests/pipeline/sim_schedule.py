"""One schedule of the simulation: the real runner, workers switched at every fail-point, and what goes wrong by lot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from django.db import OperationalError
from greenlet import GreenletExit, getcurrent, greenlet

from scanstraat import failpoint
from scanstraat.model.task import NewTask
from scanstraat.pipeline.runner import Policy, Runner
from scanstraat.workers.hand import Hand
from tests.pipeline import sim_line, sim_tasks
from tests.pipeline.sim_line import MOVES, Fate, Mail, Outbox, SimStep, World
from tests.pipeline.sim_rows import Key, Rows
from tests.pipeline.sim_tasks import MemoryTasks

FAULTS = (
    sim_tasks.NO_FENCING,
    sim_tasks.ATTEMPTS_NOT_COUNTED,
    sim_tasks.NO_LEASE_EXPIRY,
    sim_tasks.ENQUEUED_AFTERWARDS,
    sim_line.PUBLISHED_BEFORE_COMMIT,
    sim_line.NAMES_WITHOUT_TOKEN,
    sim_line.COUNTED_WITHOUT_LOCK,
    sim_line.XML_FIRST,
    sim_line.PARKED_HOLDS_UP,
)
POLICY = Policy()
TICK = timedelta(milliseconds=100)
WORKERS = 3
LOST_LEASES = 4  # by chance in one schedule: fewer than the crashes after which a task is parked
LONGEST = 6_000  # steps; a schedule that has not ended by then never will
BREAKING = frozenset({"tasks.claim", "sim.claimed", "tasks.commit", "tasks.committed", "tasks.park"})


@dataclass(eq=False, slots=True)
class SimWorker:
    name: str
    life: greenlet
    idle: bool = False
    waits: Key | None = None
    stalled: int = 0


@dataclass(slots=True)
class Schedule:
    """One run of the line under one seed."""

    seed: int
    faults: frozenset[str] = frozenset()
    now: datetime = datetime(2026, 1, 5, tzinfo=UTC)
    step: int = 0
    lost_leases: int = 0
    bell: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    random: Random = field(init=False)
    rows: Rows = field(init=False)
    tasks: MemoryTasks = field(init=False)
    world: World = field(init=False)
    steps: dict[str, SimStep] = field(init=False)
    mail: Mail = field(init=False)
    hub: greenlet = field(init=False)
    running: SimWorker | None = None
    workers: list[SimWorker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.rows = Rows(serial=self.seed % 2 == 0, wait=self._wait)
        self.tasks = MemoryTasks(self.rows, self.faults)
        documents = tuple(UUID(int=number) for number in range(1, self.random.randint(1, 3) + 1))
        self.mail = Mail(UUID(int=100), documents=documents)
        self.world = World(self.rows, Outbox(), self.random, self._fates(), self.faults)
        self.steps = {name: SimStep(name, self.world) for name in MOVES}
        self.hub = getcurrent()

    def violations(self) -> list[str]:
        """Everything that must not be, after running to the end; none where all is well."""
        with self.rows.transaction():
            self.rows.put(("mail", self.mail.id), self.mail)
            self.tasks.add((NewTask("open", self.mail.id),), self.now)
        self.workers = [self._worker(f"w{number}.0", self._work) for number in range(WORKERS)]
        self.workers.append(self._worker("undertaker", self._bury))
        failpoint.set_hook(self._reached)
        try:
            ended = self._run()
        finally:
            failpoint.set_hook(None)
            for worker in self.workers:
                worker.life.throw(GreenletExit)
        self.world.outbox.take_away()
        return [*ended, *self._wrongs()]

    def _fates(self) -> dict[UUID, Fate]:
        chance = self.random.random
        fates = {self.mail.id: Fate("open", "refused" if chance() < 0.5 else "kills")} if chance() < 0.02 else {}
        for document in self.mail.documents:
            if chance() < 0.12:
                stage = self.random.choice(("decide", "compose", "publish"))
                fates[document] = Fate(stage, self.random.choice(("refused", "fails", "kills")))
        return fates

    def _worker(self, name: str, life: Callable[[SimWorker], None]) -> SimWorker:
        return SimWorker(name, greenlet(life))

    def _work(self, worker: SimWorker) -> None:
        chance = self.random.random
        runner = Runner(
            self.tasks,
            self.steps,
            worker.name,
            lambda: self.now,
            self._ring,
            POLICY,
            lambda: not self.world.calm and chance() < 0.03,
        )
        hand = Hand(runner, self.tasks, worker.name, lambda: self.now, self._rest)
        while True:
            task = self._wake_up()
            if task:
                hand.do(task)
            else:
                worker.idle = True
                self.hub.switch()
                worker.idle = False

    def _bury(self, worker: SimWorker) -> None:
        """What the supervisor does, or the successor it starts: ends the leases of the dead, sooner or later or not at all."""
        while True:
            worker.idle = True
            self.hub.switch()
            if self.dead and self.random.random() < 0.3:
                worker.idle = False
                self.tasks.release(self.dead.pop(), self.now)

    def _wake_up(self) -> str:
        lot = self.random.random()
        if lot < 0.1 and not self.world.calm:
            return self.random.choice(self.tasks.rows()).id
        if lot < 0.4 and self.bell:
            return self.bell.pop()
        due = self.tasks.due(self.now, 3)
        return self.random.choice(due) if due else ""

    def _ring(self, tasks: tuple[str, ...]) -> None:
        if self.random.random() < 0.7:
            self.bell.extend(tasks)

    def _rest(self) -> bool:
        self.hub.switch()
        return True

    def _reached(self, name: str) -> None:
        if self.running is None:
            return
        self.hub.switch()
        if name in BREAKING and not self.world.calm and self.random.random() < 0.02:
            raise OperationalError("the database went away")

    def _wait(self, key: Key) -> None:
        assert self.running is not None
        self.running.waits = key
        self.hub.switch()

    def _run(self) -> list[str]:
        chaos = self.random.randint(20, 250)
        while self.step < LONGEST:
            self.step += 1
            self.now += TICK
            if self.step > chaos:
                self.world.calm = True
            elif self.random.random() < 0.08:
                self._something_happens()
            if self.world.calm and all(worker.idle for worker in self.workers):
                if not self.tasks.open_count():
                    return []
                self._jump_to_next()
            free = [worker for worker in self.workers if worker.waits is None or worker.waits not in self.rows.locked]
            able = [worker for worker in free if worker.stalled <= self.step or self.world.calm] or free
            if not able:
                return ["all workers wait for each other"]
            self._go_on(able[int(self.random.random() * len(able))])
        return ["it never ends"]

    def _go_on(self, worker: SimWorker) -> None:
        self.running, worker.waits = worker, None
        worker.life.switch(*((worker,) if not worker.life else ()))
        self.running = None
        if worker.life.dead:
            self._replace(worker)

    def _replace(self, worker: SimWorker) -> None:
        name, _, number = worker.name.partition(".")
        self.dead.append(worker.name)
        self.workers[self.workers.index(worker)] = self._worker(f"{name}.{int(number) + 1}", self._work)

    def _something_happens(self) -> None:
        lot, worker = self.random.random(), self.workers[self.random.randrange(WORKERS)]
        if lot < 0.35:
            self.world.outbox.take_away()
        elif lot < 0.5:
            worker.stalled = self.step + self.random.randint(5, 80)
        elif self.lost_leases < LOST_LEASES:
            self.lost_leases += 1
            if lot < 0.8:
                worker.life.throw(GreenletExit)
                self._replace(worker)
            else:
                worker.stalled = self.step + self.random.randint(5, 80)
                self.now += POLICY.lease

    def _jump_to_next(self) -> None:
        """Nobody has anything to do: let the time come at which somebody has."""
        times = [
            row.next_at if row.state == "waiting" else row.lease_until
            for row in self.tasks.rows()
            if row.state in ("waiting", "claimed")
        ]
        self.now = max(self.now, min(time for time in times if time is not None))

    def _wrongs(self) -> Iterable[str]:
        yield from self.world.outbox.wrong
        yield from (f"{task} was ended by a late worker" for task in self.tasks.stale)
        opened = self.mail.id not in self.world.fates
        if self.rows.get(("mail", self.mail.id)).state != ("dispatched" if opened else "parked"):
            yield f"the mail is {self.rows.get(('mail', self.mail.id)).state}"
        for document in self.mail.documents if opened else ():
            row, times = self.rows.get(("document", document)), self.world.outbox.taken.get(str(document.int), 0)
            wanted = ("parked", 0) if document in self.world.fates else ("delivered", 1)
            if row is None or (row.state, times) != wanted:
                yield f"document {document.int} is {row and row.state}, delivered {times} times; wanted {wanted}"
