"""The part that collects: one process at a time looks after a source, notices new ones, and lets each fail alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from scanstraat.model.administration import Administration
from scanstraat.model.way_in import Account, Credentials, Security
from scanstraat.records import connection, mailboxes, models
from scanstraat.workers.collect import Collector, Kind

SECONDS = 10.0


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.01)


@dataclass
class Looked:
    """What looks after sources in a test, and which collector's it is; `fails` once it is asked to."""

    by: str
    looking: set[int] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)
    fails: set[int] = field(default_factory=set)

    def of(self, identifier: int) -> Looking:
        return Looking(self, identifier)


@dataclass
class Looking:
    looked: Looked
    identifier: int

    def look(self, stop: threading.Event) -> None:
        self.looked.starts.append(self.identifier)
        if self.identifier in self.looked.fails:
            raise ValueError("a fault of ours")
        self.looked.looking.add(self.identifier)
        stop.wait()
        self.looked.looking.discard(self.identifier)


class Running:
    """Collectors in threads, as in processes of their own."""

    def __init__(self) -> None:
        self.stops: list[tuple[threading.Thread, threading.Event]] = []

    def start(self, looked: Looked, lease_seconds: float = 5.0) -> threading.Event:
        kind = Kind("mailbox", mailboxes.LEASES, looked.of)
        collector = Collector((kind,), looked.by, lease_seconds=lease_seconds, turn_seconds=0.02)
        stop = threading.Event()

        def run() -> None:
            collector.run(stop)
            connection.disconnect()

        thread = threading.Thread(target=run)
        thread.start()
        self.stops.append((thread, stop))
        return stop

    def end(self) -> None:
        for thread, stop in self.stops:
            stop.set()
            thread.join(SECONDS)
            assert not thread.is_alive()


@pytest.fixture
def running() -> Iterator[Running]:
    made = Running()
    yield made
    made.end()


@pytest.fixture
def add(administration: Administration, tmp_path: Path) -> Iterator[Callable[[], int]]:
    """Adds mailboxes; no test sees another's."""
    models.Mailbox.objects.update(active=False)

    def added() -> int:
        new = Account(0, f"box-{uuid4().hex[:10]}", "localhost", 1, Security.NONE, "user", "password", Credentials(password="x"))
        return mailboxes.add(tmp_path, new, administration.id)

    yield added
    models.Mailbox.objects.update(active=False)


@pytest.mark.rule("A6")
def test_one_of_two_looks_after_a_mailbox(add: Callable[[], int], running: Running) -> None:
    boxes = {add(), add(), add()}
    one, other = Looked("one:1"), Looked("other:1")
    stop = running.start(one)
    wait_until(lambda: one.looking == boxes)
    running.start(other)
    time.sleep(0.3)
    assert other.looking == set()
    stop.set()
    wait_until(lambda: other.looking == boxes)
    assert one.looking == set()


@pytest.mark.rule("A6")
def test_two_at_once_never_have_the_same(add: Callable[[], int], running: Running) -> None:
    boxes = {add() for _ in range(12)}
    all_of_them = [Looked(f"{number}:1") for number in range(4)]
    for looked in all_of_them:
        running.start(looked)
    wait_until(lambda: set().union(*(looked.looking for looked in all_of_them)) == boxes)
    assert sum(len(looked.starts) for looked in all_of_them) == len(boxes)


@pytest.mark.rule("A6")
def test_new_changed_and_ended_mailboxes_are_noticed(add: Callable[[], int], running: Running) -> None:
    looked = Looked("one:1")
    running.start(looked)
    box = add()
    wait_until(lambda: looked.looking == {box})
    models.Mailbox.objects.filter(id=box).update(seen_at=datetime.now(UTC), error="something", secret="replaced")
    time.sleep(0.1)
    assert looked.starts == [box], "how it goes with it is no change"
    models.Mailbox.objects.filter(id=box).update(host="another")
    wait_until(lambda: looked.starts == [box, box])
    mailboxes.end(models.Mailbox.objects.get(id=box).name)
    wait_until(lambda: not looked.looking)
    assert models.Mailbox.objects.get(id=box).secret == ""


@pytest.mark.rule("A6")
def test_one_that_fails_leaves_the_others_alone(
    add: Callable[[], int], running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = add(), add()
    looked = Looked("one:1", fails={bad})
    running.start(looked)
    wait_until(lambda: looked.looking == {good})
    wait_until(lambda: models.Mailbox.objects.get(id=bad).error == "a fault of ours")
    assert models.Mailbox.objects.get(id=good).error == ""
    assert looked.starts.count(bad) == 1, "it waits before it tries again"


def test_a_lease_is_renewed_let_go_and_taken_over(add: Callable[[], int], running: Running) -> None:
    box = add()
    looked = Looked("place:run:1")
    stop = running.start(looked, lease_seconds=0.4)
    wait_until(lambda: looked.looking)
    time.sleep(0.8)
    assert looked.looking == {box}
    assert models.Mailbox.objects.get(id=box).lease_until > datetime.now(UTC)  # type: ignore[operator]
    stop.set()
    wait_until(lambda: models.Mailbox.objects.get(id=box).lease_until is None)
    ahead = datetime.now(UTC) + timedelta(hours=1)
    models.Mailbox.objects.filter(id=box).update(holder="place:run:1", lease_until=ahead)  # as a killed process leaves it
    elsewhere, here = Looked("elsewhere:run:1"), Looked("place:run:2")
    running.start(elsewhere)
    time.sleep(0.2)
    assert elsewhere.looking == set()
    running.start(here)
    wait_until(lambda: here.looking | elsewhere.looking == {box})


def test_who_lost_the_lease_stops(add: Callable[[], int], running: Running) -> None:
    box = add()
    looked = Looked("one:1")
    running.start(looked)
    wait_until(lambda: looked.looking)
    ahead = datetime.now(UTC) + timedelta(hours=1)
    models.Mailbox.objects.filter(id=box).update(holder="another:1", lease_until=ahead)
    wait_until(lambda: not looked.looking)
    assert models.Mailbox.objects.get(id=box).holder == "another:1"
