"""What the pages show: the mail log (A9), what became of each document and why, and how sure each value is."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scanstraat.model.administration import Administration
from scanstraat.model.document import Kind
from scanstraat.model.field import FieldName
from scanstraat.records import models, offices
from tests.desk import mailroom
from tests.desk.conftest import office_of
from tests.desk.mailroom import Paper

SignIn = Callable[..., Client]
TAGS = re.compile(r"<[^>]*>", re.VERBOSE)


def _text(client: Client, address: str, **query: object) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return " ".join(html.unescape(TAGS.sub(" ", response.content.decode().replace("<wbr>", ""))).split())


def _second(administration: Administration) -> Administration:
    """Another administration of the same office."""
    drop = f"{administration.drop}-second"
    return offices.open_administration(
        office_of(administration), replace(administration, name=f"Name {drop}", drop=drop), (f"{drop}@x.example",)
    )


@pytest.mark.rule("A9")
def test_the_mail_log_says_what_became_of_each_document_and_why(administration: Administration, signed_in: SignIn) -> None:
    _second(administration)
    papers = (Paper(verdict=mailroom.IN_REVIEW), Paper(Kind.REMINDER, mailroom.REMINDER, match=None))
    mailroom.deliver(administration, "Facturen maart", papers)
    shown = _text(signed_in(administration), reverse("mails"))
    assert "2026-03-31 09:12" in shown
    sender, recipient = "Bakkerij De Korenaar administratie@korenaar.example", f"{administration.drop}@invoices.example"
    assert f"{sender} {administration.name} {recipient} Facturen maart Done" in shown
    assert "In review Invoice 2026-0412 · Bakkerij De Korenaar B.V. · EUR 1,233.23 The IBAN fails its check digits C7" in shown
    assert "Archived Reminder 2026-0412" in shown
    assert "Reminders go to the archive G1" in shown


@pytest.mark.rule("A9")
def test_a_mail_laid_aside_says_why_and_one_just_received_is_in_the_log_too(
    administration: Administration, signed_in: SignIn
) -> None:
    mailroom.park(mailroom.receive(administration, "one"), "it holds 4,000 parts")
    mailroom.receive(administration, "two")
    shown = _text(signed_in(administration), reverse("mails"))
    assert "Laid aside It holds 4,000 parts" in shown
    assert "Received No documents yet" in shown


@pytest.mark.rule("A9")
@pytest.mark.parametrize("words", ["maart", "BAKKERIJ", "2026-0412", "administratie@korenaar facturen", "factuur.pdf maart"])
def test_a_mail_is_found_by_subject_sender_supplier_and_number(
    administration: Administration, signed_in: SignIn, words: str
) -> None:
    wanted = mailroom.deliver(administration, "Facturen maart")
    values = {"invoice_number": "9001", "supplier_name": "Garage Pit"}
    other = (Paper(completed=mailroom.with_values(mailroom.COMPLETED, **values)),)
    mailroom.deliver(administration, "Nota april", other, "Garage Pit <pit@garage.example>")
    page = signed_in(administration).get(reverse("mails"), {"search": words}).content.decode()
    assert str(wanted.mail) in page
    assert "Nota april" not in page


@pytest.mark.rule("A9")
def test_the_log_is_narrowed_to_one_administration_and_turned_by_pages(administration: Administration, signed_in: SignIn) -> None:
    second = _second(administration)
    mailroom.deliver(second, "Of the second")
    for number in range(51):
        mailroom.receive(administration, f"mail {number}", days=number)
    client, log = signed_in(administration), reverse("mails")
    assert "Of the second" not in _text(client, log, administration=administration.id)
    assert "51 mails" in _text(client, log, administration=administration.id)
    last = client.get(log, {"administration": administration.id, "page": 2}).content.decode()
    assert last.count('scope="row"') == 1
    assert f'href="?administration={administration.id}&amp;page=1"' in last


@pytest.mark.parametrize("name", ["mails", "documents"])
def test_a_longer_list_asks_the_database_no_more_questions(administration: Administration, signed_in: SignIn, name: str) -> None:
    client = signed_in(administration)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name)).status_code == 200
        return len(asked)

    mailroom.deliver(administration)
    few = questions()
    for number in range(5):
        mailroom.deliver(administration, f"Factuur {number}", (Paper(), Paper()))
    assert questions() == few < 15


@pytest.mark.rule("A9", "B9")
def test_the_page_of_a_mail_shows_its_parts_their_problems_and_what_happened(
    administration: Administration, signed_in: SignIn
) -> None:
    made = mailroom.deliver(administration)
    shown = _text(signed_in(administration), reverse("mail", args=[made.mail]))
    drop = f"{administration.drop}/20260331-{str(made.documents[0])[:8]}"
    said = "application/pdf declared as application/octet-stream 2"
    assert f"2 factuur.pdf {said}" in shown
    assert f"Document Delivered Delivered as {drop} Download factuur.pdf" in shown
    assert "3 geheim.pdf application/pdf – " in shown
    assert "Unreadable Lost No document holds it The file is encrypted and cannot be opened" in shown
    assert "2026-03-31 09:12:40 Opened 3 parts" in shown
    assert "2026-03-31 11:09:40+02:00" in shown  # in the sender's own zone
    assert "Bijgaand onze factuur." in shown
    assert f"<{made.mail}@korenaar.example>" in shown


def test_documents_are_listed_by_state(administration: Administration, signed_in: SignIn) -> None:
    made = mailroom.deliver(administration, papers=(Paper(), Paper(verdict=mailroom.IN_REVIEW)))
    client = signed_in(administration)
    page = client.get(reverse("documents"), {"state": "in-review"}).content.decode()
    assert [str(document) in page for document in made.documents] == [False, True]
    shown = _text(client, reverse("documents"))
    assert "All 2 Invoices delivered 1 In review 1" in shown
    assert "Invoice Bakkerij De Korenaar B.V. 2026-0412 2026-03-30 EUR 1,233.23 Delivered Due date" in shown
    assert client.get(reverse("documents"), {"state": "lost"}).status_code == 404


@pytest.mark.rule("C7", "D5", "D8")
def test_a_document_says_how_sure_each_value_is_and_which_rule_filled_it(
    administration: Administration, signed_in: SignIn
) -> None:
    made = mailroom.deliver(administration)
    shown = _text(signed_in(administration), reverse("document", args=[made.documents[0]]))
    assert "VAT number NL001234567B01 The check digits do not add up Doubtful 55% page 1" in shown
    assert "IBAN NL91 ABNA 0417 1643 00 99% page 1 : show IBAN on the picture PDF text" in shown
    assert "Invoice number 2026-0412 or 2026-0417 93%" in shown
    assert "Due date 2026-03-30 Neither due date nor payment term is printed: due on the invoice date. Rule D5" in shown
    assert "Total 1,233.23 printed as 1.233,23 97%" in shown
    assert "Zuurdesembrood, week 10 tot en met 13 316 3.5013 1,106.40 1" in shown
    assert "Account NL91ABNA0417164300 is in the register" in shown
    assert "The name on the invoice is written differently" in shown


@pytest.mark.rule("D9")
def test_a_value_nobody_found_is_shown_as_missing(administration: Administration, signed_in: SignIn) -> None:
    kept = tuple(r for r in mailroom.COMPLETED.readings if r.field not in {FieldName.TOTAL, FieldName.IBAN})
    made = mailroom.deliver(administration, papers=(Paper(completed=replace(mailroom.COMPLETED, readings=kept)),))
    shown = _text(signed_in(administration), reverse("document", args=[made.documents[0]]))
    assert "IBAN not found Missing" in shown
    assert "Total not found Missing" in shown


def test_the_threshold_of_the_administration_tells_what_is_doubtful(administration: Administration, signed_in: SignIn) -> None:
    made = mailroom.deliver(administration)
    client, address = signed_in(administration), reverse("document", args=[made.documents[0]])
    assert "2026-0412 or 2026-0417 93%" in _text(client, address)
    models.Administration.objects.filter(id=administration.id).update(instructions='{"deliver_threshold": 0.95}')
    assert "2026-0412 or 2026-0417 Doubtful 93%" in _text(client, address)


def test_a_document_before_its_verdict_and_one_without_pages_have_a_page_too(
    administration: Administration, signed_in: SignIn
) -> None:
    made = mailroom.deliver(administration)
    empty = '{"ordinal": 0, "kind": "unreadable", "confidence": 1, "pages": [], "problem": "the file is encrypted"}'
    models.Document.objects.filter(id=made.documents[0]).update(
        value=empty, kind="unreadable", readings="", completed="", match="", verdict="", state="sorted"
    )
    shown = _text(signed_in(administration), reverse("document", args=[made.documents[0]]))
    assert "The file is encrypted" in shown
    assert "Nothing was decided yet." in shown


def test_what_a_mail_says_is_text_and_never_markup(administration: Administration, signed_in: SignIn) -> None:
    evil = "<script>alert(1)</script>"
    values = {"supplier_name": evil, "invoice_number": evil}
    made = mailroom.deliver(administration, evil, (Paper(completed=mailroom.with_values(mailroom.COMPLETED, **values)),), evil)
    client = signed_in(administration)
    addresses = [reverse("mails"), reverse("documents"), reverse("mail", args=[made.mail])]
    for address in [*addresses, reverse("document", args=[made.documents[0]]), f"{addresses[0]}?search={evil}"]:
        page = client.get(address).content.decode()
        assert "alert(1)" in page
        assert "<script" not in page


def test_odd_questions_get_a_plain_answer(administration: Administration, signed_in: SignIn) -> None:
    made = mailroom.deliver(administration)
    client = signed_in(administration)
    assert client.get(reverse("mails"), {"page": "seven", "search": "%_\x00 " * 50}).status_code == 200
    for administration_id in ("x", "-1", "9" * 30, "²"):
        assert client.get(reverse("mails"), {"administration": administration_id}).status_code == 404
    assert client.get(f"/mails/{made.mail}/parts/{'9' * 30}").status_code == 404
    assert client.get(f"/documents/{made.documents[0]}/pages/0.png").status_code == 404
    assert client.get(f"/documents/{made.documents[0]}/pages/3.png").status_code == 404
    assert client.post(reverse("mails")).status_code == 405
