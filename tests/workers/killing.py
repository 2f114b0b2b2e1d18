"""A warm process that forks one victim after another; each works in a home of its own until it is done or killed.

Lines in: `work HOME FAILPOINT HOLDER` or `mail HOME FAILPOINT PORT`, or another of KINDS with an argument of its own, where
FAILPOINT is `name:hit`, or `/FILE` to trace, or `-`. Lines out: the victim's exit status, negative where a signal ended it; for
all but `work` once it was killed or a further line told it to end, which is sent in any case. Forking saves the seconds that
importing takes, and so does reading foreign bytes in the victim itself. The line `warm HOME` does the same without forking, so
that the libraries are warm too.
"""

from __future__ import annotations

import logging
import os
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["SCANSTRAAT_HOME"] = _HOME = tempfile.mkdtemp(prefix="scanstraat-kill-")

from scanstraat import failpoint
from scanstraat.bounded import Limits, kernel
from scanstraat.records import connection

connection.connect()

import django.db  # noqa: E402

from scanstraat.cli.wiring import intake  # noqa: E402
from scanstraat.delivery.dropping import Outbox  # noqa: E402
from scanstraat.mailbox.server import serve  # noqa: E402
from scanstraat.records.tasks import TaskTable  # noqa: E402
from scanstraat.settings import Settings  # noqa: E402
from scanstraat.workers import worker  # noqa: E402
from scanstraat.workers.sweep import sweep_staging  # noqa: E402


class Inside:
    """In place of `bounded.Child`: calls the function here."""

    def __init__(self, preload: tuple[str, ...] = ()) -> None:
        self._preload = preload

    def call(self, function: Callable[..., Any], limits: Limits, *args: Any) -> Any:
        return function(*args)

    def close(self) -> None:
        pass


def _work(home: str, holder: str) -> None:
    settings = Settings(home=home, workers=1, poll_seconds=0.02)
    stop, table = threading.Event(), TaskTable()

    def watch() -> None:
        while table.open_count():
            time.sleep(0.02)
        connection.disconnect()
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    worker.Worker(settings, holder, stop).run()
    sweep_staging(Outbox(Path(home, "staging"), Path(home, "drops")), TaskTable(), minimum_age=0.0)


def _mail(home: str, port: str) -> None:
    settings = Settings(home=home, smtp_listen=f"127.0.0.1:{port}")
    serve(settings, intake(settings))


KINDS: dict[str, Callable[[str, str], None]] = {"work": _work, "mail": _mail}


def _victim(kind: str, home: str, point: str, argument: str) -> None:
    for database in django.db.connections.settings.values():
        database["NAME"] = f"{home}/scanstraat.sqlite3"
    os.environ["SCANSTRAAT_HOME"] = home
    if point != "-":
        os.environ["SCANSTRAAT_FAILPOINT_TRACE" if point.startswith("/") else "SCANSTRAAT_FAILPOINT"] = point
    failpoint.install_from_environment()
    KINDS[kind](home, argument)


def _forked(kind: str, home: str, point: str, argument: str) -> int:
    parent, process = os.getpid(), os.fork()
    if process:
        return process
    kernel.die_with(parent)
    status = 1
    try:
        _victim(kind, home, point, argument)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _ended(process: int, kind: str) -> int:
    if kind != "work":
        life = os.pidfd_open(process)
        ready, _, _ = select.select([life, sys.stdin.fileno()], [], [])
        os.close(life)
        if life not in ready:
            os.kill(process, signal.SIGTERM)
        sys.stdin.readline()
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def main() -> None:
    logging.basicConfig(level=logging.CRITICAL)
    worker.Child = worker.SteadyChild = Inside  # type: ignore[assignment,misc]
    print("ready", flush=True)
    while words := sys.stdin.readline().split():
        if words[0] == "warm":
            _victim("work", words[1], "-", "warm:1")
            connection.disconnect()
            print(0, flush=True)
        else:
            print(_ended(_forked(*words), words[0]), flush=True)
    shutil.rmtree(_HOME)


if __name__ == "__main__":
    main()
