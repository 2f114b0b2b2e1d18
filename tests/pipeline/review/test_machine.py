"""Whatever several persons do with a mail, in any order: nothing is lost, nothing is in two places, undoing restores exactly."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.pipeline.review.desk_machine import Desk


@pytest.mark.rule("A9", "B3", "B4", "F3", "F8")
def test_whatever_is_done_at_the_desk_adds_up(database: None) -> None:
    Desk.TestCase.settings = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    Desk.TestCase("runTest").runTest()
