"""A drop that its consumer refused comes back to the desk; what is accepted then is a new drop, and that is all there is (F8)."""

from __future__ import annotations

import pytest

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.field import FieldName
from scanstraat.model.review import Entry
from scanstraat.pipeline.review import acts
from scanstraat.pipeline.review.refusing import take_back
from scanstraat.records import models
from tests.pipeline.review.at_the_desk import (
    LATER,
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

INVOICE = Page("2026-0412", "1.233,23")
pytestmark = pytest.mark.rule("F8")


def test_each_refused_drop_is_followed_by_one_of_another_name(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    accepted(document, anna)
    run(mail, LATER)
    (first,) = {name.partition(".")[0] for name in drops(owner)}
    for times in (1, 2):
        take_back(document, "The number is wrong.", LATER)
        row = models.Document.objects.get(id=document)
        assert (row.state, row.reason, row.held_by_id, row.pdf_sha256) == ("in-review", "refused", None, "")
        delivery = models.Delivery.objects.get(document_id=document)
        assert (delivery.refused_at, delivery.refusal, delivery.times) == (LATER, "The number is wrong.", times)
        assert violations(owner) == []
        with pytest.raises(Refused, match="not-delivered"):
            take_back(document, "Once more.", LATER)
        taken(document, anna, LATER)
        accepted(document, anna, (Entry(FieldName.INVOICE_NUMBER, f"2026-049{times}"),), now=LATER)
        run(mail, LATER + UNDO)
        delivery = models.Delivery.objects.get(document_id=document)
        assert (delivery.stem, delivery.times, delivery.refused_at, delivery.refusal) == (
            f"{first}-{times + 1}",
            times + 1,
            None,
            "",
        )
        assert state_of(document) == "delivered"
        assert violations(owner) == []
    assert [name for name in drops(owner) if name.endswith(".xml")] == [f"{first}-2.xml", f"{first}-3.xml", f"{first}.xml"]
    assert is_balanced(owner)


def test_what_was_refused_can_be_put_away_and_that_can_be_undone(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    accepted(document, anna)
    run(mail, LATER)
    take_back(document, "Not ours.", LATER)
    taken(document, anna, LATER)
    acts.reject(document, anna, "Not yours, it says.", LATER, LATER + UNDO, TASKS)
    assert acts.undo(anna, LATER, TASKS) == document
    assert violations(owner) == []
    acts.reject(document, anna, "Not yours, it says.", LATER, LATER, TASKS)
    run(mail, LATER)
    assert state_of(document) == "rejected"
    assert violations(owner) == []
    acts.bring_back(document, anna, LATER)
    taken(document, anna, LATER)
    accepted(document, anna, now=LATER)
    run(mail, LATER + UNDO)
    assert models.Delivery.objects.get(document_id=document).times == 2
    assert violations(owner) == []
    assert is_balanced(owner)


def test_what_is_not_delivered_cannot_be_refused(administration: Administration) -> None:
    owner = shy(administration)
    _, (document,) = in_review(owner, (INVOICE,))
    with pytest.raises(Refused, match="not-delivered"):
        take_back(document, "No.", LATER)


@pytest.mark.rule("B4")
def test_a_document_that_was_delivered_is_not_put_into_another(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (first, second) = in_review(owner, (INVOICE,), (Page("2026-0413", "99,00"),))
    taken(first, anna)
    accepted(first, anna)
    run(mail, LATER)
    take_back(first, "A page is missing.", LATER)
    for document in (first, second):
        taken(document, anna, LATER)
    with pytest.raises(Refused, match=r"cannot-merge: .*delivered before"):
        acts.merge(second, anna, first, LATER, TASKS)
    acts.merge(first, anna, second, LATER, TASKS)
    run(mail, LATER)
    accepted(first, anna, now=LATER)
    run(mail, LATER + UNDO)
    assert violations(owner) == []
    assert is_balanced(owner)
