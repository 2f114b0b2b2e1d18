"""Connecting to an IMAP server and signing in; every failure is an error of our tree that says what to do."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from scanstraat.errors import Refused, ScanstraatError, Unavailable
from scanstraat.mailbox.imap.places import is_loopback
from scanstraat.mailbox.imap.tokens import Tokens
from scanstraat.mailbox.imap.ways import Way, way
from scanstraat.model.way_in import Account, Security
from scanstraat.settings import Settings

LONGEST_LITERAL = 4_000_000  # octets a server may send at once; it is never asked for that much
_LONGEST_SAID = 300

# Answers to a sign-in that do not speak of its credentials (RFC 5530).
_FOR_NOW = re.compile(
    r"""
    \[ (?P<code> UNAVAILABLE | INUSE | LIMIT | SERVERBUG | CONTACTADMIN ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# imaplib shows what a server said as Python writes bytes.
_BYTES = re.compile(r"""b (?P<quote>['"]) (?P<text> .* ) (?P=quote)""", re.VERBOSE)

_NEXT = {
    "password": "Look at name and password; many servers want an app password.",
    "microsoft365": "Look whether the application has IMAP.AccessAsApp and was let into this mailbox.",
    "gmail": "Look whether the refresh token is of this mailbox and has the scope https://mail.google.com/.",
    "oauth2": "Look whether the refresh token is of this mailbox and still good.",
}
# It tells there of every command and answer.
logging.getLogger("imapclient").setLevel(logging.WARNING)


def context(settings: Settings) -> ssl.SSLContext:
    """How servers are known: by a certificate of an authority that is trusted, for their name; `Refused` for a bad file."""
    try:
        return ssl.create_default_context(cafile=settings.imap_ca or None)
    except OSError as error:
        raise Refused("setting", f"SCANSTRAAT_IMAP_CA cannot be read: {error}.", "Correct it and start again.") from error


@contextmanager
def connected(account: Account, tokens: Tokens, tls: ssl.SSLContext, timeout: float) -> Iterator[IMAPClient]:
    """A connection that is signed in. Raises `Refused` (code `sign-in`, `certificate`, ...) or `Unavailable` (`imap-server`).

    A token that was kept from an earlier connection and is refused is forgotten, and another asked for, once.
    """
    client = _signed_in(account, tokens, tls, timeout)
    try:
        yield client
        with suppress(IMAPClientError, OSError):
            client.logout()
    finally:
        _close(client)


def lost(account: Account, error: BaseException) -> Unavailable:
    """The error of our tree for a connection that broke, or on which the server refused what it never should."""
    broke = not isinstance(error, IMAPClientError) or isinstance(error, IMAPClientAbortError)
    what = f"the connection to {account.host} broke" if broke else f"{account.host} refuses a command"
    return Unavailable("imap-connection", f"{what}: {_said(error)}.", "It is tried again by itself.")


def _signed_in(account: Account, tokens: Tokens, tls: ssl.SSLContext, timeout: float) -> IMAPClient:
    row = way(account.way)
    token, at_hand = tokens.token(row, account.credentials) if row.grant else ("", False)
    client = _open(account, tls, timeout)
    try:
        _authenticate(client, account, token)
    except LoginError as error:
        _close(client)
        if at_hand:
            tokens.forget()
            return _signed_in(account, tokens, tls, timeout)
        raise _refused(account, row, error) from None
    except (IMAPClientError, OSError) as error:
        _close(client)
        raise lost(account, error) from None
    return client


def _open(account: Account, tls: ssl.SSLContext, timeout: float) -> IMAPClient:
    if account.security is Security.NONE and not is_loopback(account.host):
        raise Refused("not-encrypted", f"{account.host} is not this machine.", "Choose --security tls or starttls (I7).")
    is_tls = account.security is Security.TLS
    try:
        client = IMAPClient(account.host, account.port, ssl=is_tls, ssl_context=tls if is_tls else None, timeout=timeout)
        client._imap.debug = 0  # else every piece of every mail is made into a line of a log that nobody keeps
        client._imap.read = _limited(client._imap.read)
        if account.security is Security.STARTTLS:
            client.starttls(tls)
    except ssl.SSLCertVerificationError as error:
        raise Refused(
            "certificate",
            f"{account.host} cannot prove who it is: {error.verify_message}.",
            "Correct the host name, or give the server's authority in SCANSTRAAT_IMAP_CA.",
        ) from None
    except (IMAPClientError, OSError) as error:
        raise Unavailable(
            "imap-server",
            f"{account.host}:{account.port} cannot be reached with {account.security}: {_said(error)}.",
            "Look at host, port and security; it is tried again by itself.",
        ) from None
    return client


def _limited(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def limited(size: int) -> bytes:
        if size > LONGEST_LITERAL:
            raise IMAPClientAbortError(f"the server sends {size} octets at once, which nobody asked for")
        return read(size)

    return limited


def _authenticate(client: IMAPClient, account: Account, token: str) -> None:
    if token:
        first = [f"user={account.username}\1auth=Bearer {token}\1\1".encode()]
        # A refusal comes as a challenge first, which wants an empty answer.
        client.sasl_login("XOAUTH2", lambda _: first.pop() if first else b"")
    elif client.has_capability("AUTH=PLAIN"):
        client.plain_login(account.username, account.credentials.password)
    else:
        client.login(account.username, account.credentials.password)


def _refused(account: Account, row: Way, error: LoginError) -> ScanstraatError:
    said = _said(error)
    if isinstance(error.__context__, IMAPClientAbortError):
        return lost(account, error)
    if _FOR_NOW.search(said):
        return Unavailable("imap-server", f"{account.host} lets nobody in for now: {said}.", "It is tried again by itself.")
    what = "token" if row.grant else "password"
    return Refused(
        "sign-in",
        f"{account.host} refuses the {what} of {account.username}: {said}.",
        _NEXT[account.way] + f" Then `scanstraat mailbox-secret {account.name}`.",
    )


def _said(error: BaseException) -> str:
    """What a server or the network says, on one line without its full stop."""
    text = f"{error.args[-1]}" if error.args else type(error).__name__
    inner = _BYTES.fullmatch(text)
    return " ".join((inner["text"] if inner else text).split()).rstrip(".")[:_LONGEST_SAID]


def _close(client: IMAPClient) -> None:
    with suppress(IMAPClientError, OSError):
        client.shutdown()
