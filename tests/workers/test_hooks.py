"""Webhooks called by a real HTTP client at a real HTTP server: signed, tried again, never lost, never at the inside."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from scanstraat.delivery import hooks as calling
from scanstraat.errors import Refused, Unavailable
from scanstraat.model.administration import Administration
from scanstraat.model.hook import EVENTS, CallState, Event
from scanstraat.records import hooks, models
from scanstraat.records.hooks import HookOwner
from scanstraat.records.sealing import WEBHOOKS, seal
from scanstraat.workers.hooks import Hooks
from tests.desk import mailroom
from tests.workers.receiver import Receiver, dripping, status

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OPENSSL = shutil.which("openssl")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Office:
    """A webhook of an administration, and what calls it."""

    def __init__(self, administration: Administration, url: str) -> None:
        self.administration = administration
        self.clock = Clock()
        sealed = seal(settings.SCANSTRAAT.home_path, SECRET.encode(), WEBHOOKS)
        self.id = hooks.add(HookOwner(administration.id), url, frozenset(EVENTS), sealed, "key x", NOW)
        self._caller = Hooks(replace(settings.SCANSTRAAT, hooks_local=True), "here:1:1", self.clock)

    def tell(self) -> UUID:
        return hooks.test(self.id, self.clock.now)

    def work(self) -> None:
        """Make all calls that are due."""
        with ThreadPoolExecutor(4) as threads:
            while self._caller.turn(threads):
                pass

    @property
    def calls(self) -> list[models.HookCall]:
        return list(models.HookCall.objects.filter(webhook_id=self.id).order_by("created_at", "id"))


@pytest.fixture(autouse=True)
def _none_of_others(database: None) -> None:
    models.HookCall.objects.filter(state="waiting").update(state="failed")


@pytest.fixture
def office(administration: Administration) -> Callable[[Receiver], Office]:
    return lambda receiver: Office(administration, receiver.url)


def _openssl(key: bytes, signed: bytes) -> str:
    """The same, by another program."""
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", "-binary"]
    return base64.b64encode(subprocess.run(command, input=signed, capture_output=True, check=True).stdout).decode()


@pytest.mark.skipif(OPENSSL is None, reason="there is no openssl")
def test_a_call_is_signed_as_standard_webhooks_says(office: Callable[[Receiver], Office]) -> None:
    with Receiver() as receiver:
        hook = office(receiver)
        call = hook.tell()
        hook.work()
    (sent,) = receiver.sent
    assert (sent.path, sent.id, sent.headers["content-type"]) == ("/in?from=us", str(call), "application/json")
    at = sent.headers["webhook-timestamp"]
    assert int(at) == int(NOW.timestamp())
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    assert sent.headers["webhook-signature"] == f"v1,{_openssl(key, f'{sent.id}.{at}.'.encode() + sent.body)}"
    assert json.loads(sent.body) == {
        "type": "webhook.test",
        "timestamp": "2026-03-31T12:00:00Z",
        "data": {
            "administration": hook.administration.drop,
            "url": f"/api/webhooks/{hook.id}",
            "mail": None,
            "document": None,
        },
    }
    assert [(each.state, each.attempts, each.answer) for each in hook.calls] == [("sent", 1, "204")]


def test_what_the_documentation_checks_signatures_by_takes_ours_and_no_other(office: Callable[[Receiver], Office]) -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    names: dict[str, Callable[..., bool]] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], names)
    is_genuine = names["is_genuine"]
    with Receiver() as receiver:
        hook = office(receiver)
        hook.clock.now = datetime.now(UTC)
        hook.tell()
        hook.work()
        (sent,) = receiver.sent
    assert is_genuine(SECRET, sent.headers, sent.body)
    assert not is_genuine(SECRET, sent.headers, sent.body + b" ")
    assert not is_genuine(SECRET.replace("M", "N"), sent.headers, sent.body)
    assert not is_genuine(SECRET, sent.headers | {"webhook-timestamp": "1774947600"}, sent.body)


def test_a_call_that_is_not_taken_is_made_again_later_and_later(office: Callable[[Receiver], Office]) -> None:
    elsewhere = status(302, Location="http://127.0.0.1:1/")
    with Receiver(status(500, b"broken"), elsewhere, status(410), status(200, b"x" * 5_000)) as receiver:
        hook = office(receiver)
        hook.tell()
        waits = []
        for expected in ("500 broken", "302", "410"):
            hook.work()
            (call,) = hook.calls
            assert (call.state, call.answer) == ("waiting", expected)
            waits.append(call.next_at - hook.clock.now)
            hook.clock.now = call.next_at - timedelta(seconds=1)
            hook.work()  # not yet
            hook.clock.now = call.next_at
        hook.work()
    (call,) = hook.calls
    assert waits == sorted(waits)
    assert (call.state, call.attempts, len(call.answer)) == (CallState.SENT, 4, 1_000)
    assert len({sent.id for sent in receiver.sent}) == 1
    assert len(receiver.sent) == 4


def test_after_three_days_a_call_is_given_up(office: Callable[[Receiver], Office]) -> None:
    with Receiver(status(503)) as receiver:
        hook = office(receiver)
        hook.tell()
        for _ in range(60):
            hook.work()
            (call,) = hook.calls
            if call.state == "failed":
                break
            hook.clock.now = call.next_at
    assert call.state == "failed"
    assert timedelta(days=2.5) < hook.clock.now - NOW <= timedelta(days=3)
    assert 20 < call.attempts < 40


def test_one_that_nobody_answers_holds_up_no_other(office: Callable[[Receiver], Office], administration: Administration) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, Receiver() as receiver:
        port = silent.getsockname()[1]
        deaf = Office(administration, f"http://127.0.0.1:{port}/")
        hook = office(receiver)
        for _ in range(6):
            deaf.tell()
        hook.tell()
        stop = threading.Event()
        with ThreadPoolExecutor(16) as threads:
            hook._caller.turn(threads)
            while not receiver.sent:
                hook._caller.turn(threads)
            assert sum(each.attempts for each in deaf.calls) == 4  # no more at once for one address
            silent.close()
            stop.set()
            hook._caller.finish()


@pytest.mark.parametrize("answers", [(dripping,), (lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"),)])
def test_slow_and_senseless_answers_are_not_waited_for(answers: tuple[object, ...]) -> None:
    with Receiver(*answers) as receiver, pytest.raises(Unavailable, match="hook"):
        calling.call(receiver.url, {}, b"{}", is_local=True, seconds=0.3)


_INSIDE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"),
]


@pytest.mark.parametrize("address", _INSIDE)
def test_no_address_of_the_inside_is_called_by_number_or_by_name(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    literal = f"[{address}]" if ":" in address else address
    with pytest.raises(Refused, match="hook-url"):
        calling.checked_url(f"https://{literal}/in", is_local=False)

    def lying(host: str, port: int, **_: object) -> list[object]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", lying)
    with pytest.raises(Refused, match="hook-url"):
        calling.call("https://example.com/in", {}, b"{}", is_local=False)


def test_on_this_machine_only_this_machine_is_called_besides(monkeypatch: pytest.MonkeyPatch) -> None:
    assert calling.checked_url("http://localhost:8000/in", is_local=True)
    for url in ("http://10.0.0.1/", "http://example.com/", "https://10.0.0.1/"):
        with pytest.raises(Refused, match="hook-url"):
            calling.checked_url(url, is_local=True)
    with Receiver() as receiver, pytest.raises(Refused, match="hook-url"):
        calling.call(receiver.url, {}, b"{}", is_local=False)
    assert receiver.sent == []


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "x",
            "ftp://example.com/",
            "http://example.com/",
            "https://",
            "https://user@example.com/",
            "https://u:p@example.com/",
        ),
        *(
            "https://example.com/#x",
            "https://example.com:0/",
            "https://example.com:99999/",
            "https://[::1/",
            "https://exa mple.com/",
        ),
        *("https://example.com/\r\nHost: x", "https://bücher.example/", "https://example.com/" + "x" * 1_000),
    ],
)
def test_what_is_no_address_to_be_called_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="hook-url"):
        calling.checked_url(url, is_local=False)


def test_an_ended_webhook_is_called_no_more(office: Callable[[Receiver], Office]) -> None:
    with Receiver() as receiver:
        hook = office(receiver)
        hook.tell()
        assert hooks.end(hook.id, NOW)
        assert not hooks.end(hook.id, NOW)
        hook.work()
        mailroom.deliver(hook.administration)
    assert [(each.state, each.answer) for each in hook.calls] == [("failed", "the webhook was ended")]
    assert receiver.sent == []


def test_a_secret_under_another_key_is_told_and_tried_again(office: Callable[[Receiver], Office]) -> None:
    with Receiver() as receiver:
        hook = office(receiver)
        models.Webhook.objects.filter(id=hook.id).update(secret="x")
        hook.tell()
        hook.work()
    (call,) = hook.calls
    assert (call.state, "secret-key" in call.answer, receiver.sent) == ("waiting", True, [])


def test_old_calls_are_forgotten_and_it_works_until_it_is_told_to_stop(
    office: Callable[[Receiver], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Receiver() as receiver:
        hook = office(receiver)
        old = hook.tell()
        models.HookCall.objects.filter(id=old).update(state="sent", ended_at=NOW - timedelta(days=31))
        hook.tell()
        stop = threading.Event()
        monkeypatch.setattr(stop, "wait", lambda seconds: stop.set() if receiver.sent else None)
        hook._caller.run(stop)
    assert [(each.state, each.id == old) for each in hook.calls] == [("sent", False)]


_MAKES = """
from datetime import UTC, datetime
from scanstraat.records import connection
connection.connect()
connection.migrate()
import sys
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.hook import EVENTS
from scanstraat.records import hooks
from scanstraat.records.offices import open_administration
from scanstraat.records.sealing import WEBHOOKS, seal
from scanstraat.settings import Settings
owner = open_administration("O", Administration(0, "A", OwnIdentity(), "a"), ("a@invoices.example",))
sealed = seal(Settings.from_environment().home_path, b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", WEBHOOKS)
hook = hooks.add(hooks.HookOwner(owner.id), sys.argv[1], frozenset(EVENTS), sealed, "x", datetime.now(UTC))
for _ in range(3):
    hooks.test(hook, datetime.now(UTC))
"""


@pytest.mark.parametrize(("point", "times"), [("hooks.claimed:2", 1), ("hooks.sent:2", 2)])
def test_a_caller_killed_anywhere_leaves_no_call_unmade(tmp_path: Path, point: str, times: int) -> None:
    """Killed between the answer and the mark, it calls that one once more, under the same id."""
    environment = {**os.environ, "SCANSTRAAT_HOME": str(tmp_path), "SCANSTRAAT_HOOKS_LOCAL": "yes"}

    def run(*command: str, **more: str) -> int:
        return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment | more, check=False).returncode

    with Receiver() as receiver:
        assert run("-c", _MAKES, receiver.url) == 0
        assert run("-m", "tests.workers.hooking", "kill:1", SCANSTRAAT_FAILPOINT=point) == -9
        assert run("-m", "tests.workers.hooking", "kill:2") == 0
        ids = [sent.id for sent in receiver.sent]
    assert len(set(ids)) == 3
    assert (len(ids) >= 3 + times - 1, max(map(ids.count, ids)) <= 2) == (True, True)


def test_every_event_has_its_place_in_the_table() -> None:
    assert set(EVENTS) == set(Event) - {Event.TEST}
