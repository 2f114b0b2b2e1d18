"""The ways to sign in to an IMAP server, one row each: what it needs, where its tokens come from, what servers it is for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanstraat.errors import Refused
from scanstraat.model.way_in import Credentials

SECRET = frozenset(("password", "client_secret", "refresh_token"))  # asked for without echo, never shown


class Grant(StrEnum):
    """How a token is asked for (RFC 6749, sections 4.4 and 6)."""

    CLIENT = "client_credentials"
    REFRESH = "refresh_token"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to sign in. `needs` and `may_have` are fields of `Credentials`; without a `grant` it is a password.

    `token_url` may name fields of the credentials; one given with the mailbox comes first, and so does a scope.
    """

    name: str
    meaning: str
    needs: tuple[str, ...]
    grant: Grant | None = None
    may_have: tuple[str, ...] = ()
    host: str = ""
    token_url: str = ""
    scope: str = ""

    def endpoint(self, credentials: Credentials) -> str:
        """Where its tokens are given.

        >>> way("microsoft365").endpoint(Credentials(tenant="kantoor.example"))
        'https://login.microsoftonline.com/kantoor.example/oauth2/v2.0/token'
        """
        return credentials.token_url or self.token_url.format(tenant=credentials.tenant)

    def missing(self, credentials: Credentials) -> tuple[str, ...]:
        """What it needs and was not given.

        >>> way("gmail").missing(Credentials(client_id="scanstraat"))
        ('client_secret', 'refresh_token')
        """
        return tuple(name for name in self.needs if not getattr(credentials, name))


_OVERRIDES = ("token_url", "scope")

WAYS = (
    Way("password", "a password, or an app password", ("password",)),
    Way(
        "microsoft365",
        "Microsoft 365, as an application (client credentials)",
        ("tenant", "client_id", "client_secret"),
        Grant.CLIENT,
        _OVERRIDES,
        "outlook.office365.com",
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        "https://outlook.office365.com/.default",
    ),
    Way(
        "gmail",
        "Gmail, by a refresh token",
        ("client_id", "client_secret", "refresh_token"),
        Grant.REFRESH,
        _OVERRIDES,
        "imap.gmail.com",
        "https://oauth2.googleapis.com/token",
    ),
    Way(
        "oauth2",
        "another server with XOAUTH2, by a refresh token",
        ("token_url", "client_id", "refresh_token"),
        Grant.REFRESH,
        ("client_secret", "scope"),
    ),
)


def way(name: str) -> Way:
    """The row of this name; raises `Refused` where there is none."""
    found = next((row for row in WAYS if row.name == name), None)
    if found is None:
        names = ", ".join(row.name for row in WAYS)
        raise Refused("sign-in-way", f"there is no way {name} to sign in.", f"Choose one of {names}.")
    return found
