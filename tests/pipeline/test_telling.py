"""Letters written on the line, in the transaction of what they tell of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from scanstraat.model.administration import Administration
from scanstraat.model.document import Document, Kind
from scanstraat.model.field import FieldName, Reading, Readings
from scanstraat.model.mail import Channel, Envelope, MailHeader, OpenedMail
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.task import Claim, NewTask
from scanstraat.model.verdict import Action, Verdict
from scanstraat.pipeline import line, telling
from scanstraat.pipeline.steps import dispatch_mail
from scanstraat.records import documents, mails, offices
from scanstraat.records.models import Letter, MailEvent
from scanstraat.records.transaction import atomic

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
CONTACTS = ("anna@klant.example", "bert@klant.example")


@pytest.fixture
def answering(administration: Administration) -> Administration:
    """An administration that answers senders and has two contacts."""
    asked = replace(administration.instructions, answers_senders=True, contacts=CONTACTS)
    offices.instruct(administration.id, asked)
    return replace(administration, instructions=asked)


def _mail(administration: Administration, sender: str = "Piet <piet@jansen.example>", channel: Channel = Channel.SMTP) -> UUID:
    envelope = Envelope("piet@jansen.example", f"{administration.drop}@invoices.example", NOW, channel)
    mail = mails.receive(administration.id, envelope, uuid4().hex * 2, uuid4().hex, 100)
    header = MailHeader("<1@jansen.example>", sender, "", "Herinnering")
    mails.keep_opened(mail, OpenedMail(header, "Hierbij een herinnering voor uw factuur", ()), ())
    for before, after in (
        (MailState.RECEIVED, MailState.OPENED),
        (MailState.OPENED, MailState.READ),
        (MailState.READ, MailState.SORTED),
    ):
        mails.move(mail, before, after)
    return mail


def _documents(administration: Administration, mail: UUID, *kinds: Kind) -> tuple[UUID, ...]:
    """Decided documents."""
    made = documents.add(mail, administration.id, tuple(Document(n, kind, 0.9, ()) for n, kind in enumerate(kinds)))
    readings = Readings((Reading(FieldName.INVOICE_NUMBER, "H-17", 0.9),))
    for document in made:
        documents.move(document, DocumentState.SORTED, DocumentState.RECOGNISED)
        documents.move(document, DocumentState.RECOGNISED, DocumentState.DECIDED)
        documents.keep_decision(document, readings, None, Verdict(Action.ARCHIVE, ()), None)
    return made


def _dispatched(mail: UUID) -> None:
    taken = dispatch_mail.load(mail, None)  # type: ignore[arg-type]
    given = dispatch_mail.work(taken, None)  # type: ignore[arg-type]
    dispatch_mail.keep(taken, given, Claim(NewTask("dispatch", mail), 1, 1, 0), NOW)


def _letters(administration: Administration) -> list[tuple[str, str]]:
    rows = Letter.objects.filter(administration_id=administration.id).order_by("purpose", "recipient")
    return list(rows.values_list("purpose", "recipient"))


def test_a_dispatched_mail_has_its_receipt_written(answering: Administration) -> None:
    mail = _mail(answering)
    _documents(answering, mail, Kind.REMINDER)
    _dispatched(mail)
    (letter,) = Letter.objects.filter(mail_id=mail)
    assert (letter.purpose, letter.recipient, letter.in_reply_to) == ("receipt", "piet@jansen.example", "<1@jansen.example>")
    assert letter.language == "nl"


def test_no_receipt_is_written_unless_the_administration_wants_them(administration: Administration) -> None:
    mail = _mail(administration)
    _documents(administration, mail, Kind.REMINDER)
    _dispatched(mail)
    assert _letters(administration) == []
    assert [row.event for row in MailEvent.objects.filter(mail_id=mail)] == ["dispatched"]


@pytest.mark.rule("A6")
@pytest.mark.parametrize("channel", list(Channel))
def test_what_came_without_a_sender_is_not_answered(answering: Administration, channel: Channel) -> None:
    found = telling.answerable(_mail(answering, channel=channel))
    assert (found is None) is (channel in (Channel.FOLDER, Channel.UPLOAD))


@pytest.mark.rule("A9", "B8")
@pytest.mark.parametrize(
    ("sender", "kind", "why"),
    [
        ("Piet <piet@jansen.example>", Kind.ADVERTISING, "all of it is advertising (B8)"),
        ("Piet", Kind.REMINDER, "its From names no single address that can be written to"),
        ("a@b.example, c@d.example", Kind.REMINDER, "its From names no single address that can be written to"),
    ],
)
def test_why_there_is_no_receipt_stands_in_the_mail_log(answering: Administration, sender: str, kind: Kind, why: str) -> None:
    mail = _mail(answering, sender)
    _documents(answering, mail, kind)
    _dispatched(mail)
    assert _letters(answering) == []
    assert [(row.event, row.text) for row in MailEvent.objects.filter(mail_id=mail)] == [
        ("dispatched", ""),
        ("not-answered", why),
    ]


def test_a_parked_mail_is_answered_once_even_if_it_goes_on_later(answering: Administration) -> None:
    mail = _mail(answering)
    parked = line.BoundStage(dispatch_mail.STAGE, None)  # type: ignore[arg-type]
    with atomic():
        parked.park(Claim(NewTask("dispatch", mail), 1, 1, 0), "crash", NOW)
    assert "Iemand gaat ernaar kijken" in Letter.objects.get(mail_id=mail).text
    with atomic():
        mails.unpark(mail)
    _documents(answering, mail, Kind.REMINDER)
    _dispatched(mail)
    assert _letters(answering) == [("receipt", "piet@jansen.example")]


@pytest.mark.rule("A3")
def test_each_contact_hears_once_of_a_mail_that_is_too_large(answering: Administration) -> None:
    for octets in (30_000_001, 30_000_001, 40_000_000):
        telling.tell_too_large(answering, "kantoor", "piet@jansen.example", "Facturen", octets, NOW)
    assert _letters(answering) == [("too-large", contact) for contact in CONTACTS for _ in range(2)]


@pytest.mark.rule("G1")
def test_the_last_paper_of_a_mail_to_be_archived_tells_of_all(answering: Administration) -> None:
    mail = _mail(answering)
    made = _documents(answering, mail, Kind.REMINDER, Kind.QUOTE)
    for document in made:
        assert _letters(answering) == []
        documents.move(document, DocumentState.DECIDED, DocumentState.ARCHIVED, NOW)
        with atomic():
            telling.tell_archived(mails.get(mail), answering, document, NOW)
    assert _letters(answering) == [("archived", contact) for contact in CONTACTS]
    text = Letter.objects.filter(mail_id=mail)[0].text
    assert "- Aanmaning: H-17\n- Offerte: H-17\n" in text
    assert "Afzender: Piet <piet@jansen[.]example>" in text


def test_nobody_is_told_where_nobody_is_named(administration: Administration) -> None:
    mail = _mail(administration)
    (document,) = _documents(administration, mail, Kind.REMINDER)
    documents.move(document, DocumentState.DECIDED, DocumentState.ARCHIVED, NOW)
    telling.tell_archived(mails.get(mail), administration, document, NOW)
    telling.tell_too_large(administration, "kantoor", "x", "y", 30_000_001, NOW)
    assert _letters(administration) == []
