"""docs/output-xml.md says what the code does."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest
from lxml import etree

from scanstraat.delivery import facts, reference, schemas
from scanstraat.delivery.amounts import Basis, LinesBasis, RatesBasis
from scanstraat.delivery.overview_page import MOST_PAGES
from scanstraat.model.field import Method
from scanstraat.model.supplier import MatchOutcome
from tests.delivery.samples import NAMES

PAGE = Path(__file__).parents[2] / "docs" / "output-xml.md"


@pytest.mark.rule("F1")
def test_tables_and_example_of_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text()
    assert reference.rewritten(page) == page
    assert page.count("<!-- generated: ") == 4


def test_every_element_of_the_page_is_in_an_example() -> None:
    both = [etree.fromstring(reference.example(is_credit_note)) for is_credit_note in (False, True)]
    missing = [path for _, path, _ in reference.UBL_ROWS if not any(xml.find(path, namespaces=NAMES) is not None for xml in both)]
    assert missing == []


def test_every_element_of_the_extension_is_described_and_in_the_example() -> None:
    top = etree.fromstring(reference.example()).find(".//r:Recognition", namespaces=NAMES)
    assert top is not None
    used = set()
    for element in top.iter():
        path = "/".join(etree.QName(e).localname for e in (*reversed(list(element.iterancestors())), element))
        path = path[path.index("Recognition") :]
        used |= {path, *(f"{path}/@{name}" for name in element.attrib)}
    assert {path for path, _, _ in reference.extension_rows()} == used
    assert all(meaning for _, _, meaning in reference.extension_rows())


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Recognition/Field/Method", Method),
        ("Recognition/Supplier/@match", MatchOutcome),
        ("Recognition/Document/@source", facts.DocumentSource),
        ("Recognition/Page/@role", facts.PageRole),
        ("Recognition/Amounts/@net", Basis),
        ("Recognition/Lines/@basis", LinesBasis),
        ("Recognition/VatBreakdown/@basis", RatesBasis),
    ],
)
def test_the_schema_knows_each_value_of_the_model(path: str, kind: type[StrEnum]) -> None:
    values = {row[0]: row[1].split(", ") for row in reference.extension_rows()}
    assert values[path] == [member.value for member in kind]


def test_the_page_tells_names_and_limits_of_the_code() -> None:
    page = PAGE.read_text()
    assert schemas.RECOGNITION in page
    assert f"more than {MOST_PAGES} pages" in page
