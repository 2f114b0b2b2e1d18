"""Outlook's mails, saved as .msg or wrapped in winmail.dat: their texts, files and mails within."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime

import oxmsg
import pytest
import tnefparse
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.generator.outlook import Attached, Message, msg_file, tnef_file
from fixtures.generator.richtext import compressed, html_in_rtf, text_in_rtf
from scanstraat.mailbox.containers.opened import Budget
from scanstraat.mailbox.containers.richtext import unpacked
from scanstraat.mailbox.containers.rtf import text_of
from scanstraat.mailbox.fields import split_header
from scanstraat.mailbox.header import mail_header
from scanstraat.model.mail import OpenedMail, Part, PartRole
from tests.mailbox.letters import attach, letter, opened, pdf, picture

PDF, LOGO = pdf(), picture(200, 50, "PNG")
INNER = Message("Aanmaning", "Bank", "bank@bank.example", text="Betaal.", files=(Attached("aanmaning.pdf", PDF),))
MAIL = Message(
    subject="Factuur 17 – €",
    sender="Zoë Supplier",
    address="zoe@supplier.example",
    sent=datetime(2026, 3, 31, 21, 30, tzinfo=UTC),
    text="Hierbij de factuur.",
    html=b"<p>Hierbij de <b>factuur</b>.<img src='cid:logo@x'></p>",
    files=(Attached("factuur maart.pdf", PDF, "application/pdf"), Attached("logo.png", LOGO, "image/png", "logo@x"), INNER),
)
BOTH = pytest.mark.parametrize("written", [msg_file, tnef_file])
Written = Callable[[Message], bytes]


def mail_with(content: bytes, name: str = "bijlage", text: str = "Zie bijlage.") -> OpenedMail:
    mail = letter(text)
    attach(mail, content, name)
    attach(mail, PDF, "los.pdf")
    return opened(mail)


def within(mail: OpenedMail) -> tuple[Part, ...]:
    """What came out of the file attached, without its container, and without what is beside it."""
    assert mail.parts[1].role is PartRole.CONTAINER
    assert (mail.parts[-1].name, mail.parts[-1].role) == ("los.pdf", PartRole.DOCUMENT)
    return mail.parts[2:-1]


def test_other_programs_read_what_we_write() -> None:
    read = oxmsg.Message.load(io.BytesIO(msg_file(MAIL)))
    assert (read.subject, read.body, read.sent_date) == (MAIL.subject, MAIL.text, MAIL.sent)
    assert [file.file_bytes for file in read.attachments][:2] == [PDF, LOGO]
    wrapped = tnefparse.TNEF(tnef_file(MAIL))
    assert wrapped.body == MAIL.text
    assert [file.data for file in wrapped.attachments][:2] == [PDF, LOGO]


@pytest.mark.rule("A5", "B1", "B3", "B6")
def test_a_saved_mail_is_kept_and_is_a_forwarded_mail_with_its_header_texts_and_files() -> None:
    saved = msg_file(MAIL)
    parts = within(mail_with(saved, "factuur.msg"))
    container, body, decoration, document = PartRole.CONTAINER, PartRole.BODY, PartRole.DECORATION, PartRole.DOCUMENT
    assert [(part.name, part.role, part.container) for part in parts] == [
        ("Factuur 17 – €.eml", container, 1),
        ("part-4.txt", body, 2),
        ("part-5.html", body, 2),
        ("factuur maart.pdf", document, 2),
        ("logo.png", decoration, 2),
        ("Aanmaning.eml", container, 2),
        ("part-9.txt", body, 7),
        ("aanmaning.pdf", document, 7),
    ]
    header = mail_header(split_header(parts[0].content)[0])
    assert (header.sender, header.subject) == ('"Zoë Supplier" <zoe@supplier.example>', MAIL.subject)
    assert header.sent_at == MAIL.sent
    assert mail_header(split_header(parts[5].content)[0]).sender == '"Bank" <bank@bank.example>'
    assert mail_with(saved).parts[1].content == saved


@pytest.mark.rule("A5")
def test_the_headers_that_a_saved_mail_came_with_count_more_than_what_outlook_made_of_them() -> None:
    came = "Microsoft Mail Internet Headers Version 2.0\r\nFrom: ander@x.example\r\nDate: Wed, 1 Apr 2026 08:00:00 +0200\r\n\r\n"
    parts = within(mail_with(msg_file(Message("Factuur", "Zoë", "zoe@x.example", MAIL.sent, "Hoi", headers=came))))
    header = mail_header(split_header(parts[0].content)[0])
    assert (header.sender, header.subject) == ("ander@x.example", "Factuur")
    assert header.sent_at == datetime(2026, 4, 1, 6, tzinfo=UTC)


@pytest.mark.rule("B1", "B3", "B6")
def test_winmail_dat_gives_its_texts_files_and_mails() -> None:
    parts = within(mail_with(tnef_file(MAIL), "winmail.dat"))
    container, body, decoration, document = PartRole.CONTAINER, PartRole.BODY, PartRole.DECORATION, PartRole.DOCUMENT
    assert [(part.name, part.role, part.container) for part in parts] == [
        ("part-3.txt", body, 1),
        ("part-4.html", body, 1),
        ("factuur maart.pdf", document, 1),
        ("logo.png", decoration, 1),
        ("Aanmaning.eml", container, 1),
        ("part-8.txt", body, 6),
        ("aanmaning.pdf", document, 6),
    ]
    assert mail_header(split_header(parts[4].content)[0]).subject == "Aanmaning"
    assert [part.content for part in parts[2:4]] == [PDF, LOGO]


@pytest.mark.rule("F2")
@BOTH
def test_the_text_is_that_of_the_mail_itself_or_where_it_says_nothing_outlooks_once(written: Written) -> None:
    assert mail_with(written(MAIL)).text == "Zie bijlage."
    assert mail_with(written(MAIL), text=" ").text == "Hierbij de factuur."


@pytest.mark.rule("B1")
@BOTH
@pytest.mark.parametrize(
    ("rtf", "declared", "shown"),
    [
        (html_in_rtf("<p>Café {5} voor 漢字 en 😀</p>"), "text/html", "<p>Café {5} voor 漢字 en 😀</p>"),
        (text_in_rtf("Café {5}\nvoor 漢字"), "text/plain", "Café {5}\r\nvoor 漢字\r\n"),
    ],
)
def test_a_text_in_rich_text_alone(written: Written, rtf: bytes, declared: str, shown: str) -> None:
    body = next(part for part in within(mail_with(written(Message("x", rtf=rtf)))) if part.role is PartRole.BODY)
    assert (body.declared, body.content.decode()) == (declared, shown)


@pytest.mark.parametrize("text", ["", "a", "abc" * 2_000, "{\\rtf1\\ansi " + "".join(map(chr, range(32, 127))) * 100])
def test_rich_text_packed_is_unpacked(text: str) -> None:
    assert unpacked(compressed(text.encode()), Budget()) == text.encode()


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_octets_are_unpacked_and_read_as_rich_text(octets: bytes) -> None:
    assert len(unpacked(octets, Budget())) <= 17 * len(octets)
    unpacked(b"\0\0\0\0\xff\xff\0\0LZFu\0\0\0\0" + octets, Budget())
    text_of(octets).text.encode()
    text_of(b"{\\rtf1\\fromhtml1 " + octets).text.encode()


@pytest.mark.rule("B9")
@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9, 0.99])
def test_a_winmail_dat_that_is_cut_off_gives_what_it_has_and_its_neighbours_go_on(share: float) -> None:
    whole = tnef_file(MAIL)
    mail = mail_with(whole[: int(len(whole) * share)])
    assert mail.parts[1].problem is not None
    assert mail.parts[1].problem.code == "outlook-broken"
    assert mail.parts[1].role is (PartRole.CONTAINER if len(mail.parts) > 3 else PartRole.UNREADABLE)
    assert mail.parts[-1].role is PartRole.DOCUMENT


@pytest.mark.rule("B6")
def test_a_winmail_dat_that_only_notes_something_for_outlook_is_decoration() -> None:
    assert mail_with(tnef_file(Message("Afspraak", "Z", "z@x.example"))).parts[1].role is PartRole.DECORATION


@pytest.mark.rule("B9")
def test_a_saved_mail_that_is_cut_off_says_so() -> None:
    mail = mail_with(msg_file(MAIL)[:2_000])
    part, neighbour = mail.parts[1:]
    assert part.role is PartRole.UNREADABLE
    assert part.problem is not None
    assert part.problem.code in ("outlook-broken", "unsupported-type")
    assert neighbour.role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
def test_mails_within_mails_end_where_they_are_too_deep() -> None:
    message = Message("diep", text="diep")
    for number in range(60):
        message = Message(f"{number}", text="x", files=(message,))
    mail = mail_with(tnef_file(message))
    assert any(part.problem and part.problem.code == "nested-too-deep" for part in mail.parts)
    assert mail.parts[-1].role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
@BOTH
@given(changes=st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 255)), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_whatever_is_broken_in_a_mail_of_outlooks_nothing_is_raised_and_it_is_kept(
    written: Written, changes: list[tuple[int, int]]
) -> None:
    broken = bytearray(written(MAIL))
    for at, octet in changes:
        broken[at % len(broken)] = octet
    began = time.process_time()
    mail = mail_with(bytes(broken))
    assert mail.parts[1].content == bytes(broken)
    assert mail.parts[-1].content == PDF
    assert time.process_time() - began < 3
