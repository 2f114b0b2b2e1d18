"""The extension in our XML: where each value was read, how sure it is, and which rule filled it (`recognition-1.xsd`)."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from scanstraat.delivery.amounts import Lines, Rates, Totals, plain
from scanstraat.delivery.characters import legal
from scanstraat.delivery.facts import XmlFacts
from scanstraat.delivery.schemas import RECOGNITION
from scanstraat.model.field import BUSINESS_TERMS, Evidence, FieldName, Method, Reading, Readings


def recognition(readings: Readings, totals: Totals, lines: Lines, rates: Rates, facts: XmlFacts) -> etree._Element:
    """The `Recognition` element of one invoice; its fields in the order of `FieldName`."""
    top = etree.Element(f"{{{RECOGNITION}}}Recognition", {"version": "1"}, nsmap={"r": RECOGNITION})
    _add(top, "Engine", f"scanstraat {facts.engine_version}")
    _document(top, facts)
    _supplier(top, facts)
    _add(top, "Amounts", net=totals.net_basis, vat=totals.vat_basis)
    _breakdown(top, readings, rates)
    _lines(top, readings, totals, lines)
    for name in FieldName:
        reading = readings.get(name)
        if reading is not None:
            _field(top, reading)
    return top


def _document(top: etree._Element, facts: XmlFacts) -> None:
    pages = f"{len(facts.pages)}"
    _add(top, "Document", f"{facts.stem}.pdf", id=facts.document_id, sha256=facts.pdf_sha256, pages=pages, source=facts.source)
    for number, role in enumerate(facts.pages, 1):
        _add(top, "Page", number=f"{number}", role=role)


def _supplier(top: etree._Element, facts: XmlFacts) -> None:
    match = {"match": facts.match.value} if facts.match else {}
    _add(top, "Supplier", **match, new=_yes(facts.supplier_is_new), newAccount=_yes(facts.new_account))


def _breakdown(top: etree._Element, readings: Readings, rates: Rates) -> None:
    element = _add(top, "VatBreakdown", basis=rates.basis)
    for read in readings.vat_rates:
        numbers = _known({"rate": read.rate, "base": read.base, "vat": read.vat})
        _add(element, "ReadRate", page=f"{read.page}", **numbers)


def _lines(top: etree._Element, read: Readings, totals: Totals, lines: Lines) -> None:
    kind = "with-vat" if totals.net is None else "without-vat"
    element = _add(top, "Lines", basis=lines.basis, amount=kind)
    for line in read.lines:
        numbers = {"quantity": line.quantity, "unitPrice": line.unit_price, "lineTotal": line.line_total}
        _add(element, "ReadLine", line.description, page=f"{line.page}", **_known(numbers))
    for charge in read.charges:
        _add(element, "ReadCharge", charge.description, page=f"{charge.page}", **_known({"amount": charge.line_total}))


def _field(top: etree._Element, reading: Reading) -> None:
    element = _add(top, "Field", name=reading.field, term=BUSINESS_TERMS[reading.field])
    _add(element, "Value", reading.value)
    if reading.evidence and reading.evidence.raw:
        _add(element, "RawText", reading.evidence.raw)
    _add(element, "Method", _method(reading))
    _add(element, "Confidence", f"{reading.confidence:.4f}")
    if reading.evidence:
        _box(element, reading.evidence)
    if reading.rule:
        _add(element, "Rule", reading.rule)
    for signal in reading.signals:
        _add(element, "Check", signal)
    for doubt in reading.doubts:
        _add(element, "Doubt", doubt)


def _method(reading: Reading) -> Method:
    # A due date computed from a printed term has the term as evidence, but is itself derived; the default says nothing.
    return reading.evidence.method if reading.evidence and reading.method is Method.TEXT_LAYER else reading.method


def _box(element: etree._Element, evidence: Evidence) -> None:
    edges = {name: f"{getattr(evidence.box, name):.2f}" for name in ("x0", "y0", "x1", "y1")}
    _add(element, "Box", page=f"{evidence.page}", **edges)


def _add(parent: etree._Element, name: str, text: str = "", /, **attributes: str) -> etree._Element:
    clean = {key: legal(value) for key, value in attributes.items()}
    element = etree.SubElement(parent, f"{{{RECOGNITION}}}{name}", clean)
    if text:
        element.text = legal(text)
    return element


def _known(numbers: dict[str, Decimal | None]) -> dict[str, str]:
    return {name: plain(number) for name, number in numbers.items() if number is not None}


def _yes(flag: bool) -> str:
    return "true" if flag else "false"
