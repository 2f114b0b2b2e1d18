"""Mails come from a real Dovecot: at once, once each, byte for byte, whatever the server can and whatever breaks."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

import pytest
from imapclient import IMAPClient

from benchmarks.dovecot import PASSWORD, Dovecot, without
from scanstraat.model.administration import Instructions
from scanstraat.model.way_in import Credentials, Security
from scanstraat.records import mailboxes, models
from tests.mailbox.imap.conftest import DONE, FAILED, House, Housing, clock, letter, wait_until

pytestmark = pytest.mark.xdist_group("dovecot")


@pytest.mark.rule("A6", "A7")
def test_mails_come_at_once_and_are_moved(house: House) -> None:
    mails = [letter(f"Factuur {number}") for number in range(3)]
    house.server.put(house.user, *mails)
    house.start(house.add())
    wait_until(lambda: len(house.done()) == 3)
    late = letter("later")
    began = time.monotonic()
    house.server.put(house.user, late)
    wait_until(lambda: len(house.stored()) == 4)
    assert time.monotonic() - began < 3, "IDLE tells of it"
    wait_until(lambda: house.inbox() == [])
    assert house.stored() == house.done() == [*mails, late]


@pytest.mark.rule("A6", "I7")
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_mails_come_encrypted_as_soon(house: House, security: Security) -> None:
    port = house.server.tls_port if security is Security.TLS else house.server.port
    house.start(house.add(host="localhost", port=port, security=security))
    for number in range(2):
        mail = letter(octets=700_000)
        house.server.put(house.user, mail)
        wait_until(lambda: len(house.stored()) == number + 1, 4)  # noqa: B023
        assert house.stored()[-1] == mail


@pytest.mark.rule("A1", "A9")
def test_a_mail_has_the_envelope_its_server_wrote_down(house: House) -> None:
    house.server.put(house.user, letter())
    house.start(house.add())
    wait_until(house.done)
    mail = models.Mail.objects.get(administration_id=house.administration.id)
    assert (mail.envelope_sender, mail.recipient, mail.channel) == ("sender@supplier.example", house.address, "imap")
    assert mail.peer == "127.0.0.1"


LACKS = {
    "without MOVE": (without("MOVE"), DONE, 0),
    "without MOVE and UIDPLUS": (without("MOVE", "UIDPLUS"), "", 3),
    "without IDLE": (without("IDLE"), DONE, 0),
    "without all of it": (without("IDLE", "MOVE", "UIDPLUS", "NAMESPACE"), "", 3),
}


@pytest.mark.rule("A6", "A7")
@pytest.mark.parametrize("lack", LACKS)
def test_servers_that_can_less(lack: str, housing: Housing) -> None:
    capability, done_folder, left = LACKS[lack]
    with Dovecot(capability) as server:
        house = housing(server)
        house.server.put(house.user, letter(), letter())
        mailbox = house.add()
        house.start(mailbox)
        wait_until(lambda: house.outcomes(mailbox) == [("stored", True)] * 2)
        house.server.put(house.user, letter())
        wait_until(lambda: house.outcomes(mailbox) == [("stored", True)] * 3)
        house.end()
        assert len(house.stored()) == 3
        assert len(house.inbox()) == left
        assert house.done() == (house.stored() if done_folder else [])
        if left:
            with server.session(house.user) as client:
                client.select_folder("INBOX")
                flags = client.get_flags(client.search())
                assert all(b"$Scanstraat" in found and b"\\Seen" not in found for found in flags.values())


RIGHTS = "mail_plugins = acl\nprotocol imap {{\n mail_plugins = acl imap_acl\n}}\nplugin {{\n acl = vfile:{folder}/acl\n}}\n"


@pytest.mark.rule("A6")
def test_where_no_folder_may_be_made_messages_are_marked(housing: Housing) -> None:
    with Dovecot(more=RIGHTS) as server:
        house = housing(server)
        house.server.put(house.user, letter(), letter())
        (server.folder / "acl").write_text(f"* user={house.user} lrsw\n")
        mailbox = house.add()
        house.start(mailbox)
        wait_until(lambda: house.outcomes(mailbox) == [("stored", True)] * 2)
        house.end()
        with server.session(house.user) as client:
            client.select_folder("INBOX", readonly=True)
            assert all(b"$Scanstraat" in flags for flags in client.get_flags(client.search()).values())
            assert [name for _, _, name in client.list_folders()] == ["INBOX"]
        assert len(house.inbox()) == 2
        assert house.error(mailbox) == ""


@pytest.mark.rule("A6")
def test_a_mailbox_one_may_only_read_is_remembered(housing: Housing) -> None:
    with Dovecot(more=RIGHTS) as server:
        house = housing(server)
        house.server.put(house.user, letter(), letter())
        (server.folder / "acl").write_text(f"* user={house.user} lr\n")
        mailbox = house.add()
        house.start(mailbox, imap_idle_seconds=0.2)
        wait_until(lambda: house.outcomes(mailbox) == [("stored", True)] * 2)
        time.sleep(0.6)
        house.end()
        assert len(house.stored()) == len(house.inbox()) == 2
        assert models.MailEvent.objects.filter(mail__administration_id=house.administration.id, event="received").count() == 2


@pytest.mark.rule("A6")
def test_a_full_quota_keeps_a_copy_from_being_made(housing: Housing) -> None:
    more = (
        "mail_plugins = quota\nprotocol imap {{\n mail_plugins = quota imap_quota\n}}\n"
        "plugin {{\n quota = count:User quota\n quota_vsizes = yes\n quota_rule = *:messages=2\n}}\n"
    )
    with Dovecot(without("MOVE"), more) as server:
        house = housing(server)
        house.server.put(house.user, letter(), letter())
        mailbox = house.add()
        house.start(mailbox)
        wait_until(lambda: house.outcomes(mailbox) == [("stored", True)] * 2)
        house.end()
        assert len(house.stored()) == len(house.inbox()) == 2
        assert house.done() == []


@pytest.mark.rule("A8")
def test_another_uidvalidity_has_all_looked_at_anew_and_doubles_nothing(house: House) -> None:
    mails = [letter(), letter()]
    with house.server.session(house.user) as client:
        client.create_folder("Facturen")
    house.server.put(house.user, *mails, folder="Facturen")
    mailbox = house.add(folder="Facturen", done_folder="")
    house.start(mailbox)
    wait_until(lambda: house.outcomes(mailbox) == [("stored", True)] * 2)
    with house.server.session(house.user) as client:
        client.delete_folder("Facturen")
        time.sleep(1.1)  # Dovecot counts by the second
        client.create_folder("Facturen")
    house.server.put(house.user, mails[0], letter("new"), folder="Facturen")
    wait_until(lambda: len(house.outcomes(mailbox)) == 4)
    house.end()
    assert len(house.stored()) == 3
    mail = models.Mail.objects.filter(administration_id=house.administration.id).order_by("received_at")[0]
    assert mail.events.filter(event="received").count() == 2


@pytest.mark.rule("A6")
def test_what_others_expunge_meanwhile_is_nobodys_business(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from scanstraat.mailbox.imap.folder import Folder

    mails = [letter(f"{number}") for number in range(4)]
    house.server.put(house.user, *mails)
    sizes = Folder.sizes

    def raced(folder: Folder, uids: list[int]) -> object:
        found = sizes(folder, uids)
        with house.server.session(house.user) as client:
            client.select_folder("INBOX")
            gone = [uid for uid in client.search() if uid in uids][:2]
            client.delete_messages(gone)
            client.expunge(gone)
        return found

    monkeypatch.setattr(Folder, "sizes", raced)
    mailbox = house.add()
    house.start(mailbox)
    wait_until(lambda: house.outcomes(mailbox) == [("stored", True)] * 2)
    assert house.stored() == mails[2:]
    assert house.error(mailbox) == ""


@pytest.mark.rule("A6", "A7")
def test_dropped_connections_are_made_again(house: House, caplog: pytest.LogCaptureFixture) -> None:
    mailbox = house.add()
    house.start(mailbox)
    for number in range(3):
        house.server.put(house.user, letter(f"{number}"))
        wait_until(lambda: len(house.done()) == number + 1)  # noqa: B023
        house.server.kick(house.user)
    house.server.put(house.user, letter("last"))
    wait_until(lambda: len(house.done()) == 4)
    house.end()
    assert len(house.stored()) == 4
    assert house.error(mailbox) == ""


@pytest.mark.rule("A6")
def test_a_server_that_is_away_is_asked_again_and_logged_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with Dovecot() as other:
        port = other.port
    mailbox = house.add(port=port)
    house.start(mailbox)
    wait_until(lambda: "imap-server" in house.error(mailbox))
    time.sleep(0.5)
    house.end()
    assert sum("cannot be looked through" in record.message for record in caplog.records) == 1
    assert "Look at host, port and security" in house.error(mailbox)


@pytest.mark.rule("A6")
def test_a_wrong_password_says_what_to_do(house: House) -> None:
    mailbox = house.add(credentials=Credentials(password="wrong"))
    house.start(mailbox)
    wait_until(lambda: house.error(mailbox))
    assert house.error(mailbox).startswith("sign-in: 127.0.0.1 refuses the password of")
    assert "scanstraat mailbox-secret" in house.error(mailbox)
    assert "wrong" not in house.error(mailbox)


@pytest.mark.rule("A6")
def test_a_password_that_is_corrected_is_used_soon(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from scanstraat.mailbox.imap import looking

    monkeypatch.setattr(looking, "_SECRET_SECONDS", 0.1)
    house.server.put(house.user, letter())
    mailbox = house.add(credentials=Credentials(password="wrong"))
    house.start(mailbox, imap_pause_seconds=1.0)
    wait_until(lambda: house.error(mailbox))
    mailboxes.set_credentials(house.home, mailbox, Credentials(password=PASSWORD))
    wait_until(house.done, 10)
    wait_until(lambda: house.error(mailbox) == "")


@pytest.mark.rule("A3")
def test_the_size_limit_is_exact_and_told_once(house: House) -> None:
    owner = models.Administration.objects.get(id=house.administration.id)
    from scanstraat.codec import to_json

    owner.instructions = to_json(Instructions(contacts=("boekhouding@customer.example",))).decode()
    owner.save()
    fits, exceeds = letter("fits", octets=30_000_000), letter("Te groot", octets=30_000_001)
    assert (len(fits), len(exceeds)) == (30_000_000, 30_000_001)
    house.server.put(house.user, exceeds, fits)
    mailbox = house.add()
    house.start(mailbox)
    wait_until(lambda: sorted(house.outcomes(mailbox)) == [("stored", True), ("too-large", True)])
    house.end()
    assert house.done() == [fits]
    assert [len(mail) for mail in house.stored()] == [30_000_000]
    assert house.inbox() == [exceeds]
    models.Fetched.objects.filter(mailbox=mailbox, outcome="too-large").delete()  # as after another UIDVALIDITY
    house.start(mailbox)
    wait_until(lambda: ("too-large", True) in house.outcomes(mailbox))
    house.end()
    assert house.inbox() == [exceeds]
    refusal = models.Refusal.objects.filter(administration_id=house.administration.id).first()
    assert refusal is not None
    assert (refusal.sender, refusal.recipient, refusal.channel) == ("sender@supplier.example", house.address, "imap")
    assert "30000001 octets" in refusal.reply
    told = models.Letter.objects.filter(administration_id=house.administration.id)
    assert [(one.purpose, one.recipient) for one in told] == [("too-large", "boekhouding@customer.example")]


@pytest.mark.rule("A3")
def test_the_limit_holds_where_the_server_lies_about_the_size(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from scanstraat.mailbox.imap.folder import Folder

    monkeypatch.setattr(Folder, "sizes", lambda folder, uids: tuple((uid, 10) for uid in uids))
    small, large = letter("small", octets=90_000), letter("large", octets=200_001)
    house.server.put(house.user, large, small)
    mailbox = house.add()
    house.start(mailbox, max_mail_octets=200_000)
    wait_until(lambda: house.done() == [small])
    house.end()
    assert house.stored() == [small]
    assert house.outcomes(mailbox) == [("too-large", True), ("stored", True)]


@pytest.mark.rule("A1", "A4", "A10")
def test_a_shared_mailbox_goes_by_the_topmost_header(house: House) -> None:
    mine, foreign = letter(to=house.address), letter(to="nobody@invoices.example")
    forged = letter(to="nobody@invoices.example").replace(b"\r\n\r\n", f"\r\nDelivered-To: {house.address}\r\n\r\n".encode(), 1)
    without_header = letter()
    house.server.put(house.user, mine, foreign, forged, without_header)
    mailbox = house.add(recipient_header="Delivered-To")
    house.start(mailbox)
    wait_until(lambda: len(house.outcomes(mailbox)) == 4 and house.inbox() == [])
    house.end()
    assert house.stored() == [mine]
    assert house.server.mails(house.user, FAILED) == [foreign, forged, without_header]
    replies = models.Refusal.objects.filter(peer="127.0.0.1", recipient="nobody@invoices.example").values_list("reply", flat=True)
    assert all("is not known here" in reply for reply in replies)
    assert len(replies) >= 2


@pytest.mark.rule("A10")
def test_mail_of_an_ended_contract_is_laid_aside(house: House) -> None:
    from scanstraat.records.offices import end_contract

    end_contract(house.administration.id, clock().date() - timedelta(days=15))
    late = letter()
    house.server.put(house.user, late)
    mailbox = house.add()
    house.start(mailbox)
    wait_until(lambda: house.server.mails(house.user, FAILED) == [late])
    assert house.stored() == []
    assert house.outcomes(mailbox) == [("unknown-recipient", True)]


@pytest.mark.rule("A7")
def test_a_full_disk_is_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from scanstraat.errors import Unavailable
    from scanstraat.pipeline.intake import StoredIntake

    store, tries = StoredIntake.store, []

    def full(self: StoredIntake, *arguments: object) -> object:
        tries.append(1)
        if len(tries) <= 5:
            raise Unavailable("disk-full", "no room.")
        return store(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(StoredIntake, "store", full)
    mail = letter()
    house.server.put(house.user, mail)
    mailbox = house.add()
    house.start(mailbox)
    wait_until(lambda: "disk-full" in house.error(mailbox))
    wait_until(lambda: house.done() == [mail])
    wait_until(lambda: house.error(mailbox) == "")
    assert house.outcomes(mailbox) == [("stored", True)]


@pytest.mark.rule("A6")
@pytest.mark.parametrize("how", ["refuses", "hangs up"])
def test_a_message_that_cannot_be_fetched_is_left_and_its_neighbours_go_on(
    how: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

    from scanstraat.mailbox.imap.folder import Folder

    piece, tries = Folder.piece, []

    def broken(folder: Folder, uid: int, offset: int, length: int) -> object:
        if uid == 2:
            tries.append(uid)
            raise (IMAPClientError if how == "refuses" else IMAPClientAbortError)("FETCH failed")
        return piece(folder, uid, offset, length)

    monkeypatch.setattr(Folder, "piece", broken)
    mails = [letter(f"{number}") for number in range(4)]
    house.server.put(house.user, *mails)
    mailbox = house.add()
    house.start(mailbox)
    wait_until(lambda: ("unfetchable", True) in house.outcomes(mailbox))
    house.end()
    assert house.inbox() == [mails[1]]
    assert sorted(house.done()) == sorted(house.stored()) == sorted([mails[0], *mails[2:]])
    assert len(tries) == 3
    monkeypatch.setattr(Folder, "piece", piece)
    models.Fetched.objects.filter(outcome="unfetchable").update(at=clock() - mailboxes.AGAIN_AFTER - timedelta(minutes=1))
    house.start(mailbox)
    wait_until(lambda: len(house.stored()) == 4)


@pytest.mark.rule("A7")
def test_what_was_dealt_with_is_only_moved(house: House) -> None:
    mail = letter()
    house.server.put(house.user, mail)
    mailbox = house.add()
    with house.server.session(house.user) as client:
        client.append("INBOX", letter("not dealt with"))
        uidvalidity = client.select_folder("INBOX")[b"UIDVALIDITY"]
    models.Fetched.objects.create(mailbox_id=mailbox, uidvalidity=uidvalidity, uid=1, outcome="stored", at=clock())
    house.start(mailbox)
    wait_until(lambda: len(house.done()) == 2)
    assert len(house.stored()) == 1
    assert mail not in house.stored()


@pytest.mark.rule("A6")
def test_a_mailbox_with_thousands_of_messages_works_in_batches(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from scanstraat.mailbox.imap import folder, looking

    monkeypatch.setattr(folder, "WINDOW", 7)
    monkeypatch.setattr(looking, "BATCH", 5)
    mails = [letter(f"{number}") for number in range(40)]
    house.server.put(house.user, *mails)
    house.start(house.add())
    wait_until(lambda: len(house.done()) == 40)
    assert house.stored() == mails


def test_a_user_of_the_mailbox_sees_unread_mails(house: House) -> None:
    house.server.put(house.user, letter())
    house.start(house.add())
    wait_until(house.done)
    with IMAPClient("127.0.0.1", house.server.port, ssl=False) as client:
        client.plain_login(house.user, PASSWORD)
        client.select_folder(DONE)
        assert client.search("UNSEEN") == [1]
