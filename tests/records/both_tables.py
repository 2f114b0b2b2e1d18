"""The real task table beside that of the simulation, driven by hypothesis; run by test_tasks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scanstraat.model.task import Claim, NewTask
from scanstraat.records.models import Task
from scanstraat.records.tasks import TaskTable
from tests.pipeline.sim_rows import Rows
from tests.pipeline.sim_tasks import MemoryTasks

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
SUBJECTS = tuple(NewTask("s", UUID(int=number)) for number in range(1, 4))
HOLDERS = ("a:1", "a:2", "b:1")
_new_tasks = st.lists(st.sampled_from(SUBJECTS), max_size=3, unique=True).map(tuple)
_some = st.integers(0, 10)  # which of those there are, counted round


class BothTables(RuleBasedStateMachine):
    """The real table and the one of the simulation are told the same, and must say and hold the same."""

    @initialize(tasks=_new_tasks.filter(bool))
    def begin(self, tasks: tuple[NewTask, ...]) -> None:
        Task.objects.all().delete()
        self.real, self.memory, self.now = TaskTable(), MemoryTasks(Rows()), NOW
        self.claims: list[Claim] = []
        self.add(tasks)

    @rule(tasks=_new_tasks)
    def add(self, tasks: tuple[NewTask, ...]) -> None:
        self.real.add(tasks, self.now)
        self.memory.add(tasks, self.now)

    @rule(task=st.sampled_from(SUBJECTS), holder=st.sampled_from(HOLDERS))
    def claim(self, task: NewTask, holder: str) -> None:
        real = self.real.claim(task.id, holder, self.now, self.now + LEASE)
        assert self.memory.claim(task.id, holder, self.now, self.now + LEASE) == real
        if real:
            self.claims.append(real)

    @rule(which=_some, holder=st.sampled_from(HOLDERS))
    def claim_what_is_due(self, which: int, holder: str) -> None:
        due = self.real.due(self.now, 10)
        if due:
            self.claim(next(task for task in SUBJECTS if task.id == due[which % len(due)]), holder)

    @rule(which=_some, holder=st.sampled_from(HOLDERS), times=st.sampled_from((1, 2)), is_released=st.booleans())
    def die(self, which: int, holder: str, times: int, is_released: bool) -> None:
        """Workers claim it and are never heard of again, or late."""
        for _ in range(times):
            self.claim_what_is_due(which, holder)
            if is_released:
                self.release(holder, "")
            else:
                self.now += LEASE

    @precondition(lambda self: self.claims)
    @rule(which=_some, holder=st.sampled_from(HOLDERS), new=_new_tasks)
    def commit(self, which: int, holder: str, new: tuple[NewTask, ...]) -> None:
        claim = self.claims[-1 - which % len(self.claims)]
        real, memory = (
            table.commit(claim, lambda: new, holder, self.now, self.now + LEASE) for table in (self.real, self.memory)
        )
        assert memory == real
        if real and real[0]:
            self.claims.append(real[0])

    @precondition(lambda self: self.claims)
    @rule(which=_some, new=_new_tasks)
    def park(self, which: int, new: tuple[NewTask, ...]) -> None:
        claim = self.claims[-1 - which % len(self.claims)]
        real, memory = (table.park(claim, "why", lambda: new, self.now) for table in (self.real, self.memory))
        assert memory == real

    @precondition(lambda self: self.claims)
    @rule(which=_some, seconds=st.sampled_from((0, 1, 600)))
    def postpone(self, which: int, seconds: int) -> None:
        claim = self.claims[-1 - which % len(self.claims)]
        for table in (self.real, self.memory):
            table.postpone(claim, "why", self.now + seconds * SECOND)

    @rule(task=st.sampled_from(SUBJECTS))
    def withdraw(self, task: NewTask) -> None:
        assert self.memory.withdraw(task.id, self.now) == self.real.withdraw(task.id, self.now)

    @rule(holders=st.sampled_from(("", "a:", "b:")), but=st.sampled_from(("", "a:2")))
    def release(self, holders: str, but: str) -> None:
        assert self.memory.release(holders, self.now, but) == self.real.release(holders, self.now, but)

    @rule(holder=st.sampled_from(HOLDERS))
    def renew(self, holder: str) -> None:
        for table in (self.real, self.memory):
            table.renew(holder, self.now, self.now + 2 * LEASE)

    @rule(holder=st.sampled_from(HOLDERS))
    def give_back(self, holder: str) -> None:
        assert self.memory.give_back(holder, self.now) == self.real.give_back(holder, self.now)

    @rule(seconds=st.sampled_from((1, 300, 601)))
    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @invariant()
    def same(self) -> None:
        assert self.memory.due(self.now, 2) == self.real.due(self.now, 2)
        assert self.memory.open_count() == self.real.open_count()
        assert self.memory.claimed_tokens() == self.real.claimed_tokens()
        names = ("id", "state", "token", "holder", "lease_until", "attempts", "crashes", "next_at")
        real = sorted(Task.objects.values_list(*names), key=str)
        assert sorted((tuple(getattr(row, name) for name in names) for row in self.memory.rows()), key=str) == real
