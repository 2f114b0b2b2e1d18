"""The commands as a person types them, on a home of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("commands")
    assert _scanstraat(path, "migrate").returncode == 0
    return path


def _scanstraat(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SCANSTRAAT_HOME": str(home), "COLUMNS": "400"}
    command = [sys.executable, "-m", "scanstraat.cli.main", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _open(home: Path, name: str) -> subprocess.CompletedProcess[str]:
    options = ("--office", "Kantoor", "--drop", name.lower(), "--address", f"{name}@Klant.example", "--own-vat", "NL829486628B01")
    return _scanstraat(home, "add-administration", name, *options)


@pytest.mark.rule("A1")
def test_an_administration_is_opened_once_and_an_address_belongs_to_one(home: Path) -> None:
    opened = _open(home, "Bakker")
    assert (opened.returncode, opened.stderr) == (0, "")
    again = _open(home, "Bakker")
    assert again.returncode == 1
    assert again.stderr.startswith("scanstraat: address-taken: bakker@klant.example belongs to an administration already.")


@pytest.mark.rule("I3", "I5")
def test_a_user_is_added_to_an_office_that_exists(home: Path) -> None:
    _open(home, "Visser")
    added = _scanstraat(home, "add-user", "anna", "--office", "Kantoor")
    assert added.returncode == 0
    assert added.stdout.startswith("user anna, password ")
    assert "office-unknown" in _scanstraat(home, "add-user", "bert", "--office", "Nergens").stderr


def test_replay_says_what_cannot_be_replayed(home: Path) -> None:
    done = _scanstraat(home, "replay", "00000000-0000-0000-0000-000000000001")
    assert done.returncode == 1
    assert "unknown-id" in done.stderr


def test_send_says_so_where_no_server_answers(home: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_text("From: a@supplier.example\nTo: bakker@klant.example\nSubject: x\n\nx\n")
    done = _scanstraat(home, "send", str(mail), "--server", "127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.startswith("scanstraat: no-server: no mail server answers at 127.0.0.1:9")


def test_lists_are_tables_for_people_and_lines_for_programs(home: Path) -> None:
    assert "administration" in _scanstraat(home, "mails").stdout
    assert [json.loads(line) for line in _scanstraat(home, "documents", "--json").stdout.splitlines()] == []


@pytest.mark.rule("A9")
def test_the_mail_log_is_narrowed_and_says_what_it_does_not_know(home: Path) -> None:
    _open(home, "Kapper")
    narrowed = _scanstraat(
        home, "mails", "--administration", "kapper", "--since", "2026-03-01", "--until", "2026-03-31", "--json"
    )
    assert (narrowed.returncode, narrowed.stdout) == (0, "")
    assert "unknown-state" in _scanstraat(home, "mails", "--state", "gone").stderr
    assert "unknown-administration" in _scanstraat(home, "mails", "--administration", "nobody").stderr
    assert "unknown-id" in _scanstraat(home, "mail", "00000000-0000-0000-0000-000000000001").stderr
    assert "answer" in _scanstraat(home, "refusals").stdout


@pytest.mark.rule("A9")
def test_a_period_without_mails_balances_and_one_with_a_lost_mail_does_not(home: Path) -> None:
    done = _scanstraat(home, "audit", "conservation", "--since", "2026-03-01", "--until", "2026-03-31")
    assert (done.returncode, done.stderr) == (0, "")
    assert "balanced: nothing lost, nothing twice" in done.stdout
    _open(home, "Smid")
    _lose_a_mail(home)
    shown = _scanstraat(home, "audit", "conservation")
    assert shown.returncode == 1
    assert "contents: the mail (blob 00): blob-missing" in shown.stdout
    assert "NOT BALANCED: 2 violations" in shown.stdout
    lines = [json.loads(line) for line in _scanstraat(home, "audit", "conservation", "--json").stdout.splitlines()]
    assert [line.get("check") for line in lines] == ["contents", "goes-on", None]
    assert (lines[2]["balance"]["mails"], lines[2]["violations"]) == (1, 2)


def _lose_a_mail(home: Path) -> None:
    """Record a mail that is nowhere, as a restored backup without its blobs has them."""
    lost = (
        "from scanstraat.records import connection; connection.connect()\n"
        "from scanstraat.records import mails, models\nfrom scanstraat.model.mail import Envelope\n"
        "from datetime import UTC, datetime\nowner = models.Administration.objects.first().id\n"
        "at = datetime(2026, 1, 5, 9, tzinfo=UTC)\n"
        "mail = mails.receive(owner, Envelope('a@b.example', 'c@d.example', at), '00', 'x', 1)\nmails.log(mail, at, 'received')"
    )
    subprocess.run([sys.executable, "-c", lost], cwd=ROOT, env={**os.environ, "SCANSTRAAT_HOME": str(home)}, check=True)


def test_rules_shows_every_rule_with_its_tests(home: Path) -> None:
    shown = _scanstraat(home, "rules").stdout
    assert "K1" in shown
    assert "not built yet" in shown
    assert "test_replay_says" not in shown
    assert "test_an_administration_is_opened_once" in _scanstraat(home, "rules", "--names").stdout


def test_a_setting_that_cannot_be_used_is_named(home: Path) -> None:
    environment = {**os.environ, "SCANSTRAAT_HOME": str(home), "SCANSTRAAT_WORKERS": "many"}
    command = [sys.executable, "-m", "scanstraat.cli.main", "work"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SCANSTRAAT_WORKERS must be a number" in done.stderr


def test_an_administration_says_whom_it_answers_and_where_messages_go(home: Path) -> None:
    _open(home, "Kaper")
    silent = _scanstraat(home, "instruct", "kaper")
    assert silent.stdout == "Kaper: senders are not answered; messages go to nobody\n"
    asked = _scanstraat(home, "instruct", "kaper", "--answers", "--contact", "a@kaper.example", "--contact", "b@kaper.example")
    assert asked.stdout == "Kaper: senders are answered; messages go to a@kaper.example, b@kaper.example\n"
    assert (
        _scanstraat(home, "instruct", "kaper", "--contact", "").stdout == "Kaper: senders are answered; messages go to nobody\n"
    )
    assert "own-address" in _scanstraat(home, "instruct", "kaper", "--contact", "kaper@klant.example").stderr
    assert "address: 'anna'" in _scanstraat(home, "instruct", "kaper", "--contact", "anna").stderr
    assert "administration-unknown" in _scanstraat(home, "instruct", "nobody", "--answers").stderr
    assert "purpose" in _scanstraat(home, "letters").stdout
    assert _scanstraat(home, "letters", "--json").stdout == ""


def test_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    done = _scanstraat(tmp_path, "mails")
    assert done.returncode == 1
    assert done.stderr.startswith("scanstraat: database: no such table")
    assert "scanstraat migrate" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.rule("I4")
def test_the_chains_of_the_audit_log_are_proved(home: Path) -> None:
    write = (
        "from scanstraat.records import connection; connection.connect(); from scanstraat.records import audit, models;"
        "[audit.append(77, 'anna', 'read', f'mail {n}') for n in range(3)]"
    )
    tamper = "; models.AuditHead.objects.filter(chain=77).update(number=2)"
    environment = {**os.environ, "SCANSTRAAT_HOME": str(home)}
    for code, state, broken in ((write, "holds", None), (write + tamper, "BROKEN: entry 2", 2)):
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
        shown = _scanstraat(home, "audit", "chain")
        assert shown.returncode == (1 if broken else 0)
        assert state in shown.stdout
        told = next(line for line in _scanstraat(home, "audit", "chain", "--json").stdout.splitlines() if '"chain":77' in line)
        assert (json.loads(told)["broken"] or {"number": None})["number"] == broken


@pytest.mark.rule("I3", "I5")
def test_users_are_shown_and_ended_and_the_last_main_user_stays(home: Path) -> None:
    _open(home, "Slager")
    assert _scanstraat(home, "add-user", "clara", "--office", "Kantoor").returncode == 0
    lead = ("--role", "lead", "--everywhere", "--confidential-since", "2026-01-01")
    assert _scanstraat(home, "add-user", "lena", *lead, "--password", "four words make one").stdout == "user lena\n"
    reads = _scanstraat(home, "add-user", "rita", "--role", "administration-user", "--administration", "slager")
    assert reads.returncode == 0
    refused = _scanstraat(home, "end-user", "lena")
    assert (refused.returncode, "last-lead" in refused.stderr) == (1, True)
    assert _scanstraat(home, "end-user", "rita").returncode == 0
    told = {line["name"]: line for line in map(json.loads, _scanstraat(home, "users", "--json").stdout.splitlines())}
    assert (told["rita"]["is_active"], told["clara"]["is_active"]) == (False, True)
    shown = _scanstraat(home, "users").stdout
    assert "administration-user in Slager" in shown
    assert "lead everywhere" in shown
