"""What people type into the fields of the review desk, in every usual way to write it."""

from __future__ import annotations

import string
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn

from scanstraat.errors import Refused
from scanstraat.extractors.labels.table import phrases
from scanstraat.extractors.typed.value import DUE_AHEAD, ISSUED_AHEAD, typed
from scanstraat.extractors.values.currency import CODES
from scanstraat.extractors.values.iban import LENGTHS
from scanstraat.extractors.values.payment_term import PaymentTerm
from scanstraat.model.field import FieldName

TODAY = date(2026, 3, 31)
DAYS = st.dates(date(1990, 1, 1), date(2079, 12, 31))
CENTS = st.integers(-(10**10), 10**10).map(lambda cents: Decimal(cents) / 100)
MONTHS = sorted(phrases().months)


def give(field: FieldName, text: str, country: str = "NL") -> str:
    return typed(field, text, TODAY, country)


def refusal(field: FieldName, text: str, country: str = "NL") -> str:
    with pytest.raises(Refused) as refused:
        give(field, text, country)
    assert refused.value.code.startswith("typed-")
    assert refused.value.next_step
    return refused.value.message


def give_or_none(field: FieldName, text: str, country: str) -> str | None:
    """The value, or None where it was refused as refusals are to be: with a code of their own, a sentence and an example."""
    try:
        return give(field, text, country)
    except Refused as refused:
        told = refused
    assert told.code.startswith("typed-")
    assert told.message.endswith(".")
    assert told.next_step
    return None


ALMOST = st.text(string.digits * 3 + "-/.,' ’€()", max_size=24)


@given(st.sampled_from(FieldName), st.text(max_size=60) | ALMOST, st.sampled_from(["NL", "SE", "", "XX"]))
def test_whatever_is_typed_gives_a_value_that_stays_itself_or_is_refused(field: FieldName, text: str, country: str) -> None:
    value = give_or_none(field, text, country)
    if value is not None:
        assert give(field, value, country) == value


@pytest.mark.parametrize("field", FieldName)
@pytest.mark.parametrize("text", ["", "  ", "-", " – ", "\u00a0", "\u200b"])
def test_nothing_says_that_it_is_not_on_the_document(field: FieldName, text: str) -> None:
    assert give(field, text) == ""


# ---------- days ----------

WHOLE_DAYS = (
    "{d}-{m}-{y}", "{d:02}-{m:02}-{y}", "{d}/{m}/{y}", "{d}.{m}.{y}", "{d}. {m}. {y}", "{d} {m} {y}", "{d:02}{m:02}{y}",
    "{y}-{m:02}-{d:02}", "{y}{m:02}{d:02}", "{y}/{m}/{d}", "{y}.{m}.{d}", " {d}-{m}-{y} ", "{d}/{m}-{y}",
)  # fmt: skip
SHORT_DAYS = ("{d}-{m}-{s}", "{d}/{m}/{s}", "{d}.{m}.{s}", "{d:02}{m:02}{s}", "{d}-{m}-'{s}", "{d} {m} {s}")
NAMED_DAYS = ("{d} {n} {y}", "{d}. {n} {y}", "{n} {d}, {y}", "{d}-{n}-{y}", "{d}{n}{y}", "{y} {n} {d}", "{d} de {n} de {y}")


@given(DAYS, st.sampled_from(WHOLE_DAYS), st.sampled_from([FieldName.INVOICE_DATE, FieldName.DUE_DATE]))
def test_a_day_with_its_whole_year(day: date, manner: str, field: FieldName) -> None:
    assert give(field, manner.format(d=day.day, m=day.month, y=day.year)) == day.isoformat()


@given(st.dates(date(1990, 1, 1), date(2075, 12, 31)), st.sampled_from(SHORT_DAYS))
def test_a_year_of_two_digits_is_the_nearest(day: date, manner: str) -> None:
    assume(abs(day.year - TODAY.year) < 50)
    text = manner.format(d=day.day, m=day.month, s=f"{day.year % 100:02}")
    assert give(FieldName.INVOICE_DATE, text) == day.isoformat()


@given(DAYS, st.sampled_from(NAMED_DAYS), st.sampled_from(MONTHS), st.sampled_from([str.lower, str.title, str.upper]))
def test_a_day_with_the_name_of_its_month_in_any_language(day: date, manner: str, month: tuple[str, int], case: object) -> None:
    name, number = month
    assume(day.day <= 28)
    text = manner.format(d=day.day, n=case(name), y=day.year)  # type: ignore[operator]
    assert give(FieldName.INVOICE_DATE, text) == day.replace(month=number).isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "31 mrt 2026",
        "31 maart",
        "31 mars",
        "31. März 2026",
        "31. maaliskuuta 2026",
        "31 March",
        "31mrt26",
        "Mar 31, 2026",
        "31 maal",
    ],
)
def test_the_months_of_our_languages(text: str) -> None:
    assert give(FieldName.INVOICE_DATE, text) == "2026-03-31"


@given(st.dates(TODAY - timedelta(days=170), TODAY + timedelta(days=60)), st.sampled_from(["{}/{}", "{}-{}", "{}.{}.", "{} {}"]))
def test_a_day_without_a_year_is_the_last_that_can_be_meant(day: date, manner: str) -> None:
    assert give(FieldName.INVOICE_DATE, manner.format(day.day, day.month)) == day.isoformat()


def test_a_due_date_lies_farther_ahead_than_an_invoice_date() -> None:
    assert ISSUED_AHEAD < timedelta(days=123) < DUE_AHEAD
    assert give(FieldName.INVOICE_DATE, "1/8") == "2025-08-01"
    assert give(FieldName.DUE_DATE, "1/8") == "2026-08-01"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31-2-2026", "February 2026 has no day 31."),
        ("29/2", "29 February is no day of this year."),
        ("3/31/2026", "there is no month 31; the day comes before the month."),
        ("1-1-1899", "an invoice of the year 1899 is not expected."),
        ("0-1-2026", "January 2026 has no day 0."),
        ("31 foo 2026", "“foo” is no month."),
        ("31 ma 2026", "“31 ma 2026” is no date."),
        ("31", "“31” is no date."),
        ("2026", "“2026” is no date."),
        ("٣١-3-2026", "“٣١-3-2026” is no date."),
    ],
)
def test_a_day_that_there_is_not(text: str, why: str) -> None:
    assert refusal(FieldName.INVOICE_DATE, text) == why


# ---------- amounts ----------


def grouped(value: Decimal, group: str, mark: str, places: int = 2) -> str:
    return f"{value:,.{places}f}".replace(",", "\0").replace(".", mark).replace("\0", group)


GROUPINGS = [(".", ","), (",", "."), (" ", ","), (" ", "."), ("'", "."), ("’", ","), ("\u00a0", ","), ("", ","), ("", ".")]
AROUND = ["{}", "€ {}", "€{}", "{} €", "EUR {}", "{} eur", "kr {}", "kr. {}", "{} kr.", " {} ", "CHF {}", "{}€"]


@given(CENTS, st.sampled_from(GROUPINGS), st.sampled_from(AROUND))
def test_an_amount_in_any_usual_form(value: Decimal, grouping: tuple[str, str], around: str) -> None:
    text = around.format(grouped(value, *grouping))
    assert give(FieldName.TOTAL, text) == f"{value if value else Decimal():.2f}"


@given(
    st.integers(1, 10**8),
    st.sampled_from(GROUPINGS),
    st.sampled_from(["-{}", "{}-", "({})", "-€ {}", "€ -{}", "- EUR {}", "(€ {})", "−{}"]),
)
def test_a_negative_amount(cents: int, grouping: tuple[str, str], around: str) -> None:
    value = Decimal(cents) / 100
    assert give(FieldName.TOTAL, around.format(grouped(value, *grouping))) == f"{-value:.2f}"


@given(st.integers(0, 10**8), st.sampled_from([(".", ","), (",", "."), (" ", ","), ("'", "."), ("", ",")]))
def test_a_whole_amount(whole: int, grouping: tuple[str, str]) -> None:
    text = grouped(Decimal(whole), *grouping, places=0)
    for end in ("", *(f"{grouping[1]}{dash}" for dash in ("", "-", "--", "—", "=", "0"))):
        assert give(FieldName.NET_TOTAL, text + end) == f"{whole}.00"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1234", "1234.00"), ("12,5", "12.50"), ("1.234", "1234.00"), ("1,234", "1234.00"), (",5", "0.50"), (".05", "0.05"),
     ("-0", "0.00"), ("--5", "-5.00"), ("12,34,567.50", "1234567.50"), ("12,-- €", "12.00")],
)  # fmt: skip
def test_amounts_as_they_are_typed(text: str, value: str) -> None:
    assert give(FieldName.VAT_TOTAL, text) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12,345.678", "has more than two decimals."),
        ("0,125", "has more than two decimals."),
        ("1234,567", "has more than two decimals."),
        ("1.234.56", "is no amount."),
        ("1.23.456", "is no amount."),
        ("12 34", "is no amount."),
        ("1e5", "is no amount."),
        ("12 x", "is no amount."),
        ("(-5)", "is no amount."),
        ("5 USD EUR", "is no amount."),
        ("EUR 5 EUR", "is no amount."),
        ("€", "is no amount."),
        ("١٢", "is no amount."),
        ("1000000000", "is more than any invoice asks for."),
    ],
)
def test_what_is_no_amount(text: str, why: str) -> None:
    assert refusal(FieldName.TOTAL, text) == f"“{text}” {why}"


# ---------- accounts ----------


@st.composite
def ibans(draw: st.DrawFn) -> str:
    country = draw(st.sampled_from(["NL", "BE", "DE", "FI", "SE", "FR", "GB", "NO", "MT"]))
    length = LENGTHS[country] - 4
    letters = "ABNA" if country in {"NL", "GB", "MT"} else ""
    body = letters + draw(st.text("0123456789", min_size=length - len(letters), max_size=length - len(letters)))
    number = int("".join(str(int(c, 36)) for c in f"{body}{country}00"))
    return f"{country}{98 - number % 97:02}{body}"


@given(
    ibans(),
    st.sampled_from([" ", "", ".", "-", "\u00a0"]),
    st.sampled_from([str.upper, str.lower]),
    st.sampled_from(["", "IBAN ", "iban: "]),
)
def test_an_iban_however_it_is_spaced(number: str, blank: str, case: object, word: str) -> None:
    text = word + blank.join(case(number)[i : i + 4] for i in range(0, len(number), 4))  # type: ignore[operator]
    assert give(FieldName.IBAN, text) == number


@given(ibans(), st.data())
def test_one_wrong_digit_of_an_iban_is_refused(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(8, len(number) - 1))
    digit = data.draw(st.sampled_from(sorted(set("0123456789") - {number[place]})))
    assert "check digits" in refusal(FieldName.IBAN, number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NL91ABNA041716430", "an IBAN of NL has 18 characters, this one has 17."),
        ("XX91ABNA0417164300", "no IBAN begins with “XX”."),
        ("123456", "this is no IBAN."),
        ("DE89370400440532O13000", "this IBAN has a letter or a digit where those of DE have none."),
        ("NL91ABNA0417164301", "the check digits of this IBAN do not hold."),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_with_an_iban(text: str, why: str) -> None:
    assert refusal(FieldName.IBAN, text) == why


@pytest.mark.parametrize("text", ["INGBNL2A", "ingb nl 2a", "BIC: INGBNL2A", "swift INGBNL2A", "INGB-NL-2A"])
def test_a_bic(text: str) -> None:
    assert give(FieldName.BIC, text) == "INGBNL2A"


def test_what_is_no_bic() -> None:
    assert refusal(FieldName.BIC, "INGBNL2") == "a BIC has 8 or 11 characters, this one has 7."
    assert refusal(FieldName.BIC, "1NGBNL2A") == "“1NGBNL2A” is no BIC."


def test_an_account_as_printed() -> None:
    assert give(FieldName.ACCOUNT, " Bg 5050-1055 ") == "Bg 5050-1055"
    assert "too few digits" in refusal(FieldName.ACCOUNT, "see overleaf")
    assert refusal(FieldName.ACCOUNT, "NL91 ABNA 0417 1643 00") == "this is an IBAN."


# ---------- companies ----------


@pytest.mark.parametrize(
    ("text", "country", "value"),
    [
        ("nl 0044.95.445.b01", "NL", "NL004495445B01"),
        ("004495445B01", "NL", "NL004495445B01"),
        ("BTW NL004495445B01", "NL", "NL004495445B01"),
        ("DE 136 695 976", "NL", "DE136695976"),
        ("USt-IdNr.: DE136695976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("0403.019.261", "BE", "BE0403019261"),
        ("CHE-107.787.577 MWST", "NL", "CHE107787577MWST"),
        ("2077474-0", "FI", "FI20774740"),
        ("556188-840401", "SE", "SE556188840401"),
        ("995 525 828 MVA", "NL", "NO995525828MVA"),
        ("51 824 753 556", "NL", "51824753556"),
        ("NL001234567B01", "NL", "NL001234567B01"),
    ],
)
def test_a_vat_number(text: str, country: str, value: str) -> None:
    assert give(FieldName.VAT_NUMBER, text, country) == value


def test_what_has_no_form_of_a_vat_number() -> None:
    assert refusal(FieldName.VAT_NUMBER, "NL 1234") == "“NL1234” does not have the form of a VAT number of NL."
    assert refusal(FieldName.VAT_NUMBER, "136695976") == "“136695976” does not have the form of a VAT number."


@pytest.mark.parametrize(
    ("text", "country", "value"),
    [("KvK 3012 3456", "NL", "30123456"), ("HRB 12345 B", "DE", "HRB12345B"), ("FN 123456 a", "AT", "FN123456A"),
     ("2077474-0", "FI", "2077474-0")],
)  # fmt: skip
def test_a_register_number(text: str, country: str, value: str) -> None:
    assert give(FieldName.REGISTER_NUMBER, text, country) == value


# ---------- the rest ----------


def test_a_number_keeps_its_inner_blanks() -> None:
    assert give(FieldName.INVOICE_NUMBER, "  FT  2026/354\t") == "FT  2026/354"
    assert give(FieldName.INVOICE_NUMBER, "0") == "0"
    assert "no letter or digit" in refusal(FieldName.INVOICE_NUMBER, "///")
    assert "no text" in refusal(FieldName.INVOICE_NUMBER, "12\x0034")
    assert "at most 100" in refusal(FieldName.INVOICE_NUMBER, "1" * 101)


def test_a_name_has_one_blank_between_its_words() -> None:
    assert give(FieldName.SUPPLIER_NAME, " Bakker  &\u00a0Zn. B.V. ") == "Bakker & Zn. B.V."


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_currency_by_its_code(code: str) -> None:
    assert give(FieldName.CURRENCY, code.lower()) == code


def test_signs_of_currencies() -> None:
    assert give(FieldName.CURRENCY, "€") == "EUR"
    assert give(FieldName.CURRENCY, "Kronor", "SE") == "SEK"
    assert give(FieldName.CURRENCY, "kr.", "DK") == "DKK"
    assert "several countries" in refusal(FieldName.CURRENCY, "kr")
    assert refusal(FieldName.CURRENCY, "XXQ") == "“XXQ” is no currency."


@pytest.mark.parametrize(("text", "value"), [("yes", "true"), ("Ja", "true"), ("joo", "true"), ("kyllä", "true"),
    ("nee", "false"), ("ei", "false"), ("nej", "false"), ("Nein", "false"), ("no", "false"), ("true", "true")])  # fmt: skip
def test_yes_and_no_in_five_languages(text: str, value: str) -> None:
    assert give(FieldName.IS_CREDIT_NOTE, text) == value


@given(st.builds(PaymentTerm, st.integers(0, 365), st.booleans(), st.just(0)))
def test_a_term_in_canonical_form(term: PaymentTerm) -> None:
    assert give(FieldName.PAYMENT_TERM, str(term)) == str(term)


@pytest.mark.parametrize(
    ("text", "value"),
    [("30", "30 days"), ("30d", "30 days"), ("14 dagen", "14 days"), ("14 päivää netto", "14 days"), ("30 dagar", "30 days"),
     ("30 Tage netto", "30 days"), ("sofort", "0 days"), ("30 dagen einde maand", "30 days end of month")],
)  # fmt: skip
def test_a_term_in_words(text: str, value: str) -> None:
    assert give(FieldName.PAYMENT_TERM, text) == value


def test_two_terms_are_none() -> None:
    assert "no payment term" in refusal(FieldName.PAYMENT_TERM, "2% 10 days, 30 days net")


@given(st.text("0123456789", min_size=3, max_size=19))
def test_a_reference_of_digits_keeps_them(body: str) -> None:
    number = body + luhn.calc_check_digit(body)
    assert give(FieldName.PAYMENT_REFERENCE, " ".join(number[i : i + 4] for i in range(0, len(number), 4)), "SE") == number


def test_a_reference_that_tells_its_scheme_is_checked() -> None:
    assert give(FieldName.PAYMENT_REFERENCE, "+++090/9337/55493+++") == "090933755493"
    assert "check digits" in refusal(FieldName.PAYMENT_REFERENCE, "+++090/9337/55494+++")
