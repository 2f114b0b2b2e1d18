"""Every answer the mail servers give, one row each (RFC 5321, RFC 3463)."""

from __future__ import annotations

from scanstraat.errors import ScanstraatError
from scanstraat.mailbox.intake import RecipientState

OK = "250 2.0.0 Stored"
NOOP = "250 OK"
RESET = "250 2.0.0 OK"
SENDER_OK = "250 2.1.0 OK"
BYE = "221 Bye"
GO_AHEAD = "354 End data with <CR><LF>.<CR><LF>"
NOT_VERIFIED = "252 2.5.1 Nothing is told of addresses; send the mail"
HELP = "214 2.0.0 RFC 5321"

TOO_BIG = "552 5.3.4 Mail too big: at most {limit} octets are taken (rule A3); send the invoices in several mails"
DISK_FULL = "452 4.3.1 No room to store the mail for now, try again later"
FOR_NOW = "451 4.3.0 Cannot take the mail for now, try again later"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients for one mail"
TOO_OFTEN = "450 4.7.1 Too many mails {what} for now, try again later"

TOO_MANY_CONNECTIONS = "421 4.3.2 Too many connections, try again later"
TOO_MANY_FROM_PEER = "421 4.7.0 Too many connections from {peer}, try again later"
TOO_MANY_COMMANDS = "421 4.7.0 Too many commands without a mail, good bye"
TOO_MANY_ERRORS = "421 4.7.0 Too many errors, good bye"
TOO_MANY_UNKNOWN = "421 4.7.1 Too many addresses that are not known here, good bye"
NOT_MAIL = "421 4.7.0 This is a mail server, good bye"
STOPPING = "421 4.3.2 Going down, try again later"
TOO_SLOW = "421 4.4.2 Waited too long, good bye"
NO_MAIL_CAME = "421 4.4.2 No mail came for too long, good bye"
WILL_NOT_END = "421 4.3.0 Far too much data, good bye"
LINE_TOO_LONG = "500 5.5.2 Command line too long, good bye"

UNKNOWN_COMMAND = "500 5.5.1 Command not recognised"
BARE_LINE_END = "500 5.5.2 Commands end with CR LF, good bye"
NO_CHUNKS = "502 5.5.1 BDAT is not offered here"
NO_TLS = "502 5.5.1 TLS is not offered here"
NO_AUTH = "502 5.5.1 Nobody has to sign in here"
HELLO_FIRST = "503 5.5.1 Say {hello} first"
NESTED_MAIL = "503 5.5.1 A mail has begun already"
MAIL_FIRST = "503 5.5.1 MAIL must come first"
RECIPIENT_FIRST = "503 5.5.1 RCPT must come first"
TLS_HAS_BEGUN = "503 5.5.1 TLS has begun already"
NOT_BEFORE_TLS = "554 5.5.1 Nothing may follow STARTTLS before TLS has begun"
BAD_SYNTAX = "501 5.5.4 Syntax: {syntax}"
BAD_SIZE = "501 5.5.4 SIZE must be a number of octets"
BAD_BODY = "501 5.5.4 BODY must be 7BIT or 8BITMIME"
BAD_PARAMETER = "555 5.5.4 {keyword} is not offered here"

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
