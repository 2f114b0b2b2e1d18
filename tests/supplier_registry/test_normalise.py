from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scanstraat.supplier_registry import normalise

BLANKS = st.sampled_from([" ", "", ".", "-", "  ", "\u00a0"])


@st.composite
def spaced(draw: st.DrawFn, text: str) -> str:
    """`text` in another print: separators between its characters, small or capital letters."""
    return "".join(draw(BLANKS) + draw(st.sampled_from([letter, letter.lower()])) for letter in text)


@pytest.mark.rule("E1")
@given(st.data(), st.sampled_from(["NL91ABNA0417164300", "DE89370400440532013000", "FI2112345600000785", "NO9386011117947"]))
def test_an_iban_is_the_same_however_it_is_printed(data: st.DataObject, iban: str) -> None:
    assert normalise.iban(data.draw(spaced(iban))) == iban


@pytest.mark.rule("E1")
@given(st.sampled_from(range(2, 18)), st.sampled_from(string.digits))
def test_an_iban_with_one_wrong_digit_is_none(place: int, digit: str) -> None:
    right = "NL91ABNA0417164300"
    wrong = right[:place] + digit + right[place + 1 :]
    assert normalise.is_valid_iban(wrong) == (wrong == right)


@given(st.data(), st.sampled_from(["NL004495445B01", "DE136695976", "BE0428759497", "FI20774740", "GB980780684", "CHE107787577"]))
def test_a_vat_number_is_the_same_however_it_is_printed(data: st.DataObject, number: str) -> None:
    assert normalise.vat_number(data.draw(spaced(number))) == number


@pytest.mark.parametrize(
    ("printed", "comparable"),
    [
        ("004495445B01", "NL004495445B01"),
        ("GR094259216", "EL094259216"),
        ("NO 995 525 828 MVA", "NO995525828"),
        ("CHE-107.787.577 TVA", "CHE107787577"),
        ("IE 1234567FA", "IE1234567FA"),
        ("Bakker BV", None),
        ("", None),
        ("volgt", None),
    ],
)
def test_vat_numbers_of_other_shapes(printed: str, comparable: str | None) -> None:
    assert normalise.vat_number(printed) == comparable


@pytest.mark.parametrize(
    ("printed", "comparable"),
    [("deut de ff 500", "DEUTDEFF500"), ("ABNANL2AXXX", "ABNANL2A"), ("ABNANL2", None), ("12ABNL2A", None), ("", None)],
)
def test_bics(printed: str, comparable: str | None) -> None:
    assert normalise.bic(printed) == comparable


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bakker B.V.", "BAKKER BV"),
        ("Bakker B V", "Bakker"),
        ("Jansen & Zn. V.O.F.", "Jansen en Zn VOF"),
        ("Müller GmbH & Co. KG", "muller gmbh"),
        ("Société Générale S.A.", "SOCIETE GENERALE"),
        ("Oy Lappi Ab", "Lappi Oyj"),
        ("Kjærgård A/S", "kjaergard as"),
        ("Rossi S.r.l.", "Rossi SRL"),
        ("Kowalski Sp. z o.o.", "kowalski"),
        ("Łódź Transport", "LODZ TRANSPORT"),
    ],
)
def test_names_that_mean_the_same_are_the_same(one: str, other: str) -> None:
    assert normalise.name(one) == normalise.name(other) != ""


def test_a_legal_form_in_front_belongs_to_the_name_where_it_is_not_put_there() -> None:
    assert normalise.name("SA Bouw") == "sa bouw"


@given(st.text())
@example("İ")
@example("Jansen en BV")
@example("ab oy ab")
def test_comparable_forms_of_any_text_are_their_own_comparable_form(text: str) -> None:
    name = normalise.name(text)
    assert normalise.name(name) == name
    for form in (normalise.iban, normalise.bban, normalise.bic, normalise.vat_number):
        once = form(text)
        assert once is None or form(once) == once


@given(st.text(alphabet=string.ascii_letters + string.digits + " .-", max_size=20))
def test_comparable_forms_of_near_numbers_are_their_own_comparable_form(text: str) -> None:
    for form in (normalise.iban, normalise.bban, normalise.bic, normalise.vat_number):
        once = form(text)
        assert once is None or form(once) == once
