"""Cut anew: every page stays in one document, the documents keep their order, and all comes back to the same hands."""

from __future__ import annotations

from uuid import UUID

import pikepdf
import pytest

from scanstraat.codec import from_json
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.document import Document, Kind
from scanstraat.model.verdict import Verdict
from scanstraat.pipeline.review import acts, holding
from scanstraat.records import models
from scanstraat.settings import Settings
from tests.pipeline.review.at_the_desk import (
    HOLD,
    LATER,
    NOW,
    TASKS,
    UNDO,
    Page,
    accepted,
    in_review,
    is_balanced,
    of_mail,
    pdf_of,
    person,
    run,
    sent,
    shy,
    state_of,
    taken,
    violations,
)

INVOICE = Page("2026-0412", "1.233,23")
OTHER = Page("2026-0413", "99,00")

pytestmark = pytest.mark.rule("B4")


def _value(document: UUID) -> Document:
    return from_json(models.Document.objects.get(id=document).value, Document)


def _pages(document: UUID) -> list[tuple[int, int]]:
    return [(ref.part, ref.page) for ref in _value(document).pages]


def _numbers(mail: UUID) -> list[str]:
    return [document.number for document in of_mail(mail)]


def test_two_invoices_in_one_become_two_which_are_read_anew_and_come_back(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (whole, last) = in_review(owner, (INVOICE, Page(), Page()), (OTHER,))
    taken(whole, anna)
    acts.turn(whole, anna, 2, 90, NOW)
    acts.note(whole, anna, "two in one", NOW)
    behind = acts.split(whole, anna, 2, NOW, TASKS)
    assert [document.id for document in of_mail(mail)] == [whole, behind, last]
    assert [document.ordinal for document in of_mail(mail)] == [0, 1, 2]
    assert (_pages(whole), _pages(behind)) == ([(1, 1)], [(1, 2), (1, 3)])
    assert (_value(whole).turns, _value(behind).turns) == ((), (90, 0))
    assert (state_of(whole), state_of(behind), state_of(last)) == ("sorted", "sorted", "in-review")
    assert violations(owner) == []
    assert is_balanced(owner)
    run(mail)
    for document in (whole, behind):
        row = models.Document.objects.get(id=document)
        assert (row.state, row.held_by_id) == ("in-review", anna.user)
        assert "recut" in {reason.code for reason in from_json(row.verdict, Verdict).reasons}
        assert row.due_at is not None
    assert models.Note.objects.get(document_id=whole).text == "two in one"
    assert violations(owner) == []
    assert models.Document.objects.get(mail_id=mail, carries_overview=True).id == last


def test_what_was_cut_comes_back_though_all_of_it_is_certain_by_then(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (whole,) = in_review(owner, (INVOICE, Page()))
    shy(owner, deliver_threshold=0.1)
    taken(whole, anna)
    behind = acts.split(whole, anna, 2, NOW, TASKS)
    run(mail)
    row = models.Document.objects.get(id=whole)
    assert (row.state, row.reason) == ("in-review", "recut")
    assert [reason.text for reason in from_json(row.verdict, Verdict).reasons] == [f"{anna.name} has cut it anew"]
    accepted(whole, anna)
    acts.reject(behind, anna, "a page too many", NOW, NOW + UNDO, TASKS)
    run(mail, LATER)
    assert (state_of(whole), state_of(behind)) == ("delivered", "rejected")
    assert violations(owner) == []


def test_two_are_put_together_in_the_order_asked_for(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (first, second, third) = in_review(owner, (INVOICE,), (OTHER,), (Page("2026-0414", "9,00"),))
    taken(second, anna)
    acts.turn(second, anna, 1, 180, NOW)
    acts.note(first, anna, "belongs to the next", NOW)
    acts.merge(second, anna, first, NOW, TASKS)
    assert [document.id for document in of_mail(mail)] == [second, third]
    assert [document.ordinal for document in of_mail(mail)] == [0, 1]
    assert (_pages(second), _value(second).turns) == ([(2, 1), (1, 1)], (180, 0))
    assert models.Note.objects.get(document_id=second).text == "belongs to the next"
    assert not models.Task.objects.filter(subject=first).exists()
    assert violations(owner) == []
    run(mail)
    assert state_of(second) == "in-review"
    assert models.Document.objects.get(mail_id=mail, carries_overview=True).id == third
    accepted(second, anna)
    run(mail, LATER)
    (pdf,) = (Settings.from_environment().home_path / "drops" / owner.drop).glob("*.pdf")
    with pikepdf.open(pdf) as opened:
        assert [int(page.obj.get("/Rotate", 0)) for page in opened.pages] == [180, 0]
    assert violations(owner) == []
    assert is_balanced(owner)


def test_split_and_merge_are_each_others_opposite(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (whole,) = in_review(owner, (INVOICE, Page(), Page()))
    taken(whole, anna)
    pages = _pages(whole)
    behind = acts.split(whole, anna, 3, NOW, TASKS)
    run(mail)
    acts.merge(whole, anna, behind, NOW, TASKS)
    run(mail)
    assert _pages(whole) == pages
    assert [document.id for document in of_mail(mail)] == [whole]
    assert violations(owner) == []
    assert is_balanced(owner)


def test_pages_in_another_order_take_their_turns_along_and_go_out_so(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE, Page(), Page()))
    taken(document, anna)
    acts.turn(document, anna, 3, 270, NOW)
    acts.turn(document, anna, 3, 180, NOW)
    acts.reorder(document, anna, (3, 1, 2), NOW, TASKS)
    assert (_pages(document), _value(document).turns) == ([(1, 3), (1, 1), (1, 2)], (90, 0, 0))
    run(mail)
    accepted(document, anna)
    run(mail, LATER)
    (pdf,) = (Settings.from_environment().home_path / "drops" / owner.drop).glob("*.pdf")
    with pikepdf.open(pdf) as opened:
        assert [int(page.obj.get("/Rotate", 0)) for page in opened.pages] == [90, 0, 0, 0], "and the overview page"
    assert violations(owner) == []


def test_a_turn_back_is_no_turn(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (document,) = in_review(owner, (INVOICE, Page()))
    taken(document, anna)
    for _ in range(4):
        acts.turn(document, anna, 1, 90, NOW)
    assert _value(document).turns == ()
    for page, degrees in ((0, 90), (3, 90), (1, 45)):
        with pytest.raises(Refused, match="cannot-turn"):
            acts.turn(document, anna, page, degrees, NOW)


def test_what_cannot_be_cut_is_refused_and_nothing_changes(administration: Administration) -> None:
    owner, anna, berta = shy(administration), person(), person()
    mail = sent(owner, pdf_of((INVOICE, Page())), pdf_of((OTHER,)), b"%PDF-1.4 broken")
    run(mail)
    _, (foreign,) = in_review(owner, (Page("2026-0900", "7,00"),))
    first, second, broken = (document.id for document in of_mail(mail))
    for document in (first, broken, foreign):
        taken(document, anna)
    taken(second, berta)
    before = list(models.Document.objects.filter(mail_id=mail).order_by("ordinal").values())
    refusals = (
        ("cannot-split", lambda: acts.split(first, anna, 1, NOW, TASKS)),
        ("cannot-split", lambda: acts.split(first, anna, 3, NOW, TASKS)),
        ("cannot-reorder", lambda: acts.reorder(first, anna, (1, 1), NOW, TASKS)),
        ("cannot-merge", lambda: acts.merge(first, anna, first, NOW, TASKS)),
        ("cannot-merge", lambda: acts.merge(first, anna, foreign, NOW, TASKS)),
        ("cannot-merge: .*" + berta.name, lambda: acts.merge(first, anna, second, NOW, TASKS)),
        ("cannot-merge: .*cannot be read", lambda: acts.merge(first, anna, broken, NOW, TASKS)),
    )
    for said, act in refusals:
        with pytest.raises(Refused, match=said):
            act()
    assert list(models.Document.objects.filter(mail_id=mail).order_by("ordinal").values()) == before
    holding.hand_back(second, berta)
    taken(second, anna)
    acts.archive(second, anna, Kind.OTHER, NOW, NOW + UNDO, TASKS)
    with pytest.raises(Refused, match=r"cannot-merge: .*the other is decided"):
        acts.merge(first, anna, second, NOW, TASKS)


def test_annexed_files_stay_with_the_first_and_go_along(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE, Page()))
    row = models.Document.objects.get(id=document)
    row.value = row.value.replace('"annexes":[]', '"annexes":[0]')
    row.save()
    taken(document, anna)
    behind = acts.split(document, anna, 2, NOW, TASKS)
    assert (_value(document).annexes, _value(behind).annexes) == ((0,), ())
    run(mail)
    acts.merge(behind, anna, document, NOW, TASKS)
    assert _value(behind).annexes == (0,)


def test_nobody_else_gets_it_while_it_is_read_anew(administration: Administration) -> None:
    owner, anna, berta = shy(administration), person(), person()
    mail, (document,) = in_review(owner, (INVOICE, Page()))
    taken(document, anna)
    behind = acts.split(document, anna, 2, NOW, TASKS)
    assert not holding.hold(document, berta, NOW, NOW + HOLD)
    assert holding.renew(behind, anna, NOW, NOW + HOLD)
    run(mail)
    assert not holding.hold(behind, berta, NOW, NOW + HOLD)
    assert holding.hold(behind, anna, NOW, NOW + HOLD)
