from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanstraat.delivery.overview_page import CUT, MOST_ATTACHMENTS, MOST_PAGES, overview_pdf, wrapped
from scanstraat.model.delivery import Overview
from scanstraat.model.mail import Origin
from tests.delivery.samples import OVERVIEW


def _texts(overview: Overview) -> list[str]:
    with pdfium.PdfDocument(overview_pdf(overview)) as pdf:
        return [str(pdf[i].get_textpage().get_text_range()).replace("\r\n", "\n") for i in range(len(pdf))]


@pytest.mark.rule("F2")
def test_the_overview_shows_all_that_is_asked_for() -> None:
    (text,) = _texts(OVERVIEW)
    for shown in (OVERVIEW.sender, OVERVIEW.recipient, OVERVIEW.subject, *OVERVIEW.attachments, *OVERVIEW.text.split("\n")):
        assert shown in text
    assert "2026-11-21 14:03:05 UTC+01:00" in text


@pytest.mark.rule("F2")
@pytest.mark.parametrize(
    ("zone", "shown"), [(UTC, "14:03:05 UTC"), (timezone(-timedelta(hours=3, minutes=30)), "14:03:05 UTC-03:30")]
)
def test_the_time_is_that_of_the_sender_s_zone(zone: timezone, shown: str) -> None:
    (text,) = _texts(replace(OVERVIEW, sent_at=datetime(2026, 11, 21, 14, 3, 5, tzinfo=zone)))
    assert shown in text


@pytest.mark.rule("F2", "A5")
def test_what_was_forwarded_is_shown_beside_who_forwarded_it() -> None:
    origins = (
        Origin("Bakker <f@bakker.example>", "Factuur 5", "2026-03-31T23:30:00+02:00"),
        Origin("x@y.example", sent="2026-03-30"),
    )
    (text,) = _texts(replace(OVERVIEW, origins=origins))
    assert OVERVIEW.sender in text
    for shown in ("Bakker <f@bakker.example>", "2026-03-31 23:30:00 UTC+02:00", "Factuur 5", "x@y.example", "2026-03-30"):
        assert shown in text
    many = _texts(replace(OVERVIEW, origins=origins * 500))
    assert len(many) <= 2


@pytest.mark.rule("F2")
def test_a_long_text_flows_over_pages_and_loses_nothing() -> None:
    lines = [f"regel {number} van de tekst" for number in range(300)]
    pages = _texts(replace(OVERVIEW, text="\n".join(lines)))
    assert len(pages) > 3
    assert [line for page in pages for line in page.split("\n") if line.startswith("regel ")] == lines
    assert CUT not in pages[-1]


@pytest.mark.rule("F2")
def test_an_endless_text_is_cut_and_says_so() -> None:
    pages = _texts(replace(OVERVIEW, text="woord " * 200_000))
    assert len(pages) == MOST_PAGES
    assert CUT in pages[-1]
    assert CUT not in pages[-2]


def test_a_text_of_one_line_less_than_too_much_is_not_cut() -> None:
    lengths = [len(_texts(replace(OVERVIEW, text="x\n" * count))) for count in (1, 2)]
    assert lengths == [1, 1]
    rows = next(n for n in range(30, 80) if len(_texts(replace(OVERVIEW, text="x\n" * n))) == 2)
    a_page = next(n for n in range(rows + 1, rows + 100) if len(_texts(replace(OVERVIEW, text="x\n" * n))) == 3) - rows
    full = rows - 1 + a_page * (MOST_PAGES - 1)
    exact, over = (_texts(replace(OVERVIEW, text="x\n" * count)) for count in (full, full + 1))
    assert (len(exact), CUT in exact[-1]) == (MOST_PAGES, False)
    assert (len(over), CUT in over[-1]) == (MOST_PAGES, True)


@pytest.mark.rule("F2")
def test_many_attachments_are_counted() -> None:
    pages = _texts(replace(OVERVIEW, attachments=tuple(f"bijlage{n}.pdf" for n in range(MOST_ATTACHMENTS + 7))))
    text = "\n".join(pages)
    assert f"bijlage{MOST_ATTACHMENTS - 1}.pdf" in text
    assert "and 7 more" in text
    assert OVERVIEW.text.split("\n")[0] in text


def test_a_mail_without_attachments_says_so() -> None:
    assert "none" in _texts(replace(OVERVIEW, attachments=()))[0]


_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


@settings(max_examples=100, deadline=None)
@given(_TEXT, _TEXT, _TEXT, st.datetimes(timezones=st.timezones()))
def test_any_mail_has_an_overview(sender: str, subject: str, text: str, sent_at: datetime) -> None:
    assert len(_texts(Overview(sender, "", sent_at, subject, text, (sender,)))) >= 1


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P")) | st.just(" "), max_size=200), st.floats(20, 400))
def test_wrapping_loses_no_word(line: str, width: float) -> None:
    pieces = list(wrapped(line, width))
    assert "".join("".join(pieces).split()) == "".join(line.split())


def test_words_are_kept_whole_where_they_fit() -> None:
    line = "Beste administratie, hierbij ontvangt u de factuur van november voor de bestelling van vorige week. " * 3
    pieces = list(wrapped(line, 300))
    assert len(pieces) > 3
    assert " ".join(pieces).split() == line.split()
