"""Ways in that the service looks after itself (A6): mailboxes at other servers, and what one signs in there with."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Security(StrEnum):
    """How a connection is encrypted (I7). NONE is for servers on this machine only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Outcome(StrEnum):
    """What became of a message of a mailbox. UNFETCHABLE: the server does not hand it out; it is tried again once in a while."""

    STORED = "stored"
    TOO_LARGE = "too-large"
    UNKNOWN_RECIPIENT = "unknown-recipient"
    UNFETCHABLE = "unfetchable"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one signs in with; which of these a way needs stands in its row. Never shown: `repr` leaves the secret ones out."""

    password: str = field(default="", repr=False)
    tenant: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    token_url: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An IMAP mailbox: where it is, how one signs in, and whose it is.

    `recipient` is the address its mails came to; empty for a shared one, where the topmost `recipient_header` says it (A1).
    Without `done_folder` a message that was taken gets a keyword; without `failed_folder` so does one for nobody here.
    """

    id: int
    name: str
    host: str
    port: int
    security: Security
    username: str
    way: str
    credentials: Credentials
    folder: str = "INBOX"
    done_folder: str = ""
    failed_folder: str = ""
    recipient: str = ""
    recipient_header: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a mailbox: no server gives its number to another while `uidvalidity` stands (RFC 3501, 2.3.1.1)."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A source that is to be looked after; `version` changes with what was set for it."""

    id: int
    version: str
