"""Pages photographed on a table are found, laid flat and read, and their boxes lie where the words are in the photograph."""

from __future__ import annotations

import random

import numpy as np
import pytest

from fixtures.generator.degrading import Picture as Spoilt
from fixtures.generator.degrading import degrade
from scanstraat.model.page import Page, PageSource
from scanstraat.reading import pictures, sheet
from scanstraat.reading.affine import Affine
from scanstraat.reading.content import survey
from scanstraat.reading.flattening import Flat, flattened
from scanstraat.reading.pictures import Picture
from scanstraat.reading.reader import Reader
from tests.reading.paper import INVOICE, drawn, picture, spoilt


def photographed(seed: int) -> Spoilt:
    return degrade(picture(drawn(INVOICE), 300), "phone", random.Random(seed))


def flat(photo: Spoilt) -> Flat | None:
    with sheet.opened(photo.pdf()) as document, sheet.page(document, 1) as at:
        return flattened(pictures.of_page(at, survey(at)))


def placed_right(truth: Page, photo: Spoilt, read: Page) -> float:
    """The share of the printed words that were read within a line's height of where the photograph has them."""
    right = 0
    for word in truth.words:
        (x, y), slack = photo.shown(word.box).middle, word.box.height
        right += any(
            seen.text == word.text and abs(seen.box.middle[0] - x) < slack and abs(seen.box.middle[1] - y) < slack / 2
            for seen in read.words
        )
    return right / len(truth.words)


@pytest.mark.rule("B1")
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_photographed_page_is_read_and_its_words_are_where_they_are_seen(reader: Reader, seed: int) -> None:
    (truth,) = reader.read(drawn(INVOICE))
    photo = photographed(seed)
    (page,) = reader.read(photo.pdf())
    assert page.source is PageSource.OCR
    assert placed_right(truth, photo, page) > 0.85


@pytest.mark.parametrize("seed", range(5, 13))
def test_the_corners_of_the_page_are_found(seed: int) -> None:
    photo = photographed(seed)
    found = flat(photo)
    assert found
    height, width = found.picture.pixels.shape
    display = found.picture.display
    from_pixels = found.back @ np.array([[display.a, display.c, display.e], [display.b, display.d, display.f], [0, 0, 1]])
    corners = photo.mapping @ np.array([[0, 595, 595, 0], [0, 0, 842, 842], [1, 1, 1, 1]])
    expected = {tuple((corner[:2] / corner[2]).round()) for corner in corners.T}
    seen = from_pixels @ np.array([[0, width, width, 0], [0, 0, height, height], [1, 1, 1, 1]])
    for x, y, by in seen.T:
        assert min(abs(x / by - a) + abs(y / by - b) for a, b in expected) < 8


@pytest.mark.parametrize("shade", [1.0, 0.6])
def test_a_scan_is_left_as_it_is(shade: float) -> None:
    pixels = np.asarray(spoilt(picture(drawn(INVOICE)), shade=shade), np.uint8)
    assert flattened(Picture(pixels, Affine(0.36, 0, 0, 0.36))) is None


def test_the_lid_of_a_scanner_is_not_a_table() -> None:
    pixels = np.asarray(picture(drawn(INVOICE)), np.uint8).copy()
    pixels[:, :40] = 60
    pixels[-25:] = 80
    found = flattened(Picture(pixels, Affine(0.36, 0, 0, 0.36)))
    assert found is None or found.picture.pixels.shape[1] > 0.95 * pixels.shape[1]


def test_no_page_is_found_where_there_is_none() -> None:
    dark = np.random.default_rng(1).integers(20, 90, (2000, 1500)).astype(np.uint8)
    assert flattened(Picture(dark, Affine(0.4, 0, 0, 0.4))) is None
