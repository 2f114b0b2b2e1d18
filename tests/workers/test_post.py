"""The post with a real relay and a real name server: who is written to, who is not, and what happens when it goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from scanstraat.bounded import Child
from scanstraat.errors import Refused
from scanstraat.mailbox.authentication import PRELOAD
from scanstraat.model.administration import Administration
from scanstraat.model.letter import LetterText, Purpose
from scanstraat.model.mail import Channel, Envelope
from scanstraat.records import letters, mails
from scanstraat.records.blobs import Blobs
from scanstraat.records.models import Letter, MailEvent
from scanstraat.settings import Settings
from scanstraat.workers.part import HOLDER, parts_of
from scanstraat.workers.post import Post
from tests.mailbox.nameserver import NameServer, signed
from tests.workers.sink import Sink

TEXT = LetterText("Uw e-mail is aangekomen", "Goedendag,\n\n- factuur.pdf\n\nFrom here " + "lang " * 40, "nl")
HERE = "127.0.0.1"


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(PRELOAD) as made:
        yield made


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with Sink(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with NameServer() as server:
        server.publish("jansen.example", spf="v=spf1 ip4:127.0.0.1 -all", selector="s1")
        yield server


@dataclass
class Office:
    """A post with its relay, its clock, and a way to have mails of an administration answered."""

    administration: Administration
    settings: Settings
    child: Child
    sink: Sink
    now: datetime

    def post(self, holder: str = "a:1", **changed: object) -> Post:
        return Post(replace(self.settings, **changed), holder, self.child, lambda: self.now)

    def wanted(
        self,
        recipient: str = "piet@jansen.example",
        header: bytes = b"",
        author: str = "piet@jansen.example",
        purpose: Purpose = Purpose.RECEIPT,
        sign: Callable[[bytes], bytes] = bytes,
        **envelope: object,
    ) -> UUID:
        """Have a mail arrive, and a letter about it written."""
        raw = sign(header + f"From: Piet <{author}>\r\nMessage-ID: <{uuid4()}@jansen.example>\r\n\r\nHierbij.\r\n".encode())
        told = {"sender": "piet@jansen.example", "peer": HERE, "helo": "mail.jansen.example"} | envelope
        address = f"{self.administration.drop}@invoices.example"
        sha256 = Blobs(self.settings.home_path).put(self.administration.id, raw)
        arrived = Envelope(recipient=address, received_at=self.now, **told)  # type: ignore[arg-type]
        mail = mails.receive(self.administration.id, arrived, sha256, uuid4().hex, len(raw))
        letters.write(self.administration.id, purpose, recipient, TEXT, self.now, mail, "<1@jansen.example>")
        return mail

    def why(self, mail: UUID) -> tuple[str, str]:
        row = Letter.objects.get(mail_id=mail)
        return row.state, row.reason


@pytest.fixture
def office(administration: Administration, child: Child, sink: Sink, names: NameServer, tmp_path: Path) -> Iterator[Office]:
    settings = Settings(
        home=str(tmp_path / "home"),
        relay=f"localhost:{sink.port}",
        relay_ca=sink.ca,
        dns=f"127.0.0.1:{names.port}",
        trusted_peers="",
    )
    Letter.objects.all().delete()
    yield Office(administration, settings, child, sink, datetime.now(UTC).replace(microsecond=0))
    Letter.objects.all().delete()


@pytest.mark.rule("I7")
def test_a_receipt_goes_out_encrypted_and_so_that_nothing_answers_it(office: Office) -> None:
    mail = office.wanted()
    assert office.post().turn() == 1
    (taken,) = office.sink.taken
    assert (taken.sender, taken.recipients, taken.is_encrypted) == ("<>", ["piet@jansen.example"], True)
    letter = Letter.objects.get(mail_id=mail)
    domain = "invoices.example"
    assert taken.mail["From"] == f'"{office.administration.name}" <{office.administration.drop}@{domain}>'.replace('"', "")
    expected = {
        "To": "piet@jansen.example",
        "Subject": TEXT.subject,
        "Message-ID": f"<{letter.id}@{domain}>",
        "In-Reply-To": "<1@jansen.example>",
        "References": "<1@jansen.example>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "X-Scanstraat-Letter": str(letter.id),
        "Content-Language": "nl",
    }
    assert {name: taken.mail[name] for name in expected} == expected
    assert taken.mail["Date"].datetime == office.now
    assert (taken.mail.get_content_type(), taken.mail.get_content_charset()) == ("text/plain", "utf-8")
    assert taken.text == f"{TEXT.text}\n".replace("lang \n", "lang\n")
    assert office.why(mail) == ("sent", "")
    assert MailEvent.objects.get(mail_id=mail).text == "receipt to piet@jansen.example"
    assert office.post().turn() == 0


def test_a_signed_mail_is_answered_whoever_brought_it(office: Office) -> None:
    for channel in (Channel.LMTP, Channel.IMAP):
        office.wanted(sign=lambda raw: signed(raw, "jansen.example"), channel=channel, sender="x@host.example")
    office.post().turn()
    assert len(office.sink.taken) == 2


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"peer": "198.51.100.7"}, "nothing proves that jansen.example sent the mail"),
        ({"sender": "x@evil.example"}, "nothing proves that jansen.example sent the mail"),
        ({"author": "eve@evil.example", "sender": "eve@evil.example"}, "the recipient is not the author"),
        ({"author": "piet@evil.example", "recipient": "piet@evil.example"}, "nothing proves that evil.example sent"),
        ({"sender": ""}, "it is a bounce"),
        ({"sender": "", "channel": Channel.LMTP}, "it is a bounce"),
        ({"header": b"Auto-Submitted: auto-replied\r\n"}, "it was sent by a machine"),
        ({"header": b"List-Id: <x>\r\n"}, "it was sent to a list"),
        ({"header": b"From: x@jansen.example\r\n"}, "its From is not one address"),
        ({"author": "no-reply@jansen.example", "recipient": "no-reply@jansen.example"}, "nobody reads mail to its sender"),
        ({"header": b"From: " + b"x" * 600_000 + b"\r\n"}, "its From is not one address"),
    ],
)
def test_who_gets_no_receipt_and_why(office: Office, more: dict[str, object], reason: str) -> None:
    mail = office.wanted(**more)  # type: ignore[arg-type]
    assert office.post().turn() == 1
    state, why = office.why(mail)
    assert (state, reason in why) == ("withheld", True), why
    assert office.sink.taken == []
    event = MailEvent.objects.get(mail_id=mail)
    assert event.event == "not-answered"
    assert reason in event.text


def test_an_address_of_ours_is_never_written_to(office: Office) -> None:
    own = f"{office.administration.drop}@invoices.example".upper()
    for purpose in Purpose:
        assert office.wanted(own, purpose=purpose)
    assert office.wanted("service@invoices.example")
    assert office.post(mail_from="service@invoices.example").turn() == len(Purpose) + 1
    assert {row.reason for row in Letter.objects.all()} == {"its recipient is an address of ours"}
    assert office.sink.taken == []


def test_our_own_letter_that_comes_back_is_not_answered(office: Office) -> None:
    office.wanted()
    office.post().turn()
    came_back = office.sink.taken[0].content

    def as_it_was(_: bytes) -> bytes:
        return b"Received: from relay\r\n" + came_back

    receipt = office.wanted(f"{office.administration.drop}@invoices.example", sign=as_it_was, sender="")
    notice = office.wanted("admin@klant.example", sign=as_it_was, purpose=Purpose.ARCHIVED)
    office.post().turn()
    assert len(office.sink.taken) == 1
    assert office.why(receipt) == ("withheld", "its recipient is an address of ours")
    assert office.why(notice) == ("withheld", "the mail it tells of is a letter of ours")


@pytest.mark.rule("G1")
def test_contacts_are_told_whoever_sent_the_mail(office: Office) -> None:
    mail = office.wanted("admin@klant.example", author="no-reply@evil.example", purpose=Purpose.ARCHIVED, peer="198.51.100.7")
    office.post(mail_from="Scanstraat@kantoor.example").turn()
    (taken,) = office.sink.taken
    assert (taken.recipients, taken.mail["Auto-Submitted"]) == (["admin@klant.example"], "auto-generated")
    assert taken.mail["From"].addresses[0].addr_spec == "Scanstraat@kantoor.example"
    assert MailEvent.objects.get(mail_id=mail).event == "told"


def test_nobody_gets_more_receipts_than_the_limit_of_a_day(office: Office) -> None:
    answered = [office.wanted() for _ in range(4)]
    post = office.post(answers_a_day=3)
    post.turn()
    assert [office.why(mail)[0] for mail in answered] == ["sent", "sent", "sent", "withheld"]
    assert office.why(answered[3])[1] == "piet@jansen.example got 3 receipts in a day already"
    office.now += timedelta(days=1, seconds=1)
    later = office.wanted()
    post.turn()
    assert office.why(later)[0] == "sent"


def test_nor_do_all_of_a_domain(office: Office) -> None:
    answered = [office.wanted(f"p@{where}jansen.example", author=f"p@{where}jansen.example") for where in ("", "a.", "b.")]
    office.post(answers_a_domain=2).turn()
    assert office.why(answered[2]) == ("withheld", "jansen.example got 2 receipts in a day already")


def test_a_minute_has_room_for_so_many_letters_and_the_others_wait(office: Office) -> None:
    answered = [office.wanted() for _ in range(3)]
    post = office.post(letters_a_minute=2)
    assert (post.turn(), post.turn()) == (2, 0)
    assert office.why(answered[2]) == ("waiting", "")
    office.now += timedelta(minutes=1, seconds=1)
    assert post.turn() == 1


@pytest.mark.parametrize(
    ("command", "answer", "state"),
    [
        ("RCPT", "550 5.1.1 No such user", "failed"),
        ("DATA", "554 5.7.1 We do not like it", "failed"),
        ("RCPT", "450 4.2.0 Greylisted", "waiting"),
        ("DATA", "451 4.3.0 Later", "waiting"),
        ("MAIL", "530 5.7.0 Sign in first", "waiting"),
        ("MAIL", "421 4.3.2 Shutting down", "waiting"),
    ],
)
def test_what_the_relay_will_never_take_is_given_up_and_the_rest_is_tried_again(
    office: Office, command: str, answer: str, state: str
) -> None:
    mail = office.wanted()
    office.sink.answers[command].append(answer)
    post = office.post()
    assert post.turn() == 1
    found, why = office.why(mail)
    assert (found, answer.partition(" ")[0] in why) == (state, True), why
    assert post.turn() == 0
    office.now += timedelta(minutes=1, seconds=1)
    assert post.turn() == (1 if state == "waiting" else 0)
    assert office.why(mail)[0] == ("sent" if state == "waiting" else "failed")


def test_the_pauses_grow_and_in_the_end_it_is_given_up_with_the_last_reason(office: Office) -> None:
    mail = office.wanted()
    post, tries = office.post(relay="localhost:9", relay_tls="none"), []
    while office.why(mail)[0] == "waiting":
        tries.append(office.now)
        assert post.turn() == 1
        office.now = Letter.objects.get(mail_id=mail).next_at
    minutes = [(after - before) // timedelta(minutes=1) for before, after in pairwise(tries)]
    assert minutes[:6] == [1, 5, 15, 30, 60, 60]
    assert tries[-1] - tries[0] > timedelta(hours=12)
    assert office.why(mail)[0] == "failed"
    assert "not sent in time: relay: the relay does not take mail for now" in office.why(mail)[1].replace(
        "could not be sent", "not sent"
    )


def test_a_name_server_that_fails_only_delays(office: Office, names: NameServer) -> None:
    mail = office.wanted(author="piet@broken.example", recipient="piet@broken.example", sender="piet@broken.example")
    names.broken.add("_dmarc.broken.example")
    office.post().turn()
    assert office.why(mail)[0] == "waiting"
    assert "domain name system" in office.why(mail)[1]


def test_a_certificate_of_nobody_known_or_for_another_name_is_not_trusted(office: Office) -> None:
    mail = office.wanted()
    office.post(relay_ca="").turn()
    assert "CERTIFICATE_VERIFY_FAILED" in office.why(mail)[1]
    office.now += timedelta(hours=1)
    office.post(relay=f"127.0.0.1:{office.sink.port}").turn()
    assert "IP address mismatch" in office.why(mail)[1]
    assert office.sink.taken == []


def test_a_relay_without_tls_gets_nothing_unless_it_is_this_machine(office: Office, tmp_path: Path) -> None:
    with Sink(tmp_path, tls=False) as plain:
        mail = office.wanted()
        office.post(relay=f"localhost:{plain.port}").turn()
        assert "STARTTLS extension not supported" in office.why(mail)[1]
        office.now += timedelta(hours=1)
        office.post(relay=f"127.0.0.1:{plain.port}", relay_tls="none").turn()
        assert [taken.is_encrypted for taken in plain.taken] == [False]


@pytest.mark.parametrize(
    "changed",
    [
        {"relay": "mail.example:25", "relay_tls": "none"},
        {"relay": "nowhere"},
        {"relay_tls": "maybe"},
        {"relay_ca": "/nowhere.pem"},
        {"mail_from": "Scanstraat <x@y.example>"},
    ],
)
def test_settings_that_cannot_be_used_are_named(office: Office, changed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        office.post(**changed)


def test_it_signs_in_where_a_user_is_set(office: Office, tmp_path: Path) -> None:
    with Sink(tmp_path, user="kantoor") as strict:
        relay = {"relay": f"localhost:{strict.port}", "relay_ca": strict.ca, "relay_user": "kantoor"}
        mail = office.wanted()
        office.post(**relay, relay_password="verkeerd").turn()
        assert office.why(mail)[0] == "waiting"
        assert "535" in office.why(mail)[1]
        office.now += timedelta(hours=1)
        office.post(**relay, relay_password="geheim").turn()
        assert [taken.user for taken in strict.taken] == ["kantoor"]


def test_the_post_is_a_part_of_the_service_where_a_relay_is_set() -> None:
    assert "post" not in [part.name for part in parts_of(Settings())]
    (part,) = [part for part in parts_of(Settings(relay="localhost:25")) if part.name == "post"]
    assert (part.copies, part.command[-3:]) == (1, ("post", "--holder", HOLDER))


def test_two_posts_at_once_send_each_letter_once(office: Office) -> None:
    for _ in range(12):
        office.wanted()
    done: list[int] = []

    def send(holder: str) -> None:
        from scanstraat.records import connection

        post = office.post(holder, answers_a_day=100)
        done.append(sum(iter(post.turn, 0)))
        connection.disconnect()

    threads = [threading.Thread(target=send, args=(f"{place}:1",)) for place in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(done), len(office.sink.ids()), len(set(office.sink.ids()))) == (12, 12, 12)


def test_the_mail_may_be_gone_by_then(office: Office) -> None:
    mail = office.wanted()
    stored = mails.get(mail)
    Blobs(office.settings.home_path).path(stored.administration, stored.sha256).unlink()
    office.post().turn()
    assert office.why(mail) == ("withheld", "the mail it tells of is gone")
