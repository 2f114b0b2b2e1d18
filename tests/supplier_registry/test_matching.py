from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Method, Reading, Readings
from scanstraat.model.supplier import Account, MatchOutcome, Supplier, SupplierMatch
from scanstraat.supplier_registry.matching import LookupKeys, lookup_keys, match

NL = "NL91ABNA0417164300"
NL_2 = "NL02ABNA0123456789"
DE = "DE89370400440532013000"
BAKKER = Supplier(1, "Bakkerij De Korenaar B.V.", "NL004495445B01", "NL", (Account(NL),))
SLAGER = Supplier(2, "Slagerij Van Dam", "NL123456782B90", "NL", (Account(DE),))
GIRO = Supplier(3, "Nordisk Papper AB", "SE556188840401", "SE", (Account("50501055", "BBAN", "SWEDSESS"),))
REGISTER = (BAKKER, SLAGER, GIRO)
NOBODY = OwnIdentity()
OWN = OwnIdentity(("Klant Holding BV",), ("NL859876543B01",), (NL_2,))


def read(**values: str) -> Readings:
    return Readings(tuple(Reading(FieldName[name.upper()], value, 0.9) for name, value in values.items()))


def filled(name: str, value: str, rule: str) -> Reading:
    return Reading(FieldName[name.upper()], value, 0.0, rule=rule, method=Method.FALLBACK)


def found(readings: Readings, register: tuple[Supplier, ...] = REGISTER, own: OwnIdentity = NOBODY) -> SupplierMatch:
    return match(readings, register, own)


@pytest.mark.rule("E1")
def test_the_account_tells_the_supplier_even_under_another_name() -> None:
    result = found(read(iban=NL, supplier_name="De Korenaar bakkers"))
    assert (result.outcome, result.supplier, result.new_account) == (MatchOutcome.BY_ACCOUNT, BAKKER, None)
    assert result.reasons[0] == f"E1: account {NL}, in the register {NL}: the same"
    assert result.doubts == ()


@pytest.mark.rule("E1", "C5")
def test_a_foreign_account_as_printed_tells_the_supplier() -> None:
    assert found(read(account="5050-1055", bic="SWEDSESSXXX")).supplier == GIRO


@pytest.mark.rule("E1", "C5")
def test_the_same_number_at_another_bank_is_another_account() -> None:
    assert found(read(account="5050-1055", bic="NDEASESS")).outcome is MatchOutcome.UNKNOWN


@pytest.mark.rule("E2")
def test_the_vat_number_comes_before_the_name() -> None:
    result = found(read(vat_number="NL 0044.95.445.B.01", supplier_name="Korenaar"))
    assert (result.outcome, result.supplier) == (MatchOutcome.BY_VAT_NUMBER, BAKKER)


@pytest.mark.rule("E2")
def test_a_name_with_a_misread_letter_is_still_that_supplier() -> None:
    result = found(read(supplier_name="Bakkerij De Korcnaar BV"))
    assert (result.outcome, result.supplier) == (MatchOutcome.BY_NAME, BAKKER)
    assert "95% alike" in result.reasons[0]


@pytest.mark.rule("E2")
@pytest.mark.parametrize("name", ["Bakkerij De Molen B.V.", "Korenaar", "Bakkerij"])
def test_a_name_that_only_resembles_is_another_supplier(name: str) -> None:
    assert found(read(supplier_name=name)).outcome is MatchOutcome.NEW


@pytest.mark.rule("E3", "E4")
def test_an_unknown_supplier_is_to_be_added_with_what_was_read() -> None:
    readings = read(
        supplier_name="Nieuwe Firma GmbH", vat_number="DE 136 695 976", iban="de44 5001 0517 5407 3249 31", bic="INGDDEFF"
    )
    result = found(readings)
    assert result.outcome is MatchOutcome.NEW
    assert result.supplier == Supplier(
        0, "Nieuwe Firma GmbH", "DE136695976", "DE", (Account("DE44500105175407324931", "IBAN", "INGDDEFF"),)
    )


@pytest.mark.rule("E3", "D8")
def test_what_a_fallback_filled_is_not_added_to_the_register() -> None:
    readings = read(supplier_name="Nieuwe Firma").with_reading(filled("iban", "Nieuwe Firma", "D6"))
    result = found(readings.with_reading(filled("vat_number", "Nieuwe Firma", "D7")))
    assert result.supplier == Supplier(0, "Nieuwe Firma")


@pytest.mark.rule("E3")
def test_without_even_a_name_the_supplier_is_unknown() -> None:
    result = found(read(iban="NL18RABO0123459876"))
    assert (result.outcome, result.supplier) == (MatchOutcome.UNKNOWN, None)
    assert found(Readings()).reasons


@pytest.mark.rule("E6")
@pytest.mark.parametrize("known_by", [{"vat_number": "NL004495445B01"}, {"supplier_name": "Bakkerij De Korenaar"}])
def test_a_known_supplier_with_an_account_it_did_not_have_shows_it(known_by: dict[str, str]) -> None:
    result = found(read(iban="NL18RABO0123459876", bic="RABONL2U", **known_by))
    assert result.supplier == BAKKER
    assert result.new_account == Account("NL18RABO0123459876", "IBAN", "RABONL2U")


@pytest.mark.rule("E6", "D8")
def test_a_fallback_in_the_account_field_is_no_new_account() -> None:
    readings = read(vat_number="NL004495445B01").with_reading(filled("iban", "Bakkerij De Korenaar", "D6"))
    assert found(readings).new_account is None


@pytest.mark.rule("C6")
def test_the_customers_own_account_vat_number_and_name_identify_nobody() -> None:
    register = (*REGISTER, Supplier(9, "Klant Holding", "NL859876543B01", "NL", (Account(NL_2),)))
    result = found(read(iban=NL_2, vat_number="859876543B01", supplier_name="Klant Holding B.V."), register, OWN)
    assert (result.outcome, result.supplier) == (MatchOutcome.UNKNOWN, None)


@pytest.mark.rule("C6")
def test_the_customers_own_account_is_no_new_account_of_a_supplier() -> None:
    assert found(read(iban=NL_2, vat_number="NL004495445B01"), own=OWN).new_account is None
    new = found(read(iban=NL_2, supplier_name="Nieuwe Firma"), own=OWN).supplier
    assert new == Supplier(0, "Nieuwe Firma")


@pytest.mark.rule("C7")
def test_an_account_of_two_suppliers_is_a_doubt_and_the_name_tells_which() -> None:
    factor = replace(SLAGER, id=4, name="Groothandel Oost", vat_number="", accounts=(Account(NL),))
    result = found(read(iban=NL, supplier_name="Groothandel Oost BV"), (BAKKER, factor))
    assert result.supplier == factor
    assert result.doubts == (f"the account {NL} is on Groothandel Oost and on Bakkerij De Korenaar B.V.",)


@pytest.mark.rule("C7")
def test_account_and_vat_number_of_different_suppliers_are_a_doubt() -> None:
    result = found(read(iban=NL, vat_number="NL123456782B90"))
    assert result.supplier == BAKKER
    assert result.doubts == ("it fits Bakkerij De Korenaar B.V., but the VAT number NL123456782B90 is that of Slagerij Van Dam",)


@pytest.mark.rule("C7")
def test_account_and_name_of_different_suppliers_are_a_doubt_unless_the_vat_number_agrees() -> None:
    assert found(read(iban=NL, supplier_name="Slagerij van Dam")).doubts
    assert not found(read(iban=NL, supplier_name="Slagerij van Dam", vat_number="NL004495445B01")).doubts


@pytest.mark.rule("C7", "E6")
def test_a_known_name_with_another_vat_number_is_a_doubt() -> None:
    result = found(read(supplier_name="Slagerij Van Dam", vat_number="NL004495460B01", iban="NL18RABO0123459876"))
    assert (result.outcome, result.supplier) == (MatchOutcome.BY_NAME, SLAGER)
    assert len(result.doubts) == 1


@pytest.mark.rule("C7")
def test_two_suppliers_that_fit_equally_are_a_doubt() -> None:
    twin = replace(BAKKER, id=8, name="Korenaar Vastgoed", accounts=())
    result = found(read(vat_number="NL004495445B01"), (twin, BAKKER))
    assert result.supplier == BAKKER
    assert result.doubts == ("Bakkerij De Korenaar B.V. fits no better than Korenaar Vastgoed",)


@pytest.mark.rule("C7")
def test_an_account_whose_check_digits_fail_is_a_doubt_and_identifies_nobody() -> None:
    result = found(read(iban="NL92ABNA0417164300", supplier_name="Bakkerij De Korenaar"))
    assert (result.outcome, result.new_account) == (MatchOutcome.BY_NAME, None)
    assert result.doubts == ("the account NL92ABNA0417164300 is no valid IBAN",)


@pytest.mark.rule("E1", "E2")
def test_lookup_keys_are_comparable_forms() -> None:
    readings = read(iban="nl91 abna 0417 1643 00", vat_number="0044.95.445.B01", supplier_name="Bakker & Zn. B.V.")
    assert lookup_keys(readings) == LookupKeys(NL, "NL004495445B01", "bakker zn")
    assert lookup_keys(Readings((filled("iban", "Bakker", "D6"), filled("vat_number", "Bakker 123456", "D7")))) == LookupKeys()


SEPARATORS = st.sampled_from(["", " ", ".", "-"])


@pytest.mark.rule("E1", "E2")
@given(st.data(), st.sampled_from([("iban", NL), ("iban", DE), ("vat_number", "NL004495445B01"), ("account", "50501055")]))
def test_the_match_is_the_same_however_a_number_is_printed(data: st.DataObject, printed: tuple[str, str]) -> None:
    name, number = printed
    spaced = "".join(data.draw(SEPARATORS) + letter for letter in number).lower()
    plain, other = found(read(**{name: number})), found(read(**{name: spaced}))
    assert (other.outcome, other.supplier, other.doubts) == (plain.outcome, plain.supplier, ())
    assert lookup_keys(read(**{name: number})) == lookup_keys(read(**{name: spaced}))


IDENTIFYING = ("iban", "account", "bic", "vat_number", "supplier_name")
KNOWN_VALUES = st.sampled_from([NL, DE, "50501055", "NL004495445B01", BAKKER.name, SLAGER.name])


@pytest.mark.rule("D8")
@given(st.dictionaries(st.sampled_from(IDENTIFYING), KNOWN_VALUES), st.sampled_from(["D6", "D7", "D9"]))
def test_fallback_values_never_identify_a_supplier(values: dict[str, str], rule: str) -> None:
    readings = Readings(tuple(filled(name, value, rule) for name, value in values.items()))
    assert found(readings).outcome is MatchOutcome.UNKNOWN
    assert lookup_keys(readings) == LookupKeys()


@pytest.mark.rule("D8")
@given(st.dictionaries(st.sampled_from(IDENTIFYING), st.text() | KNOWN_VALUES), st.text(min_size=1))
def test_a_fallback_changes_nothing_about_a_match(values: dict[str, str], name: str) -> None:
    plain = read(**values)
    with_fallbacks = plain
    for field, rule in (("iban", "D6"), ("vat_number", "D7")):
        if field not in values:
            with_fallbacks = with_fallbacks.with_reading(filled(field, name, rule))
    assert found(with_fallbacks) == found(plain)


SUPPLIERS = st.builds(
    Supplier,
    st.integers(1, 99),
    st.text() | KNOWN_VALUES,
    st.text() | KNOWN_VALUES,
    st.just(""),
    st.lists(st.builds(Account, st.text() | KNOWN_VALUES, st.sampled_from(["IBAN", "BBAN"]), st.text())).map(tuple),
)


@given(
    st.dictionaries(st.sampled_from(IDENTIFYING), st.text() | KNOWN_VALUES),
    st.lists(SUPPLIERS, max_size=4).map(tuple),
    st.builds(OwnIdentity, *[st.lists(st.text() | KNOWN_VALUES, max_size=2).map(tuple)] * 3),
)
def test_matching_never_raises_and_gives_a_supplier_of_the_register_a_new_one_or_none(
    values: dict[str, str], register: tuple[Supplier, ...], own: OwnIdentity
) -> None:
    result = match(read(**values), register, own)
    if result.outcome is MatchOutcome.UNKNOWN:
        assert result.supplier is None
    elif result.outcome is MatchOutcome.NEW:
        assert result.supplier is not None
        assert result.supplier.id == 0
        assert result.supplier.name
    else:
        assert result.supplier in register
    assert result.reasons
