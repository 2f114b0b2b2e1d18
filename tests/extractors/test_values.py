"""The parsers of printed values, on everything that may be printed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.extractors.labels.table import phrases
from scanstraat.extractors.layout import sheet
from scanstraat.extractors.values import iban, vat_number
from scanstraat.extractors.values.amount import decimal_mark, numbers_in, to_decimal
from scanstraat.extractors.values.company_name import core, legal_form_at, same_company
from scanstraat.extractors.values.currency import CODES, currency_of
from scanstraat.extractors.values.day import days_in, month_first, settle
from scanstraat.extractors.values.payment_code import payment_code
from scanstraat.extractors.values.payment_term import PaymentTerm, parse_term, term_in
from scanstraat.model.page import Box, Page, PageSource, Word

CENTS = st.integers(0, 10**10).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(date(1990, 1, 1), date(2079, 12, 31))
COUNTRIES = sorted(iban.LENGTHS)


def grouped(value: Decimal, group: str, mark: str) -> str:
    """The amount as printed in a country that groups thousands so."""
    return f"{value:,.2f}".replace(",", "\0").replace(".", mark).replace("\0", group)


@given(CENTS, st.sampled_from([(".", ","), (",", "."), ("'", "."), (" ", ","), ("", ","), ("", ".")]), st.booleans())
def test_an_amount_is_read_back_as_it_was_printed(value: Decimal, manner: tuple[str, str], negative: bool) -> None:
    text = ("-" if negative else "") + grouped(value, *manner)
    numbers = tuple(numbers_in(text))
    assert len(numbers) == 1
    assert to_decimal(numbers[0], decimal_mark(numbers)) == (-value if negative else value)


BESIDE = ["€ {}", "EUR {}", "{} €", "€{}", "{}EUR", "incl. ({})", "kr {}", "{} zł", "{} Ft", "RM{}", "{} €/st"]
LESS_THAN_NOTHING = ["({})", "-{}", "-€ {}", "€ -{}", "- EUR {}", "{}-", "{} CR", "{}CR"]


@given(CENTS, st.sampled_from(BESIDE))
def test_a_currency_beside_an_amount_changes_nothing_of_it(value: Decimal, frame: str) -> None:
    numbers = tuple(numbers_in(frame.format(grouped(value, ".", ","))))
    assert [to_decimal(n, ",") for n in numbers] == [value]


def lakhs(value: Decimal) -> str:
    """The amount as printed in India: 12,34,567.00."""
    whole, cents = f"{value:.2f}".split(".")
    head, tail = whole[:-3], whole[-3:]
    pairs = [head[max(0, i - 2) : i] for i in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail]) + "." + cents


@given(CENTS)
def test_an_amount_grouped_by_lakhs_is_read_back(value: Decimal) -> None:
    numbers = tuple(numbers_in(f"₹{lakhs(value)}/-"))
    assert [(to_decimal(n, "."), n.currency) for n in numbers] == [(value, "INR")]


@given(CENTS.filter(bool), st.sampled_from(LESS_THAN_NOTHING), st.sampled_from([".,", ",."]))
def test_a_negative_amount_is_read_back(value: Decimal, frame: str, marks: str) -> None:
    numbers = tuple(numbers_in(frame.format(grouped(value, *marks))))
    assert [to_decimal(n, marks[1]) for n in numbers] == [-value]


@given(CENTS)
def test_an_amount_that_ocr_broke_is_put_together_on_scans_only(value: Decimal) -> None:
    torn = grouped(value, " .", ", ")
    assert [to_decimal(n, ",") for n in numbers_in(torn, scanned=True)] == [value]


@pytest.mark.parametrize("blank", ["\u00a0", "\u2009", "\u202f"])
def test_a_blank_that_keeps_thousands_together_is_a_blank(blank: str) -> None:
    word = Word(f"1{blank}234,56", Box(50, 100, 95, 109))
    row = sheet(Page(1, 595, 842, PageSource.TEXT_LAYER, (word,)), 1).rows[0]
    assert [to_decimal(n, ",") for n in numbers_in(row.text)] == [Decimal("1234.56")]


@given(st.text(max_size=60))
def test_any_text_gives_numbers_days_and_terms_or_none_but_never_an_error(text: str) -> None:
    for number in numbers_in(text):
        to_decimal(number, ",")
        assert text[number.start : number.end] == number.body
    for day in days_in(text, (("mai", 5),)):
        settle(day, months_lead=True)
    term_in(text)
    payment_code(text)
    core(text)
    legal_form_at(text)
    currency_of(text)


@given(CENTS.filter(lambda v: v >= 1000))
def test_a_whole_number_of_thousands_is_read_by_the_documents_mark(value: Decimal) -> None:
    whole = value.to_integral_value()
    number = next(numbers_in(f"{whole:,}".replace(",", ".")))
    assert to_decimal(number, ",") == whole


@pytest.mark.parametrize("text", ["KR87654321012", "12/34", "2013-10-06", "VF1005193039", "DE02120300000000202051", "A4-100"])
def test_parts_of_codes_are_no_amounts(text: str) -> None:
    assert [n for n in numbers_in(text) if n.has_decimals or n.currency] == []


@given(DAYS, st.sampled_from(["%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d. %m. %Y"]))
def test_a_day_is_read_back_as_it_was_printed(day: date, manner: str) -> None:
    printed = tuple(days_in(day.strftime(manner)))
    if manner == "%Y%m%d" and day.year < 2000:
        return
    assert [settle(d, months_lead=False) for d in printed] == [day]


MONTHS = phrases().months
NAMED = [
    "{d} {m} {y}", "{d}. {m} {y}", "{d} de {m} de {y}", "{d:02d}-{m}-{y}",
    "{d}/{m}/{y}", "{y}. {m} {d}.", "{m} {d}, {y}", "le {d} {m} {y}",
]  # fmt: skip


@given(DAYS, st.sampled_from(NAMED), st.data())
def test_a_day_with_a_months_name_of_any_language_is_read_back(day: date, manner: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for name, number in MONTHS if number == day.month]))
    if manner.startswith("{y}") and day.year < 2000:
        return
    text = manner.format(d=day.day, m=data.draw(st.sampled_from([name, name.upper(), name.title()])), y=day.year)
    assert [d.day for d in days_in(text, MONTHS)] == [day]


@pytest.mark.parametrize(
    "text",
    [
        "5 stycznia 2026 r.", "2026. január 5.", "5. ledna 2026", "5 de enero de 2026", "5. tammikuuta 2026", "5 janv. 2026",
        "5 Jan '26", "January 5th, 2026", "Jan-05-2026", "05JAN26", "5.I.2026", "5/1-2026", "5º de janeiro de 2026",
        "5 ianuarie 2026",
        "05 JAN 2026", "5. jan. 2026", "2026-Jan-05", "5th of January, 2026", "den 5 januari 2026", "5 genn 2026",
    ],
)  # fmt: skip
def test_a_day_is_read_as_printed_in_many_languages(text: str) -> None:
    assert [settle(d, months_lead=False) for d in days_in(text, MONTHS)] == [date(2026, 1, 5)]


@given(DAYS, DAYS)
def test_the_order_of_day_and_month_is_one_for_the_document(one: date, other: date) -> None:
    days = tuple(days_in(f"{one:%m/%d/%Y} {other:%m/%d/%Y}"))
    proved = one.day > 12 or other.day > 12
    lead = month_first(days, american=not proved)
    assert [settle(d, lead) for d in days] == [one, other]


def _iban(country: str, body: str) -> str:
    check = 98 - int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
    return f"{country}{check:02d}{body}"


@given(st.sampled_from(COUNTRIES), st.data())
def test_every_iban_with_right_check_digits_holds_and_no_neighbour_does(country: str, data: st.DataObject) -> None:
    body = data.draw(st.text("0123456789", min_size=iban.LENGTHS[country] - 4, max_size=iban.LENGTHS[country] - 4))
    good = _iban(country, "BANK" + body[4:] if country in iban.BANK_LETTERS else body)
    assert iban.checks(good)
    place = data.draw(st.integers(8, len(good) - 1))
    wrong = good[:place] + str((int(good[place]) + data.draw(st.integers(1, 9))) % 10) + good[place + 1 :]
    assert not iban.checks(wrong)
    assert iban.repaired(wrong) is None


@given(st.text("0123456789", min_size=14, max_size=14), st.data())
def test_look_alikes_are_put_right_only_to_the_number_that_was_printed(body: str, data: st.DataObject) -> None:
    good = _iban("BE", body[:12])
    places = [i for i in range(2, len(good)) if good[i] in "01582"]
    chosen = data.draw(st.sets(st.sampled_from(places), max_size=4)) if places else set()
    misread = "".join({"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z"}[c] if i in chosen else c for i, c in enumerate(good))
    assert iban.repaired(misread) == good


@given(st.text(min_size=0, max_size=34))
def test_any_text_is_an_iban_or_not_but_never_an_error(text: str) -> None:
    iban.checks(text)
    iban.repaired(text)
    tuple(iban.bics_in(text))
    vat_number.has_form(text)
    vat_number.without_lookalikes(text)


@pytest.mark.parametrize(
    "number",
    [
        "ATU12345675",
        "BE0403019261",
        "CHE116281710",
        "DE136695976",
        "DK13585628",
        "ESB58378431",
        "FI20774740",
        "FR60421938861",
        "IE6388047V",
        "IT00743110157",
        "NL820471616B01",
        "NO984661185MVA",
        "PL8567346215",
        "SE556012579001",
    ],
)
def test_vat_numbers_of_many_countries_check(number: str) -> None:
    assert vat_number.has_form(number)
    assert vat_number.checks(number)


@given(st.integers(0, 180), st.booleans(), st.integers(0, 60))
def test_a_term_is_read_back_from_its_canonical_text(days: int, month_end: bool, after: int) -> None:
    term = PaymentTerm(days, month_end, after if month_end else 0)
    assert parse_term(str(term)) == term


@pytest.mark.rule("D4")
@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("14 dagen netto", "2026-02-14"),
        ("innerhalb von 30 tagen", "2026-03-02"),
        ("30 jours fin de mois", "2026-03-31"),
        ("einde maand", "2026-01-31"),
        ("sofort faellig", "2026-01-31"),
        ("net 7", "2026-02-07"),
        ("21 pv netto", "2026-02-21"),
        ("20 dagar", "2026-02-20"),
    ],
)
def test_a_printed_term_gives_the_due_date(text: str, due: str) -> None:
    place = term_in(text)
    assert place is not None
    assert place[0].due(date(2026, 1, 31)).isoformat() == due


@pytest.mark.parametrize("name", ["Acme GmbH & Co. KG", "acme", "ACME B.V.", "Acme, Inc."])
def test_a_company_is_the_same_under_any_legal_form(name: str) -> None:
    assert same_company(name, "Acme")


def test_every_currency_code_is_itself() -> None:
    assert [currency_of(code) for code in sorted(CODES)] == sorted(CODES)


def test_a_swiss_payment_code_is_read() -> None:
    lines = ["SPC", "0200", "1", "CH9300762011623852957", "K", "Seilbahn AG", "Berg 1", "6370 Stans", "", "", "CH"]
    lines += [""] * 7 + ["199.95", "CHF"] + [""] * 7 + ["NON", "", "Rechnung 12", "EPD"]
    code = payment_code("\n".join(lines))
    assert code is not None
    assert (code.iban, code.name, code.amount, code.currency) == (
        "CH9300762011623852957",
        "Seilbahn AG",
        Decimal("199.95"),
        "CHF",
    )


@pytest.mark.rule("D4")
@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("betaling binnen 14 dagen na factuurdatum", "14 days"),
        ("per omgaande", "0 days"),
        ("30 days end of month", "30 days end of month"),
        ("due on receipt", "0 days"),
        ("2/10 net 30", "30 days"),
        ("zahlbar innerhalb 10 tagen ohne abzug", "10 days"),
        ("30 tage monatsende", "30 days end of month"),
        ("45 jours fin de mois", "45 days end of month"),
        ("a reception de facture", "0 days"),
        ("14 pv netto", "14 days"),
        ("30 dagar, fri leveransmanad", "end of month + 30 days"),
        ("lb. md. + 30 dage", "end of month + 30 days"),
        ("14 dager netto", "14 days"),
        ("60 gg d.f.f.m.", "60 days end of month"),
        ("rimessa diretta", "0 days"),
        ("60 dias fin de mes", "60 days end of month"),
        ("al contado", "0 days"),
        ("30 dias", "30 days"),
        ("pronto pagamento", "0 days"),
        ("netto 30 dni", "30 days"),
        ("gotowka", "0 days"),
        ("splatnost 14 dnu", "14 days"),
        ("30 nap", "30 days"),
        ("10 zile calendaristice", "10 days"),
    ],
)
def test_the_usual_wordings_of_terms_in_fifteen_languages_are_understood(text: str, term: str) -> None:
    place = term_in(text)
    assert place is not None
    assert str(place[0]) == term
