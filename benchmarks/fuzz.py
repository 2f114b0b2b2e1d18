"""Damaged mails and files through the whole service: does it stay up, and does each end somewhere, with a reason?

    python -m benchmarks.fuzz                            10,000 mails and 2,000 files
    python -m benchmarks.fuzz --mails 200 --files 50 --seed 7
    python -m benchmarks.fuzz --replay FILE              one mail that failed before

Mails of the fixtures and the torture suite, mails made for it, and files of every format are damaged by seeded mutations and sent
to a service of its own over SMTP. Ends with status 0 where no part of the service ended, no process outlived its limit or took
more than 600 MB, every mail and document came to rest with a reason and every part to an end, nothing was laid aside by a fault
of ours, and all that came in is accounted for. Mails that say otherwise are kept in `--keep` for replay.
"""

from __future__ import annotations

import argparse
import os
import re
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.fuzz_cases import Case, cases
from benchmarks.processes import LIMIT_MB, Seen, Watch
from benchmarks.service import Service, prepare, running
from fixtures.demo import BAKERY
from fixtures.torture.judging import NO_ENDS
from fixtures.torture.outcomes import Outcome, outcomes
from scanstraat.model.state import DocumentState, MailState, is_resting
from scanstraat.records import connection
from scanstraat.settings import Settings, split_listen

_AGENTS = 3
_MOST_OPEN = 40  # tasks not done yet before more is sent
_QUIET_SECONDS = 300.0  # for what was sent to come to rest
_TIMEOUT_SECONDS = 60
_HOST = "fuzz.example"
_NO_LIMIT = f"{10**9}"
_LIMITS_OFF = ("SCANSTRAAT_PEER_MAILS_A_MINUTE", "SCANSTRAAT_SENDER_MAILS_A_MINUTE", "SCANSTRAAT_ADDRESS_MAILS_A_MINUTE")
_TAKEN, _LATER = 250, range(400, 500)
_SLACK_SECONDS = 15.0
# Errors of parsers that nobody foresaw; the part goes to review all the same.
_FAILED = re.compile(r"a [ ] call [ ] in [ ] a [ ] child [ ] process [ ] failed: [ ] (?P<said> [^\n]{1,160} )", re.VERBOSE)


@dataclass(slots=True)
class Sending:
    """What was sent so far, with SMTP's answer to each; shared by the agents."""

    waiting: Iterator[Case]
    until: float
    answers: dict[str, int] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Case | None:
        """The next case; None at the end of them, or of the time."""
        with self.lock:
            return next(self.waiting, None) if time.monotonic() < self.until else None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of all of it."""

    answers: dict[str, int]
    done: dict[str, str]
    found: tuple[Outcome, ...]
    seen: tuple[Seen, ...]
    unfinished: int
    balance: str
    seconds: float
    log: str


def main() -> None:
    """Run it and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60.0, help="send no more after this long")
    parser.add_argument("--keep", type=Path, default=Path("var/fuzz"), help="where mails that failed are kept")
    parser.add_argument("--replay", type=Path, help="send this mail only")
    wanted = parser.parse_args()
    chosen: Iterable[Case] = cases(wanted.seed, wanted.mails, wanted.files)
    if wanted.replay:
        chosen = (Case(wanted.replay.stem, wanted.replay.read_bytes(), "replayed"),)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scanstraat-fuzz-")))
        result = run(chosen, home, wanted.minutes)
        failed = report(result)
        _keep(failed, wanted.seed, wanted.keep, wanted.replay, home)
    sys.exit(1 if failed else 0)


def run(chosen: Iterable[Case], home: Path, minutes: float) -> Result:
    """Send them all, wait until all is at rest, and look."""
    prepare(home)
    os.environ.update(dict.fromkeys(_LIMITS_OFF, _NO_LIMIT))
    connection.connect()
    connection.migrate()
    from fixtures.show import open_demo

    open_demo()
    began = time.monotonic()
    with running(home) as service, Watch(service.process) as watch:
        sending = Sending(iter(chosen), began + minutes * 60)
        _send_all(sending, service)
        unfinished = _wait(0, _QUIET_SECONDS)
        seconds = time.monotonic() - began
        seen = watch.seen()
    log = (home / "service.log").read_text(errors="replace")
    return Result(sending.answers, sending.done, outcomes(), seen, unfinished, _conservation(), seconds, log)


def _send_all(sending: Sending, service: Service) -> None:
    agents = [threading.Thread(target=_send, args=(sending, service.smtp), daemon=True) for _ in range(_AGENTS)]
    for agent in agents:
        agent.start()
    while any(agent.is_alive() for agent in agents):
        with sending.lock:  # held while too much is under way, so that the agents wait
            _wait(_MOST_OPEN, _QUIET_SECONDS)
        time.sleep(0.05)


def _wait(at_most: int, seconds: float) -> int:
    """Until no more than that many tasks are open; how many are."""
    from scanstraat.records.tasks import TaskTable

    tasks, until = TaskTable(), time.monotonic() + seconds
    while (count := tasks.open_count()) > at_most and time.monotonic() < until:
        time.sleep(0.1)
    return count


def _send(sending: Sending, server: str) -> None:
    while case := sending.next():
        while (code := _answer(case, server)) in _LATER or not code:
            time.sleep(0.5)
        sending.answers[case.name], sending.done[case.name] = code, case.done


def _answer(case: Case, server: str) -> int:
    host, port = split_listen(server)
    try:
        with smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS) as session:
            session.ehlo("mail.fuzz.example")
            session.mail(f"{case.name}@{_HOST}")
            session.rcpt(BAKERY.addresses[0])
            return session.data(case.content)[0]
    except (smtplib.SMTPException, OSError):
        return 0


def _conservation() -> str:
    command = [sys.executable, "-m", "scanstraat.cli.main", "audit", "conservation"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{done.stdout}\n{done.stderr}".strip()


def complaints(outcome: Outcome) -> Iterator[str]:
    """What must not be said of any mail, whatever was in it."""
    papers = [DocumentState(paper.end) for paper in outcome.papers]
    if not is_resting(MailState(outcome.state)) or not all(is_resting(state) for state in papers):
        yield f"it has not come to rest: {', '.join((outcome.state, *papers))}"
    if outcome.state == MailState.DISPATCHED and not outcome.papers:
        yield "it has no documents"
    for part in outcome.parts:
        if part.end in NO_ENDS and outcome.state != MailState.PARKED:
            yield f"a part has come to no end: {part}"
    if [part.code for part in outcome.parts] == ["parser-failed"]:
        yield "the mail as a whole could not be opened, for an error that nobody foresaw"
    for paper in outcome.papers:
        if paper.end != DocumentState.DELIVERED and not paper.why:
            yield f"a document is {paper.end} without a reason"
    errors = [outcome.error] + [paper.why for paper in outcome.papers if paper.end == DocumentState.PARKED]
    yield from (f"laid aside by a fault of ours: {error[:300]}" for error in errors if error and _is_ours(error))


def _is_ours(error: str) -> bool:
    """Whether something was laid aside for what went wrong here: a worker's end, or an error that nobody foresaw."""
    first = error.partition(":")[0]
    return error.startswith("crash:") or first.endswith(("Error", "Exception"))


def report(result: Result) -> dict[str, list[str]]:
    """Print what happened; what is wrong, by the name of the mail, or of none."""
    _print_ends(result.found)
    _print_processes(result.seen)
    failed: dict[str, list[str]] = {}
    for outcome in result.found:
        if wrong := list(complaints(outcome)):
            failed[outcome.name] = wrong
    if general := list(_of_all(result)):
        failed[""] = general
    for name, wrong in failed.items():
        print(*(f"✗ {name} ({result.done.get(name, '')}): {text}" if name else f"✗ {text}" for text in wrong), sep="\n")
    _print_summary(result)
    return failed


def _of_all(result: Result) -> Iterator[str]:
    """What must not be said of the service."""
    limit = Settings.from_environment().child_seconds + _SLACK_SECONDS
    for one in result.seen:
        if one.restarts:
            yield f"{one.role} was started again {one.restarts} times"
        if one.peak_mb > LIMIT_MB:
            yield f"{one.role} took {one.peak_mb:.0f} MB"
        if one.longest > limit and one.role.startswith("child") and "words" not in one.role:
            yield f"{one.role} lived {one.longest:.0f} s"
    taken = sum(code == _TAKEN for code in result.answers.values())
    logged = sum(outcome.times for outcome in result.found)
    if logged != taken:
        yield f"{taken} mails were acknowledged, {logged} are logged"
    if result.unfinished:
        yield f"{result.unfinished} tasks are not done"
    if result.balance:
        yield f"conservation: {result.balance}"


def _print_ends(found: Sequence[Outcome]) -> None:
    ends: Counter[tuple[str, str, str]] = Counter()
    for outcome in found:
        ends.update(("part", f"{part.role} {part.end}", part.code) for part in outcome.parts)
        ends.update(("document", paper.end, ", ".join(sorted(set(paper.codes)))[:60]) for paper in outcome.papers)
        ends["mail", outcome.state, outcome.error.partition(":")[0]] += 1
    table = Table("what", "end", "code", "count", title="Ends", title_justify="left")
    for (what, end, code), count in sorted(ends.items(), key=lambda item: (item[0][0], -item[1])):
        table.add_row(what, end, code, f"{count}")
    Console(width=140).print(table)


def _print_processes(seen: Sequence[Seen]) -> None:
    table = Table("process", "seen", "started again", "peak MB", "longest s", title="Processes", title_justify="left")
    for one in seen:
        table.add_row(one.role, f"{one.count}", f"{one.restarts}", f"{one.peak_mb:.0f}", f"{one.longest:.1f}")
    Console(width=120).print(table)


def _print_summary(result: Result) -> None:
    answers = Counter(result.answers.values())
    slowest = sorted(result.found, key=lambda outcome: -outcome.seconds)[:5]
    print(f"sent                         {len(result.answers)} in {result.seconds:.0f} s")
    print(f"answers                      {', '.join(f'{code}: {count}' for code, count in sorted(answers.items()))}")
    print(f"mails kept                   {len(result.found)}")
    for said, count in Counter(found["said"] for found in _FAILED.finditer(result.log)).most_common(8):
        print(f"a parser failed              {count} times: {said}")
    print(f"largest process              {max((one.peak_mb for one in result.seen), default=0.0):.0f} MB of {LIMIT_MB:.0f}")
    for outcome in slowest:
        print(f"slow                         {outcome.seconds:.1f} s  {outcome.name}  {result.done.get(outcome.name, '')}")


def _keep(failed: dict[str, list[str]], seed: int, folder: Path, replayed: Path | None, home: Path) -> None:
    """Write down the mails that failed, and the log of the service."""
    if not failed:
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "service.log").write_bytes((home / "service.log").read_bytes())
    print(f"the log of the service is kept: {folder / 'service.log'}")
    from benchmarks.fuzz_cases import case

    for name in filter(None, failed if replayed is None else ()):
        kind, _, index = name.split("-")
        target = folder / f"{name}.eml"
        target.write_bytes(case(seed, kind, int(index)).content)
        print(f"kept for --replay: {target}")


if __name__ == "__main__":
    main()
