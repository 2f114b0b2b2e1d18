from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scanstraat.delivery.characters import legal
from scanstraat.delivery.names import checked_name, checked_token, make_stem
from scanstraat.errors import Inconsistent

WAYS_OUT = ["", ".", "..", "../x", "a/b", "/etc", ".hidden", "a\\b", "a\0b", "a\nb", "é", "a" * 101, "x/../../y", "-", "a b"]


@pytest.mark.rule("F4")
@pytest.mark.parametrize("name", WAYS_OUT)
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    with pytest.raises(Inconsistent, match="drop-name"):
        checked_name(name)


@given(st.text())
def test_a_checked_name_is_one_plain_part_of_a_path(name: str) -> None:
    safe = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name) is not None
    if safe:
        assert checked_name(name) == name
    else:
        with pytest.raises(Inconsistent):
            checked_name(name)


@pytest.mark.parametrize("token", ["", "a.b", "a/b", "..", "a" * 65])
def test_a_token_has_no_dot_and_no_slash(token: str) -> None:
    with pytest.raises(Inconsistent, match="drop-name"):
        checked_token(token)


@given(st.dates(), st.uuids())
def test_the_stem_of_any_document_is_a_safe_name(day: date, document: UUID) -> None:
    stem = make_stem(day, str(document))
    assert checked_name(stem) == stem
    assert stem.endswith(document.hex[-12:])


def test_an_id_without_letter_or_digit_has_no_stem() -> None:
    with pytest.raises(Inconsistent, match="drop-name"):
        make_stem(date(2026, 1, 1), "--")


@example("\ufffe\uffff\ud800\x00\x0b")
@given(st.text(st.characters(exclude_categories=())))
def test_legal_text_is_fit_for_xml_and_keeps_its_length(text: str) -> None:
    clean = legal(text)
    assert len(clean) == len(text)
    assert all(c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000" for c in clean)
