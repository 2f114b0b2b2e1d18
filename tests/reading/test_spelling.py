"""The letters of a line become words where its ink stands."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from scanstraat.reading.pictures import Gray
from scanstraat.reading.ppocr import ppocr
from scanstraat.reading.spelling import Letter, spelled_words

HEIGHT, MARGIN = 48, 12


def printed(text: str) -> tuple[Gray, tuple[tuple[str, float], ...]]:
    """A line of print as a crop, and the middle of each letter as a share of its width."""
    font = ImageFont.load_default(26)
    edges = [MARGIN + font.getlength(text[:end]) for end in range(len(text) + 1)]
    paper = Image.new("L", (round(edges[-1]) + MARGIN, HEIGHT), 255)
    ImageDraw.Draw(paper).text((MARGIN, 8), text, 0, font)
    middles = ((edges[at] + edges[at + 1]) / 2 / paper.width for at in count())
    return np.asarray(paper), tuple(zip(text, middles, strict=False))


def letters(places: tuple[tuple[str, float], ...], unread: str = "") -> tuple[Letter, ...]:
    return tuple(Letter(text, 0.9, at) for text, at in places if text not in unread or not unread)


TEXTS = ("Factuurdatum: 31-03-2026", "IBAN NL91ABNA0417164300 BIC ABNANL2A", "Molenstraat 12, 3511 BR", "1.234,56 EUR")


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_parted_by_blanks(text: str) -> None:
    crop, places = printed(text)
    assert [word.text for word in spelled_words(crop, letters(places))] == text.split()


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_parted_by_wide_white_where_the_reader_saw_no_blank(text: str) -> None:
    crop, places = printed(text.replace(" ", "  "))
    assert [word.text for word in spelled_words(crop, letters(places, unread=" "))] == text.split()


def test_a_decimal_mark_set_wide_does_not_part_a_number() -> None:
    crop, places = printed("1.234,  56")
    assert [word.text for word in spelled_words(crop, letters(places, unread=" "))] == ["1.234,56"]


def test_each_word_lies_tight_around_its_ink() -> None:
    crop, places = printed("Totaal 12,50")
    for word in spelled_words(crop, letters(places)):
        dark = np.argwhere(crop[:, word.x0 : word.x1] < 128)
        (top, left), (bottom, right) = dark.min(0), dark.max(0)
        assert max(abs(left), abs(word.x1 - word.x0 - 1 - right), abs(top - word.y0), abs(bottom + 1 - word.y1)) <= 2


def test_white_print_on_black_is_ink_too() -> None:
    crop, places = printed("Totaal 12,50")
    dark = tuple(spelled_words(crop, letters(places)))
    light = tuple(spelled_words(np.asarray(255 - crop, np.uint8), letters(places)))
    assert [(w.text, w.x0, w.x1) for w in dark] == [(w.text, w.x0, w.x1) for w in light]


def test_the_rule_of_a_frame_is_no_part_of_the_word_beside_it() -> None:
    crop, places = printed("5158")
    framed = crop.copy()
    framed[:, 2:5] = framed[2:4, :] = 0
    (bare,), (word,) = spelled_words(crop, letters(places)), spelled_words(framed, letters(places))
    assert (word.x0, word.y0, word.x1, word.y1) == (bare.x0, bare.y0, bare.x1, bare.y1)


def test_a_crop_without_ink_still_gives_its_letters_a_place() -> None:
    words = tuple(spelled_words(np.full((HEIGHT, 200), 250, np.uint8), (Letter("a", 0.9, 0.2), Letter("b", 0.9, 0.3))))
    assert all(0 <= word.x0 < word.x1 <= 200 and 0 <= word.y0 < word.y1 <= HEIGHT for word in words)


def test_the_networks_read_what_is_printed_and_where() -> None:
    crop, _ = printed("Betaald: 1.234,56 op 3 maart")
    page = np.full((400, 800), 255, np.uint8)
    page[100 : 100 + HEIGHT, 60 : 60 + crop.shape[1]] = crop
    seen = ppocr().words(page, 200)
    assert " ".join(word.text for word in seen) == "Betaald: 1.234,56 op 3 maart"
    for word in seen:
        assert (page[word.y0 : word.y1, word.x0 : word.x1] < 128).any()
        assert not (page[word.y0 : word.y1, word.x0 - 2 : word.x0] < 128).any()
