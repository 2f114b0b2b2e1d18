from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.codec import from_json, from_msgpack, to_json, to_msgpack
from scanstraat.errors import Inconsistent
from scanstraat.model.page import Box


@dataclass(frozen=True, slots=True)
class Passed:
    at: datetime
    content: bytes
    boxes: tuple[Box, ...]


@pytest.mark.rule("D2")
@given(st.datetimes(), st.integers(-720, 720), st.binary())
def test_a_value_comes_back_whole_and_times_keep_their_zone(at: datetime, minutes: int, content: bytes) -> None:
    zone = timezone(timedelta(minutes=minutes))
    value = Passed(at.replace(tzinfo=zone), content, (Box(1, 2, 3, 4),))
    for back in (from_msgpack(to_msgpack(value), Passed), from_json(to_json(value), Passed)):
        assert back == value
        assert back.at.utcoffset() == timedelta(minutes=minutes)


def test_what_does_not_fit_the_type_is_told() -> None:
    with pytest.raises(Inconsistent, match="stored-value"):
        from_json(b"{}", Passed)
    with pytest.raises(Inconsistent, match="passed-value"):
        from_msgpack(b"\xc0", Passed)
