"""A document's readings, with a second look at the places of scanned pages where the first was unsure.

Words are judged in one bounded process and crops of the scan read in another; both are told values and give values. Where all
that matters is sure, and on born-digital pages, there is no second look and nothing is paid for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from scanstraat.bounded import Child, Limits
from scanstraat.delivery.pdf import SourcePages
from scanstraat.errors import Refused
from scanstraat.extractors.second_opinion import FirstLook, first_look, second_look
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import Readings
from scanstraat.model.look import Look, Place
from scanstraat.model.page import Page
from scanstraat.reading.crops import Looker

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Eyes:
    """What reads words and what looks at crops."""

    words: Child
    looker: Looker
    limits: Limits


def recognised(pages: tuple[Page, ...], own: OwnIdentity, sources: Callable[[], tuple[SourcePages, ...]], eyes: Eyes) -> Readings:
    """What is read on a document's pages; `sources` gives the same pages with their PDFs, and is asked only where needed."""
    return looked_again(eyes.words.call(first_look, eyes.limits, pages, own), pages, own, sources, eyes)


def looked_again(
    first: FirstLook, pages: tuple[Page, ...], own: OwnIdentity, sources: Callable[[], tuple[SourcePages, ...]], eyes: Eyes
) -> Readings:
    """The readings of a first look, or of both where a second was wanted and gave something; a second never harms the first."""
    looks = tuple(_looks(sources(), first.places, eyes.looker)) if first.places else ()
    if not any(look.words for look in looks):
        return first.readings
    try:
        return eyes.words.call(second_look, eyes.limits, pages, looks, own)
    except Refused as error:
        _log.warning("the first readings stand: %s", error)
        return first.readings


def _looks(sources: tuple[SourcePages, ...], places: tuple[Place, ...], looker: Looker) -> Iterator[Look]:
    """The looks, file by file; a place names the document's page, a file has numbers of its own."""
    before = 0
    for source in sources:
        inside = [p for p in places if before < p.page <= before + len(source.pages)]
        ours = {source.pages[p.page - before - 1].number: p.page for p in inside}
        theirs = {page: number for number, page in ours.items()}
        if inside:
            for look in looker.look(source.pdf, tuple(replace(p, page=theirs[p.page]) for p in inside)):
                yield replace(look, place=replace(look.place, page=ours[look.place.page]))
        before += len(source.pages)
