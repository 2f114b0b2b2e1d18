"""Who is believed to have sent a mail: real questions to a real name server, real signatures, and everybody who lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.bounded import Child
from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.authentication import PRELOAD, Authenticator, Proof
from scanstraat.mailbox.claims import Claims, claims_of
from scanstraat.mailbox.lookups import MOST_QUESTIONS
from scanstraat.mailbox.proofs import is_signed, spf_step
from scanstraat.model.mail import Channel, Envelope
from scanstraat.settings import Settings
from tests.mailbox.nameserver import NameServer, public_key, signed

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
HERE, ELSEWHERE = "127.0.0.1", "198.51.100.7"
MAIL = b"From: Piet <piet@jansen.example>\r\nTo: f@klant.example\r\nSubject: Factuur\r\n\r\nHierbij.\r\n"
SPF = "v=spf1 ip4:127.0.0.1 -all"


def _envelope(sender: str = "piet@jansen.example", peer: str = HERE, channel: Channel = Channel.SMTP) -> Envelope:
    return Envelope(sender, "f@klant.example", NOW, channel, peer, "mail.jansen.example")


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(PRELOAD) as made:
        yield made


@pytest.fixture
def names() -> Iterator[NameServer]:
    with NameServer() as server:
        yield server


def _proof(child: Child, names: NameServer, raw: bytes, envelope: Envelope, authserv_id: str = "", own: str = "") -> Proof:
    settings = Settings(dns=f"127.0.0.1:{names.port}", authserv_id=authserv_id, trusted_peers=own)
    authenticator = Authenticator(child, settings)
    return authenticator.proof(raw, envelope, authenticator.claims(raw, envelope))


def test_the_machine_of_the_senders_own_domain_proves_it(child: Child, names: NameServer) -> None:
    names.publish("jansen.example", spf=SPF)
    assert _proof(child, names, MAIL, _envelope()) == Proof("spf", "jansen.example")
    assert not _proof(child, names, MAIL, _envelope(peer=ELSEWHERE))


def test_spf_of_another_domain_proves_nothing_of_the_author(child: Child, names: NameServer) -> None:
    names.publish("evil.example", spf=SPF)
    names.publish("jansen.example", spf="v=spf1 -all")
    assert not _proof(child, names, MAIL, _envelope("x@evil.example"))
    assert "evil.example TXT" not in names.asked


def test_spf_counts_by_smtp_only_where_the_peer_is_the_sender(child: Child, names: NameServer) -> None:
    names.publish("jansen.example", spf=SPF)
    for channel in (Channel.LMTP, Channel.IMAP):
        assert not _proof(child, names, MAIL, _envelope(channel=channel))


def test_includes_mail_exchangers_and_redirects_are_followed(child: Child, names: NameServer) -> None:
    names.publish("jansen.example", spf="v=spf1 include:_spf.host.example ~all")
    names.publish("_spf.host.example", spf="v=spf1 redirect=_mx.host.example")
    names.publish("_mx.host.example", spf="v=spf1 mx:host.example -all")
    names.records["host.example", "MX"] = ["10 mx1.host.example.", "20 mx2.host.example."]
    names.records["mx1.host.example", "A"] = ["192.0.2.9"]
    names.records["mx2.host.example", "A"] = [HERE]
    assert _proof(child, names, MAIL, _envelope()) == Proof("spf", "jansen.example")


def test_a_signature_of_the_authors_domain_proves_it_whoever_brings_the_mail(child: Child, names: NameServer) -> None:
    names.publish("jansen.example", selector="s1")
    raw = signed(MAIL, "jansen.example")
    for channel in (Channel.SMTP, Channel.LMTP, Channel.IMAP):
        assert _proof(child, names, raw, _envelope("x@bounces.host.example", ELSEWHERE, channel)) == Proof(
            "dkim", "jansen.example"
        )


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda raw: raw.replace(b"Hierbij.", b"Hierbij!"),
        lambda raw: raw.replace(b"Piet <piet@", b"Piet <anna@"),
        lambda raw: b"From: eve@jansen.example\r\n" + raw,
        lambda raw: raw.replace(b"s=s1", b"s=s2"),
        lambda raw: raw.replace(b" b=", b" b=ABCD"),
        lambda raw: raw.replace(b"DKIM-Signature: v=1", b"DKIM-Signature: v=9"),
    ],
)
def test_a_signature_that_does_not_hold_proves_nothing(child: Child, names: NameServer, spoiled) -> None:  # type: ignore[no-untyped-def]
    names.publish("jansen.example", selector="s1")
    raw = signed(MAIL, "jansen.example")
    assert spoiled(raw) != raw
    assert not _proof(child, names, spoiled(raw), _envelope(peer=ELSEWHERE))


def test_a_signature_of_a_stranger_beside_the_own_one_does_not_matter(child: Child, names: NameServer) -> None:
    names.publish("jansen.example", selector="s1")
    names.publish("evil.example", selector="s1")
    assert not _proof(child, names, signed(MAIL, "evil.example"), _envelope(peer=ELSEWHERE))
    both = signed(signed(MAIL, "jansen.example"), "evil.example")
    assert _proof(child, names, both, _envelope(peer=ELSEWHERE)) == Proof("dkim", "jansen.example")


@pytest.mark.parametrize(
    ("policy", "is_believed"),
    [("", True), ("v=DMARC1; p=none", True), ("v=DMARC1; p=reject; adkim=r", True), ("v=DMARC1; p=reject; adkim=s", False)],
)
def test_a_policy_says_whether_the_domain_itself_must_sign(
    child: Child, names: NameServer, policy: str, is_believed: bool
) -> None:
    names.publish("mail.jansen.example", selector="s1")
    names.publish("jansen.example", dmarc=policy)
    assert bool(_proof(child, names, signed(MAIL, "mail.jansen.example"), _envelope(peer=ELSEWHERE))) is is_believed


@pytest.mark.parametrize(("policy", "is_believed"), [("v=DMARC1; p=none", True), ("v=DMARC1;p=none;aspf=s", False)])
def test_a_policy_says_whether_spf_must_be_of_the_domain_itself(
    child: Child, names: NameServer, policy: str, is_believed: bool
) -> None:
    names.publish("bounces.jansen.example", spf=SPF)
    names.publish("jansen.example", dmarc=policy)
    assert bool(_proof(child, names, MAIL, _envelope("b-1@bounces.jansen.example"))) is is_believed


def test_the_policy_of_the_organisation_holds_for_its_departments(child: Child, names: NameServer) -> None:
    names.publish("jansen.example", dmarc="v=DMARC1; p=reject; adkim=s", selector="s1")
    raw = signed(MAIL.replace(b"@jansen", b"@nl.jansen"), "jansen.example")
    assert not _proof(child, names, raw, _envelope(peer=ELSEWHERE))
    names.publish("nl.jansen.example", dmarc="v=DMARC1; p=reject")
    assert _proof(child, names, raw, _envelope(peer=ELSEWHERE)) == Proof("dkim", "jansen.example")


def test_companies_under_one_public_suffix_are_no_organisation(child: Child, names: NameServer) -> None:
    names.publish("evil.co.uk", spf=SPF)
    raw = MAIL.replace(b"jansen.example", b"jansen.co.uk")
    assert not _proof(child, names, raw, _envelope("x@evil.co.uk"))


RESULTS = (
    b"Authentication-Results: mx.klant.example; dmarc=pass (p=reject) header.from=jansen.example;"
    b" spf=fail smtp.mailfrom=x@y.example\r\n"
)


@pytest.mark.parametrize(
    ("header", "channel", "is_believed"),
    [
        (RESULTS, Channel.LMTP, True),
        (RESULTS, Channel.IMAP, True),
        (RESULTS, Channel.SMTP, False),  # anybody may have written it
        (RESULTS.replace(b"mx.klant", b"mx.evil"), Channel.LMTP, False),
        (b"Authentication-Results: mx.evil.example; none\r\n" + RESULTS, Channel.LMTP, False),
        (RESULTS.replace(b"dmarc=pass", b"dmarc=fail"), Channel.LMTP, False),
        (RESULTS.replace(b"header.from=jansen", b"header.from=evil"), Channel.LMTP, False),
        (b"Authentication-Results: mx.klant.example; dkim=pass header.d=jansen.example\r\n", Channel.LMTP, True),
        (b"Authentication-Results: mx.klant.example; spf=pass smtp.mailfrom=piet@mail.jansen.example\r\n", Channel.LMTP, True),
        (b"Authentication-Results: mx.klant.example; spf=pass smtp.helo=jansen.example\r\n", Channel.LMTP, False),
        (b"Authentication-Results: mx.klant.example; ;;== dmarc=pass\r\n", Channel.LMTP, False),
    ],
)
def test_the_relay_in_front_is_believed_on_its_topmost_word(
    child: Child, names: NameServer, header: bytes, channel: Channel, is_believed: bool
) -> None:
    proof = _proof(child, names, header + MAIL, _envelope(channel=channel), "mx.klant.example")
    assert bool(proof) is is_believed
    assert not _proof(child, names, header + MAIL, _envelope(channel=channel))


@pytest.mark.parametrize("peer", ["192.0.2.7", "::ffff:192.0.2.7", ""])
def test_a_mail_server_of_ours_is_believed_and_not_taken_for_the_senders(child: Child, names: NameServer, peer: str) -> None:
    names.publish("jansen.example", spf="v=spf1 ip4:192.0.2.7 -all")
    envelope = _envelope(peer=peer)
    assert not _proof(child, names, MAIL, envelope, own="10.0.0.0/8,192.0.2.7")
    assert _proof(child, names, RESULTS + MAIL, envelope, "mx.klant.example", "192.0.2.7").method == "relay"
    assert bool(_proof(child, names, MAIL, envelope)) is bool(peer)


def test_a_name_server_that_fails_is_asked_again_later_unless_another_proof_holds(child: Child, names: NameServer) -> None:
    names.publish("jansen.example", spf=SPF)
    names.broken.add("s1._domainkey.jansen.example")
    raw = signed(MAIL, "jansen.example")
    assert _proof(child, names, raw, _envelope()) == Proof("spf", "jansen.example")
    with pytest.raises(Unavailable) as caught:
        _proof(child, names, raw, _envelope(peer=ELSEWHERE))
    assert caught.value.code == "dns"


def test_no_mail_makes_us_ask_for_ever(child: Child, names: NameServer) -> None:
    for number in range(200):
        names.publish(f"n{number}.jansen.example", spf=f"v=spf1 include:n{number + 1}.jansen.example -all")
    assert not _proof(child, names, MAIL, _envelope("x@n0.jansen.example"))
    assert len(names.asked) <= 15
    names.asked.clear()
    exchangers = [f"{i} mx{i}.jansen.example." for i in range(10)]
    names.publish("jansen.example", spf="v=spf1 " + " ".join(f"mx:m{i}.jansen.example" for i in range(10)) + " -all")
    for number in range(10):
        names.records[f"m{number}.jansen.example", "MX"] = exchangers
        names.records[f"mx{number}.jansen.example", "A"] = ["192.0.2.1"]
    assert not _proof(child, names, MAIL, _envelope())
    assert len(set(names.asked)) <= MOST_QUESTIONS


def test_a_mail_of_the_largest_size_is_verified_in_bounds(child: Child, names: NameServer) -> None:
    names.publish("jansen.example", selector="s1")
    raw = signed(MAIL + b"x" * 76 + (b"\r\n" + b"A" * 76) * 380_000, "jansen.example", canonicalize=(b"relaxed", b"relaxed"))
    assert len(raw) > 29_000_000
    assert _proof(child, names, raw, _envelope(peer=ELSEWHERE))


def test_a_mail_made_to_fill_the_memory_of_a_verifier_is_not_proved_and_hurts_nobody(child: Child, names: NameServer) -> None:
    names.publish("jansen.example", selector="s1")
    raw = signed(MAIL, "jansen.example") + b"\r\n" * 14_000_000 + b"x"
    with pytest.raises(Refused, match="parser-memory"):
        _proof(child, names, raw, _envelope(peer=ELSEWHERE))
    assert _proof(child, names, signed(MAIL, "jansen.example"), _envelope(peer=ELSEWHERE))


def test_a_setting_that_names_no_name_server_is_refused(child: Child) -> None:
    authenticator = Authenticator(child, Settings(dns="nowhere"))
    with pytest.raises(Refused, match="SCANSTRAAT_DNS"):
        authenticator.proof(MAIL, _envelope(), authenticator.claims(MAIL, _envelope()))


def _claims(header: bytes) -> Claims:
    return claims_of(header + b"\r\n\r\n", "piet@jansen.example", "")


@pytest.mark.parametrize(
    ("value", "author"),
    [
        (b"piet@Jansen.example", "piet@jansen.example"),
        (b'"Jansen, Piet" <piet@jansen.example>', "piet@jansen.example"),
        (b"=?utf-8?Q?Jansen=2C_eve=40evil.example?= <piet@jansen.example>", "piet@jansen.example"),
        (b"<piet@jansen.example>", "piet@jansen.example"),
        (b"eve@evil.example, piet@jansen.example", ""),
        (b"eve@evil.example <piet@jansen.example>", "piet@jansen.example"),
        (b"Piet <piet@jansen.example> <eve@evil.example>", ""),
        (b"<piet@jansen.example", ""),
        (b"piet@jansen.example>", ""),
        (b'"piet jansen"@jansen.example', ""),
        (b"piet@localhost", ""),
        ("piët@jansen.example".encode(), ""),
        (b"undisclosed", ""),
    ],
)
def test_the_author_is_the_one_address_as_the_field_has_it(value: bytes, author: str) -> None:
    claims = _claims(b"From: " + value)
    assert claims.author == author
    assert bool(claims.objection) is not bool(author)


def test_two_authors_are_none() -> None:
    assert _claims(b"From: piet@jansen.example\r\nFrom: piet@jansen.example").author == ""
    assert _claims(b"Subject: x").author == ""


@pytest.mark.parametrize(
    ("line", "objection"),
    [
        (b"Auto-Submitted: auto-replied", "it was sent by a machine"),
        (b"Auto-Submitted: auto-generated; x=y", "it was sent by a machine"),
        (b"Auto-Submitted: notification", "it was sent by a machine"),
        (b"Auto-Submitted: no", ""),
        (b"X-Auto-Response-Suppress: All", "its sender asks for no automatic answers"),
        (b"X-Auto-Response-Suppress: DR, RN", ""),
        (b"List-Id: <x.lists.example>", "it was sent to a list"),
        (b"List-Unsubscribe: <mailto:x@y.example>", ""),  # as on many invoices that a mailing service sends
        (b"List-Unsubscribe: <mailto:x@y.example>\r\nPrecedence: bulk", "it was sent to many"),
        (b"Precedence: junk", "it was sent to many"),
        (b"Content-Type: multipart/report; report-type=delivery-status", "it is a delivery report"),
        (b"Return-Path: <>", "it is a bounce"),
        (b"Return-Path: <piet@jansen.example>", ""),
        (b"X-Scanstraat-Letter: 1", "it is a letter of ours"),
        (b"X-Loop: x", "it is an automatic answer"),
    ],
)
def test_what_a_header_says_against_an_answer(line: bytes, objection: str) -> None:
    assert _claims(b"From: piet@jansen.example\r\n" + line).objection == objection


@pytest.mark.parametrize(
    "name",
    [
        "no-reply",
        "noreply",
        "DoNotReply",
        "mailer-daemon",
        "MAILER-DAEMON",
        "postmaster",
        "bounces+x=y",
        "list-request",
        "noreply-billing",
    ],
)
def test_nobody_is_not_written_to(name: str) -> None:
    assert _claims(f"From: {name}@jansen.example".encode()).objection == "nobody reads mail to its sender"


@pytest.mark.parametrize("name", ["norbert", "nora.reply", "invoices", "piet", "list.piet", "automation"])
def test_people_are(name: str) -> None:
    assert _claims(f"From: {name}@jansen.example".encode()).objection == ""


@given(st.binary(max_size=300), st.text(max_size=40))
def test_no_header_makes_the_claims_fail(octets: bytes, sender: str) -> None:
    for header in (octets, b"From: " + octets, b"From: a@b.example\r\nDKIM-Signature: " + octets):
        claims_of(header, sender, "mx.klant.example")
    claims_of(b"From: a@b.example\r\nAuthentication-Results: mx.klant.example; " + octets, sender, "mx.klant.example")


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_no_signature_makes_the_verifier_fail(signature: bytes, key: bytes) -> None:
    assert not is_signed(b"From: a@b.example\r\nDKIM-Signature: " + signature + b"\r\n\r\nx", 0, key)
    whole = signed(MAIL, "jansen.example")
    assert not is_signed(whole, 0, key)
    assert not is_signed(replace_first(whole, signature), 0, b"v=DKIM1; p=" + key)


def replace_first(raw: bytes, by: bytes) -> bytes:
    return raw.replace(b"v=1", by, 1)


def test_a_signature_over_two_authors_proves_neither() -> None:
    key = f"v=DKIM1; k=rsa; p={public_key()}".encode()
    assert is_signed(signed(MAIL, "jansen.example"), 0, key)
    assert not is_signed(signed(b"From: eve@jansen.example\r\n" + MAIL, "jansen.example"), 0, key)


def test_spf_says_what_it_lacks_and_goes_on_from_there() -> None:
    step = spf_step(HERE, "piet@jansen.example", "", ())
    assert step.asks is not None
    assert (step.asks.name, step.asks.kind) == ("jansen.example", "TXT")
