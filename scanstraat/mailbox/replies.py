"""Every answer the mail servers give besides the protocol's small talk, one row each (RFC 5321, RFC 3463)."""

from __future__ import annotations

from scanstraat.errors import ScanstraatError
from scanstraat.mailbox.intake import RecipientState

OK = "250 2.0.0 Stored"
TOO_BIG = "552 5.3.4 Mail too big: at most {limit} octets are taken (rule A3); send the invoices in several mails"
DISK_FULL = "452 4.3.1 No room to store the mail for now, try again later"
FOR_NOW = "451 4.3.0 Cannot take the mail for now, try again later"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients for one mail"
TOO_MANY_CONNECTIONS = "421 4.3.2 Too many connections, try again later"
STOPPING = "421 4.3.2 Going down, try again later"
TOO_SLOW = "421 4.4.2 Waited too long, good bye"
WILL_NOT_END = "421 4.3.0 Far too much data, good bye"
TLS_HAS_BEGUN = "503 5.5.1 TLS has begun already"
NOT_BEFORE_TLS = "554 5.5.1 Nothing may follow STARTTLS before TLS has begun"
NO_TLS = "502 5.5.1 TLS is not offered here"
NO_AUTH = "502 5.5.1 Nobody has to sign in here"
BAD_SIZE = "501 5.5.4 SIZE must be a number of octets"

RECIPIENT = {
    RecipientState.ACCEPTED: "250 2.1.5 {address} is known here",
    RecipientState.UNKNOWN: "550 5.1.1 {address} is not known here",
    RecipientState.ENDED: "550 5.2.1 {address} takes no more mail: the contract has ended",
}


def to_failure(error: BaseException) -> str:
    """The answer to a mail that could not be stored: always one that makes the sender try again.

    >>> from scanstraat.errors import Unavailable
    >>> to_failure(Unavailable("disk-full", "no room."))[:9], to_failure(KeyError("oops"))[:9]
    ('452 4.3.1', '451 4.3.0')
    """
    return DISK_FULL if isinstance(error, ScanstraatError) and error.code == "disk-full" else FOR_NOW
