"""Foreign bytes are handled in processes that cannot take the service down, and that never outlive it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scanstraat.bounded import Child, Limits, run_program
from scanstraat.bounded.kernel import without_network
from scanstraat.errors import Inconsistent, Refused, ScanstraatError, Unavailable
from scanstraat.model.page import Box, Page, PageSource, Word
from tests import bounded_subject as subject

MODERATE = Limits(memory_octets=500_000_000, seconds=20)
BRIEF = Limits(memory_octets=500_000_000, seconds=0.3)
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(preload=("tests.bounded_subject",)) as running:
        yield running


def gone(pid: int) -> bool:
    """Whether the process ends within a few seconds (a zombie has ended)."""
    for _ in range(300):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def there(path: Path) -> str:
    """What the file says, once it says something."""
    for _ in range(1000):
        if path.exists() and path.read_text():
            return path.read_text()
        time.sleep(0.01)
    raise AssertionError(f"{path} never came")


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def test_values_travel_typed_both_ways(child: Child) -> None:
    page = Page(1, 595, 842, PageSource.TEXT_LAYER, (Word("Factuur", Box(1, 2, 3, 4)),))
    moved, by, on = child.call(subject.shifted, MODERATE, page, Decimal("1.50"), date(2026, 3, 31))
    assert (moved.source, moved.words[0].box) == (PageSource.OCR, Box(2.5, 2, 4.5, 4))
    assert (by, on) == (Decimal("1.50"), date(2026, 3, 31))


@pytest.mark.rule("A3")
def test_a_mail_of_thirty_megabytes_goes_in_and_comes_out(child: Child) -> None:
    content = os.urandom(30_000_000)
    assert child.call(subject.backwards, MODERATE, content) == content[::-1]


def test_the_warm_process_preloads_once_and_is_inherited(child: Child) -> None:
    first, second = (child.call(subject.warmed_by, MODERATE) for _ in range(2))
    assert first == second
    assert first[0] == first[1] != os.getpid()


@pytest.mark.parametrize("kind", [Refused, Unavailable, Inconsistent])
def test_an_error_of_our_tree_travels_back_as_itself(child: Child, kind: type[ScanstraatError]) -> None:
    with pytest.raises(kind) as caught:
        child.call(subject.raise_one, MODERATE, kind.__name__)
    assert (caught.value.code, caught.value.message, caught.value.next_step) == ("own-code", "why.", "What now.")


@pytest.mark.rule("B9")
@pytest.mark.parametrize("function", [subject.stumble, subject.recurse])
def test_any_other_exception_is_a_refusal_with_its_trace_in_the_log(
    child: Child, function: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    assert refusal(lambda: child.call(function, MODERATE)) == "parser-failed"
    assert function.__name__ in caplog.text


@pytest.mark.rule("B9")
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGTRAP])
def test_a_process_that_dies_is_a_refusal_and_the_next_call_goes_on(child: Child, number: int) -> None:
    before = child.call(subject.warmed_by, MODERATE)
    assert refusal(lambda: child.call(subject.end_by, MODERATE, int(number))) == "parser-died"
    assert refusal(lambda: child.call(subject.exit_early, MODERATE)) == "parser-died"
    assert child.call(subject.warmed_by, MODERATE) == before


@pytest.mark.rule("B9")
def test_a_process_killed_by_chance_is_no_refusal(child: Child, tmp_path: Path) -> None:
    assert child.call(subject.end_the_first_time, MODERATE, f"{tmp_path / 'mark'}") == 1


def test_the_end_of_time_kills_the_process_and_its_company(child: Child, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    assert refusal(lambda: child.call(subject.sleep_with_company, BRIEF, f"{mark}")) == "parser-slow"
    assert all(gone(int(pid)) for pid in there(mark).split())


def test_a_busy_process_is_stopped_in_time(child: Child) -> None:
    began = time.monotonic()
    assert refusal(lambda: child.call(subject.spin, BRIEF)) == "parser-slow"
    assert time.monotonic() - began < 3


def test_memory_is_limited_on_top_of_what_is_preloaded(child: Child) -> None:
    assert child.call(subject.take, MODERATE, 300_000_000) == 300_000_000
    assert refusal(lambda: child.call(subject.take, MODERATE, 600_000_000)) == "parser-memory"
    assert child.call(subject.take_in_c, MODERATE, 300_000_000) != 0
    assert child.call(subject.take_in_c, MODERATE, 600_000_000) == 0


def test_a_reply_is_limited(child: Child) -> None:
    small = Limits(500_000_000, 20, output_octets=1_000_000)
    assert len(child.call(subject.give, small, 990_000)) == 990_000
    assert refusal(lambda: child.call(subject.give, small, 1_000_001)) == "parser-output"


def test_a_file_written_is_limited(child: Child, tmp_path: Path) -> None:
    small = Limits(500_000_000, 20, output_octets=1_000_000)
    assert refusal(lambda: child.call(subject.write_file, small, f"{tmp_path}/big", 1_000_001)) == "parser-failed"
    assert (tmp_path / "big").stat().st_size <= 1_000_000


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX])
def test_no_socket_can_be_opened(child: Child, family: int) -> None:
    assert refusal(lambda: child.call(subject.open_socket, MODERATE, int(family))) == "parser-failed"


def test_the_process_is_alone_and_leaves_no_core(child: Child) -> None:
    core, group, session, own, threads = child.call(subject.circumstances, MODERATE)
    assert (core, group, session, threads) == (0, own, own, "1")


def test_passwords_in_our_environment_stay_with_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:s3cret@host/name")
    with Child() as child:
        assert child.call(subject.variable, MODERATE, "DATABASE_URL") == ""
        assert child.call(subject.variable, MODERATE, "PATH") == os.environ["PATH"]


def test_what_a_library_prints_goes_nowhere(child: Child, capfd: pytest.CaptureFixture[str]) -> None:
    assert child.call(subject.chatter, MODERATE) == 9
    assert capfd.readouterr() == ("", "")


def test_a_dead_warm_process_costs_one_call_at_most() -> None:
    with Child() as child:
        assert refusal(lambda: child.call(subject.kill_parent, MODERATE)) == "parser-died"
        _, zygote = child.call(subject.warmed_by, MODERATE)
        os.kill(zygote, signal.SIGKILL)
        assert gone(zygote)
        assert child.call(subject.take, MODERATE, 5) == 5


def test_calls_come_from_any_thread_and_outlive_the_thread_that_began() -> None:
    with Child() as child:
        starter = threading.Thread(target=child.call, args=(subject.take, MODERATE, 1))
        starter.start()
        starter.join()
        _, zygote = child.call(subject.warmed_by, MODERATE)
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda n: child.call(subject.take, MODERATE, n), range(40))) == list(range(40))
        assert child.call(subject.warmed_by, MODERATE)[1] == zygote


def test_a_process_forked_off_ours_gets_a_warm_process_of_its_own(child: Child) -> None:
    _, zygote = child.call(subject.warmed_by, MODERATE)
    ours, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.write(theirs, f"{child.call(subject.warmed_by, MODERATE)[1]}".encode())
            child.close()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    other = int(os.read(ours, 100))
    os.close(ours)
    os.close(theirs)
    assert other != zygote
    assert child.call(subject.warmed_by, MODERATE)[1] == zygote


def test_nothing_outlives_a_parent_killed_at_work(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    script = f"from tests import bounded_subject as s; s.sleep_and_tell({str(mark)!r})"
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    sleeper, _ = map(int, there(mark).split())
    zygote = int(Path(f"/proc/{sleeper}/stat").read_text().rpartition(")")[2].split()[1])
    parent.kill()
    parent.wait()
    assert gone(zygote)
    assert gone(sleeper)


def test_close_ends_the_warm_process_and_a_later_call_starts_another() -> None:
    child = Child()
    _, zygote = child.call(subject.warmed_by, MODERATE)
    child.close()
    assert gone(zygote)
    assert child.call(subject.take, MODERATE, 2) == 2
    child.close()


def test_what_cannot_be_called_is_our_fault(child: Child) -> None:
    with pytest.raises(Inconsistent, match="not-callable"):
        child.call(lambda: 1, MODERATE)
    with pytest.raises(Inconsistent, match="not-callable"):
        child.call(subject.without_types, MODERATE, 1, 2)
    with Child(preload=("scanstraat.no_such_room",)) as broken, pytest.raises(Inconsistent, match="no_such_room"):
        broken.call(subject.take, MODERATE, 1)


def test_an_argument_of_another_type_is_our_fault(child: Child) -> None:
    with pytest.raises(Inconsistent, match="passed-value"):
        child.call(subject.take, MODERATE, "many")  # type: ignore[arg-type]


def test_the_network_filter_is_there_on_this_machine(child: Child) -> None:
    assert child.call(without_network, MODERATE) is True


# external programs


def shell(script: str, limits: Limits, cwd: Path) -> bytes:
    return run_program(("sh", "-c", script), limits, cwd)


def test_a_program_is_not_ended_by_the_end_of_an_orphan_it_left_behind(tmp_path: Path) -> None:
    assert shell("(sleep 0.05 &); sleep 0.3; echo whole", MODERATE, tmp_path) == b"whole\n"


def test_a_program_gives_its_output_and_sees_little_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    assert shell("pwd; echo $HOME $SECRET $OMP_THREAD_LIMIT", MODERATE, tmp_path) == f"{tmp_path}\n{tmp_path} 1\n".encode()
    assert run_program(("printenv", "EXTRA"), MODERATE, tmp_path, {"EXTRA": "e"}) == b"e\n"


@pytest.mark.rule("B9")
def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="program-failed: sh ended with status 7: no such sheet"):
        shell("echo no such sheet >&2; exit 7", MODERATE, tmp_path)
    with pytest.raises(Refused, match="program-failed: sh ended with status 139"):
        shell("kill -SEGV $$", MODERATE, tmp_path)


def test_a_missing_program_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}")
    with pytest.raises(Unavailable, match=r"program-missing: .* libreoffice-writer-nogui"):
        run_program(("soffice", "--version"), MODERATE, tmp_path)


@pytest.mark.parametrize("company", ["sleep 300 &", "setsid sleep 300 &"])
def test_a_slow_program_is_killed_with_all_it_started(tmp_path: Path, company: str) -> None:
    script = f"{company} echo $! $$ > mark; sleep 300"
    assert refusal(lambda: shell(script, BRIEF, tmp_path)) == "parser-slow"
    assert all(gone(int(pid)) for pid in there(tmp_path / "mark").split())


def test_a_program_that_ends_leaves_nobody_behind(tmp_path: Path) -> None:
    assert shell("setsid sleep 300 & echo $!", MODERATE, tmp_path).strip().isdigit()
    pid = int(shell("setsid sleep 300 & echo $!", MODERATE, tmp_path))
    assert gone(pid)


def test_a_program_is_limited_in_memory_output_and_network(tmp_path: Path) -> None:
    python, small = sys.executable, Limits(300_000_000, 20, output_octets=100_000)
    assert refusal(lambda: run_program((python, "-c", "b'x' * 400_000_000"), small, tmp_path)) == "program-failed"
    assert refusal(lambda: shell("yes", small, tmp_path)) == "parser-output"
    script = "import socket; socket.socket(socket.AF_UNIX).close(); socket.socket(socket.AF_INET)"
    with pytest.raises(Refused, match="Permission denied"):
        run_program((python, "-c", script), MODERATE, tmp_path)


def test_a_program_does_not_outlive_a_parent_killed_at_work(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from scanstraat.bounded import *;"
        f"run_program(('sh', '-c', 'sleep 300 & echo $! $$ > mark; wait'), Limits(10**9, 300), Path({str(tmp_path)!r}))"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    pids = [int(pid) for pid in there(tmp_path / "mark").split()]
    parent.kill()
    parent.wait()
    assert all(gone(pid) for pid in pids)
