"""The sweep: rings again for due tasks where Redis is used, and clears away what killed workers left in staging.

Import after the database is connected.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from scanstraat import failpoint
from scanstraat.delivery.dropping import Outbox
from scanstraat.pipeline import drops
from scanstraat.records import connection, documents, refusals, sessions
from scanstraat.records import drops as asked_for
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings
from scanstraat.workers import broker
from scanstraat.workers.bell import Bell, Reconciler
from scanstraat.workers.process import clock, told_to_stop

log = logging.getLogger(__name__)

_TURN_SECONDS = 1.0
_SWEEP_SECONDS = 60.0
_ASKED_AGE = timedelta(minutes=5)
_ORPHAN_SECONDS = 7200.0  # longer than a lease is ever renewed


def sweep(settings: Settings) -> None:
    """Sweep until SIGTERM or SIGINT."""
    connection.connect()
    failpoint.install_from_environment()
    stop = told_to_stop()
    tasks = TaskTable()
    outbox = Outbox(settings.home_path / "staging", settings.home_path / "drops")
    reconciler = reconciler_of(settings, tasks)
    next_sweep = 0.0
    while not stop.wait(_TURN_SECONDS):
        if reconciler:
            _outlived(lambda: reconciler.reconcile(clock()))
        if time.monotonic() >= next_sweep:
            next_sweep = time.monotonic() + _SWEEP_SECONDS
            _outlived(lambda: sweep_staging(outbox, tasks))
            _outlived(forget_refusals)
            _outlived(lambda: sessions.forget_expired(clock()))
            _outlived(lambda: finish_asked(outbox))
    connection.disconnect()


def reconciler_of(settings: Settings, tasks: TaskTable) -> Reconciler | None:
    """What rings again; None where workers poll the table by themselves."""
    if not settings.redis_url:
        return None
    wakeups: Any = broker.broker_of(settings)  # dramatiq makes the commands of its Redis broker at run time
    send = broker.actor(wakeups, broker.elsewhere).send
    return Reconciler(tasks, Bell(lambda task: send(task)), lambda: int(wakeups.do_qsize(broker.QUEUE)))


def sweep_staging(outbox: Outbox, tasks: TaskTable, minimum_age: float = _ORPHAN_SECONDS) -> int:
    """Remove the staged files of claims that never committed; how many.

    The claimed are asked for first: what is committed after that is then among the committed.
    """
    claimed = tasks.claimed_tokens()
    committed = frozenset(name.partition(".")[0] for name in documents.staged_names())
    count = outbox.sweep(claimed | committed, minimum_age)
    if count:
        log.info("%d staged files of interrupted work are swept away", count)
    return count


def finish_asked(outbox: Outbox, minimum_age: timedelta = _ASKED_AGE) -> int:
    """Put drops into their folders that were asked for again by programs that were cut off meanwhile (F8); how many."""
    now = clock()
    return sum(drops.finish(document, asked, now, outbox) for document, asked in asked_for.unfinished(now - minimum_age))


def forget_refusals() -> int:
    """Delete what was told of mails turned away more than three months ago (I1); how many."""
    return refusals.forget_before(refusals.three_months_before(clock()))


def _outlived(do: Callable[[], object]) -> None:
    try:
        do()
    except Exception as error:
        log.warning("the sweep goes on later: %s", error)
        connection.disconnect()
