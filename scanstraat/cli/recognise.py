"""`scanstraat recognise`: the fields of PDFs and pictures, without mail or database, one JSON object a line or a table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, InvoiceLine, Reading
from scanstraat.settings import Settings

if TYPE_CHECKING:  # what reads pages is loaded by this command only, not by every process of the service
    from scanstraat.cli.recognising import Result
    from scanstraat.pipeline.recognition import RecognisedDocument

# What the table for people shows, in this order.
SHOWN = (
    FieldName.SUPPLIER_NAME,
    FieldName.INVOICE_NUMBER,
    FieldName.INVOICE_DATE,
    FieldName.DUE_DATE,
    FieldName.TOTAL,
    FieldName.CURRENCY,
    FieldName.IBAN,
    FieldName.VAT_NUMBER,
)


def recognise(
    files: Annotated[list[Path], typer.Argument(help="PDF, picture or Word files.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each file.")] = False,
    own_name: Annotated[list[str] | None, typer.Option(help="A name of the customer's own; may be repeated.")] = None,
    own_vat: Annotated[list[str] | None, typer.Option(help="A VAT number of the customer's own; may be repeated.")] = None,
    own_iban: Annotated[list[str] | None, typer.Option(help="An IBAN of the customer's own; may be repeated.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Files read at the same time.")] = 1,
) -> None:
    """Read the fields of invoices from PDFs and pictures, without mail or database; exit status 1 where a file was not read."""
    from scanstraat.cli.recognising import Recogniser

    own = OwnIdentity(tuple(own_name or ()), tuple(own_vat or ()), tuple(own_iban or ()))
    recogniser = Recogniser(own, jobs, Settings.from_environment())
    failed = False
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("recognising", total=len(files))
        for result in recogniser.results(files):
            failed = failed or result.error is not None
            if json:
                print(as_json(result), flush=True)
            else:
                _show(result)
            progress.advance(task)
    if failed:
        raise typer.Exit(1)


def as_json(result: Result) -> str:
    """The result as one line of JSON."""
    if result.error is not None:
        error = {"code": result.error.code, "message": f"{result.error.message} {result.error.next_step}".rstrip()}
        return msgspec.json.encode({"file": str(result.file), "error": error}).decode()
    documents = [_document(document) for document in result.documents]
    whole = {"file": str(result.file), "seconds": round(result.seconds, 4), "documents": documents}
    return msgspec.json.encode(whole).decode()


def _document(found: RecognisedDocument) -> dict[str, object]:
    pages = [ref.page for ref in found.document.pages]
    return {
        "kind": str(found.document.kind),
        "pages": pages,
        "fields": {str(reading.field): _field(reading, pages) for reading in found.readings.readings},
        "lines": [_line(line) for line in found.readings.lines],
    }


def _field(reading: Reading, pages: list[int]) -> dict[str, object]:
    """A reading; `page` counts within the file, `box` is in points from the top left."""
    evidence = reading.evidence
    value: object = reading.value == "true" if reading.field is FieldName.IS_CREDIT_NOTE else reading.value
    return {
        "value": value,
        "confidence": reading.confidence,
        "page": pages[evidence.page - 1] if evidence else None,
        "box": [round(x, 2) for x in (evidence.box.x0, evidence.box.y0, evidence.box.x1, evidence.box.y1)] if evidence else None,
        "raw": evidence.raw if evidence else None,
        "method": str(reading.method),
        "rule": reading.rule,
        "doubts": list(reading.doubts),
    }


def _line(line: InvoiceLine) -> dict[str, str | None]:
    def text(value: object) -> str | None:
        return None if value is None else str(value)

    return {
        "description": line.description,
        "quantity": text(line.quantity),
        "unit_price": text(line.unit_price),
        "line_total": text(line.line_total),
    }


def _show(result: Result) -> None:
    """The result for people: a table of the main fields, with what is doubtful marked."""
    console = Console()
    if result.error is not None:
        console.print(f"[bold]{result.file}[/bold]: {result.error}", highlight=False)
        return
    for found in result.documents:
        pages = ", ".join(str(ref.page) for ref in found.document.pages)
        table = Table("field", "value", "confidence", "read as", title=f"{result.file}: {found.document.kind}, page {pages}")
        for field in SHOWN:
            reading = found.readings.get(field)
            if reading is None:
                table.add_row(field.value, "-", "", "")
                continue
            raw = reading.evidence.raw if reading.evidence else ""
            table.add_row(field.value, reading.value, f"{reading.confidence:.2f}", "; ".join((raw, *reading.doubts)))
        console.print(table)
