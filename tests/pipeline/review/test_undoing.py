"""Undoing: all is as it was, as long as the line has not taken the document up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.model.field import FieldName
from scanstraat.model.review import Actor, Entry
from scanstraat.pipeline.review import acts, holding
from scanstraat.records import models
from tests.pipeline.review.at_the_desk import (
    HOLD,
    LATER,
    NOW,
    TASKS,
    UNDO,
    Page,
    accepted,
    in_review,
    person,
    run,
    shy,
    state_of,
    taken,
    violations,
)

INVOICE = Page("2026-0412", "1.233,23")
Columns = list[dict[str, Any]]

ACTS: dict[str, Callable[[UUID, Actor], object]] = {
    "accept": lambda d, by: accepted(d, by, (Entry(FieldName.INVOICE_NUMBER, "2026-0499"),)),
    "archive": lambda d, by: acts.archive(d, by, Kind.QUOTE, NOW, NOW + UNDO, TASKS),
    "discard": lambda d, by: acts.discard(d, by, Kind.ADVERTISING, NOW, NOW + UNDO, TASKS),
    "reject": lambda d, by: acts.reject(d, by, "Not ours.", NOW, NOW + UNDO, TASKS),
    "kind": lambda d, by: acts.change_kind(d, by, Kind.REMINDER, NOW),
    "turn": lambda d, by: acts.turn(d, by, 1, 90, NOW),
}


def rows_of(mail: UUID) -> Columns:
    """All documents of a mail as they are, but for how long they are held."""
    rows = models.Document.objects.filter(mail_id=mail).order_by("ordinal").values()
    return [{name: value for name, value in row.items() if name != "held_until"} for row in rows]


@pytest.mark.parametrize("act", ACTS)
def test_all_is_as_it_was(administration: Administration, act: str) -> None:
    owner, anna = shy(administration), person()
    mail, (_first, second) = in_review(owner, (INVOICE,), (Page("2026-0413", "99,00"),))
    taken(second, anna)
    before = rows_of(mail)
    ACTS[act](second, anna)
    assert rows_of(mail) != before
    assert acts.undo(anna, NOW, TASKS) == second
    assert rows_of(mail) == before
    assert not models.Supplier.objects.filter(administration_id=owner.id).exists()
    assert run(mail, LATER) == 0, "nobody carries it out any more"
    assert acts.undo(anna, NOW, TASKS) is None, "once"
    assert violations(owner) == []
    ACTS[act](second, anna)
    run(mail, LATER)
    assert violations(owner) == []


@pytest.mark.rule("F8")
@pytest.mark.parametrize("act", ["accept", "archive", "discard", "reject"])
def test_once_the_line_has_taken_it_up_it_is_too_late(administration: Administration, act: str) -> None:
    owner, anna = shy(administration), person()
    _mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    ACTS[act](document, anna)
    task = models.Task.objects.get(subject=document, state="waiting")
    assert TASKS.claim(task.id, "worker:1", LATER, LATER + HOLD) is not None
    with pytest.raises(Refused, match="cannot-undo"):
        acts.undo(anna, LATER, TASKS)
    assert state_of(document) == "decided"
    assert models.Task.objects.get(id=task.id).state == "claimed"


@pytest.mark.rule("F8")
def test_a_worker_who_was_put_off_writes_nothing_after_it_was_undone(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    accepted(document, anna)
    claim = TASKS.claim(f"compose:{document}", "worker:1", LATER, LATER + HOLD)
    assert claim is not None
    TASKS.postpone(claim, "the disk is full", LATER)
    assert acts.undo(anna, LATER, TASKS) == document
    assert TASKS.commit(claim, tuple, "worker:1", LATER, LATER + HOLD) is None
    assert state_of(document) == "in-review"
    accepted(document, anna, now=LATER)
    run(mail, LATER + UNDO)
    assert state_of(document) == "delivered"
    assert violations(owner) == []


@pytest.mark.rule("E3", "E6")
def test_what_was_put_into_the_register_is_taken_out_unless_another_document_names_it(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    suppliers = models.Supplier.objects.filter(administration_id=owner.id)
    _, (first, second) = in_review(owner, (INVOICE,), (Page("2026-0413", "99,00"),))
    for document in (first, second):
        taken(document, anna)
    accepted(first, anna)
    accepted(second, anna)
    acts.undo(anna, NOW, TASKS, first)
    assert suppliers.count() == 1, "the second document is of it"
    _, (third,) = in_review(owner, (Page("2026-0500", "10,00", iban="NL20 INGB 0001 2345 67"),))
    taken(third, anna)
    assert accepted(third, anna, answered=("new-account",)).objections == ()
    assert models.SupplierAccount.objects.filter(supplier__in=suppliers).count() == 2
    acts.undo(anna, NOW, TASKS)
    assert list(models.SupplierAccount.objects.filter(supplier__in=suppliers).values_list("number", flat=True)) == [
        "NL91ABNA0417164300"
    ]
    acts.undo(anna, NOW, TASKS, second)
    assert suppliers.count() == 1, "it was there before the second"


def test_only_his_own_last_act_on_it_is_undone(administration: Administration) -> None:
    owner, anna, berta = shy(administration), person(), person()
    _, (document,) = in_review(owner, (INVOICE,))
    assert acts.undo(anna, NOW, TASKS) is None
    taken(document, anna)
    acts.turn(document, anna, 1, 90, NOW)
    assert acts.undo(berta, NOW, TASKS) is None
    holding.take_from(document, berta, NOW, NOW + HOLD)
    with pytest.raises(Refused, match=r"cannot-undo: .*not in your hands"):
        acts.undo(anna, NOW, TASKS)
    acts.turn(document, berta, 1, 90, NOW)
    holding.take_from(document, anna, NOW, NOW + HOLD)
    with pytest.raises(Refused, match="cannot-undo: something was done"):
        acts.undo(anna, NOW, TASKS)


def test_acts_on_several_documents_are_undone_one_after_the_other(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, papers = in_review(owner, (INVOICE,), (Page("2026-0413", "99,00"),))
    for document in papers:
        taken(document, anna)
    before = rows_of(mail)
    acts.discard(papers[0], anna, Kind.ADVERTISING, NOW, NOW + UNDO, TASKS)
    acts.archive(papers[1], anna, Kind.OTHER, NOW, NOW + UNDO, TASKS)
    assert [acts.undo(anna, NOW, TASKS), acts.undo(anna, NOW, TASKS), acts.undo(anna, NOW, TASKS)] == [*papers[::-1], None]
    assert rows_of(mail) == before


@pytest.mark.rule("B4")
def test_what_is_cut_anew_is_undone_by_its_opposite(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _mail, (document,) = in_review(owner, (INVOICE, Page()))
    taken(document, anna)
    acts.split(document, anna, 2, NOW, TASKS)
    with pytest.raises(Refused, match=r"cannot-undo: .*Put the two together again"):
        acts.undo(anna, NOW, TASKS)


@pytest.mark.rule("B4")
def test_undoing_keeps_the_place_that_another_cut_gave_the_document(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _mail, (first, second) = in_review(owner, (INVOICE, Page()), (Page("2026-0413", "99,00"),))
    for document in (first, second):
        taken(document, anna)
    acts.archive(second, anna, Kind.OTHER, NOW, NOW + UNDO, TASKS)
    acts.split(first, anna, 2, NOW, TASKS)
    assert acts.undo(anna, NOW, TASKS, second) == second
    assert violations(owner) == []
    assert models.Document.objects.get(id=second).ordinal == 2
