"""SIGKILL at every durable step of an act: all of it is there or nothing, and it is done again without harm."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from uuid import UUID

import pytest

from scanstraat import failpoint
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.review import Actor
from scanstraat.pipeline.review import acts
from scanstraat.records import connection, models
from tests.pipeline.review.at_the_desk import (
    LATER,
    NOW,
    TASKS,
    UNDO,
    Page,
    accepted,
    drops,
    in_review,
    is_balanced,
    person,
    run,
    shy,
    state_of,
    taken,
    violations,
)

# Before its commit nothing of an act is there, after it all.
ACCEPT = {"review.decided": False, "review.sent": False, "review.accept": False, "review.commit": False, "review.committed": True}
UNDO_POINTS = {"review.undo": False, "review.undone": True}
SPLIT = {"review.cut": False, "review.split": False, "review.commit": False}


def killed(point: str, doing: Callable[[], object]) -> None:
    """Do it in a process that is killed where it comes by this point."""
    connection.disconnect()  # no connection lives in two processes
    child = os.fork()
    if child == 0:
        failpoint.set_hook(lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == point else None)
        try:
            doing()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def traced(doing: Callable[[], object]) -> set[str]:
    """The points of the desk that it comes by."""
    names: list[str] = []
    failpoint.set_hook(names.append)
    try:
        doing()
    finally:
        failpoint.set_hook(None)
    return {name for name in names if name.startswith("review.")}


def _at_the_desk(administration: Administration) -> tuple[Administration, Actor, UUID, UUID]:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (Page("2026-0412", "1.233,23"), Page()))
    taken(document, anna)
    return owner, anna, mail, document


def test_these_are_all_the_steps_there_are(administration: Administration) -> None:
    _, anna, _, document = _at_the_desk(administration)
    assert traced(lambda: accepted(document, anna)) == set(ACCEPT)
    assert traced(lambda: acts.undo(anna, NOW, TASKS)) == set(UNDO_POINTS)
    assert traced(lambda: acts.split(document, anna, 2, NOW, TASKS)) == set(SPLIT)


@pytest.mark.rule("F8", "E3")
@pytest.mark.parametrize("point", ACCEPT)
def test_accepting_may_be_killed_at_any_step(administration: Administration, point: str) -> None:
    owner, anna, mail, document = _at_the_desk(administration)
    before = models.Document.objects.filter(id=document).values().get()
    killed(point, lambda: accepted(document, anna))
    is_done = ACCEPT[point]
    assert models.ReviewAct.objects.filter(document=document).count() == is_done
    assert models.Task.objects.filter(subject=document, state="waiting").count() == is_done
    assert models.Supplier.objects.filter(administration_id=owner.id).count() == is_done
    if is_done:
        with pytest.raises(Refused, match="not-in-review"):
            accepted(document, anna)
    else:
        assert models.Document.objects.filter(id=document).values().get() == before
        accepted(document, anna)
    run(mail, LATER)
    assert state_of(document) == "delivered"
    assert len(drops(owner)) == 2
    assert models.Supplier.objects.filter(administration_id=owner.id).count() == 1
    assert violations(owner) == []


@pytest.mark.rule("F8")
@pytest.mark.parametrize("point", UNDO_POINTS)
def test_undoing_may_be_killed_at_any_step(administration: Administration, point: str) -> None:
    owner, anna, mail, document = _at_the_desk(administration)
    accepted(document, anna)
    killed(point, lambda: acts.undo(anna, NOW, TASKS))
    assert state_of(document) == ("in-review" if UNDO_POINTS[point] else "decided")
    run(mail, LATER)
    assert len(drops(owner)) == (0 if UNDO_POINTS[point] else 2)
    assert violations(owner) == []


@pytest.mark.rule("B4")
@pytest.mark.parametrize("point", SPLIT)
def test_splitting_may_be_killed_at_any_step(administration: Administration, point: str) -> None:
    owner, anna, mail, document = _at_the_desk(administration)
    killed(point, lambda: acts.split(document, anna, 2, NOW, TASKS))
    assert models.Document.objects.filter(mail_id=mail).count() == 1
    assert violations(owner) == []
    acts.split(document, anna, 2, NOW, TASKS)
    run(mail, NOW + UNDO)
    assert violations(owner) == []
    assert is_balanced(owner)
