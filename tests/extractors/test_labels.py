"""Labels are met however they are printed, and the tables of all languages stand together."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.extractors.document_view import view
from scanstraat.extractors.folding import fold, plain
from scanstraat.extractors.labels.finding import labels_on
from scanstraat.extractors.labels.table import LANGUAGES, LabelKind, phrases
from scanstraat.extractors.layout import sheet
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.document import Kind
from tests.extractors.printed import printed

FIRST_CLASS = ("nl", "en", "de", "fr", "fi", "sv")
NEEDED = {
    LabelKind.INVOICE_NUMBER,
    LabelKind.INVOICE_DATE,
    LabelKind.DUE_DATE,
    LabelKind.TOTAL_GROSS,
    LabelKind.TOTAL_DUE,
    LabelKind.NET_TOTAL,
    LabelKind.VAT_TOTAL,
    LabelKind.IBAN,
    LabelKind.BIC,
    LabelKind.VAT_NUMBER,
    LabelKind.YOUR_VAT_NUMBER,
    LabelKind.BUYER,
    LabelKind.SELLER,
    LabelKind.TERM,
    LabelKind.TITLE,
    LabelKind.TITLE_CREDIT,
    LabelKind.HEAD_DESCRIPTION,
    LabelKind.HEAD_LINE_TOTAL,
}


def table(language: str) -> dict[str, dict[str, list[str]]]:
    """A language's own file."""
    return tomllib.loads(resources.files("scanstraat.extractors.labels").joinpath(f"{language}.toml").read_text("utf-8"))


def met(text: str, misread: bool = False) -> list[tuple[str, LabelKind]]:
    """The labels met in one printed row: as printed, and the first kind."""
    row = sheet(printed(text), 1).rows[0]
    return [(hit.span.text, hit.kinds[0]) for hit in labels_on(row, misread)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_names_only_kinds_there_are_and_twelve_months(language: str) -> None:
    found = table(language)
    assert {LabelKind(kind) for kind in found["labels"]} <= set(LabelKind)
    assert {Kind(kind) for kind in found["kinds"]} <= set(Kind)
    assert len(found["months"]) == 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_field(language: str) -> None:
    assert {LabelKind(kind) for kind in table(language)["labels"]} >= NEEDED


# What one value is called cannot name another: an order's day taken for the invoice's is a wrong field.
APART = (
    {LabelKind.INVOICE_DATE, LabelKind.DUE_DATE, LabelKind.OTHER_DATE},
    {LabelKind.INVOICE_NUMBER, LabelKind.OTHER_NUMBER},
    {LabelKind.TOTAL_GROSS, LabelKind.TOTAL_DUE, LabelKind.NET_TOTAL, LabelKind.VAT_TOTAL},
    {LabelKind.BUYER, LabelKind.SELLER, LabelKind.DELIVERY},
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_of_a_language_names_two_values_that_must_be_kept_apart(language: str) -> None:
    for phrase, meaning in phrases().meanings.items():
        kinds = {kind for spoken, kind in meaning.in_language if spoken == language}
        for group in APART:
            assert len(kinds & group) <= 1, (phrase, kinds & group)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Datum vystavení", LabelKind.INVOICE_DATE), ("DUZP", LabelKind.OTHER_DATE), ("Datum splatnosti", LabelKind.DUE_DATE),
        ("Data wystawienia", LabelKind.INVOICE_DATE), ("Data sprzedaży", LabelKind.OTHER_DATE),
        ("Do zapłaty", LabelKind.TOTAL_DUE),
        ("Számla kelte", LabelKind.INVOICE_DATE), ("Teljesítés", LabelKind.OTHER_DATE), ("Fizetési határidő", LabelKind.DUE_DATE),
        ("Imponibile", LabelKind.NET_TOTAL), ("Imposta", LabelKind.VAT_TOTAL), ("Scadenza", LabelKind.DUE_DATE),
        ("Total de plată", LabelKind.TOTAL_DUE), ("Celkem k úhradě", LabelKind.TOTAL_DUE), ("Fizetendő", LabelKind.TOTAL_DUE),
        ("Leistungsdatum", LabelKind.OTHER_DATE), ("Besteldatum", LabelKind.OTHER_DATE), ("Toimituspäivä", LabelKind.OTHER_DATE),
        ("Date de livraison", LabelKind.OTHER_DATE), ("Fecha de vencimiento", LabelKind.DUE_DATE),
        ("Forfallsdato", LabelKind.DUE_DATE),
    ],
)  # fmt: skip
def test_a_day_or_amount_is_told_from_its_like(text: str, kind: LabelKind) -> None:
    assert [found for _, found in met(text)] == [kind]


@pytest.mark.parametrize(("upper", "lower", "kind"), [
    ("Rechnungs-", "datum", LabelKind.INVOICE_DATE),
    ("Invoice", "number", LabelKind.INVOICE_NUMBER),
    ("Te", "betalen", LabelKind.TOTAL_DUE),
])  # fmt: skip
def test_a_label_over_two_rows_is_one(upper: str, lower: str, kind: LabelKind) -> None:
    seen = view((printed(f"Pos   {upper}\n      {lower}\n      12"),), OwnIdentity())
    assert [kind for hit in seen.hits if hit.span.row == 1 for kind in hit.kinds[:1]] == [kind]


def test_two_rows_with_values_of_their_own_are_no_label_together() -> None:
    seen = view((printed("Net       100,00\nTotal     121,00"),), OwnIdentity())
    assert [hit.phrase for hit in seen.hits] == [fold("net"), fold("total")]


@pytest.mark.parametrize("language", FIRST_CLASS)
def test_a_first_class_language_has_words_for_every_field_and_kind(language: str) -> None:
    found = table(language)
    assert {LabelKind(kind) for kind in found["labels"]} >= NEEDED
    assert {Kind.REMINDER, Kind.STATEMENT, Kind.ANNEX, Kind.ADVERTISING, Kind.QUOTE} <= {Kind(kind) for kind in found["kinds"]}


def test_no_phrase_is_both_the_suppliers_and_the_customers() -> None:
    for phrase, kinds in phrases().kinds:
        assert not {LabelKind.VAT_NUMBER, LabelKind.YOUR_VAT_NUMBER} <= set(kinds), phrase
        assert not {LabelKind.BUYER, LabelKind.SELLER} <= set(kinds), phrase
        assert not {LabelKind.IBAN, LabelKind.DEBIT} <= set(kinds), phrase


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Factuurnummer: 12", "Factuurnummer"),
        ("FACTUURNR. 12", "FACTUURNR"),
        ("Rechnungs-Nr.: 12", "Rechnungs-Nr"),
        ("R e c h n u n g s n u m m e r 12", "R e c h n u n g s n u m m e r"),
        ("N° de facture 12", "N° de facture"),
        ("Facture n°562044387", "Facture n°"),
        ("lnvoice Number 12", "lnvoice Number"),
        ("Invoice # 12", "Invoice #"),
    ],
)
def test_a_label_is_met_however_it_is_printed(text: str, label: str) -> None:
    assert met(text)[0] == (label, LabelKind.INVOICE_NUMBER)


def test_the_longest_label_counts() -> None:
    assert [kind for _, kind in met("Order Date 1 May 2026")] == [LabelKind.OTHER_DATE]
    assert [kind for _, kind in met("Uw btw-nummer NL1")] == [LabelKind.YOUR_VAT_NUMBER]


@pytest.mark.parametrize(
    ("text", "label", "kind"),
    [
        ("Rechnung / Invoice No. 4711", "Rechnung / Invoice No", LabelKind.INVOICE_NUMBER),
        ("Factuurdatum/Date: 3-5-2026", "Factuurdatum/Date", LabelKind.INVOICE_DATE),
        ("Date / Datum 3.5.2026", "Date / Datum", LabelKind.DATE),
        ("Számla száma / Invoice no.: A-1", "Számla száma / Invoice no", LabelKind.INVOICE_NUMBER),
        ("Razem do zapłaty / Total due 12,00", "Razem do zapłaty / Total due", LabelKind.TOTAL_DUE),
        ("Faktura VAT nr 12", "Faktura VAT nr", LabelKind.INVOICE_NUMBER),
    ],
)
def test_a_label_and_its_translation_are_one(text: str, label: str, kind: LabelKind) -> None:
    assert (label, kind) in met(text)


def test_labels_of_two_values_side_by_side_stay_two() -> None:
    assert [kind for _, kind in met("Datum / Vervaldatum 1-1-2026 / 31-1-2026")] == [LabelKind.DATE, LabelKind.DUE_DATE]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Factuurdatum 1-5-2026\nVervaldatum 1-6-2026\nTotaal te betalen 10,00\nValuta EUR", [LabelKind.CURRENCY]),
        ("Rechnungsdatum 1.5.2026\nZahlbar bis 1.6.2026\nRechnungsbetrag 10,00\nValuta 1.6.2026", [LabelKind.DUE_DATE]),
    ],
)
def test_a_word_means_what_it_does_in_the_documents_language(text: str, kinds: list[LabelKind]) -> None:
    seen = view((printed(text),), OwnIdentity())
    assert [list(hit.kinds) for hit in seen.hits if hit.span.text == "Valuta"] == [kinds]


def test_a_label_is_not_met_within_a_word() -> None:
    assert met("Eindatum Brillenabtotal") == []


def test_a_letter_misread_by_ocr_hides_no_long_label() -> None:
    assert met("Factuumummer: 12", misread=True) == [("Factuumummer", LabelKind.INVOICE_NUMBER)]
    assert met("Factuumummer: 12") == []


@given(st.text(max_size=80))
def test_any_row_gives_labels_or_none_but_never_an_error(text: str) -> None:
    for row in sheet(printed("x " + text.replace("\n", " ")), 1).rows:
        for hit in labels_on(row, misread=True):
            assert fold(hit.span.text)
    assert len(plain(text)) == len(text)
