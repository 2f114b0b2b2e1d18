"""Letters in the database: nobody is told twice, one claim at a time, each ended once and told in the mail log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from scanstraat.model.administration import Administration
from scanstraat.model.letter import LetterState, LetterText, Purpose, StoredLetter
from scanstraat.model.mail import Envelope
from scanstraat.records import letters, mails
from scanstraat.records.models import Letter, MailEvent

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)
TEXT = LetterText("Uw e-mail is aangekomen", "Er kwam een bestand.", "nl")


def _mail(administration: Administration) -> UUID:
    envelope = Envelope("piet@supplier.example", f"{administration.drop}@invoices.example", NOW)
    return mails.receive(administration.id, envelope, uuid4().hex * 2, uuid4().hex, 100)


def _written(administration: Administration, recipient: str = "piet@supplier.example", **more: object) -> list[UUID]:
    letters.write(administration.id, Purpose.RECEIPT, recipient, TEXT, NOW, **more)  # type: ignore[arg-type]
    return list(Letter.objects.filter(administration_id=administration.id).values_list("id", flat=True))


def _claimed(letter: UUID, holder: str = "a:1", now: datetime = NOW) -> StoredLetter:
    found = letters.claim(letter, holder, now, now + LEASE)
    assert found is not None
    return found


def test_a_recipient_is_told_once_of_a_mail_and_each_of_several_is(administration: Administration) -> None:
    mail = _mail(administration)
    assert len(_written(administration, mail=mail)) == 1
    assert len(_written(administration, mail=mail)) == 1
    assert len(_written(administration, "other@supplier.example", mail=mail)) == 2
    letters.write(administration.id, Purpose.ARCHIVED, "piet@supplier.example", TEXT, NOW, mail=mail)
    assert Letter.objects.filter(administration_id=administration.id).count() == 3


@pytest.mark.rule("A3")
def test_what_is_no_mail_of_ours_is_told_once_by_what_it_is_about(administration: Administration) -> None:
    for about in ("uid 17", "uid 17", "uid 18", "", ""):
        _written(administration, about=about)
    assert Letter.objects.filter(administration_id=administration.id).count() == 4


def test_one_holder_at_a_time_has_a_letter_and_a_late_one_writes_nothing(administration: Administration) -> None:
    (letter,) = _written(administration, mail=_mail(administration))
    first = _claimed(letter)
    assert letters.claim(letter, "b:1", NOW, NOW + LEASE) is None
    second = _claimed(letter, "b:1", NOW + LEASE)
    assert (first.attempts, second.attempts) == (1, 2)
    assert not letters.sent(first, NOW)
    assert not letters.postponed(first, "slow", NOW)
    assert letters.sent(second, NOW + LEASE)
    assert not letters.sent(second, NOW + LEASE)
    assert letters.claim(letter, "c:1", NOW + 9 * LEASE, NOW + 10 * LEASE) is None


def test_the_dead_are_released_and_the_living_are_not(administration: Administration) -> None:
    dead, living = _written(administration, about="1") + _written(administration, about="2")[1:]
    _claimed(dead, "a:1")
    _claimed(living, "a:2")
    assert letters.release("a:", NOW, but="a:2") == 1
    assert letters.claim(dead, "a:2", NOW, NOW + LEASE) is not None
    assert letters.claim(living, "a:3", NOW, NOW + LEASE) is None


@pytest.mark.rule("A9")
@pytest.mark.parametrize(
    ("end", "purpose", "event", "state"),
    [
        (lambda letter: letters.sent(letter, NOW), Purpose.RECEIPT, ("answered", ""), LetterState.SENT),
        (
            lambda letter: letters.withheld(letter, "a list", NOW),
            Purpose.RECEIPT,
            ("not-answered", ": a list"),
            LetterState.WITHHELD,
        ),
        (lambda letter: letters.failed(letter, "550 no", NOW), Purpose.RECEIPT, ("not-answered", ": 550 no"), LetterState.FAILED),
        (lambda letter: letters.sent(letter, NOW), Purpose.ARCHIVED, ("told", ""), LetterState.SENT),
    ],
)
def test_how_a_letter_ended_stands_in_the_log_of_its_mail(administration, end, purpose, event, state) -> None:  # type: ignore[no-untyped-def]
    mail = _mail(administration)
    letters.write(administration.id, purpose, "piet@supplier.example", TEXT, NOW, mail=mail)
    letter = _claimed(Letter.objects.get(mail_id=mail).id)
    assert end(letter)
    logged = MailEvent.objects.get(mail_id=mail)
    assert (logged.event, logged.text) == (event[0], f"{purpose} to piet@supplier.example{event[1]}")
    row = Letter.objects.get(mail_id=mail)
    assert (row.state, row.holder, row.ended_at) == (state, "", NOW)
    assert mail in [line.mail for line in letters.lines(100, state)]


def test_what_was_sent_is_counted_by_address_domain_and_purpose(administration: Administration) -> None:
    domain = f"{administration.drop}.example"
    for name, place in (("Piet", ""), ("anna", "nl."), ("bert", "other-")):
        _written(administration, f"{name}@{place}{domain}", about=name)
    for row in Letter.objects.filter(administration_id=administration.id):
        letters.sent(_claimed(row.id), NOW)
    hour = NOW - timedelta(hours=1)
    assert letters.sent_since(hour, Purpose.RECEIPT, f"piet@{domain}") == 1
    assert letters.sent_since(hour, Purpose.RECEIPT, domain=domain) == 2
    assert letters.sent_since(hour, Purpose.TOO_LARGE, domain=domain) == 0
    assert letters.sent_since(NOW, Purpose.RECEIPT, domain=domain) == 0


def test_due_are_those_that_wait_and_whose_time_has_come(administration: Administration) -> None:
    (letter,) = _written(administration, mail=_mail(administration))
    assert letter in letters.due(NOW, 1_000)
    claimed = _claimed(letter)
    assert letter not in letters.due(NOW, 1_000)
    assert letters.postponed(claimed, "450 later", NOW + LEASE)
    assert letter not in letters.due(NOW, 1_000)
    assert letter in letters.due(NOW + LEASE, 1_000)


def test_our_letters_are_known_by_their_id(administration: Administration) -> None:
    (letter,) = _written(administration, mail=_mail(administration))
    assert letters.is_ours(str(letter))
    assert not letters.is_ours(str(uuid4()))
    assert not letters.is_ours("'; drop table")
