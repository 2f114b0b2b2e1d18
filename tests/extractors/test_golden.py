"""Whole documents, as printed in many manners and languages, and what is read on them."""

from __future__ import annotations

import pytest

from scanstraat.extractors.recognition import recognise
from scanstraat.extractors.values.company_name import same_company
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName
from tests.extractors.golden import dutch, eastern, english, french, german, nordic, references, services, southern, structures
from tests.extractors.printed import Golden, printed

CASES = (
    *dutch.CASES,
    *german.CASES,
    *english.CASES,
    *french.CASES,
    *nordic.CASES,
    *services.CASES,
    *southern.CASES,
    *references.CASES,
    *eastern.CASES,
    *structures.CASES,
)


@pytest.mark.rule("C1", "C2")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language}: {case.name}")
def test_the_fields_are_read_as_printed(case: Golden) -> None:
    readings = recognise((printed(case.text, codes=case.codes),), OwnIdentity())
    read = {str(reading.field): reading.value for reading in readings.readings}
    expected = dict(case.expected)
    name = expected.pop("supplier_name", None)
    assert {field: read.get(field) for field in expected} == expected
    assert name is None or same_company(read.get("supplier_name", ""), name)
    assert [field for field in case.absent if readings.get(FieldName(field))] == []
