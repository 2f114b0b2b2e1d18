"""Archived, discarded, rejected: each waits for the time of undoing, ends once, and comes back to the desk when asked for."""

from __future__ import annotations

import pytest

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
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
    is_balanced,
    person,
    run,
    shy,
    state_of,
    taken,
    violations,
)

INVOICE = Page("2026-0412", "1.233,23")
CONTACTS = ("boekhouding@bakker.example", "piet@bakker.example")


def _letters(owner: Administration) -> list[tuple[str, str, str]]:
    rows = models.Letter.objects.filter(administration_id=owner.id).order_by("created_at", "recipient")
    return list(rows.values_list("purpose", "recipient", "text"))


@pytest.mark.rule("G1")
def test_what_is_sent_to_the_archive_is_filed_and_told_of(administration: Administration) -> None:
    owner, anna = shy(administration, contacts=CONTACTS[:1]), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    acts.archive(document, anna, Kind.STATEMENT, NOW, NOW + UNDO, TASKS)
    assert (state_of(document), run(mail)) == ("decided", 0)
    run(mail, LATER)
    row = models.Document.objects.get(id=document)
    assert (row.state, row.kind, row.category) == ("archived", "statement", "Other material / Statements of account")
    assert [purpose for purpose, _, _ in _letters(owner)] == ["archived"]
    assert models.Supplier.objects.filter(administration_id=owner.id).count() == 0
    assert violations(owner) == []
    assert is_balanced(owner)


def test_the_administration_hears_why_a_document_was_rejected_each_time_that_it_is(administration: Administration) -> None:
    owner, anna = shy(administration, contacts=CONTACTS), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    acts.reject(document, anna, "  Not for this\n company: see https://evil.example/x ", NOW, NOW + UNDO, TASKS)
    assert _letters(owner) == []
    run(mail, LATER)
    assert state_of(document) == "rejected"
    (first, second) = _letters(owner)
    assert [first[:2], second[:2]] == [("rejected", contact) for contact in CONTACTS]
    assert "De reden: Not for this company: see evil[.]example/x" in first[2]
    assert "Factuur: Bakkerij De Korenaar B.V., 2026-0412" in first[2]
    assert models.MailEvent.objects.filter(mail_id=mail, event="rejected", text__contains="Not for this company").exists()
    acts.bring_back(document, anna, LATER)
    taken(document, anna, LATER)
    acts.reject(document, anna, "It is for another company.", LATER, LATER, TASKS)
    run(mail, LATER)
    assert len(_letters(owner)) == 4
    assert violations(owner) == []


def test_a_rejection_needs_a_reason(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    with pytest.raises(Refused, match="no-reason"):
        acts.reject(document, anna, " \n ", NOW, NOW + UNDO, TASKS)
    assert state_of(document) == "in-review"


@pytest.mark.rule("B8")
def test_what_was_put_away_can_be_brought_back_and_go_another_way(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    ways = (
        ("archived", lambda: acts.archive(document, anna, Kind.OTHER, LATER, LATER, TASKS)),
        ("discarded", lambda: acts.discard(document, anna, Kind.ADVERTISING, LATER, LATER, TASKS)),
        ("rejected", lambda: acts.reject(document, anna, "Why not.", LATER, LATER, TASKS)),
    )
    for state, send in ways:
        send()
        run(mail, LATER)
        row = models.Document.objects.get(id=document)
        assert (row.state, row.ended_at) == (state, LATER)
        assert violations(owner) == []
        acts.bring_back(document, anna, LATER)
        row = models.Document.objects.get(id=document)
        assert (row.state, row.reason, row.ended_at, row.category, row.pdf_sha256) == ("in-review", "brought-back", None, "", "")
        assert row.queued_at == LATER
        assert violations(owner) == []
        taken(document, anna, LATER)
    accepted(document, anna, now=LATER)
    run(mail, LATER + UNDO)
    assert state_of(document) == "delivered"
    with pytest.raises(Refused, match="not-ended"):
        acts.bring_back(document, anna, LATER)
    assert violations(owner) == []
    assert is_balanced(owner)


@pytest.mark.rule("F3")
def test_the_overview_page_goes_with_the_last_that_is_still_to_be_delivered(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, papers = in_review(owner, *((Page(f"2026-04{n}", f"{n},00"),) for n in (11, 12, 13)))

    def carrying() -> list[int]:
        rows = models.Document.objects.filter(mail_id=mail, carries_overview=True)
        return list(rows.values_list("ordinal", flat=True))

    assert carrying() == [2]
    for document in papers:
        taken(document, anna)
    acts.reject(papers[2], anna, "Not ours.", NOW, NOW + UNDO, TASKS)
    assert carrying() == [1]
    acts.archive(papers[1], anna, Kind.OTHER, NOW, NOW + UNDO, TASKS)
    assert carrying() == [0], "an invoice goes before what is archived"
    acts.discard(papers[0], anna, Kind.ADVERTISING, NOW, NOW + UNDO, TASKS)
    assert carrying() == [1], "none is delivered: the last archived has it"
    run(mail, LATER)
    acts.bring_back(papers[2], anna, LATER)
    assert carrying() == [1], "the archived PDF has it already"
    taken(papers[2], anna, LATER)
    accepted(papers[2], anna, now=LATER)
    run(mail, LATER + UNDO)
    assert carrying() == [1]
    assert violations(owner) == []


@pytest.mark.rule("F3")
def test_who_is_composed_while_the_overview_page_comes_to_it_is_composed_again(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (first, second) = in_review(owner, (INVOICE,), (Page("2026-0413", "99,00"),))
    for document in (first, second):
        taken(document, anna)
    accepted(first, anna)
    claim = TASKS.claim(f"compose:{first}", "worker:1", LATER, LATER + HOLD)
    assert claim is not None
    from scanstraat.errors import Unavailable
    from scanstraat.pipeline.steps import compose_drop
    from tests.pipeline.review.at_the_desk import tools

    taken_by_worker = compose_drop.load(first, tools())
    acts.discard(second, anna, Kind.ADVERTISING, LATER, LATER, TASKS)
    with pytest.raises(Unavailable, match="changed-meanwhile"):
        compose_drop.keep(taken_by_worker, compose_drop.work(taken_by_worker, tools()), claim, LATER)
    TASKS.postpone(claim, "changed-meanwhile", LATER)
    run(mail, LATER)
    assert state_of(first) == "delivered"
    assert violations(owner) == []


def test_a_kind_that_a_person_gives_is_certain_and_the_document_stays(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    acts.change_kind(document, anna, Kind.CREDIT_NOTE, NOW)
    row = models.Document.objects.get(id=document)
    assert (row.state, row.kind, row.held_by_id) == ("in-review", "credit-note", anna.user)
    assert '"confidence":1.0' in row.value
    acts.change_kind(document, anna, Kind.QUOTE, NOW)
    row = models.Document.objects.get(id=document)
    assert (row.state, row.kind, row.action) == ("in-review", "quote", "review")
    assert violations(owner) == []
    accepted(document, anna, kind=Kind.QUOTE)
    run(mail, LATER)
    assert state_of(document) == "archived"


@pytest.mark.rule("C3")
def test_a_credit_note_by_a_persons_word_goes_out_as_one(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    acts.change_kind(document, anna, Kind.CREDIT_NOTE, NOW)
    assert accepted(document, anna, kind=Kind.CREDIT_NOTE).objections == ()
    run(mail, LATER)
    from scanstraat.settings import Settings

    (xml,) = (Settings.from_environment().home_path / "drops" / owner.drop).glob("*.xml")
    assert "<CreditNote" in xml.read_text()


def test_notes_stay_beside_the_document(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    _, (document,) = in_review(owner, (INVOICE,))
    acts.note(document, anna, " ask Piet ", NOW)
    acts.note(document, anna, "  ", NOW)
    assert list(models.Note.objects.filter(document_id=document).values_list("by", "text")) == [(anna.name, "ask Piet")]
    assert holding.hold(document, person(), NOW, NOW + HOLD)


def test_a_rejection_that_was_laid_aside_is_replayed_as_one(administration: Administration) -> None:
    owner, anna = shy(administration), person()
    mail, (document,) = in_review(owner, (INVOICE,))
    taken(document, anna)
    acts.reject(document, anna, "Not ours.", NOW, NOW + UNDO, TASKS)
    models.Document.objects.filter(id=document).update(state="parked", parked_from="decided", reason="parked", error="full")
    models.Task.objects.filter(subject=document).update(state="parked")
    assert violations(owner) == []
    assert acts.replay(document, anna, LATER, TASKS) == "reject"
    run(mail, LATER)
    assert state_of(document) == "rejected"
    assert violations(owner) == []
