"""The whole line: every fixture mail over real SMTP, then a look at drops and database.

Once on the embedded default, and once on servers: Redis for wake-ups and PostgreSQL, private instances started here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from benchmarks.servers import PrivatePostgres, PrivateRedis, free_port
from scanstraat.delivery.schemas import check

ROOT = Path(__file__).parent.parent
EXPECTED = json.loads((ROOT / "fixtures" / "mails" / "expected.json").read_text())
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
STATE_OF = {"deliver": {"delivered"}, "review": {"in-review"}, "archive": {"archived"}, "discard": {"discarded"}}
STATE_OF["deliver-or-review"] = STATE_OF["deliver"] | STATE_OF["review"]

pytestmark = pytest.mark.xdist_group("line")


@dataclass(frozen=True)
class Outcome:
    """What the service says of itself after all fixture mails went through it."""

    exit_code: int
    printed: str
    home: Path
    mails: list[dict[str, object]]
    documents: list[dict[str, object]]
    audited: subprocess.CompletedProcess[str]

    def of(self, message_id: str, recipient: str) -> list[dict[str, object]]:
        """The documents of a mail as processed for one address, in mail order."""
        mails = {mail["id"] for mail in self.mails if mail["message_id"] == message_id and mail["recipient"] == recipient}
        assert len(mails) == 1, (message_id, recipient)
        return sorted((d for d in self.documents if d["mail"] in mails), key=lambda d: int(str(d["ordinal"])))


def _environment(home: Path) -> dict[str, str]:
    ports = {"SCANSTRAAT_SMTP_LISTEN": f"127.0.0.1:{free_port()}", "SCANSTRAAT_DESK_LISTEN": f"127.0.0.1:{free_port()}"}
    return {**os.environ, "SCANSTRAAT_HOME": str(home), "COLUMNS": "200", **ports}


def _listed(command: str, environment: dict[str, str]) -> list[dict[str, object]]:
    arguments = [sys.executable, "-m", "scanstraat.cli.main", command, "--json", "--limit", "10000"]
    done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _audited(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "scanstraat.cli.main", "audit", "conservation", "--json"]
    return subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def _servers(wanted: bool) -> Iterator[dict[str, str]]:
    if not wanted:
        yield {}
        return
    with PrivateRedis() as redis, PrivatePostgres() as postgres:
        yield {"REDIS_URL": redis.url, "DATABASE_URL": postgres.url}


@pytest.fixture(scope="session", params=["embedded", "servers"])
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What each of the two lines made of the fixture mails; asked for in any order, each runs once."""
    if request.param not in _OUTCOMES:
        _OUTCOMES[request.param] = _ran(request.param == "servers", tmp_path_factory.mktemp("line"))
    return _OUTCOMES[request.param]


_OUTCOMES: dict[str, Outcome] = {}


def _ran(on_servers: bool, home: Path) -> Outcome:
    """`./run --once` without the installing, in a home of its own."""
    with _servers(on_servers) as servers:
        environment = _environment(home) | servers
        arguments = [sys.executable, "-m", "fixtures.show", "--once"]
        done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False)
        printed = f"{done.stdout}\n{done.stderr}"
        mails, documents = _listed("mails", environment), _listed("documents", environment)
        return Outcome(done.returncode, printed, home, mails, documents, _audited(environment))


def _drops(outcome: Outcome) -> list[Path]:
    return sorted((outcome.home / "drops").rglob("*.xml"))


def _message_id(file: str) -> str:
    for line in (ROOT / "fixtures" / "mails" / file).read_text(errors="replace").splitlines():
        if line.lower().startswith("message-id:"):
            return line.partition(":")[2].strip()
    raise AssertionError(f"{file} has no Message-ID")


PROCESSED = [
    pytest.param(mail, recipient, id=f"{mail['name']}-{recipient.partition('@')[0]}")
    for mail in EXPECTED
    for recipient in mail["processed_for"]
]


@pytest.mark.rule("A3", "A4")
def test_every_mail_is_answered_as_expected_and_every_document_comes_to_rest(outcome: Outcome) -> None:
    assert outcome.exit_code == 0, outcome.printed


@pytest.mark.rule("B4", "B5", "B6", "B7", "B8", "B9", "G1", "G2", "G3", "E8")
@pytest.mark.parametrize(("mail", "recipient"), PROCESSED)
def test_each_document_of_a_mail_ends_where_it_should(outcome: Outcome, mail: dict[str, Any], recipient: str) -> None:
    documents = outcome.of(_message_id(str(mail["file"])), recipient)
    expected = mail["documents"]
    assert [d["kind"] for d in documents] == [e["kind"] for e in expected], documents
    for document, wanted in zip(documents, expected, strict=True):
        assert document["state"] in STATE_OF[wanted["action"]], (document["state"], document["why"])


@pytest.mark.rule("F1")
def test_every_delivered_xml_validates_and_names_the_pdf_beside_it(outcome: Outcome) -> None:
    delivered = [d for d in outcome.documents if d["state"] == "delivered"]
    assert len(_drops(outcome)) == len(delivered) > 0
    for xml in _drops(outcome):
        root = etree.parse(xml).getroot()
        check(root)
        assert f"{xml.stem}.pdf" in [uri.text for uri in root.iter(f"{CBC}URI")]
        assert xml.with_suffix(".pdf").exists()
    assert len(list((outcome.home / "drops").rglob("*.*"))) == 2 * len(delivered)


@pytest.mark.rule("F2", "F3", "B3")
@pytest.mark.parametrize(("mail", "recipient"), PROCESSED)
def test_every_pdf_holds_all_pages_and_the_overview_stands_in_the_last_one_only(
    outcome: Outcome, mail: dict[str, Any], recipient: str
) -> None:
    documents = outcome.of(_message_id(str(mail["file"])), recipient)
    expected = mail["documents"]
    open_ones = [d for d in documents if d["state"] in ("delivered", "in-review")]
    for document, wanted in zip(documents, expected, strict=True):
        if document["state"] != "delivered":
            continue
        with pikepdf.open(outcome.home / "drops" / f"{document['stem']}.pdf") as pdf:
            pages = len(pdf.pages)
        if document is open_ones[-1]:
            assert pages > wanted["pages"]
            assert str(mail["subject"])[:20] in _text(outcome, document, wanted["pages"])
        else:
            assert pages == wanted["pages"]


@pytest.mark.rule("A9", "B3", "F8")
def test_nothing_was_lost_and_nothing_is_in_two_places(outcome: Outcome) -> None:
    assert outcome.audited.returncode == 0, outcome.audited.stdout + outcome.audited.stderr
    (balance,) = map(json.loads, outcome.audited.stdout.splitlines())
    assert balance["is_even"]
    assert balance["balance"]["mails"] == len(outcome.mails)
    assert balance["balance"]["taken"]["documents"] == len(outcome.documents)
    assert balance["balance"]["taken"]["pages"] > balance["balance"]["taken"]["documents"] // 2
    assert balance["balance"]["times_received"] == sum(int(str(mail["times_received"])) for mail in outcome.mails)


def _text(outcome: Outcome, document: dict[str, object], page: int) -> str:
    pdf = pypdfium2.PdfDocument(outcome.home / "drops" / f"{document['stem']}.pdf")
    try:
        return str(pdf[page].get_textpage().get_text_bounded())
    finally:
        pdf.close()


@pytest.mark.rule("C1", "C5", "D1", "D2", "D3", "D4", "D5", "D6", "D7")
@pytest.mark.parametrize(("mail", "recipient"), PROCESSED)
def test_what_is_delivered_is_right_and_what_was_filled_says_so(outcome: Outcome, mail: dict[str, Any], recipient: str) -> None:
    documents = outcome.of(_message_id(str(mail["file"])), recipient)
    for document, wanted in zip(documents, mail["documents"], strict=True):
        if document["state"] == "delivered" and wanted["truth"]:
            _assert_true(outcome.home / "drops" / f"{document['stem']}.xml", wanted["truth"], wanted["filled"])


def _assert_true(xml: Path, name: str, filled: list[dict[str, str]]) -> None:
    truth = json.loads((ROOT / "fixtures" / "invoices" / f"{name}.json").read_text())["fields"]
    root = etree.parse(xml).getroot()
    payable = next(root.iter(f"{CBC}TaxInclusiveAmount"))
    assert payable.text == truth["total"].lstrip("-")
    accounts = [
        e.getparent().findtext(f"{CBC}ID") for e in root.iter() if e.get("schemeID") == "IBAN" and e.getparent() is not None
    ]
    if truth["iban"]:
        assert accounts == [truth["iban"]]
    else:
        assert accounts == []
    if truth["invoice_number"]:
        assert root.findtext(f"{CBC}ID") == truth["invoice_number"]
    if truth["invoice_date"]:
        assert root.findtext(f"{CBC}IssueDate") == truth["invoice_date"]
    read = {(f.findtext("{*}Rule"), f.findtext("{*}Value")) for f in root.iter("{*}Field")}
    assert {(f["rule"], f["value"]) for f in filled} <= read
