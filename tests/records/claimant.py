"""A process that claims and ends all it can get; run by test_tasks. Prints the id of each task it ended."""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta

from scanstraat.records import connection

connection.connect()

from scanstraat.records.tasks import TaskTable  # noqa: E402


def main(holder: str, stage: str) -> None:
    table, lease = TaskTable(), timedelta(minutes=5)
    print("ready", flush=True)
    sys.stdin.readline()
    while due := [task for task in table.due(datetime.now(UTC), 10_000) if task.startswith(stage)]:
        task = random.choice(due[:5])
        now = datetime.now(UTC)
        claim = table.claim(task, holder, now, now + lease)
        if claim is not None and table.commit(claim, tuple, holder, now, now + lease) is not None:
            print(task)
    connection.disconnect()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
