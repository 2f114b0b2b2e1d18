"""UBL elements, made in the order the schema wants them: what is called first stands first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lxml import etree

from scanstraat.delivery.amounts import plain
from scanstraat.delivery.characters import one_line
from scanstraat.errors import Inconsistent

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
EXT = "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"


def root(name: str) -> etree._Element:
    """An empty UBL 2.1 document, "Invoice" or "CreditNote"."""
    own = f"urn:oasis:names:specification:ubl:schema:xsd:{name}-2"
    prefixes: dict[Any, str] = {None: own, "cac": CAC, "cbc": CBC, "ext": EXT}
    return etree.Element(f"{{{own}}}{name}", nsmap=prefixes)


def cac(parent: etree._Element, *path: str) -> etree._Element:
    """New aggregates inside one another at the end of `parent`; the innermost."""
    for name in path:
        parent = etree.SubElement(parent, f"{{{CAC}}}{name}")
    return parent


def ext(parent: etree._Element, name: str) -> etree._Element:
    """A new extension element at the end of `parent`."""
    return etree.SubElement(parent, f"{{{EXT}}}{name}")


def cbc(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    """A value at the end of `parent`, on one line. Raises `Inconsistent` where there is none: no element is left empty."""
    line = one_line(text)
    if not line:
        raise Inconsistent("xml-invalid", f"there is nothing to say in {name}.", "Fill the field at the review desk.")
    etree.SubElement(parent, f"{{{CBC}}}{name}", {k: one_line(v) for k, v in attributes.items()}).text = line


def amount(parent: etree._Element, name: str, number: Decimal, currency: str) -> None:
    """An amount with its currency at the end of `parent`."""
    cbc(parent, name, plain(number), currencyID=currency)
