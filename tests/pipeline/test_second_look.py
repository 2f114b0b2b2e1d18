"""A second look is taken only where one is wanted, file by file, and never takes away what the first gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from scanstraat.bounded import Child, Limits
from scanstraat.delivery.pdf import SourcePages
from scanstraat.errors import Refused
from scanstraat.extractors.second_opinion import FirstLook, first_look, second_look
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Method, Reading, Readings
from scanstraat.model.look import Look, Place
from scanstraat.model.page import Box, Page, PageSource, Word
from scanstraat.pipeline.second_look import Eyes, looked_again, recognised
from scanstraat.reading.crops import Looker

OWN = OwnIdentity()
BOX = Box(10, 10, 90, 20)
FIRST = Readings((Reading(FieldName.TOTAL, "1.00", 0.4, method=Method.OCR),))
SECOND = Readings((Reading(FieldName.TOTAL, "121.00", 0.98, method=Method.OCR),))


class Words:
    """Stands for the child that reads words: `first` is what the first look gives; it notes what the second is given."""

    def __init__(self, first: FirstLook, refuses: bool = False) -> None:
        self.first, self.refuses, self.taken = first, refuses, cast("tuple[Look, ...] | None", None)

    def call(self, function: Callable[..., Any], limits: Limits, *args: Any) -> Any:
        """As `Child.call`."""
        if function is first_look:
            return self.first
        assert function is second_look
        if self.refuses:
            raise Refused("parser-slow", "slow")
        self.taken = args[1]
        return SECOND


class Crops:
    """Stands for the looker: sees `text` everywhere, nothing where that is empty; it notes what it was asked."""

    def __init__(self, text: str = "121,00") -> None:
        self.text, self.asked = text, cast("list[tuple[bytes, tuple[Place, ...]]]", [])

    def look(self, pdf: bytes, places: tuple[Place, ...]) -> tuple[Look, ...]:
        """As `Looker.look`."""
        self.asked.append((pdf, places))
        return tuple(Look(p, (Word(self.text, p.box),) if self.text else ()) for p in places)


def page(number: int) -> Page:
    return Page(number, 595, 842, PageSource.OCR)


def seen(
    first: FirstLook, sources: tuple[SourcePages, ...], crops: Crops, refuses: bool = False
) -> tuple[Readings, tuple[Look, ...] | None]:
    """The readings, and the looks that the second judging was given."""
    words = Words(first, refuses)
    eyes = Eyes(cast(Child, words), cast(Looker, crops), Limits(1, 1))
    pages = tuple(p for source in sources for p in source.pages)
    return recognised(pages, OWN, lambda: sources, eyes), words.taken


def test_where_all_is_sure_nothing_is_fetched_and_nothing_looked_at() -> None:
    def never() -> tuple[SourcePages, ...]:
        pytest.fail("the files were asked for")

    crops = Crops()
    eyes = Eyes(cast(Child, Words(FirstLook(FIRST))), cast(Looker, crops), Limits(1, 1))
    assert recognised((page(1),), OWN, never, eyes) == FIRST
    assert crops.asked == []


@pytest.mark.rule("C7")
def test_what_was_unsure_is_looked_at_and_judged_again() -> None:
    crops = Crops()
    readings, taken = seen(FirstLook(FIRST, (Place(1, BOX),)), (SourcePages(b"a", (page(1),)),), crops)
    assert readings == SECOND
    assert taken == (Look(Place(1, BOX), (Word("121,00", BOX),)),)


def test_each_place_is_looked_at_in_its_own_file_by_the_number_the_page_has_there() -> None:
    sources = (SourcePages(b"a", (page(4), page(7))), SourcePages(b"b", (page(1),)), SourcePages(b"c", (page(9),)))
    crops = Crops()
    _, taken = seen(FirstLook(FIRST, (Place(3, BOX), Place(2, BOX, 0.01))), sources, crops)
    assert crops.asked == [(b"a", (Place(7, BOX, 0.01),)), (b"b", (Place(1, BOX),))]
    assert taken is not None
    assert [look.place for look in taken] == [Place(2, BOX, 0.01), Place(3, BOX)]


def test_where_nothing_was_seen_the_first_readings_stand() -> None:
    readings, taken = seen(FirstLook(FIRST, (Place(1, BOX),)), (SourcePages(b"a", (page(1),)),), Crops(""))
    assert (readings, taken) == (FIRST, None)


def test_where_the_second_judging_is_refused_the_first_readings_stand() -> None:
    first = FirstLook(FIRST, (Place(1, BOX),))
    readings, _ = seen(first, (SourcePages(b"a", (page(1),)),), Crops(), refuses=True)
    assert readings == FIRST


def test_the_same_looks_give_the_same_readings_each_time() -> None:
    first, sources = FirstLook(FIRST, (Place(1, BOX),)), (SourcePages(b"a", (page(1),)),)
    eyes = Eyes(cast(Child, Words(first)), cast(Looker, Crops()), Limits(1, 1))
    results = [looked_again(first, (page(1),), OWN, lambda: sources, eyes) for _ in range(2)]
    assert results[0] == results[1]
