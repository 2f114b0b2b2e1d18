"""The whole service while its processes are killed at random: is any mail lost, any invoice delivered twice?

    python -m benchmarks.chaos --mails 2000
    python -m benchmarks.chaos --mails 1000 --redis --postgres
    python -m benchmarks.chaos --mails 1000 --ways-in
    python -m benchmarks.chaos --mails 200 --disk-full

Starts a service of its own in a temporary home, sends it mails over SMTP, kills one of its processes with SIGKILL every two
seconds (mail server, worker, parser, sweep, pages, collector, now and then the supervisor, which is then started again), and
lets an outside consumer take the drops away. `--ways-in` has one mail in four come by SMTP, the others by a mailbox at a Dovecot
(which is ended and started now and then), a watched folder and the upload API. `--redis` and `--postgres` run it on private
servers that are killed and restarted too; `--disk-full` puts its home on a small disk that is full for a while. Ends with status
0 where nothing was lost, doubled or seen half.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.chaos_mails import mails
from benchmarks.consumer import Taken, ledger
from benchmarks.sending import Agents
from benchmarks.servers import PrivatePostgres, PrivateRedis, free_port, tethered
from benchmarks.victims import Killer, Outage, Service
from scanstraat.records import connection

if TYPE_CHECKING:
    from benchmarks.dovecot import Dovecot
    from benchmarks.ways_in import Bringing, WaysIn

_REDIS_EVERY, _POSTGRES_EVERY, _DOVECOT_EVERY = 6, 7, 9
_REDIS_AWAY_SECONDS = 1.5
_DISK_OCTETS = 96_000_000
_AS_ROOT = [] if os.geteuid() == 0 else ["sudo"]  # a small disk has to be mounted
_DISK_FULL_SECONDS = 5.0
_QUIET_UNTIL = 0.98  # of the invoices delivered; the last are left in peace, so that there is an end
_LONGEST_SECONDS = 3_600
_TIDY_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    mails: int
    seconds_between_kills: float
    redis: bool
    postgres: bool
    disk_full: bool
    ways_in: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    sent: int
    acknowledged: int
    expected: int
    taken: list[Taken]
    answers: Counter[int]
    kills: Counter[str]
    orphans: int
    stored: int
    open_tasks: int
    states: Counter[str]
    remains: list[str]
    seconds: float
    lost: set[str]
    doubled: set[str]

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled, half or left over."""
        return not (self.lost or self.doubled or self.half or self.orphans or self.open_tasks or self.remains) and (
            self.sent == self.acknowledged == self.stored
        )

    @property
    def half(self) -> list[Taken]:
        """Drops that were not whole when the consumer saw them."""
        return [taken for taken in self.taken if taken.wrong]


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--seconds-between-kills", type=float, default=2.0, help="0: nothing is killed")
    parser.add_argument("--redis", action="store_true", help="wake-ups through a private Redis that is killed too")
    parser.add_argument("--postgres", action="store_true", help="a private PostgreSQL that is restarted too")
    parser.add_argument("--ways-in", action="store_true", help="by mailbox, folder and upload too")
    parser.add_argument("--disk-full", action="store_true", help="on a small disk that is full for a while; needs to be root")
    wanted = Wanted(**vars(parser.parse_args()))
    with ExitStack() as stack:
        home = stack.enter_context(_home(wanted))
        outages = _surroundings(wanted, home, stack)
        connection.connect()
        connection.migrate()
        from fixtures.show import open_demo

        open_demo()
        ways = _ways_in(home, stack) if wanted.ways_in else None
        if ways:
            outages = (*outages, Outage("Dovecot", _DOVECOT_EVERY, lambda: _lose(ways.server)))
        outcome = _run(wanted, home, outages, ways)
        log = home.with_name(f"{home.name}.log")
    _print(outcome)
    if not outcome.is_good:
        sys.exit(f"the log of the service is kept: {log}")
    log.unlink()


@contextmanager
def _home(wanted: Wanted) -> Iterator[Path]:
    """A temporary home, on a disk of its own where that is to fill up."""
    with tempfile.TemporaryDirectory(prefix="scanstraat-chaos-") as folder:
        if not wanted.disk_full:
            yield Path(folder)
            return
        subprocess.run(
            [*_AS_ROOT, "mount", "-t", "tmpfs", "-o", f"size={_DISK_OCTETS},uid={os.getuid()}", "none", folder], check=True
        )
        try:
            yield Path(folder)
        finally:
            connection.disconnect()
            subprocess.run([*_AS_ROOT, "umount", "-l", folder], check=True)


def _surroundings(wanted: Wanted, home: Path, stack: ExitStack) -> tuple[Outage, ...]:
    """Set this process's environment, start the servers, and say what may happen to them."""
    outages = []
    os.environ |= {
        "SCANSTRAAT_HOME": str(home),
        "SCANSTRAAT_SMTP_LISTEN": f"127.0.0.1:{free_port()}",
        "SCANSTRAAT_DESK_LISTEN": f"127.0.0.1:{free_port()}",
        "SCANSTRAAT_LOG_LEVEL": "WARNING",
    }
    for name in ("REDIS_URL", "DATABASE_URL"):
        os.environ.pop(name, None)
    if wanted.redis:
        redis = stack.enter_context(PrivateRedis())
        os.environ["REDIS_URL"] = redis.url

        def lose_redis() -> None:
            redis.kill()
            time.sleep(_REDIS_AWAY_SECONDS)
            redis.start()

        outages.append(Outage("Redis", _REDIS_EVERY, lose_redis))
    if wanted.postgres:
        postgres = stack.enter_context(PrivatePostgres())
        os.environ["DATABASE_URL"] = postgres.url
        outages.append(Outage("PostgreSQL", _POSTGRES_EVERY, postgres.restart))
    return tuple(outages)


def _ways_in(home: Path, stack: ExitStack) -> WaysIn:
    from benchmarks.dovecot import Dovecot
    from benchmarks.ways_in import prepare

    server = stack.enter_context(Dovecot())
    return prepare(home, server, os.environ["SCANSTRAAT_DESK_LISTEN"])


def _lose(server: Dovecot) -> None:
    server.kill()
    server.start()


def _run(wanted: Wanted, home: Path, outages: tuple[Outage, ...], ways: WaysIn | None) -> Outcome:
    numbers = [number for mail in mails(wanted.mails) for number in mail.numbers]
    book = home.with_name(f"{home.name}.ledger")
    service = Service(home.with_name(f"{home.name}.log"))
    (home / "drops").mkdir(exist_ok=True)
    consumer = subprocess.Popen(tethered([sys.executable, "-m", "benchmarks.consumer", str(home / "drops"), str(book)]))
    everyone = ways.carriers(lambda: mails(wanted.mails)) if ways else (_agents(wanted),)
    killer = Killer(service, wanted.seconds_between_kills, outages)
    began = time.monotonic()
    service.start()
    for agents in everyone:
        agents.start()
    if wanted.seconds_between_kills:
        killer.start()
    if wanted.disk_full:
        _fill_for_a_while(home, everyone[0])
    _wait(
        lambda: (
            all(agents.is_done for agents in everyone)
            and _stored() >= _QUIET_UNTIL * wanted.mails
            and (_open_tasks() == 0 or len(ledger(book)) >= _QUIET_UNTIL * len(numbers))
        ),
        book,
        len(numbers),
    )
    killer.stop()
    _wait(lambda: _stored() >= wanted.mails and _open_tasks() == 0, book, len(numbers))
    seconds = time.monotonic() - began
    remains = _settled(ways) if ways else []
    for agents in everyone:
        agents.give_up()
    service.stop()
    consumer.terminate()
    consumer.wait()
    taken = ledger(book)
    book.unlink(missing_ok=True)
    return _outcome(wanted, home, everyone, killer, service, taken, numbers, seconds, remains)


def _agents(wanted: Wanted) -> Agents:
    return Agents(mails(wanted.mails), int(os.environ["SCANSTRAAT_SMTP_LISTEN"].rpartition(":")[2]))


def _settled(ways: WaysIn) -> list[str]:
    """What is left in mailboxes and folders once those had time to be tidied up after the last mail was stored."""
    end = time.monotonic() + _TIDY_SECONDS
    while (remains := ways.remains()) and time.monotonic() < end:
        time.sleep(1)
    return remains


def _fill_for_a_while(home: Path, agents: Bringing) -> None:
    """Leave no room once some mails came in, until the server said so to a few senders."""
    while len(agents.acknowledged) < 5:
        time.sleep(0.05)
    ballast = home / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        until = time.monotonic() + _DISK_FULL_SECONDS
        while time.monotonic() < until:
            try:
                file.write(b"x" * 4096)
            except OSError:
                time.sleep(0.01)
    spooled = sum(path.is_file() for path in (home / "spool").rglob("*"))
    print(f"disk full for {_DISK_FULL_SECONDS:g} s: answers {dict(agents.answers)}, in the spool {spooled} files")
    ballast.unlink()


def _wait(until: Callable[[], bool], book: Path, expected: int) -> None:
    end, told = time.monotonic() + _LONGEST_SECONDS, time.monotonic()
    while not until() and time.monotonic() < end:
        time.sleep(0.2)
        if time.monotonic() > told + 15:
            told = time.monotonic()
            print(f"  {len(ledger(book))} of {expected} invoices taken, {_open_tasks()} tasks open", flush=True)


def _open_tasks() -> int:
    """Tasks that are not ended; -1 where the database does not answer."""
    from scanstraat.records.tasks import TaskTable

    try:
        return TaskTable().open_count()
    except Exception:
        connection.disconnect()
        return -1


def _stored() -> int:
    """Mails in the database; -1 where it does not answer."""
    from scanstraat.records.models import Mail

    try:
        return Mail.objects.count()
    except Exception:
        connection.disconnect()
        return -1


def _outcome(
    wanted: Wanted,
    home: Path,
    everyone: tuple[Bringing, ...],
    killer: Killer,
    service: Service,
    taken: list[Taken],
    numbers: list[str],
    seconds: float,
    remains: list[str],
) -> Outcome:
    from scanstraat.records.models import Document, Mail

    states = Counter(Document.objects.values_list("state", flat=True))
    held = {number for number, state in Document.objects.values_list("number", "state") if state != "delivered"}
    counts = Counter(drop.number for drop in taken)
    return Outcome(
        sent=wanted.mails,
        acknowledged=sum(len(agents.acknowledged) for agents in everyone),
        expected=len(numbers),
        taken=taken,
        answers=sum((agents.answers for agents in everyone), Counter()),
        kills=killer.kills,
        orphans=service.orphans,
        stored=Mail.objects.count(),
        open_tasks=_open_tasks(),
        states=states + Counter(f"mail {state}" for state in Mail.objects.values_list("state", flat=True)),
        remains=[*_remains(home), *remains],
        seconds=seconds,
        lost=set(numbers) - set(counts) - held,
        doubled={number for number, times in counts.items() if times > 1} | (set(counts) & held),
    )


def _remains(home: Path) -> list[str]:
    """Files that should not be there any more: half received mails, and drops without their other half."""
    return [str(path) for folder in ("spool", "drops") for path in (home / folder).rglob("*") if path.is_file()]


def _print(outcome: Outcome) -> None:
    rows = (
        ("mails sent / acknowledged / stored", f"{outcome.sent} / {outcome.acknowledged} / {outcome.stored}"),
        ("answers (0: connection broken)", ", ".join(f"{code}: {n}" for code, n in sorted(outcome.answers.items()))),
        ("invoices expected", f"{outcome.expected}"),
        ("drops taken", f"{len(outcome.taken)}"),
        ("lost", f"{len(outcome.lost)} {sorted(outcome.lost)[:5] or ''}"),
        ("doubled", f"{len(outcome.doubled)} {sorted(outcome.doubled)[:5] or ''}"),
        ("half drops seen", f"{len(outcome.half)} {outcome.half[:3] or ''}"),
        ("kills", f"{sum(outcome.kills.values())} ({', '.join(f'{kind} {n}' for kind, n in sorted(outcome.kills.items()))})"),
        ("orphans of a killed supervisor", f"{outcome.orphans}"),
        ("tasks left open", f"{outcome.open_tasks}"),
        ("left in spool, drops, mailboxes, folders", f"{len(outcome.remains)} {outcome.remains[:3] or ''}"),
        ("where all ended", ", ".join(f"{state} {n}" for state, n in sorted(outcome.states.items()))),
        ("seconds", f"{outcome.seconds:.0f}"),
    )
    for name, value in rows:
        print(f"{name:42} {value}".rstrip())
    print("nothing lost, nothing doubled" if outcome.is_good else "NOT GOOD")


if __name__ == "__main__":
    main()
