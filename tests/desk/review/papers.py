"""Invoices that look like invoices, sent down the real line to the desk: pages with words, and readings with what is doubtful."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from stdnum.nl import bsn

from scanstraat.model.administration import Administration, Instructions
from scanstraat.model.field import FieldName, Reading, Readings, RunnerUp
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.pipeline.fallbacks import complete
from scanstraat.pipeline.review import checking
from scanstraat.records import documents, models, offices
from tests.pipeline.review import at_the_desk

WIDTH, HEIGHT = A4
_INK, _PALE = (0.11, 0.14, 0.16), (0.45, 0.5, 0.53)
Change = Callable[[Readings], Readings]

SUPPLIERS = (
    ("Bakkerij De Korenaar B.V.", "Molenstraat 12, 3511 AB Utrecht"),
    ("Van der Veen Installatietechniek B.V.", "Havenweg 7, 8901 BK Leeuwarden"),
    ("Drukkerij Het Gouden Blad B.V.", "Singel 240, 1016 AB Amsterdam"),
    ("Schoonmaakbedrijf Helder B.V.", "Industrieweg 3, 5705 AA Helmond"),
    ("Groothandel Vermeulen B.V.", "Marktplein 1, 4811 XX Breda"),
    ("Timmerbedrijf Houtman B.V.", "Zaagmolenkade 16, 3035 KA Rotterdam"),
    ("Bloemen van Roos B.V.", "Legmeerdijk 313, 1431 GB Aalsmeer"),
    ("Transport Noorderzon B.V.", "Osloweg 88, 9723 BK Groningen"),
    ("Beveiliging Wachters B.V.", "Kanaalstraat 4, 7311 ML Apeldoorn"),
    ("Adviesbureau Lindeman B.V.", "Parkweg 50, 2585 JJ Den Haag"),
    ("Schildersbedrijf Kwast B.V.", "Verfstraat 9, 6511 KL Nijmegen"),
    ("Kantoorvakhandel Pen en Papier B.V.", "Koestraat 33, 8011 NJ Zwolle"),
    ("Loodgieter De Kraan B.V.", "Waterlaan 2, 3743 CR Baarn"),
    ("Tuincentrum De Linde B.V.", "Dorpsstraat 71, 6871 AE Renkum"),
    ("Autobedrijf Pit B.V.", "Garageweg 5, 3821 AD Amersfoort"),
    ("Computerhulp Bit B.V.", "Chipweg 10, 5656 AE Eindhoven"),
    ("Catering De Lepel B.V.", "Kookpunt 8, 2312 CX Leiden"),
    ("Uitgeverij Letter B.V.", "Boekenlaan 14, 4331 PX Middelburg"),
    ("Glashandel Ruit B.V.", "Spiegelweg 21, 1823 CJ Alkmaar"),
    ("Elektro Vonk B.V.", "Draadstraat 6, 6211 LE Maastricht"),
    ("Koeltechniek IJs B.V.", "Vriesweg 45, 8243 PZ Lelystad"),
    ("Zorgvervoer Op Tijd B.V.", "Stationsplein 1, 7201 MH Zutphen"),
)


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is printed: one of `SUPPLIERS` by its place, its number, and the amounts; `more` pages say nothing of their own."""

    place: int
    number: str = ""
    net: str = "1131.40"
    day: str = "30 maart 2026"
    title: str = "FACTUUR"
    more: int = 0

    @property
    def vat(self) -> Decimal:
        """Of 21%."""
        return (Decimal(self.net) * Decimal("0.21")).quantize(Decimal("0.01"))

    @property
    def total(self) -> Decimal:
        """With VAT."""
        return Decimal(self.net) + self.vat

    @property
    def printed_number(self) -> str:
        """Its own, or one made of its place."""
        return self.number or f"2026-{4100 + self.place}"


def iban_of(place: int) -> str:
    """The account of the supplier at this place, with right check digits."""
    bban = f"INGB{place + 1:04d}417164"[:14].ljust(14, "0")
    digits = "".join(str(int(letter, 36)) for letter in f"{bban}NL00")
    return f"NL{98 - int(digits) % 97:02d}{bban}"


def vat_number_of(place: int) -> str:
    """His VAT number, with right check digits."""
    base = next(n for n in range(810_000_000 + place * 1_000, 899_999_999) if bsn.is_valid(f"{n}"))
    return f"NL{base}B01"


def dutch(amount: Decimal) -> str:
    """As it is printed.

    >>> dutch(Decimal("1234.5"))
    '1.234,50'
    """
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def pdf_of(*invoices: Invoice) -> bytes:
    """These invoices in one PDF."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    for invoice in invoices:
        _first_page(canvas, invoice)
        for page in range(2, invoice.more + 2):
            _annex_page(canvas, invoice, page)
    canvas.save()
    return file.getvalue()


def _say(canvas: Canvas, x: float, y: float, text: str, font: str = "Helvetica", size: float = 10, ink: object = _INK) -> None:
    canvas.setFillColorRGB(*ink)  # type: ignore[misc]  # three numbers
    canvas.setFont(font, size)
    canvas.drawString(x, HEIGHT - y, text)


def _right(canvas: Canvas, x: float, y: float, text: str, font: str = "Helvetica") -> None:
    canvas.setFillColorRGB(*_INK)
    canvas.setFont(font, 10)
    canvas.drawRightString(x, HEIGHT - y, text)


def _first_page(canvas: Canvas, invoice: Invoice) -> None:
    name, street = SUPPLIERS[invoice.place]
    _say(canvas, 57, 72, name, "Helvetica-Bold", 15)
    _say(canvas, 57, 88, street, size=9, ink=_PALE)
    _say(canvas, 57, 150, "Aan:")
    _say(canvas, 57, 164, "Klant in Noord")
    _say(canvas, 57, 178, "Kerkplein 4, 1011 AA Amsterdam")
    _say(canvas, 340, 150, invoice.title, "Helvetica-Bold", 13)
    facts = (
        ("Factuurnummer", invoice.printed_number),
        ("Factuurdatum", invoice.day),
        ("BTW-nummer", vat_number_of(invoice.place)),
    )
    for row, (label, text) in enumerate(facts):
        _say(canvas, 340, 172 + 15 * row, label, ink=_PALE)
        _say(canvas, 430, 172 + 15 * row, text)
    _table(canvas, invoice)
    iban = iban_of(invoice.place)
    grouped = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    _say(canvas, 57, 560, f"Gaarne betalen op IBAN {grouped} ten name van {name}")
    _say(canvas, 57, 575, f"onder vermelding van factuurnummer {invoice.printed_number}.")
    _say(canvas, 57, 800, f"{name} - {street}", size=8, ink=_PALE)
    canvas.showPage()


def _table(canvas: Canvas, invoice: Invoice) -> None:
    for x, text in ((57, "Omschrijving"), (330, "Aantal"), (400, "Prijs"), (480, "Bedrag")):
        _say(canvas, x, 270, text, "Helvetica-Bold", 9)
    canvas.setStrokeColorRGB(*_PALE)
    canvas.line(57, HEIGHT - 276, 538, HEIGHT - 276)
    freight = Decimal("25.00")
    rows = (("Geleverde goederen maart", Decimal(invoice.net) - freight), ("Bezorging", freight))
    for row, (text, amount) in enumerate(rows):
        y = 294 + 16 * row
        _say(canvas, 57, y, text)
        _right(canvas, 358, y, "1")
        _right(canvas, 430, y, dutch(amount))
        _right(canvas, 538, y, dutch(amount))
    canvas.line(380, HEIGHT - 420, 538, HEIGHT - 420)
    sums = (("Totaal excl. btw", dutch(Decimal(invoice.net))), ("Btw 21%", dutch(invoice.vat)))
    for row, (label, text) in enumerate(sums):
        _say(canvas, 380, 438 + 16 * row, label)
        _right(canvas, 538, 438 + 16 * row, text)
    _say(canvas, 380, 474, "Totaal EUR", "Helvetica-Bold")
    _right(canvas, 538, 474, dutch(invoice.total), "Helvetica-Bold")


def _annex_page(canvas: Canvas, invoice: Invoice, page: int) -> None:
    name, street = SUPPLIERS[invoice.place]
    _say(
        canvas,
        57,
        72,
        f"Bijlage bij factuur {invoice.printed_number}, pagina {page} van {invoice.more + 1}",
        "Helvetica-Bold",
        12,
    )
    for row in range(18):
        _say(canvas, 57, 120 + 18 * row, f"{row + 1:2d} maart 2026: levering volgens afspraak, vrachtbrief {8800 + row}")
    _say(canvas, 57, 800, f"{name} - {street}", size=8, ink=_PALE)
    canvas.showPage()


def laid(owner: Administration, *files: tuple[Invoice, ...], due: int = 0) -> tuple[UUID, ...]:
    """A mail with a PDF for each of `files`, gone down the real line to the desk, all its documents in review.

    Afterwards the administration wants no more looked at than others do. `due` orders the queue.
    """
    at_the_desk.shy(owner)
    name, _ = SUPPLIERS[files[0][0].place]
    mail = at_the_desk.sent(owner, *(pdf_of(*invoices) for invoices in files), subject=f"Factuur van {name}")
    at_the_desk.run(mail)
    found = tuple(row.id for row in at_the_desk.of_mail(mail))
    offices.instruct(owner.id, Instructions())
    for place, document in enumerate(found):
        clock = datetime(2100, 1, 1, 9, due, place, tzinfo=UTC)
        models.Document.objects.filter(id=document).update(due_at=clock)
        decided(document)
    return found


def decided(document: UUID, change: Change = lambda readings: readings, *reasons: Reason) -> None:
    """Have these readings on a document in review, completed and matched as the line does it, and wait for `reasons`."""
    stored = documents.get(document)
    readings = change(_sure(stored.readings or Readings()))
    documents.keep_readings(document, readings)
    case = checking.case_of(document)
    completed = complete(readings, case.administration, case.sent_at)
    why = reasons or (Reason("kind", "it looks like invoice, but only 48% sure", "B7"),)
    documents.keep_decision(document, completed, stored.match, Verdict(Action.REVIEW, why), None)


def park(document: UUID, error: str) -> None:
    """Lay it aside on its way out, decided to be delivered."""
    stored = documents.get(document)
    assert stored.completed
    documents.keep_decision(
        document, stored.completed, stored.match, Verdict(Action.DELIVER, (Reason("invoice", "it is an invoice"),)), None
    )
    models.Document.objects.filter(id=document).update(state="decided")
    documents.park(document, error, at_the_desk.NOW)


def doubtful(field: FieldName, doubt: str, confidence: float = 0.41, value: str = "") -> Change:
    """A field that is not sure, and may have been read wrongly."""

    def change(readings: Readings) -> Readings:
        read = _read(readings, field)
        return readings.with_reading(replace(read, value=value or read.value, confidence=confidence, doubts=(doubt,)))

    return change


def other(field: FieldName, value: str, right: str) -> Change:
    """A field read wrongly, with what is right as the first runner-up."""

    def change(readings: Readings) -> Readings:
        read = _read(readings, field)
        ups = (RunnerUp(right, 0.38, read.evidence),)
        return readings.with_reading(
            replace(read, value=value, confidence=0.44, doubts=("printed twice, not the same",), runners_up=ups)
        )

    return change


def without(field: FieldName) -> Change:
    """A field that was not found."""
    return lambda readings: readings.without(field)


def _sure(readings: Readings) -> Readings:
    return replace(
        readings, readings=tuple(replace(read, confidence=max(read.confidence, 0.97), doubts=()) for read in readings.readings)
    )


def _read(readings: Readings, field: FieldName) -> Reading:
    read = readings.get(field)
    assert read, (field, readings)
    return read
