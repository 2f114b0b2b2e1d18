"""The commands around DATA: what is announced, who may receive, what is too big before it came."""

from __future__ import annotations

import logging
import re
from typing import Any

from scanstraat.mailbox import replies
from scanstraat.mailbox.intake import RecipientState
from scanstraat.mailbox.storing import Storing
from scanstraat.settings import Settings

NULL_SENDER = "<>"
MAX_RECIPIENTS = 100
_log = logging.getLogger(__name__)

_PATH = re.compile(
    r"""
    \s* (?: < (?: @[^:<>\s]* : )?                                 # an old source route is left out
              (?P<path> (?: "(?:[^"\\]|\\.)*" | [^<>\s"] )* ) >     # local@domain
          | (?P<bare> [^<>\s]+ ) )                                # without brackets, as some senders do
    (?P<parameters> (?:\s .*)? ) $
    """,
    re.VERBOSE,
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]", re.VERBOSE)


def split_path(arg: str) -> tuple[str | None, str | None]:
    """The address of a MAIL or RCPT command, and its parameters; (None, None) where there is no address.

    >>> split_path("<facturen@jansen.example> SIZE=9"), split_path("<>")
    (('facturen@jansen.example', ' SIZE=9'), ('<>', ''))
    >>> split_path("<a b@c>"), split_path("<a\\udcff@c>")
    ((None, None), (None, None))
    """
    found = _PATH.match(arg)
    if not found or _UNPRINTABLE.search(arg):
        return None, None
    address = found["bare"] if found["path"] is None else found["path"]
    return address or NULL_SENDER, found["parameters"]


_NEVER_ANNOUNCED = ("250-AUTH", "250 HELP")


class Commands:
    """The hooks aiosmtpd calls by name, shared by SMTP and LMTP."""

    def __init__(self, settings: Settings, storing: Storing) -> None:
        self._limit = settings.max_mail_octets
        self._storing = storing

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, lines: list[str]) -> list[str]:  # noqa: ARG002
        """Announce what there is; SIZE is rule A3 (RFC 1870)."""
        session.host_name = hostname
        left_out = _NEVER_ANNOUNCED if session.ssl is None else (*_NEVER_ANNOUNCED, "250-STARTTLS")
        kept = [line for line in lines if not line.startswith(left_out)]
        return [*kept, f"250-SIZE {self._limit}", "250 PIPELINING"]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: ARG002
        """Take the sender, unless the mail is announced as too big (A3)."""
        announced = next((option[5:] for option in options if option.startswith("SIZE=")), "0")
        if not (announced.isascii() and announced.isdigit()):
            return replies.BAD_SIZE
        if int(announced) > self._limit:
            return replies.TOO_BIG.format(limit=self._limit)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: ARG002
        """Ask the intake about the recipient (A1, A4, A10)."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return replies.TOO_MANY_RECIPIENTS
        try:
            state = await self._storing.recipient(address)
        except Exception as error:
            _log.error("a recipient cannot be told for now: %s", error, exc_info=error)
            return replies.to_failure(error)
        if state is RecipientState.ACCEPTED:
            envelope.rcpt_tos.append(address)
        return replies.RECIPIENT[state].format(address=address)

    async def handle_exception(self, error: Exception) -> str:
        """The answer where a command failed by a fault of ours."""
        _log.error("a mail command failed: %s", error, exc_info=error)
        return replies.FOR_NOW
