"""The error tree: every error says whose move it is, and what the next step is.

    ScanstraatError
    ├── Refused        the sender's move: what came in cannot be taken as it is
    ├── Unavailable    nobody's fault for now: wait and try again
    └── Inconsistent   our move: something that must hold does not

Doubt about what a document says is a value (a `Verdict`), never an exception.
"""

from __future__ import annotations


class ScanstraatError(Exception):
    """An error with a stable code, a sentence for people and the next step to take."""

    def __init__(self, code: str, message: str, next_step: str = "") -> None:
        self.code = code
        self.message = message
        self.next_step = next_step
        super().__init__(code, message, next_step)

    def __str__(self) -> str:
        """Code, sentence and next step on one line.

        >>> str(Refused("too-large", "the mail is over 30 MB.", "Send the invoices in several mails."))
        'too-large: the mail is over 30 MB. Send the invoices in several mails.'
        """
        return f"{self.code}: {self.message} {self.next_step}".rstrip()


class Refused(ScanstraatError):
    """What came in cannot be taken as it is: broken, encrypted, too large. Trying again changes nothing."""


class Unavailable(ScanstraatError):
    """Something we need is not there for now (disk, database, program). The same call may succeed later."""


class Inconsistent(ScanstraatError):
    """Something that must hold does not hold; a fault of ours, to be looked at by a person."""
