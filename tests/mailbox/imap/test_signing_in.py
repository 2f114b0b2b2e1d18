"""Signing in to a real Dovecot: by password and by tokens, encrypted, to a server that proves who it is (I7)."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest

from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.imap.checking import check
from scanstraat.mailbox.imap.tokens import EARLY_SECONDS, Tokens, asked
from scanstraat.mailbox.imap.ways import way
from scanstraat.model.way_in import Account, Credentials, Security
from scanstraat.records import mailboxes, models
from tests.mailbox.imap.conftest import House, letter, wait_until
from tests.mailbox.imap.endpoint import Endpoint, endpoint

pytestmark = pytest.mark.xdist_group("dovecot")
TLS = ssl.create_default_context()


@pytest.fixture
def tokens() -> Iterator[Endpoint]:
    with endpoint() as made:
        yield made


def by_token(house: House, tokens: Endpoint, way: str = "gmail") -> Account:
    secrets = Credentials(
        tenant="kantoor.example", client_id="scanstraat", client_secret="s3cr3t", refresh_token="r3fr3sh", token_url=tokens.url
    )
    return house.account(way=way, credentials=secrets)


def signs_in(house: House, account: Account) -> bool:
    return check(account, house.settings, lambda renewed: None).uidvalidity > 0


@pytest.mark.rule("I7")
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_connections_are_encrypted_and_the_server_is_known(house: House, security: Security) -> None:
    port = house.server.tls_port if security is Security.TLS else house.server.port
    account = house.account(host="localhost", port=port, security=security)
    assert signs_in(house, account)
    with pytest.raises(Refused, match=r"certificate: .* cannot prove who it is.*SCANSTRAAT_IMAP_CA"):
        check(account, replace(house.settings, imap_ca=""), lambda renewed: None)
    with pytest.raises(Refused, match="certificate"):  # it is localhost's, not that of another name
        check(replace(account, host="127.0.0.1"), house.settings, lambda renewed: None)


@pytest.mark.rule("I7")
def test_nothing_goes_unencrypted_to_another_machine(house: House) -> None:
    with pytest.raises(Refused, match="not-encrypted"):
        check(house.account(host="mail.example"), house.settings, lambda renewed: None)


def test_what_is_no_imap_server_is_said_so(house: House, tokens: Endpoint) -> None:
    port = int(tokens.url.rpartition(":")[2].partition("/")[0])
    with pytest.raises(Unavailable, match="cannot be reached"):
        check(house.account(port=port), replace(house.settings, imap_timeout=1), lambda renewed: None)


def test_a_wrong_password_names_the_next_step(house: House) -> None:
    with pytest.raises(Refused, match=r"sign-in: .*AUTHENTICATIONFAILED.*app password.*scanstraat mailbox-secret"):
        check(house.account(credentials=Credentials(password="wrong")), house.settings, lambda renewed: None)


@pytest.mark.parametrize(
    ("way", "grant"),
    [
        ("microsoft365", {"grant_type": "client_credentials", "scope": "https://outlook.office365.com/.default"}),
        ("gmail", {"grant_type": "refresh_token", "refresh_token": "r3fr3sh"}),
        ("oauth2", {"grant_type": "refresh_token", "refresh_token": "r3fr3sh"}),
    ],
)
def test_tokens_are_asked_for_as_each_way_wants(house: House, tokens: Endpoint, way: str, grant: dict[str, str]) -> None:
    tokens.gives(house.server.token(house.user))
    assert signs_in(house, by_token(house, tokens, way))
    assert tokens.asked == [{"client_id": "scanstraat", "client_secret": "s3cr3t", **grant}]


def test_mails_come_by_token_and_a_refused_token_is_renewed_once(house: House, tokens: Endpoint) -> None:
    tokens.gives(house.server.token(house.user))
    tokens.gives(house.server.token(house.user, key=b"not its key"))
    tokens.gives(house.server.token(house.user))
    mailbox = house.add(way="gmail", credentials=by_token(house, tokens).credentials)
    house.server.put(house.user, letter())
    house.start(mailbox)
    wait_until(lambda: len(house.done()) == 1)
    assert len(tokens.asked) == 1
    house.server.kick(house.user)
    house.server.put(house.user, letter())
    wait_until(lambda: len(house.done()) == 2)
    assert len(tokens.asked) == 1, "the token at hand is still good"


def test_a_token_the_server_refuses_is_renewed_once(house: House, tokens: Endpoint) -> None:
    bad = house.server.token(house.user, key=b"not its key")
    kept, account = Tokens(TLS, 5, lambda renewed: None), by_token(house, tokens)
    from scanstraat.mailbox.imap.connecting import connected

    tokens.gives(bad)
    tokens.gives(house.server.token(house.user))
    kept.token(way("gmail"), account.credentials)
    with connected(account, kept, TLS, 10) as client:
        assert client.list_folders()
    assert len(tokens.asked) == 2
    tokens.answers[:] = []
    tokens.gives(bad)
    kept.forget()
    with pytest.raises(Refused, match=r"sign-in: .* refuses the token of .*refresh token"), connected(account, kept, TLS, 10):
        pass
    assert len(tokens.asked) == 3, "a fresh token that is refused is not asked for again"


def test_tokens_are_kept_until_a_minute_before_they_expire(tokens: Endpoint) -> None:
    credentials = Credentials(client_id="a", client_secret="b", refresh_token="c", token_url=tokens.url)
    tokens.gives("long", expires_in=EARLY_SECONDS + 30)
    kept = Tokens(TLS, 5, lambda renewed: None)
    assert [kept.token(way("gmail"), credentials) for _ in range(2)] == [("long", False), ("long", True)]
    tokens.answers[:] = []
    tokens.gives("short", expires_in=f"{EARLY_SECONDS - 1:.0f}")
    kept.forget()
    assert [kept.token(way("gmail"), credentials) for _ in range(2)] == [("short", False)] * 2


def test_a_refresh_token_that_is_replaced_is_kept(house: House, tokens: Endpoint) -> None:
    mailbox = house.add(way="gmail", credentials=by_token(house, tokens).credentials)
    tokens.gives(house.server.token(house.user), refresh_token="another")
    house.start(mailbox)
    wait_until(lambda: models.Mailbox.objects.get(id=mailbox).seen_at)
    assert mailboxes.account(house.home, mailbox).credentials.refresh_token == "another"


REFUSALS = [
    (
        400,
        {"error": "invalid_grant", "error_description": "Token has been revoked.\r\nTrace"},
        Refused,
        "invalid_grant Token has been revoked",
    ),
    (401, {"error": "invalid_client"}, Refused, "token-refused: .*invalid_client.*scanstraat mailbox-secret"),
    (503, {}, Unavailable, "token-endpoint: .*503"),
    (200, {"nothing": "here"}, Unavailable, "gave no token"),
    (302, {}, Unavailable, "302"),
]


@pytest.mark.parametrize(("status", "fields", "kind", "text"), REFUSALS)
def test_a_refusing_endpoint_says_why(
    status: int, fields: dict[str, str], kind: type[Exception], text: str, tokens: Endpoint
) -> None:
    tokens.answers.append((status, fields))
    credentials = Credentials(client_id="a", client_secret="s3cr3t", refresh_token="r3fr3sh", token_url=tokens.url)
    with pytest.raises(kind, match=text) as caught:
        asked(way("gmail"), credentials, TLS, 5)
    assert "s3cr3t" not in str(caught.value)
    assert "r3fr3sh" not in str(caught.value)


def test_secrets_go_only_to_an_encrypted_endpoint() -> None:
    with pytest.raises(Refused, match="token-endpoint"):
        asked(way("gmail"), Credentials(token_url="http://tokens.example/"), TLS, 5)
    with pytest.raises(Unavailable, match="does not answer"):
        asked(way("gmail"), Credentials(token_url="http://127.0.0.1:1/"), TLS, 5)


def test_no_secret_is_shown_or_logged(house: House, tokens: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    tokens.gives(house.server.token(house.user))
    account = by_token(house, tokens)
    assert signs_in(house, account)
    assert signs_in(house, house.account())
    shown = caplog.text + repr(account) + repr(house.account().credentials)
    secrets = ("s3cr3t", "r3fr3sh", house.account().credentials.password, house.server.token(house.user)[:40])
    assert [secret for secret in secrets if secret in shown] == []


def test_secrets_are_encrypted_in_the_database_and_bound_to_the_key(house: House) -> None:
    mailbox = house.add(credentials=Credentials(password="s3cr3t-é"))
    assert "s3cr3t" not in models.Mailbox.objects.get(id=mailbox).secret
    assert mailboxes.account(house.home, mailbox).credentials.password == "s3cr3t-é"
    (house.home / "secret-key").write_text("another")
    with pytest.raises(Refused, match="secret-lost"):
        mailboxes.account(house.home, mailbox)
