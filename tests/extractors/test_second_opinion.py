"""What is unsure on a scan is looked at twice, and the two readings are judged together (C7)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.extractors.document_view import view
from scanstraat.extractors.recognition import judged, recognise
from scanstraat.extractors.second_opinion import first_look, retold, second_look
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.weights import DOUBTFUL
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Reading
from scanstraat.model.look import Look, Place
from scanstraat.model.page import Box, Page, PageSource, Word
from tests.extractors.golden import references, structures
from tests.extractors.printed import COLUMN, Golden, printed
from tests.extractors.test_receipts import CASES as RECEIPTS

NOBODY = OwnIdentity()
INVOICE = """
# Bakkerij De Korenaar B.V.
Molenstraat 12, 3511 BR Utrecht
IBAN {iban}    BTW-nummer NL001234567B01

# Factuur
Factuurnummer: {number}
Factuurdatum: {date}

Omschrijving                Aantal        Prijs        Bedrag
Volkorenbrood                  100         1,00        100,00

Totaal exclusief btw                                   {net}
Btw 21%                                                 21,00
Totaal inclusief btw                                   {total}
"""
PRINTED = {"iban": "NL91ABNA0417164300", "number": "2026-00417", "date": "31-03-2026", "net": "100,00", "total": "121,00"}


def scan(poor: tuple[str, ...] = (), **misread: str) -> Page:
    """The invoice as OCR read it: some values otherwise than printed, `poor` ones with little confidence."""
    page = printed(INVOICE.format(**(PRINTED | misread)), source=PageSource.OCR)
    words = (replace(w, confidence=0.5 if w.text in {*poor, *misread.values()} else 0.95) for w in page.words)
    return replace(page, words=tuple(words))


def looks_at(page: Page, **seen: str) -> tuple[Look, ...]:
    """The looks that were asked for; `seen` maps a text that OCR read to what the second look sees instead."""
    wanted = first_look((page,), NOBODY).places
    return tuple(Look(place, _words(place, text)) for place in wanted for text in [_seen(page, place, seen)] if text)


def _seen(page: Page, place: Place, seen: dict[str, str]) -> str:
    inside = [w.text for w in page.words if _within(w.box, place.box)]
    return " ".join(seen.get(text, text) for text in inside)


def _within(box: Box, place: Box) -> bool:
    x, y = box.middle
    return place.x0 <= x <= place.x1 and place.y0 <= y <= place.y1


def _words(place: Place, text: str) -> tuple[Word, ...]:
    words, x = [], place.box.x0
    for piece in text.split():
        words.append(Word(piece, Box(x, place.box.y0, x + len(piece) * COLUMN - 0.5, place.box.y1), 0.97))
        x += (len(piece) + 1) * COLUMN
    return tuple(words)


def reading(page: Page, field: FieldName, **seen: str) -> Reading | None:
    """The reading of a field after both looks; `seen` maps what OCR read to what the second look sees."""
    return second_look((page,), looks_at(page, **seen), NOBODY).get(field)


def sought(page: Page) -> list[str]:
    """The words at each place that is to be looked at."""
    return [_seen(page, place, {}) for place in first_look((page,), NOBODY).places]


# --- where to look


def test_the_first_look_is_what_is_recognised() -> None:
    page = scan(total="721,00")
    assert first_look((page,), NOBODY).readings == recognise((page,), NOBODY)


def test_a_born_digital_page_is_never_looked_at() -> None:
    page = replace(scan(iban="NL91ABNA0417164301", total="721,00"), source=PageSource.TEXT_LAYER)
    assert first_look((page,), NOBODY).places == ()


@pytest.mark.parametrize(
    ("name", "misread"),
    [("iban", "NL91ABNA0417164301"), ("total", "721,00"), ("number", "2O26-OO4l7"), ("date", "31-O3-2026")],
)
def test_what_fails_its_check_or_was_read_from_poor_print_is_looked_at(name: str, misread: str) -> None:
    page = scan((), **{name: misread})
    assert any(misread in words for words in sought(page))


def test_what_is_sure_is_not_looked_at() -> None:
    assert not any(PRINTED["total"] in words for words in sought(scan()))
    assert not any(PRINTED["iban"] in words for words in sought(scan()))


def test_where_nothing_was_read_beside_a_label_the_empty_place_is_looked_at() -> None:
    page = scan()
    gone = replace(page, words=tuple(w for w in page.words if w.text != PRINTED["number"]))
    label = next(w for w in page.words if w.text == "Factuurnummer:")
    places = first_look((gone,), NOBODY).places
    assert any(abs(p.box.middle[1] - label.box.middle[1]) < 3 and p.box.x0 >= label.box.x1 for p in places)


def test_no_place_is_looked_at_twice() -> None:
    places = first_look((scan(total="721,00", net="700,00", number="2O26-OO4l7"),), NOBODY).places
    assert len({(p.page, p.box) for p in places}) == len(places)


def test_the_sign_before_an_amount_belongs_to_its_place() -> None:
    page = printed(INVOICE.format(**(PRINTED | {"total": "6 121,00"})), source=PageSource.OCR)
    page = replace(page, words=tuple(replace(w, confidence=0.5 if w.text == "121,00" else 0.95) for w in page.words))
    assert any(words == "6 121,00" for words in sought(page))


# --- what the two say together


@pytest.mark.rule("C7")
def test_of_two_accounts_the_one_whose_check_holds_is_taken_without_doubt() -> None:
    found = reading(scan(iban="NL91ABNA0417164301"), FieldName.IBAN, NL91ABNA0417164301=PRINTED["iban"])
    assert found is not None
    assert (found.value, found.doubts) == (PRINTED["iban"], ())
    assert found.confidence > 0.9


@pytest.mark.rule("C7")
@pytest.mark.parametrize("misread", ["721,00", "€121,0O", "6121,00", "12100"])
def test_of_two_totals_the_one_that_adds_up_is_taken_without_doubt(misread: str) -> None:
    found = reading(scan(total=misread), FieldName.TOTAL, **{misread: "€121,00"})
    assert found is not None
    assert (found.value, found.doubts) == ("121.00", ())
    assert str(Signal.ADDS_UP) in found.signals


@pytest.mark.rule("C7")
def test_the_first_reading_stands_where_only_it_adds_up() -> None:
    page = scan(poor=("121,00",))
    wanted = Place(1, next(w for w in page.words if w.text == "121,00").box)
    found = second_look((page,), (Look(wanted, _words(wanted, "721,00")),), NOBODY).get(FieldName.TOTAL)
    assert found is not None
    assert found.value == "121.00"


@pytest.mark.rule("C7")
def test_two_numbers_that_differ_are_a_doubt_that_names_both() -> None:
    found = reading(scan(number="2026-O0417"), FieldName.INVOICE_NUMBER, **{"2026-O0417": PRINTED["number"]})
    assert found is not None
    assert found.value == PRINTED["number"]
    assert any("2026-O0417" in doubt and PRINTED["number"] in doubt for doubt in found.doubts)
    assert found.confidence <= DOUBTFUL


def test_two_readings_that_agree_are_surer_than_poor_print() -> None:
    page = scan(poor=(PRINTED["number"],))
    before, after = recognise((page,), NOBODY).get(FieldName.INVOICE_NUMBER), reading(page, FieldName.INVOICE_NUMBER)
    assert before is not None
    assert after is not None
    assert after.value == before.value == PRINTED["number"]
    assert after.confidence > before.confidence
    assert str(Signal.SECOND_LOOK_AGREES) in after.signals


def test_what_only_the_second_look_saw_is_found() -> None:
    page = scan()
    gone = replace(page, words=tuple(w for w in page.words if w.text != PRINTED["number"]))
    label = next(w for w in page.words if w.text == "Factuurnummer:").box
    place = Place(1, Box(label.x1 + 3, label.y0, label.x1 + 160, label.y1))
    found = second_look((gone,), (Look(place, _words(place, PRINTED["number"])),), NOBODY).get(FieldName.INVOICE_NUMBER)
    assert found is not None
    assert found.value == PRINTED["number"]


def test_a_look_that_saw_nothing_changes_nothing() -> None:
    page = scan(total="721,00")
    looks = tuple(Look(place, ()) for place in first_look((page,), NOBODY).places)
    before, after = recognise((page,), NOBODY), second_look((page,), looks, NOBODY)
    assert [(r.field, r.value) for r in after.readings] == [(r.field, r.value) for r in before.readings]


@pytest.mark.parametrize("misread", [{}, {"iban": "NL91ABNA0417164301"}, {"total": "721,00"}, {"number": "2026-O0417"}])
def test_a_look_at_everything_that_reads_the_same_changes_no_value(misread: dict[str, str]) -> None:
    page = scan((), **misread)
    looks = tuple(Look(Place(1, w.box), _words(Place(1, w.box), w.text)) for w in page.words)
    before, after = recognise((page,), NOBODY), second_look((page,), looks, NOBODY)
    assert [(r.field, r.value, r.doubts) for r in after.readings] == [(r.field, r.value, r.doubts) for r in before.readings]
    assert after.lines == before.lines
    assert after.vat_rates == before.vat_rates


@pytest.mark.parametrize("seen", ["BTW", "NL", "-", "NL0012"])
def test_a_look_that_saw_less_than_was_read_says_nothing(seen: str) -> None:
    page = scan()
    place = Place(1, next(w for w in page.words if w.text == "NL001234567B01").box)
    before = recognise((page,), NOBODY).get(FieldName.VAT_NUMBER)
    after = second_look((page,), (Look(place, _words(place, seen)),), NOBODY).get(FieldName.VAT_NUMBER)
    assert before is not None
    assert after is not None
    assert (after.value, after.confidence, after.doubts) == (before.value, before.confidence, before.doubts)


@pytest.mark.rule("C7")
@pytest.mark.parametrize("value", ["net", "total"])
def test_a_look_that_spoils_an_amount_takes_away_no_sum_that_held(value: str) -> None:
    page = scan(poor=(PRINTED[value],))
    place = Place(1, next(w for w in page.words if w.text == PRINTED[value]).box)
    after = second_look((page,), (Look(place, _words(place, "s00,0l7")),), NOBODY)
    assert [after.value(f) for f in (FieldName.NET_TOTAL, FieldName.VAT_TOTAL, FieldName.TOTAL)] == ["100.00", "21.00", "121.00"]


# --- the pages as the second look saw them


def test_what_was_seen_stands_where_it_was_read_in_the_same_line() -> None:
    page = scan(total="721,00")
    old = next(w for w in page.words if w.text == "721,00")
    (told,) = retold((page,), (Look(Place(1, old.box), _words(Place(1, old.box), "121,00")),))
    new = next(w for w in told.words if w.text == "121,00")
    assert (new.line, told.words.index(new)) == (old.line, page.words.index(old))
    assert len(told.words) == len(page.words)


def test_a_slanting_place_takes_the_words_along_it_only() -> None:
    words = tuple(Word(f"w{i}", Box(100.0 * i, 100.0 + 3 * i, 100.0 * i + 50, 110.0 + 3 * i), 0.9, 0) for i in range(5))
    below = tuple(
        replace(w, text=f"b{i}", box=Box(w.box.x0, w.box.y0 + 12, w.box.x1, w.box.y1 + 12)) for i, w in enumerate(words)
    )
    page = Page(1, 595, 842, PageSource.OCR, (*words, *below))
    place = Place(1, Box(0, 106, 450, 116), 0.03)
    (told,) = retold((page,), (Look(place, _words(place, "seen")),))
    assert [w.text for w in told.words] == ["seen", "b0", "b1", "b2", "b3", "b4"]


@given(st.text("0123456789.,€ -X", max_size=12), st.text("0123456789.,€ -X", max_size=12))
def test_no_value_is_given_that_neither_look_read(first: str, second: str) -> None:
    page = scan(total=first.strip() or "1")
    at = next(w for w in page.words if w.text == (first.split() or ["1"])[-1])
    looks = (Look(Place(1, at.box), _words(Place(1, at.box), second)),)
    found = second_look((page,), looks, NOBODY).get(FieldName.TOTAL)
    read = {c.value.lstrip("-") for told in ((page,), retold((page,), looks)) for c in judged(told, view(told, NOBODY))}
    assert found is None or found.value.lstrip("-") in read


ALIKE = [*RECEIPTS, *references.CASES, *structures.CASES]


@pytest.mark.rule("C7")
@pytest.mark.parametrize("case", ALIKE, ids=lambda case: f"{case.language}: {case.name}")
def test_without_a_look_all_is_judged_as_at_first(case: Golden) -> None:
    pages = (printed(case.text, source=PageSource.OCR, codes=case.codes),)
    again, first = second_look(pages, (), NOBODY), recognise(pages, NOBODY)
    assert [(r.field, r.value, r.confidence, r.doubts) for r in again.readings] == [
        (r.field, r.value, r.confidence, r.doubts) for r in first.readings
    ]
    assert again.lines == first.lines
