"""Invoices, mails and PDFs for the tests of delivery; invented."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name

from scanstraat.delivery.facts import DocumentSource, PageRole, XmlFacts
from scanstraat.delivery.ubl_tree import CAC, CBC, EXT
from scanstraat.model.delivery import Overview
from scanstraat.model.field import Evidence, FieldName, InvoiceLine, Method, Reading, Readings
from scanstraat.model.invoice import Invoice
from scanstraat.model.page import Box, Page, PageSource, Word

NAMES = {"cac": CAC, "cbc": CBC, "ext": EXT, "r": "urn:scanstraat:recognition:1"}
FACTS = XmlFacts(
    "20261121-17",
    "0.1",
    (PageRole.INVOICE, PageRole.MAIL_OVERVIEW),
    "ab" * 32,
    DocumentSource.OCR,
    "Klant BV",
    "NL123456782B90",
    "17",
)
OVERVIEW = Overview(
    "Jan Łódź <jan@bakker.example>",
    "facturen@klant.example",
    datetime(2026, 11, 21, 14, 3, 5, tzinfo=timezone(timedelta(hours=1))),
    "Factuur 2026-1 voor Ærø",
    "Beste administratie,\n\nhierbij de factuur.\nGroet, Jan",
    ("factuur.pdf", "bijlage één.pdf"),
)
VALUES = {
    FieldName.IBAN: "NL91ABNA0417164300",
    FieldName.SUPPLIER_NAME: "Bakker & Zonen",
    FieldName.VAT_NUMBER: "NL123456782B90",
    FieldName.INVOICE_NUMBER: "2026-1",
    FieldName.INVOICE_DATE: "2026-11-21",
    FieldName.DUE_DATE: "2026-12-21",
    FieldName.TOTAL: "121.00",
    FieldName.CURRENCY: "EUR",
}
NET_AND_VAT = {FieldName.NET_TOTAL: "100.00", FieldName.VAT_TOTAL: "21.00"}


def reading(field: FieldName, value: str) -> Reading:
    return Reading(field, value, 0.97, Evidence(1, Box(10, 20, 110, 32), f"printed {value}", Method.OCR))


def fallback(field: FieldName, value: str, rule: str) -> Reading:
    return Reading(field, value, 0.0, rule=rule, method=Method.FALLBACK)


def invoice(
    changes: dict[FieldName, str | Reading | None] | None = None,
    lines: tuple[InvoiceLine, ...] = (),
    is_credit_note: bool = False,
) -> Invoice:
    """The usual invoice with `changes`: a value, a whole reading, or None for a field that is not there."""
    values: dict[FieldName, str | Reading | None] = {**VALUES, **(changes or {})}
    given = (v if isinstance(v, Reading) else reading(f, v) for f, v in values.items() if v is not None)
    return Invoice(Readings(tuple(given), lines), is_credit_note)


def line(total: str, quantity: str | None = None, price: str | None = None) -> InvoiceLine:
    numbers = [None if number is None else Decimal(number) for number in (quantity, price)]
    return InvoiceLine("Brood", *numbers, Decimal(total))


def text(xml: bytes, path: str) -> str | None:
    """The text at `path` below the root, None where nothing is there."""
    return etree.fromstring(xml).findtext(path, namespaces=NAMES)


def texts(xml: bytes, path: str) -> list[str]:
    found = etree.fromstring(xml).xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return [str(item if not isinstance(item, etree._Element) else item.text) for item in found]


def scan(rotate: int = 0, crop: tuple[float, ...] | None = None, pages: int = 1, content: bytes = b"") -> bytes:
    """A PDF of A4 pages with a drawing and no text, as a scanner makes them."""
    with pikepdf.new() as pdf:
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.obj.Contents = pdf.make_stream(b"0.%d g 100 100 200 50 re f\n" % (number + 3) + content)
            page.obj.Rotate = rotate
            if crop:
                page.obj.CropBox = Array(list(crop))
        return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    file = BytesIO()
    pdf.save(file, deterministic_id=True)
    return file.getvalue()


def page(number: int = 1, words: tuple[Word, ...] = (), size: tuple[float, float] = (595, 842)) -> Page:
    return Page(number, *size, PageSource.OCR if words else PageSource.BLANK, words)


def scripted() -> bytes:
    """A PDF full of what must not come along: scripts, launches, an attachment, a form field and a hidden layer."""
    with pikepdf.open(BytesIO(scan())) as pdf:
        script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        target = pdf.pages[0].obj
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="hidden"))
        target.AA = Dictionary(O=script)
        target.Resources = Dictionary(Properties=Dictionary(L=group))
        target.Contents = pdf.make_stream(b"0.5 g 10 10 50 50 re f\n/OC /L BDC 0 g 0 0 595 842 re f EMC\n")
        target.Annots = Array([pdf.make_indirect(a) for a in _annotations(pdf, script)])
        pdf.Root.OpenAction = script
        pdf.Root.AA = Dictionary(WC=script)
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))
        pdf.Root.AcroForm = Dictionary(Fields=Array([target.Annots[0]]))
        pdf.attachments["virus.exe"] = b"MZ"
        return saved(pdf)


def _annotations(pdf: pikepdf.Pdf, script: Dictionary) -> list[Dictionary]:
    look = pdf.make_stream(b"0.25 g 0 0 80 30 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 80, 30]))
    rect = Array([300, 300, 380, 330])
    return [
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T="field",
            F=4,
            Rect=rect,
            AP=Dictionary(N=look),
            AA=Dictionary(K=script),
        ),
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rect, A=Dictionary(S=Name.Launch, F="calc.exe")),
        Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=rect, A=Dictionary(S=Name.URI, URI="https://bakker.example/", Next=script)
        ),
        Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=rect, FS=Dictionary(Type=Name.Filespec, F="virus.exe")),
    ]
