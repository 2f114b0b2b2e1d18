"""The supplier register, as programs see and change it (E5, E7)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanstraat.model.administration import Administration
from scanstraat.model.supplier import Account, Supplier
from scanstraat.records import models, suppliers
from tests.desk.api.program import Program

IBAN, OTHER, THIRD = "NL91ABNA0417164300", "NL20INGB0001234567", "GB82WEST12345698765432"

pytestmark = pytest.mark.rule("E7")


def _row(name: str = "Bakker B.V.", **more: object) -> dict[str, object]:
    return {"name": name, **more}


def _accounts(answer: dict[str, object]) -> list[tuple[str, str, bool]]:
    return [(each["number"], each["bic"], each["verified"]) for each in answer["accounts"]]


@pytest.mark.rule("E1", "E2", "E5", "E6")
def test_rows_of_the_workflow_are_taken_over_and_known_suppliers_are_learned(program: Program) -> None:
    known = suppliers.add(program.administration.id, Supplier(0, "Bakker", "NL001234567B01", "NL", (Account(IBAN),)), "bakker")
    rows = [
        _row("Bakkerij Bakker B.V.", vat_number="nl 0044.95.445.B01", accounts=[{"number": "NL91 ABNA 0417 1643 00"}]),
        _row("Slager", vat_number="NL004495445B01", accounts=[{"number": OTHER, "bic": "INGBNL2A"}]),
        _row("Nieuw GmbH", accounts=[{"number": "5050-1055", "scheme": "BBAN"}]),
    ]
    answer = program.post("/suppliers", {"suppliers": rows})
    assert [(item["id"] == known, item["is_new"]) for item in answer["items"]] == [(True, False), (True, False), (False, True)]
    learned = program.get(answer["items"][0]["url"])
    assert (learned["name"], learned["vat_number"], learned["country"]) == ("Slager", "NL004495445B01", "NL")
    assert _accounts(learned) == [(IBAN, "", True), (OTHER, "INGBNL2A", True)]
    assert _accounts(program.get(answer["items"][2]["url"])) == [("50501055", "", True)]
    again = program.post("/suppliers", {"suppliers": rows})
    assert [item["is_new"] for item in again["items"]] == [False] * 3
    assert len(program.get("/suppliers")["items"]) == 2
    assert [act for act, _ in program.audited] == ["import-suppliers"] * 2


@pytest.mark.rule("D8")
@pytest.mark.parametrize(
    ("row", "code"),
    [
        (_row("Bakker", vat_number="Bakker"), "supplier-vat"),
        (_row("Bakker 123456", vat_number="bakker 123456"), "supplier-vat"),
        (_row("Bakker", accounts=[{"number": "Bakker"}]), "supplier-account"),
        (_row("Bakker", accounts=[{"number": "Bakker", "scheme": "BBAN"}]), "supplier-account"),
        (_row("Bakker 1234", accounts=[{"number": "Bakker 1234", "scheme": "BBAN"}]), "supplier-account"),
        (_row("Bakker", accounts=[{"number": "NL92ABNA0417164300"}]), "supplier-account"),
        (_row("Bakker", accounts=[{"number": IBAN, "bic": "no"}]), "supplier-account"),
        (_row("   "), "supplier-name"),
    ],
)
def test_what_is_no_real_value_is_refused_and_nothing_of_it_is_kept(program: Program, row: dict[str, object], code: str) -> None:
    assert program.problem("POST", "/suppliers", {"suppliers": [_row("Goed"), row]}) == (422, code)
    assert program.get("/suppliers")["items"] == []


@pytest.mark.parametrize(
    "body",
    [{}, {"suppliers": []}, {"suppliers": [{}]}, {"suppliers": [_row(more=1)]}, {"suppliers": [_row(country="nld")]}, [], "x", 1],
)
def test_a_body_of_another_form_is_refused(program: Program, body: object) -> None:
    assert program.problem("POST", "/suppliers", body) == (422, "invalid")


def test_suppliers_are_found_and_shown(program: Program) -> None:
    for name, number in (("Bakker", IBAN), ("Slager", OTHER)):
        program.post("/suppliers", {"suppliers": [_row(name, accounts=[{"number": number}])]})
    assert [item["name"] for item in program.get("/suppliers")["items"]] == ["Slager", "Bakker"]
    for search in ("bakk", "0417164300"):
        assert [item["name"] for item in program.get(f"/suppliers?search={search}")["items"]] == ["Bakker"]
    first = program.get("/suppliers?limit=1")
    assert [item["name"] for item in program.get(f"/suppliers?limit=1&cursor={first['next']}")["items"]] == ["Bakker"]
    assert program.problem("GET", "/suppliers/999999999999999999999") == (404, "unknown-id")


def test_a_supplier_is_put_as_the_workflow_has_it(program: Program) -> None:
    imported = program.post("/suppliers", {"suppliers": [_row(accounts=[{"number": IBAN}, {"number": OTHER}]), _row("Slager")]})
    url, other = (item["url"] for item in imported["items"])
    body = _row("Bakker & Zoon", vat_number="", country="BE", accounts=[{"number": THIRD}, {"number": OTHER}])
    for _ in range(2):
        put = program._good(program.ask("PUT", url, body))
        assert (put["name"], put["country"]) == ("Bakker & Zoon", "BE")
        assert {number for number, *_ in _accounts(put)} == {OTHER, THIRD}
    assert program.problem("PUT", other, _row("Slager", accounts=[{"number": OTHER}])) == (409, "account-taken")
    assert program.problem("PUT", other, _row("Slager", accounts=[{"number": "x"}])) == (422, "supplier-account")
    assert (
        models.Supplier.objects.get(name="Bakker & Zoon", administration_id=program.administration.id).name_key == "bakker zoon"
    )


_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@given(_TEXT, _TEXT, st.lists(st.tuples(_TEXT, st.sampled_from(["IBAN", "BBAN"]), _TEXT), max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_imported_is_taken_whole_or_refused(
    administration: Administration, name: str, vat: str, accounts: list[tuple[str, str, str]]
) -> None:
    program = Program(administration)
    row = _row(name, vat_number=vat, accounts=[{"number": n, "scheme": scheme, "bic": bic} for n, scheme, bic in accounts])
    response = program.ask("POST", "/suppliers", {"suppliers": [row]})
    assert response.status_code in (200, 422), response.content
    models.ServiceKey.objects.filter(administration_id=administration.id).delete()
