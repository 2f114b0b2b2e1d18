"""Payment codes of each standard: composed and read back, refused where a check fails, and held against print."""

from __future__ import annotations

import base64
import json
import lzma
from datetime import date
from decimal import Decimal
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.ch import esr

from scanstraat.extractors.recognition import recognise
from scanstraat.extractors.values.codes.pay_by_square import FILTERS
from scanstraat.extractors.values.payment_code import PaymentCode, code_fault, payment_code
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Method, Readings
from tests.extractors.printed import printed

CENTS = st.integers(1, 99_999_999).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(date(2000, 1, 1), date(2079, 12, 31))
NAMES = st.text("ABCDEFGHIJ klmnopÄÖéñ&", min_size=1, max_size=30).map(str.strip).filter(bool)
NUMBERS = st.text("ABCDEF0123456789-", min_size=1, max_size=20)


def iban(country: str, body: str) -> str:
    check = 98 - int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
    return f"{country}{check:02d}{body}"


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def swiss(account: str, name: str, amount: Decimal, reference: str, kind: str, s1: str) -> str:
    creditor = ["S", name, "Hauptstrasse", "1", "6370", "Stans", "CH"]
    lines = ["SPC", "0200", "1", account, *creditor, *[""] * 7, str(amount), "CHF", *[""] * 7, kind, reference, "", "EPD", s1]
    return "\r\n".join(lines)


def square(fields: list[str]) -> str:
    text = "\t".join(fields).encode()
    plain = crc32(text).to_bytes(4, "little") + text
    packed = b"\0\0" + len(plain).to_bytes(2, "little") + lzma.compress(plain, lzma.FORMAT_RAW, filters=FILTERS)
    return base64.b32hexencode(packed).decode().rstrip("=")


def read(text: str) -> PaymentCode:
    code = payment_code(text)
    assert code is not None
    return code


@given(digits(17), NAMES, CENTS, digits(26), NUMBERS, DAYS, st.integers(0, 120))
def test_a_swiss_bill_is_read_back_with_its_billing_information(
    body: str, name: str, amount: Decimal, reference: str, number: str, day: date, days: int
) -> None:
    reference += esr.calc_check_digit(reference)
    account = iban("CH", body)
    s1 = f"//S1/10/{number}/11/{day:%y%m%d}/30/116281710/40/2:10;0:{days}"
    code = read(swiss(account, name, amount, reference, "QRR", s1))
    assert (code.iban, code.name, code.amount, code.currency, code.reference) == (account, name, amount, "CHF", reference)
    assert (code.invoice_number, code.invoice_date, code.vat_number) == (number, day, "CHE116281710")
    assert (code.term, code.address) == (f"{days} days", ("Hauptstrasse", "1", "6370", "Stans", "CH"))


@given(digits(17), NAMES, CENTS, NUMBERS, DAYS, DAYS)
def test_a_swedish_code_is_read_back(body: str, name: str, amount: Decimal, number: str, issued: date, due: date) -> None:
    giro = body[:7] + luhn.calc_check_digit(body[:7])
    said = {
        "uqr": 1,
        "tp": 1,
        "nme": name,
        "iid": number,
        "idt": f"{issued:%Y%m%d}",
        "ddt": f"{due:%Y%m%d}",
        "pt": "BG",
        "acc": giro,
    }
    code = read(json.dumps(said)[:-1] + f', "due": {amount}}}')
    assert (code.account, code.iban, code.name, code.amount, code.currency) == (giro, "", name, amount, "SEK")
    assert (code.invoice_number, code.invoice_date, code.due_date) == (number, issued, due)


@given(digits(20), CENTS, st.text("0123456789", min_size=1, max_size=10), DAYS)
def test_a_czech_code_is_read_back_and_its_sum_held_to(body: str, amount: Decimal, symbol: str, due: date) -> None:
    account = iban("CZ", body)
    pairs = sorted([f"ACC:{account}", f"AM:{amount}", "CC:CZK", f"DT:{due:%Y%m%d}", f"X-VS:{symbol}", "RN:OBCHOD%2A"])
    text = "SPD*1.0*" + "*".join(pairs)
    code = read(f"{text}*CRC32:{crc32(text.encode()):08X}")
    assert (code.iban, code.amount, code.reference, code.due_date, code.name) == (account, amount, symbol, due, "OBCHOD*")
    assert code_fault(f"{text}*CRC32:{crc32(text.encode()) ^ 1:08X}") == "the payment code fails its check sum"


@given(digits(20), CENTS, st.text("0123456789", min_size=1, max_size=10), NAMES, DAYS)
def test_a_slovak_code_is_read_back(body: str, amount: Decimal, symbol: str, name: str, due: date) -> None:
    account = iban("SK", body)
    fields = ["F-12", "1", "1", str(amount), "EUR", f"{due:%Y%m%d}", symbol, "", "", "", "nota", "1", account, "", "0", "0", name]
    code = read(square(fields))
    assert (code.iban, code.amount, code.reference, code.name, code.due_date) == (account, amount, symbol, name, due)
    assert code.invoice_number == "F-12"


@given(digits(15), CENTS, NAMES, DAYS)
def test_a_slovenian_code_is_read_back(body: str, amount: Decimal, name: str, due: date) -> None:
    account = iban("SI", body)
    lines = ["UPNQR", *[""] * 7, f"{int(amount * 100):011d}", "", "", "OTHR", "Racun", f"{due:%d.%m.%Y}"]
    lines += [account, "SI001234", name, "Cesta 1", "1000 Ljubljana"]
    code = read("\n".join([*lines, f"{sum(map(len, lines)) + 19:03d}", ""]))
    assert (code.iban, code.amount, code.reference, code.name, code.due_date) == (account, amount, "SI001234", name, due)
    assert code_fault("\n".join([*lines, "001", ""]))


@given(digits(14), CENTS, digits(10), st.dates(date(2000, 1, 1), date(2079, 12, 31)))
def test_a_finnish_barcode_is_read_back(body: str, amount: Decimal, reference: str, due: date) -> None:
    account = iban("FI", body)
    total = sum(int(d) * (7, 3, 1)[i % 3] for i, d in enumerate(reversed(reference)))
    whole = f"{reference}{-total % 10}"
    cents = f"{int(amount * 100):08d}"
    text = f"4{account[2:]}{cents}{whole:>023}{due:%y%m%d}"
    if whole.lstrip("0") != whole or len(whole.lstrip("0")) < 4:
        return
    code = read(text)
    assert (code.iban, code.amount, code.reference, code.due_date) == (account, amount, whole, due)


@given(st.one_of(st.text(max_size=80), st.text(max_size=60).map("SPC\n".__add__), st.text(max_size=60).map("SPD*1.0*".__add__)))
def test_any_text_is_a_code_or_not_but_never_an_error(text: str) -> None:
    payment_code(text)
    code_fault(text)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUV", min_size=40, max_size=120))
def test_what_only_looks_packed_is_no_code(text: str) -> None:
    assert payment_code(text) is None


def test_a_stream_that_grows_without_end_is_cut_off() -> None:
    packed = b"\0\0\xff\xff" + lzma.compress(b"\0" * 65535, lzma.FORMAT_RAW, filters=FILTERS)
    assert payment_code(base64.b32hexencode(packed).decode().rstrip("=")) is None


SPAYD = "SPD*1.0*ACC:CZ5855000000001265098001*AM:480.50*CC:CZK*DT:20260228*X-VS:2026017"
PAGE = """
Faktura 2026017
Dodavatel: Kovárna s.r.o.
Datum vystavení: 31.01.2026     Datum splatnosti: 28.02.2026
Variabilní symbol: {symbol}
IBAN: CZ58 5500 0000 0012 6509 8001
Celkem k úhradě                480,50 Kč
"""


def recognised(text: str, code: str) -> Readings:
    return recognise((printed(text, codes=(code,)),), OwnIdentity())


@pytest.mark.rule("C7")
def test_a_code_outranks_print_and_disagreement_is_doubt() -> None:
    agreeing = recognised(PAGE.format(symbol="2026017"), SPAYD).get(FieldName.PAYMENT_REFERENCE)
    assert agreeing is not None
    assert (agreeing.value, agreeing.doubts) == ("2026017", ())
    at_odds = recognised(PAGE.format(symbol="2026018"), SPAYD).get(FieldName.PAYMENT_REFERENCE)
    assert at_odds is not None
    assert at_odds.value == "2026017"
    assert at_odds.evidence is not None
    assert at_odds.evidence.method is Method.BARCODE
    assert at_odds.doubts == ("the payment code says 2026017, print says 2026018",)
    assert at_odds.confidence < 0.9


@pytest.mark.rule("C7")
def test_a_code_that_fails_its_check_is_ignored_and_makes_the_account_doubtful() -> None:
    found = recognised(PAGE.format(symbol="2026017"), SPAYD.replace("098001", "098002"))
    account = found.get(FieldName.IBAN)
    assert account is not None
    assert account.value == "CZ5855000000001265098001"
    assert account.doubts == ("the payment code's account CZ5855000000001265098002 fails its check",)


@pytest.mark.rule("C5")
def test_a_giro_of_a_code_is_the_account() -> None:
    code = '{"uqr":1,"tp":1,"nme":"Bolaget AB","iid":"52456","ddt":"20260508","due":900.00,"pt":"BG","acc":"433-8778"}'
    found = recognised("Faktura\nBolaget AB\nAtt betala  900,00 kr\n", code)
    read_ = {str(r.field): r.value for r in found.readings}
    assert (read_["account"], read_["due_date"], read_["invoice_number"]) == ("433-8778", "2026-05-08", "52456")
    assert "iban" not in read_
