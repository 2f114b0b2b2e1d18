"""Which way up a page lies is told before it is read, however it was turned and spoilt."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image

from fixtures.generator.degrading import degrade
from scanstraat.reading.affine import Affine
from scanstraat.reading.pictures import Picture
from scanstraat.reading.upright import Turn, turn
from tests.reading.paper import INVOICE, Text, drawn, picture

AMOUNTS = tuple(Text(x, 800 - 25 * row, f"{row * 7919 % 900},{row * 37 % 100:02}") for row in range(25) for x in (80, 240, 400))


def as_shown(paper: Image.Image) -> Picture:
    return Picture(np.ascontiguousarray(paper.convert("L"), np.uint8), Affine(0.36, 0, 0, 0.36))


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("kind", ["clean", "scan_hard", "fax_coarse"])
def test_a_page_is_set_upright(kind: str, turns: int) -> None:
    paper = picture(drawn(INVOICE), 300)
    if kind != "clean":
        spoilt = degrade(paper, kind, random.Random(turns))
        paper = Image.fromarray(spoilt.pixels).resize((round(spoilt.size[0] * 200 / 72), round(spoilt.size[1] * 200 / 72)))
    assert turn(as_shown(paper.rotate(90 * turns, expand=True))).turns == turns


@pytest.mark.parametrize("turns", range(4))
def test_commas_tell_where_there_are_only_amounts(turns: int) -> None:
    paper = picture(drawn(AMOUNTS), 200)
    assert turn(as_shown(paper.rotate(90 * turns, expand=True))) == Turn(turns, True)


@pytest.mark.parametrize("turns", range(4))
def test_the_page_is_taken_as_it_is_displayed(turns: int) -> None:
    paper = picture(drawn(INVOICE), 200).rotate(90 * turns, expand=True)
    display = (Affine(1, 0, 0, 1), Affine(0, 1, -1, 0), Affine(-1, 0, 0, -1), Affine(0, -1, 1, 0))[turns]
    assert turn(Picture(np.ascontiguousarray(paper), display)) == Turn(0, True)


def test_a_page_with_hardly_any_print_is_left_as_it_is() -> None:
    assert turn(as_shown(picture(drawn((Text(100, 400, "Bijlage 3"),))))) == Turn(0, False)


def test_capitals_alone_do_not_make_sure() -> None:
    words = tuple(Text(60, 780 - 30 * row, "HELEMAAL ZONDER ONDERKAST EN KOMMAS") for row in range(12))
    assert not turn(as_shown(picture(drawn(words)))).sure
