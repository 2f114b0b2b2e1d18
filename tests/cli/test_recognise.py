"""`scanstraat recognise` as a person or a script calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.extractors.paper import paper

INVOICE = """
# Hoveniersbedrijf Groenrijk B.V.
FACTUUR
Factuurnummer     2026-0117
Factuurdatum      03-02-2026
Omschrijving            Aantal      Prijs      Bedrag
Onderhoud tuin              10      67,50      675,00
                     Totaal excl. btw          675,00
                     BTW 21%                   141,75
                     Totaal incl. btw      EUR 816,75
IBAN NL20INGB0001234567   BTW NL820471616B01
"""


def recognise(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "scanstraat.cli.main", "recognise", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    file = tmp_path / "invoice.pdf"
    file.write_bytes(paper(INVOICE))
    return file


def test_each_file_is_one_line_of_json(invoice: Path) -> None:
    done = recognise("--json", "--jobs", "2", invoice, invoice)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [line["file"] for line in lines] == [str(invoice)] * 2
    assert set(lines[0]) == {"file", "seconds", "documents"}
    (document,) = lines[0]["documents"]
    assert (document["kind"], document["pages"]) == ("invoice", [1])
    fields = document["fields"]
    assert fields["invoice_date"]["value"] == "2026-02-03"
    assert fields["total"]["value"] == "816.75"
    assert fields["is_credit_note"]["value"] is False
    assert fields["iban"] | {"box": None, "confidence": None} == {
        "value": "NL20INGB0001234567",
        "confidence": None,
        "page": 1,
        "box": None,
        "raw": "NL20INGB0001234567",
        "method": "pdf-text",
        "rule": None,
        "doubts": [],
    }
    assert len(fields["iban"]["box"]) == 4
    assert document["lines"] == [
        {"description": "Onderhoud tuin", "quantity": "10", "unit_price": "67.50", "line_total": "675.00"}
    ]


@pytest.mark.rule("B9")
def test_a_file_that_cannot_be_read_is_told_and_the_others_go_on(invoice: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    done = recognise("--json", broken, tmp_path / "missing.pdf", invoice)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [line.get("error", {}).get("code") for line in lines] == ["pdf-broken", "no-file", None]
    assert lines[2]["documents"]


@pytest.mark.rule("C6")
def test_the_customers_own_identity_is_given_by_options(invoice: Path) -> None:
    own = ("--own-name", "Groenrijk Hoveniersbedrijf", "--own-vat", "NL820471616B01", "--own-iban", "NL20 INGB 0001 2345 67")
    (document,) = json.loads(recognise("--json", *own, invoice).stdout)["documents"]
    assert {"iban", "vat_number"}.isdisjoint(document["fields"])


def test_without_json_people_get_a_table(invoice: Path) -> None:
    done = recognise(invoice)
    assert done.returncode == 0
    assert "816.75" in done.stdout
    assert "invoice_number" in done.stdout
