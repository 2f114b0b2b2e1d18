"""The review page as the server answers it: content, rights, holds, what was typed is kept, and all without scripts too."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from scanstraat.model.administration import Administration
from scanstraat.model.field import FieldName
from scanstraat.model.people import Role
from scanstraat.records import documents, models, offices
from tests.desk import mailroom
from tests.desk.review import papers
from tests.desk.review.papers import SUPPLIERS, Invoice, iban_of
from tests.pipeline.review import at_the_desk

SignIn = Callable[..., Client]
TAGS = re.compile(r"<[^>]*>", re.VERBOSE)
INPUT = re.compile(r'name="(?P<name>(?:value|evidence|again)\.\w+)" (?:[ ]value="(?P<value>[^"]*)")?', re.VERBOSE)
HTMX = {"HX-Request": "true"}


def _at(name: str, document: UUID) -> str:
    return reverse(name, args=[document])


def _text(content: bytes) -> str:
    return " ".join(html.unescape(TAGS.sub(" ", content.decode())).split())


def _form(client: Client, document: UUID, **changed: str) -> dict[str, str]:
    """The form as the page has it, with some values typed over; `total` is `value.total`."""
    page = client.get(_at("review", document)).content.decode()
    found = {match["name"]: html.unescape(match["value"] or "") for match in INPUT.finditer(page)}
    credit = re.search(r'name="value.is_credit_note".*?value="(?P<value>\w+)" selected', page, re.DOTALL)
    found |= {"kind": "invoice", "value.is_credit_note": credit["value"] if credit else ""}
    return found | {f"value.{name}": text for name, text in changed.items()}


def _state(document: UUID) -> str:
    return models.Document.objects.get(id=document).state


@pytest.fixture
def invoice(administration: Administration) -> UUID:
    return papers.laid(administration, (Invoice(0, more=1),))[0]


@pytest.mark.rule("C7", "D5")
def test_each_field_says_how_sure_it_is_and_which_rule_filled_it(
    administration: Administration, invoice: UUID, signed_in: SignIn
) -> None:
    papers.decided(invoice, papers.other(FieldName.INVOICE_NUMBER, "2026-41OO", "2026-4100"))
    client = signed_in(administration, role=Role.OPERATOR)
    page = client.get(_at("review", invoice))
    text = _text(page.content)
    assert page.status_code == 200
    assert "Doubtful Looked at 44%" in text  # one of the two is shown, as it was looked at or not
    assert "Printed twice, not the same" in text
    assert "Alt 1 2026-4100 38%" in text
    assert "Rule D5" in text
    assert 'placeholder="2026-03-30"' in page.content.decode()  # filled, and so not given by leaving it there
    assert 'value="2026-41OO"' in page.content.decode()
    assert "It looks like invoice, but only 48% sure B7" in text
    assert administration.name in text
    order = [text.index(f" {label} ") for label in ("VAT number", "IBAN", "Invoice number", "Invoice date", "Due date", "Total")]
    assert order == sorted(order)


def test_the_words_of_all_pages_are_told_with_their_boxes(
    administration: Administration, invoice: UUID, signed_in: SignIn
) -> None:
    answer = signed_in(administration, role=Role.OPERATOR).get(_at("words", invoice))
    first, second = json.loads(answer.content)
    assert (first["n"], second["n"]) == (1, 2)
    placed = {text: (left, top, right, bottom) for text, left, top, right, bottom, _ in first["words"]}
    left, top, right, bottom = placed["FACTUUR"]
    assert 330 < left < right < 430
    assert 130 < top < bottom < 155


@pytest.mark.rule("I5")
@pytest.mark.parametrize("name", ["review", "words", "review-ahead"])
def test_nobody_reviews_what_is_of_another_office_or_without_the_right(
    administration: Administration, invoice: UUID, signed_in: SignIn, name: str
) -> None:
    assert signed_in(role=Role.OPERATOR).get(_at(name, invoice)).status_code == 403
    assert signed_in(administration, role=Role.OFFICE_USER).get(_at(name, invoice)).status_code == 403
    other = signed_in(_another(administration), role=Role.OPERATOR)
    assert other.get(_at(name, invoice)).status_code == 404
    for act in ("accept", "archive", "reject", "discard", "kind", "split", "merge", "reorder", "turn", "note", "take", "replay"):
        assert other.post(_at(f"review-{act}", invoice), {"kind": "invoice", "why": "x", "text": "x"}).status_code == 404
    assert _state(invoice) == "in-review"


def _another(administration: Administration) -> Administration:
    drop = f"{administration.drop}-other"
    return offices.open_administration(f"Office {drop}", replace(administration, name=drop, drop=drop), (f"{drop}@x.example",))


def test_what_another_has_open_is_shown_read_only_and_a_lead_takes_it_over(
    administration: Administration, invoice: UUID, signed_in: SignIn
) -> None:
    anna, ben, lead = (signed_in(administration, role=role) for role in (Role.OPERATOR, Role.OPERATOR, Role.LEAD))
    assert "has had this document open" not in _text(anna.get(_at("review", invoice)).content)
    seen = ben.get(_at("review", invoice)).content.decode()
    assert "has had this document open since" in seen
    assert "readonly" in seen
    assert "Take it over" not in seen
    assert ben.post(_at("review-take", invoice)).status_code == 404
    assert ben.post(_at("review-accept", invoice), _form(ben, invoice)).status_code == 409
    assert "Take it over" in lead.get(_at("review", invoice)).content.decode()
    assert lead.post(_at("review-take", invoice)).status_code == 200
    lost = anna.post(_at("review-accept", invoice), _form(anna, invoice, total="9,99"), headers=HTMX)
    assert lost.status_code == 409
    assert "has this document by now" in _text(lost.content)
    assert 'value="9,99"' in lost.content.decode()  # what was typed is kept
    assert anna.post(_at("review-renew", invoice)).status_code == 409
    assert lead.post(_at("review-renew", invoice)).status_code == 200


def test_a_page_that_is_left_hands_back_only_the_hold_it_knew(
    administration: Administration, invoice: UUID, signed_in: SignIn
) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    client.get(_at("review", invoice))
    before = models.Document.objects.get(id=invoice).held_until
    assert before
    client.get(_at("review", invoice))  # loaded again, which the browser does before it leaves the old page
    assert client.post(_at("review-hand-back", invoice), {"until": before.isoformat()}).status_code == 204
    row = models.Document.objects.get(id=invoice)
    assert row.held_by_id is not None
    assert row.held_until
    client.post(_at("review-hand-back", invoice), {"until": row.held_until.isoformat()})
    assert models.Document.objects.get(id=invoice).held_by_id is None


@pytest.mark.rule("C7")
def test_objections_come_back_at_their_fields_with_what_was_typed(
    administration: Administration, invoice: UUID, signed_in: SignIn
) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    form = _form(client, invoice, iban="NL91 ABNA 0417 1643 01")
    answer = client.post(_at("review-accept", invoice), form, headers=HTMX)
    assert answer.headers["HX-Retarget"] == "#read"
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert 'value="NL91 ABNA 0417 1643 01"' in shown
    assert re.search(r'id="value-iban"[^>]*aria-invalid="true"', shown)
    assert "do not hold" in shown
    assert client.post(_at("review-accept", invoice), form).status_code == 422  # and a browser without scripts
    assert _state(invoice) == "in-review"


@pytest.mark.rule("C7")
def test_what_was_pointed_at_is_kept_with_its_place(administration: Administration, invoice: UUID, signed_in: SignIn) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    place = json.dumps({"page": 1, "box": [430, 163, 470, 174], "raw": "2026-4100"})
    form = _form(client, invoice) | {"evidence.purchase_order": place, "value.purchase_order": "2026-4100"}
    client.post(_at("review-accept", invoice), form)
    assert _state(invoice) == "decided"
    reading = documents.get(invoice).completed
    assert reading
    order = reading.get(FieldName.PURCHASE_ORDER)
    assert order
    assert order.evidence
    assert (order.evidence.page, order.evidence.raw) == (1, "2026-4100")


def test_the_answer_to_an_accepted_document_is_the_next_one_held_already(
    administration: Administration, invoice: UUID, signed_in: SignIn
) -> None:
    (following,) = papers.laid(administration, (Invoice(1),), due=5)
    client = signed_in(administration, role=Role.OPERATOR)
    query = f"?administration={administration.id}"
    ahead = client.get(_at("review-ahead", invoice) + query).json()
    assert ahead["pictures"] == [reverse("picture", args=[following, 1])]
    assert models.Document.objects.get(id=following).held_by_id is None  # looking ahead takes nothing
    answer = client.post(_at("review-accept", invoice) + query, _form(client, invoice), headers=HTMX)
    assert answer.headers["HX-Push-Url"] == _at("review", following) + query
    shown = _text(answer.content)
    assert SUPPLIERS[1][0] in answer.content.decode()
    assert "Invoice 2026-4100 goes to the workflow. Undo" in shown
    assert models.Document.objects.get(id=following).held_by_id is not None
    done = client.post(_at("review-archive", following) + query, {"kind": "other"}, headers=HTMX)
    assert "All done" in _text(done.content)


@pytest.mark.rule("G1", "B8")
@pytest.mark.parametrize(
    ("act", "sent", "verdict"),
    [("archive", {"kind": "reminder"}, "archive"), ("reject", {"why": "Not ours."}, "reject"), ("discard", {}, "discard")],
)
def test_without_scripts_plain_forms_do_the_same(
    administration: Administration, invoice: UUID, signed_in: SignIn, act: str, sent: dict[str, str], verdict: str
) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    page = client.get(_at("review", invoice)).content.decode()
    assert f'action="{_at(f"review-{act}", invoice)}"' in page.partition("<noscript>")[2]
    query = f"?administration={administration.id}"
    answer = client.post(_at(f"review-{act}", invoice) + query, sent, follow=True)
    assert answer.redirect_chain == [(reverse("review-done") + query, 302)]
    assert "Undo" in _text(answer.content)
    row = models.Document.objects.get(id=invoice)
    assert (row.state, row.action) == ("decided", verdict)
    back = client.post(reverse("review-undo"), {"document": f"{invoice}"})
    assert back.status_code == 200
    assert _state(invoice) == "in-review"


def test_a_refusal_is_told_and_changes_nothing_on_the_page(
    administration: Administration, invoice: UUID, signed_in: SignIn
) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    client.get(_at("review", invoice))
    for act, sent in (
        ("reject", {"why": " "}),
        ("split", {"before_page": "9"}),
        ("reorder", {"order": "1,1"}),
        ("turn", {"page": "x"}),
    ):
        answer = client.post(_at(f"review-{act}", invoice), sent, headers=HTMX)
        assert answer.headers["HX-Reswap"] == "none", act
    assert _state(invoice) == "in-review"
    assert client.post(reverse("review-undo"), headers=HTMX).headers["HX-Reswap"] == "none"


def test_the_kind_is_changed_and_what_was_typed_stays(administration: Administration, invoice: UUID, signed_in: SignIn) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    form = _form(client, invoice, invoice_number="typed already") | {"kind": "reminder"}
    answer = client.post(_at("review-kind", invoice), form, headers=HTMX)
    assert 'value="typed already"' in answer.content.decode()
    assert "Goes to the archive." in _text(answer.content)
    assert models.Document.objects.get(id=invoice).kind == "reminder"


@pytest.mark.rule("B8")
def test_what_was_put_away_is_brought_back_from_its_page(administration: Administration, signed_in: SignIn) -> None:
    made = mailroom.deliver(administration, papers=(mailroom.Paper(mailroom.Kind.REMINDER, mailroom.REMINDER, match=None),))
    client, document = signed_in(administration, role=Role.OPERATOR), made.documents[0]
    assert client.get(_at("review", document)).status_code == 302  # to its ordinary page
    assert "Bring back to review" in client.get(_at("document", document)).content.decode()
    answer = client.post(_at("review-bring-back", document), follow=True)
    assert answer.status_code == 200
    assert _state(document) == "in-review"


def test_a_clock_that_ran_out_says_so(administration: Administration, invoice: UUID, signed_in: SignIn) -> None:
    models.Document.objects.filter(id=invoice).update(due_at=datetime.now(UTC) - timedelta(hours=3, minutes=5))
    shown = _text(signed_in(administration, role=Role.OPERATOR).get(_at("review", invoice)).content)
    assert "overdue" in shown


@pytest.mark.rule("I4")
def test_seeing_and_acting_is_in_the_audit_log(administration: Administration, invoice: UUID, signed_in: SignIn) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    client.get(_at("review", invoice))
    client.post(_at("review-reject", invoice), {"why": "Not ours."})
    name = User.objects.get(pk=client.session["_auth_user_id"]).get_username()
    acts = models.AuditEntry.objects.filter(actor=name, subject=f"document {invoice}").values_list("act", "detail")
    assert ("see-document", "") in acts
    assert ("review-reject", "Not ours.") in acts


def test_an_account_without_check_digits_is_typed_twice(administration: Administration, invoice: UUID, signed_in: SignIn) -> None:
    papers.decided(invoice, papers.doubtful(FieldName.IBAN, "hard to read", value=iban_of(3)))
    client = signed_in(administration, role=Role.OPERATOR)
    form = _form(client, invoice, iban=iban_of(0))
    answer = client.post(_at("review-accept", invoice), form, headers=HTMX).content.decode()
    assert re.search(r'<div class="again">', answer)  # shown, and hidden elsewhere
    client.post(_at("review-accept", invoice), form | {"again.iban": iban_of(0).lower()}, headers=HTMX)
    assert _state(invoice) == "decided"
    at_the_desk.run(models.Document.objects.get(id=invoice).mail_id, datetime.now(UTC) + timedelta(minutes=1))
    assert _state(invoice) == "delivered"
