"""Places of a scan are read a second time by themselves, whatever else is on the page and however it lies."""

from __future__ import annotations

import pytest
from PIL import Image

from scanstraat.bounded import Child
from scanstraat.model.look import Look, Place
from scanstraat.model.page import Box, Page, Word
from scanstraat.reading import crops
from scanstraat.reading.crops import Looker
from scanstraat.reading.engines import Recipe
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings
from tests.reading.paper import INVOICE, Text, drawn, picture, scanned, skewed, spoilt

IBAN, NUMBER, TOTAL = "NL91ABNA0417164300", "2026-00417", "490,50"


@pytest.fixture(scope="module", params=["tesserocr", "ppocr"])
def looker(child: Child, request: pytest.FixtureRequest) -> Looker:
    """What looks again where the page was read by either engine."""
    return Looker(child, Settings(ocr_engine=request.param))


@pytest.fixture(scope="module")
def paper() -> Image.Image:
    return picture(drawn(INVOICE))


def word(page: Page, text: str) -> Word:
    """The word of a page with this text."""
    return next(w for w in page.words if w.text == text)


def said(look: Look) -> str:
    """What was seen, as text."""
    return " ".join(w.text for w in look.words)


def test_a_place_is_read_as_printed_with_its_box_on_the_page(reader: Reader, looker: Looker, paper: Image.Image) -> None:
    pdf = scanned(paper)
    (page,) = reader.read(pdf)
    places = tuple(Place(1, word(page, text).box) for text in (IBAN, NUMBER, TOTAL))
    looks = looker.look(pdf, places)
    assert [said(look) for look in looks] == [IBAN, NUMBER, TOTAL]
    for look in looks:
        (seen,) = look.words
        wanted = look.place.box
        assert 0.75 < seen.confidence <= 1
        assert abs(seen.box.x0 - wanted.x0) < 3
        assert abs(seen.box.x1 - wanted.x1) < 3
        assert abs(seen.box.middle[1] - wanted.middle[1]) < 2


def test_words_of_one_place_keep_their_order_and_their_own_boxes(reader: Reader, looker: Looker, paper: Image.Image) -> None:
    pdf = scanned(paper)
    (page,) = reader.read(pdf)
    (look,) = looker.look(pdf, (Place(1, word(page, "IBAN").box.united(word(page, "ABNANL2A").box)),))
    assert said(look) == f"IBAN {IBAN} BIC ABNANL2A"
    assert all(a.box.x1 <= b.box.x0 for a, b in zip(look.words, look.words[1:], strict=False))


@pytest.mark.parametrize("degrees", [-2.0, 1.5])
def test_print_that_slants_is_read_along_its_slope(looker: Looker, degrees: float) -> None:
    text = "Rekening NL91ABNA0417164300 ten name van Bakkerij"
    straight = drawn((Text(60, 431, text),))
    pdf = scanned(spoilt(skewed(picture(straight), degrees), 0.001))
    slope = -degrees * 3.14159 / 180
    middle = 60 + 250 / 2
    y = 842 - 431 - 4 + slope * (middle - 297.5)
    (look,) = looker.look(pdf, (Place(1, Box(60, y - 7, 310, y + 7), slope),))
    assert IBAN in said(look)


def test_where_there_is_no_print_nothing_is_seen(looker: Looker, paper: Image.Image) -> None:
    (look,) = looker.look(scanned(spoilt(paper, 0.002)), (Place(1, Box(60, 400, 200, 414)),))
    assert look.words == ()


@pytest.mark.parametrize(
    "place",
    [
        Place(2, Box(60, 90, 200, 100)),
        Place(0, Box(60, 90, 200, 100)),
        Place(1, Box(60, 90, 60, 100)),
        Place(1, Box(60, 90, 200, 90.5)),
        Place(1, Box(60, 90, 1e9, 100)),
        Place(1, Box(float("nan"), 90, 200, 100)),
        Place(1, Box(60, 90, 200, 100), float("inf")),
    ],
)
def test_a_place_that_makes_no_sense_is_left_out(looker: Looker, paper: Image.Image, place: Place) -> None:
    assert looker.look(scanned(paper), (place,)) == ()


def test_a_place_over_the_edge_of_the_page_harms_nothing(looker: Looker, paper: Image.Image) -> None:
    looks = looker.look(scanned(paper), (Place(1, Box(-80, -20, 60, -5)), Place(1, Box(580, 830, 700, 850))))
    assert [look.words for look in looks] == [(), ()]


def test_no_more_places_are_looked_at_than_a_page_may_have(looker: Looker, paper: Image.Image) -> None:
    many = tuple(Place(1, Box(60, 20.0 * i + 10, 90, 20.0 * i + 20)) for i in range(crops.MOST + 5))
    assert len(looker.look(scanned(paper), many)) == crops.MOST


def test_nothing_is_begun_once_the_time_is_over(paper: Image.Image) -> None:
    assert crops.look(scanned(paper), (Place(1, Box(60, 90, 200, 100)),), Recipe(), -1.0) == ()


@pytest.mark.rule("B9")
def test_a_file_that_cannot_be_looked_at_gives_no_looks(looker: Looker) -> None:
    assert looker.look(b"%PDF-1.7 nothing", (Place(1, Box(60, 90, 200, 100)),)) == ()
