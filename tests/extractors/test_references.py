"""Check digits of payment references and register numbers: every right one holds, and no neighbour of it does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649, luhn
from stdnum.ch import esr

from scanstraat.extractors.recognition import recognise
from scanstraat.extractors.values import payment_reference as pr
from scanstraat.extractors.values.register_number import is_ico, register_of
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName
from tests.extractors.printed import printed


def _digits(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most)


def _ogm(body: str) -> str:
    return f"{body}{int(body) % 97 or 97:02d}"


def _viite(body: str) -> str:
    total = sum(int(d) * (7, 3, 1)[i % 3] for i, d in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


def _kid(body: str) -> str:
    total = sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(body)))
    return f"{body}{'0-987654321'[total % 11]}"


SCHEMES: tuple[tuple[str, Callable[[str], str], Callable[[str], bool], int, int], ...] = (
    ("NL", pr.with_betalingskenmerk, pr.is_betalingskenmerk, 15, 15),
    ("OGM", _ogm, pr.is_ogm, 10, 10),
    ("FI", _viite, pr.is_viite, 3, 19),
    ("SE", lambda body: body + luhn.calc_check_digit(body), pr.is_ocr, 3, 24),
    ("QRR", lambda body: body + esr.calc_check_digit(body), pr.is_qrr, 26, 26),
)


@pytest.mark.rule("C7")
@pytest.mark.parametrize(("name", "made", "holds", "least", "most"), SCHEMES, ids=[s[0] for s in SCHEMES])
@given(data=st.data())
def test_a_reference_holds_and_one_with_a_digit_changed_does_not(
    name: str, made: Callable[[str], str], holds: Callable[[str], bool], least: int, most: int, data: st.DataObject
) -> None:
    good = made(data.draw(_digits(least, most)))
    assert holds(good)
    place = data.draw(st.integers(0, len(good) - 1))
    wrong = good[:place] + str((int(good[place]) + data.draw(st.integers(1, 9))) % 10) + good[place + 1 :]
    if name != "NL" or place == 0:  # modulo 11 with a digit for ten lets a few changes of the body pass
        assert not holds(wrong)


@given(_digits(3, 24))
def test_a_kid_holds_by_either_of_its_checks(body: str) -> None:
    assert pr.is_kid(_kid(body))
    assert pr.is_kid(body + luhn.calc_check_digit(body))


@given(_digits(14, 14), _digits(8, 8))
def test_a_danish_payment_line_is_found_in_a_row_and_checked(body: str, creditor: str) -> None:
    line = f"+71<{body}{luhn.calc_check_digit(body)}+{creditor}<"
    found = pr.evident(f"Betal med: {line[:4]} {line[4:]}")
    assert found is not None
    assert (found[0].value, found[0].checks) == (line, True)


@given(st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=1, max_size=21))
def test_a_creditor_reference_is_found_however_it_is_grouped(body: str) -> None:
    check = 98 - int("".join(str(int(c, 36)) for c in body) + "271500") % 97
    value = f"RF{check:02d}{body}"
    assert iso11649.is_valid(value)
    grouped = " ".join(value[i : i + 4] for i in range(0, len(value), 4))
    found = pr.evident(f"Reference: {grouped}")
    assert found is not None
    assert (found[0].value, found[0].checks) == (value, True)


@given(st.text(max_size=60), st.sampled_from([("NL",), ("SE", "NO"), ()]))
def test_any_text_is_a_reference_or_register_number_or_not_but_never_an_error(text: str, countries: tuple[str, ...]) -> None:
    pr.evident(text)
    pr.reference(text, countries)
    register_of(text, countries)


@given(_digits(7, 7))
def test_an_ico_has_one_check_digit(body: str) -> None:
    assert sum(is_ico(f"{body}{digit}") for digit in range(10)) == 1


@pytest.mark.rule("C7")
def test_a_reference_whose_check_fails_is_read_and_doubted() -> None:
    text = "Faktura\nFakturanr 12\nOCR-nummer: 1234567\nOrg.nr 556012-5790\nBankgiro 123-4566\nAtt betala 100,00 kr\nFaktura Ab"
    found = recognise((printed(text),), OwnIdentity()).get(FieldName.PAYMENT_REFERENCE)
    assert found is not None
    assert found.value == "1234567"
    assert found.doubts == ("the check digits of 1234567 do not hold",)
    assert found.confidence < 0.9
