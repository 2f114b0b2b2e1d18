"""Whatever a PDF holds, the reader gives pages or a refusal, and the next file is read as ever."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanstraat.errors import Refused
from scanstraat.model.page import Page
from scanstraat.reading.reader import Reader
from tests.reading.paper import INVOICE, LINES, drawn, lines, picture, scanned, without_mapping

SMALL = (INVOICE[1],)
SEEDS = (drawn(SMALL), scanned(picture(drawn(SMALL), 60).crop((40, 60, 260, 80)), dpi=60), without_mapping(SMALL)[-3000:])
TOKENS = (
    b"0",
    b"-1",
    b"99999999999",
    b"/Filter",
    b"<<",
    b">>",
    b"[",
    b"stream",
    b"endobj",
    b"1 0 R",
    b"/Length",
    b"/Kids",
    b"NaN",
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 12))):
        at = draw(st.integers(0, len(content) - 1))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            content[at] = draw(st.integers(0, 255))
        elif kind == 1:
            content[at:at] = draw(st.sampled_from(TOKENS))
        elif kind == 2:
            del content[at : at + draw(st.integers(1, 200))]
            content = content or bytearray(b"%PDF")
        else:
            length = draw(st.integers(1, 400))
            content[at:at] = content[at : at + length]
    return bytes(content)


@pytest.mark.rule("B9")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(content=mutated())
def test_a_spoilt_file_gives_pages_or_a_refusal(reader: Reader, content: bytes) -> None:
    try:
        pages = reader.read(content)
    except Refused as refused:
        said = (refused.code, refused.message, refused.next_step)
    else:
        said = tuple(word.text for page in pages for word in page.words)
        assert pages
        assert all(isinstance(page, Page) for page in pages)
        assert all(0 <= word.confidence <= 1 for page in pages for word in page.words)
    assert all(text.strip() for text in said)


def test_the_reader_works_on_after_all_that(reader: Reader) -> None:
    assert lines(reader.read(drawn(INVOICE))[0]) == LINES


def looping() -> bytes:
    """A page whose group draws itself."""
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        "<</Length 6>>stream\n/X Do \nendstream",
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 12/Resources<</XObject<</X 5 0 R>>>>>>stream\n/X Do /X Do \nendstream",
    )
    body = "%PDF-1.4\n" + "".join(f"{n} 0 obj{content}endobj\n" for n, content in enumerate(objects, 1))
    return f"{body}trailer<</Root 1 0 R>>\n%%EOF".encode()


@pytest.mark.rule("B9")
def test_a_group_that_draws_itself_ends(reader: Reader) -> None:
    assert len(reader.read(looping())) == 1
