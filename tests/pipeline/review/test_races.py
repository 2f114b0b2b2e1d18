"""Several persons and the line at the same documents at once: one of them gets it, and all adds up; on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest

from benchmarks.servers import PrivatePostgres
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.pipeline.review import acts, holding
from scanstraat.records import connection, models
from tests.pipeline.review.at_the_desk import (
    HOLD,
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

ROOT = Path(__file__).parents[3]
INVOICE = Page("2026-0412", "1.233,23")
SEVERAL = tuple((Page(f"2026-05{n:02}", f"{n},50"), Page()) for n in range(1, 5))


def at_once(*doings: Callable[[], object]) -> list[object]:
    """What each comes to, all begun at the same moment; a refusal is its code."""
    start = Barrier(len(doings))

    def do(doing: Callable[[], object]) -> object:
        try:
            start.wait()
            return doing()
        except Refused as refused:
            return refused.code
        finally:
            connection.disconnect()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(do, doings))


def test_a_document_is_held_by_one_of_many(administration: Administration) -> None:
    _, papers = in_review(shy(administration), *SEVERAL)
    people = [person() for _ in range(4)]
    held = at_once(*(lambda by=by: [d for d in papers if holding.hold(d, by, NOW, NOW + HOLD)] for by in people))
    assert Counter(d for those in held if isinstance(those, list) for d in those) == dict.fromkeys(papers, 1)
    assert all(holding.hold(papers[0], by, NOW + HOLD, NOW + 2 * HOLD) for by in people[:1]), "it ran out"
    assert not holding.hold(papers[0], people[1], NOW + HOLD, NOW + 2 * HOLD)


def test_a_hold_is_renewed_handed_back_and_taken_over(administration: Administration) -> None:
    _, (document,) = in_review(shy(administration), (INVOICE,))
    anna, berta = person(), person()
    taken(document, anna)
    assert holding.hold(document, anna, NOW, NOW + HOLD)
    assert holding.renew(document, anna, NOW, NOW + 2 * HOLD)
    assert not holding.renew(document, anna, NOW, NOW)
    assert not holding.hold(document, berta, NOW + HOLD, NOW + 2 * HOLD)
    holding.hand_back(document, berta)
    assert not holding.renew(document, berta, NOW, NOW + HOLD)
    holding.take_from(document, berta, NOW, NOW + HOLD)
    assert not holding.renew(document, anna, NOW, NOW + HOLD)
    said = models.MailEvent.objects.filter(event="reviewed").latest("id").text
    assert said == f"document 1: {berta.name} took it over from {anna.name}"
    holding.hand_back(document, berta)
    assert holding.hold(document, anna, NOW, NOW + HOLD)
    acts.discard(document, anna, Kind.ADVERTISING, NOW, NOW + UNDO, TASKS)
    assert not holding.hold(document, anna, NOW, NOW + HOLD)
    with pytest.raises(Refused, match="not-in-review"):
        holding.take_from(document, berta, NOW, NOW + HOLD)


@pytest.mark.rule("F8")
def test_accepting_twice_at_once_is_accepting_once(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, papers = in_review(owner, *SEVERAL)
    for document in papers:
        taken(document, anna)
        said = at_once(*(lambda document=document: accepted(document, anna).objections for _ in range(2)))
        assert sorted(map(str, said)) == ["()", "not-in-review"]
        assert models.ReviewAct.objects.filter(document=document).count() == 1
    run(mail, LATER)
    assert len(drops(owner)) == 2 * len(papers)
    assert models.Supplier.objects.filter(administration_id=owner.id).count() == 1
    assert violations(owner) == []


@pytest.mark.rule("F8")
def test_who_takes_it_over_and_who_accepts_it_do_not_both(administration: Administration) -> None:
    owner, anna, berta = shy(administration), person(), person()
    _, papers = in_review(owner, *SEVERAL)
    for document in papers:
        taken(document, anna)
        said = at_once(
            lambda d=document: accepted(d, anna).objections,
            lambda d=document: holding.take_from(d, berta, NOW, NOW + HOLD),
        )
        row = models.Document.objects.get(id=document)
        if row.state == "decided":
            assert said == [(), "not-in-review"]
        else:
            assert (said, row.held_by_id) == (["not-held", None], berta.user)


@pytest.mark.rule("E3", "E8")
def test_the_same_invoice_accepted_by_two_at_once_is_delivered_once(administration: Administration) -> None:
    owner, anna, berta = shy(administration), person(), person()
    for number in range(3):
        page = Page(f"2026-06{number}", "60,00")
        _, (first,) = in_review(owner, (page,))
        _, (second,) = in_review(owner, (page, Page()))
        models.Document.objects.filter(id__in=[first, second]).update(number="")  # neither is at the desk to the other
        taken(first, anna)
        taken(second, berta)
        said = at_once(lambda d=first: accepted(d, anna).objections, lambda d=second: accepted(d, berta).objections)
        assert sorted(bool(objections) for objections in said) == [False, True]
    assert models.Supplier.objects.filter(administration_id=owner.id).count() == 1


@pytest.mark.rule("F8")
def test_undoing_and_the_line_do_not_both_get_it(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    ended: Counter[str] = Counter()
    for number in range(6):
        mail, (document,) = in_review(owner, (Page(f"2026-07{number}", f"{70 + number},00"),))
        taken(document, anna)
        accepted(document, anna)
        work: Callable[[], object] = lambda m=mail: run(m, LATER)  # noqa: E731
        undo: Callable[[], object] = lambda d=document: acts.undo(anna, LATER, TASKS, d)  # noqa: E731
        _, undone = at_once(*((work, undo) if number % 2 else (lambda: None, undo)))
        state = state_of(document)
        assert (undone, state) in ((document, "in-review"), ("cannot-undo", "delivered"))
        ended[state] += 1
        assert violations(owner) == []
    assert len(drops(owner)) == 2 * ended["delivered"]
    assert is_balanced(owner)


@pytest.mark.rule("B4", "F3")
def test_acts_on_several_documents_of_a_mail_at_once_add_up(administration: Administration) -> None:
    owner = shy(administration)
    people = [person() for _ in SEVERAL]
    mail, papers = in_review(owner, *SEVERAL)
    for document, by in zip(papers, people, strict=True):
        taken(document, by)
    accepted(papers[0], people[0])
    a, b, c = papers[1:]
    said = at_once(
        lambda: run(mail, LATER),
        lambda: isinstance(acts.split(a, people[1], 2, LATER, TASKS), UUID),
        lambda: acts.archive(b, people[2], Kind.OTHER, LATER, LATER, TASKS),
        lambda: acts.reject(c, people[3], "Not ours.", LATER, LATER, TASKS),
    )
    assert said[1:] == [True, None, None]
    run(mail, LATER + timedelta(minutes=5))
    assert violations(owner) == []
    states = Counter(models.Document.objects.filter(mail_id=mail).values_list("state", flat=True))
    assert states == {"delivered": 1, "in-review": 2, "archived": 1, "rejected": 1}
    assert is_balanced(owner)


def test_all_acts_do_the_same_on_postgresql() -> None:
    names = ("test_races", "test_accepting", "test_undoing", "test_recutting", "test_refusing", "test_sending")
    with PrivatePostgres() as server:
        environment = {**os.environ, "DATABASE_URL": server.url}
        files = [str(Path(__file__).with_name(f"{name}.py")) for name in names]
        options = ("-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not postgresql")
        command = [sys.executable, "-m", "pytest", *options, *files]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
