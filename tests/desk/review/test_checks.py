"""The live check of the review page, and the form it is posted with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.desk import spoken
from scanstraat.desk.review import forms
from scanstraat.desk.review.forms import filled_in
from scanstraat.errors import Refused
from scanstraat.extractors.typed.value import typed
from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.model.field import FieldName, Method, Reading, Readings
from scanstraat.model.page import Box
from scanstraat.model.people import Role
from scanstraat.model.review import Entry
from scanstraat.records import documents, models
from tests.desk import mailroom

SignIn = Callable[..., Client]
F = FieldName
READ = Readings(
    tuple(
        Reading(field, value, 0.98)
        for field, value in (
            (F.SUPPLIER_NAME, "Bakkerij De Korenaar B.V."),
            (F.VAT_NUMBER, "NL820471616B01"),
            (F.IBAN, "NL91ABNA0417164300"),
            (F.INVOICE_NUMBER, "2026-0412"),
            (F.INVOICE_DATE, "2026-03-30"),
            (F.TOTAL, "1233.23"),
            (F.NET_TOTAL, "1131.40"),
            (F.VAT_TOTAL, "101.83"),
            (F.CURRENCY, "EUR"),
        )
    )
)


def in_review(owner: Administration, readings: Readings = READ) -> UUID:
    made = mailroom.deliver(owner, f"Factuur {uuid4()}", (mailroom.Paper(verdict=mailroom.IN_REVIEW),))
    documents.keep_readings(made.documents[0], readings)
    return made.documents[0]


def post(client: Client, document: UUID, **values: object) -> dict[str, str]:
    """What the check says, by the id of the element it is put into; fields with an underscore for their dot."""
    sent = {"kind": "invoice"} | {name.replace("__", ".", 1): value for name, value in values.items()}
    response = client.post(f"/review/{document}/check", sent)
    assert response.status_code == 200
    pieces = response.content.decode().split(' id="check-')[1:]
    return {piece.split('"')[0]: " ".join(piece.partition(">")[2].split()) for piece in pieces}


def test_a_check_tells_field_by_field_and_where_it_goes(administration: Administration, signed_in: SignIn) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    found = post(client, in_review(administration), value__total="1.233,23", value__due_date="29/4")
    assert {F.TOTAL.value, F.IBAN.value, "", "way"} <= set(found)
    assert 'class="remark good" role="status">Net and VAT make the total' in found["total"]
    assert "EUR 1,233.23" in found["total"]
    assert re.search(r"[A-Z][a-z]{2} 29 April 20\d\d", found["due_date"])
    assert found["way"].startswith("Goes to the workflow.")
    assert "objection" not in found[""]


@pytest.mark.rule("D5")
def test_what_a_rule_fills_is_said_again_where_it_is_another_by_now(administration: Administration, signed_in: SignIn) -> None:
    client, document = signed_in(administration, role=Role.OPERATOR), in_review(administration)
    same = post(client, document, value__invoice_date="2026-03-30", value__due_date="")
    assert "understood" not in same["due_date"]
    found = post(client, document, value__invoice_date="31-3-26", value__due_date="")
    assert "Tue 31 March 2026" in found["due_date"]


def test_what_is_wrong_stands_at_its_field_and_nothing_else_is_said_of_it(
    administration: Administration, signed_in: SignIn
) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    document = in_review(administration, READ.without(F.TOTAL).without(F.NET_TOTAL))
    found = post(client, document, value__iban="NL91 ABNA 0417 1643 01", value__total="99,50")
    assert "The check digits of this IBAN do not hold." in found["iban"]
    assert "remark" not in found["iban"]
    assert 'data-again="total"' in found["total"]
    assert found["way"].startswith("Stays here")
    again = post(client, document, value__total="99,50", again__total="99.50")
    assert "data-again" not in again["total"]
    assert again["way"].startswith("Goes to the workflow.")


def test_answers_and_kinds_change_where_it_goes(administration: Administration, signed_in: SignIn) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    document = in_review(administration)
    found = post(client, document, value__vat_total="100,00")
    assert 'data-answer="sums"' in found["total"]
    assert post(client, document, value__vat_total="100,00", answered="sums")["way"].startswith("Goes to the workflow.")
    assert post(client, document, kind="reminder", value__vat_total="rubbish")["way"].startswith("Goes to the archive.")
    assert post(client, document, kind="advertising")["way"].startswith("Is discarded.")


def test_a_check_writes_nothing(administration: Administration, signed_in: SignIn) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    document = in_review(administration)
    before = models.Document.objects.filter(id=document).values().get()
    post(client, document, value__invoice_number="another", answered="suspected-duplicate")
    assert models.Document.objects.filter(id=document).values().get() == before


def test_what_is_typed_comes_back_as_text(administration: Administration, signed_in: SignIn) -> None:
    found = post(signed_in(administration, role=Role.OPERATOR), in_review(administration), value__total="<script>1</script>")
    assert "&lt;script&gt;" in found["total"]
    assert "<script>" not in found["total"]


@pytest.mark.rule("I5")
def test_only_those_who_may_review_it_have_it_checked(administration: Administration, signed_in: SignIn) -> None:
    document = in_review(administration)
    address, sent = f"/review/{document}/check", {"kind": "invoice"}
    assert signed_in(administration, role=Role.OFFICE_MAIN_USER).post(address, sent).status_code == 403
    other = models.Administration.objects.exclude(office__administrations=administration.id).first()
    assert Client(SERVER_NAME="localhost").post(address, sent).status_code == 302
    assert signed_in(administration, role=Role.OPERATOR).get(address).status_code == 405
    assert signed_in(administration, role=Role.OPERATOR).post(f"/review/{uuid4()}/check", sent).status_code == 404
    if other:
        elsewhere = replace(administration, id=other.id)
        assert signed_in(elsewhere, role=Role.OPERATOR).post(address, sent).status_code == 404


# ---------- the form ----------


def data(**values: str) -> QueryDict:
    made = QueryDict(mutable=True)
    made.update({name.replace("__", ".", 1): value for name, value in values.items()})
    return made


def test_a_form_gives_its_entries() -> None:
    where = json.dumps({"page": 2, "box": [1, 2.5, 3, 4], "raw": "1.233,23"})
    form = data(kind="credit-note", value__total="1.233,23", again__total="1233.23", evidence__total=where, value__iban="")
    form.setlist("answered", ["sums", "new-account", "sums"])
    filled = filled_in(form)
    entries, kind, answered = filled.entries, filled.kind, filled.answered
    assert kind is Kind.CREDIT_NOTE
    assert answered == ("sums", "new-account")
    assert entries[0].evidence is not None
    assert (entries[0].field, entries[0].text, entries[0].again) == (F.TOTAL, "1.233,23", "1233.23")
    assert (entries[0].evidence.page, entries[0].evidence.box, entries[0].evidence.raw) == (2, Box(1, 2.5, 3, 4), "1.233,23")
    assert entries[0].evidence.method is Method.OPERATOR
    assert entries[1] == Entry(F.IBAN, "")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "elephant"},
        {"kind": "invoice", "value__trunk": "long"},
        {"kind": "invoice", "answered": "Not a code!"},
        {"kind": "invoice", "value__total": "1" * 1001},
        {"kind": "invoice", "value__total": "1", "evidence__total": "{}"},
        {"kind": "invoice", "value__total": "1", "evidence__total": "]"},
        {"kind": "invoice", "value__total": "1", "evidence__total": '{"page":0,"box":[1,2,3,4],"raw":""}'},
        {"kind": "invoice", "value__total": "1", "evidence__total": '{"page":1,"box":[1,2,3],"raw":""}'},
        {"kind": "invoice", "value__total": "1", "evidence__total": '{"page":1,"box":[1,2,3,1e999],"raw":""}'},
    ],
)
def test_what_our_page_does_not_send_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        filled_in(data(**values))
    assert refused.value.code == "form"


@given(
    st.dictionaries(
        st.sampled_from(["kind", "answered", *(f"{p}__{f}" for p in ("value", "again", "evidence") for f in (*F, "x"))]),
        st.text() | st.just("invoice"),
    )
)
def test_whatever_is_posted_is_a_form_or_refused(values: dict[str, str]) -> None:
    try:
        form = filled_in(data(**values))
    except Refused as refused:
        told = refused.code
    else:
        told = "form" if isinstance(form, forms.FilledForm) else ""
    assert told == "form"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (F.INVOICE_DATE, "foo"), (F.INVOICE_DATE, "31 foo"), (F.INVOICE_DATE, "1-13-2026"), (F.INVOICE_DATE, "31-2-2026"),
        (F.INVOICE_DATE, "29/2"), (F.INVOICE_DATE, "1-1-1888"), (F.TOTAL, "foo"), (F.TOTAL, "1,2345"), (F.TOTAL, "9999999999"),
        (F.IBAN, "ZZ91"), (F.IBAN, "1"), (F.IBAN, "NL91"), (F.IBAN, "DE89370400440532O13000"), (F.IBAN, "NL91ABNA0417164301"),
        (F.BIC, "1NGBNL2A"), (F.BIC, "I"), (F.ACCOUNT, "NL91ABNA0417164300"), (F.ACCOUNT, "none"), (F.VAT_NUMBER, "NL12"),
        (F.VAT_NUMBER, "12"), (F.REGISTER_NUMBER, "none"), (F.INVOICE_NUMBER, "///"), (F.INVOICE_NUMBER, "1" * 101),
        (F.INVOICE_NUMBER, "1\x00"), (F.CURRENCY, "kr"), (F.CURRENCY, "elephants"), (F.IS_CREDIT_NOTE, "maybe"),
        (F.PAYMENT_TERM, "soon"), (F.PAYMENT_REFERENCE, "RF19539007547034"),
    ],
)  # fmt: skip
def test_all_that_is_said_of_what_was_typed_can_be_said_in_other_languages(field: FieldName, text: str) -> None:
    with pytest.raises(Refused) as refused:
        typed(field, text, date(2026, 3, 31), "NL")
    for sentence in (refused.value.message, refused.value.next_step):
        assert any(known.pattern.fullmatch(sentence) for known in spoken._sentences()), sentence


def test_a_check_speaks_the_language_of_the_reader(administration: Administration, signed_in: SignIn) -> None:
    client = signed_in(administration, role=Role.OPERATOR)
    document = in_review(administration)
    with translation.override("nl"):
        response = client.post(
            f"/review/{document}/check", {"kind": "invoice", "value.total": "x"}, headers={"Accept-Language": "nl"}
        )
    assert response.status_code == 200
