"""The test mail of an opening (K1): an invoice that says on its face that it is none, in a mail as a supplier would send it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

SUPPLIER = "Scanstraat test B.V."
_IBAN = "NL13 TEST 0123 4567 89"  # its check digits hold, and no bank has the code TEST
_NET, _VAT, _TOTAL = "100.00", "21.00", "121.00"
_DUE = timedelta(days=30)
_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 60, 330
_PALE = Color(0.85, 0.2, 0.2, alpha=0.12)
_LETTER_STEP = 125
# Strokes of letters 100 points wide and 150 high: from the left, from below, width, height.
_STROKES = {
    "T": ((0, 122, 100, 28), (36, 0, 28, 122)),
    "E": ((0, 0, 28, 150), (28, 122, 72, 28), (28, 61, 56, 28), (28, 0, 72, 28)),
    "S": ((0, 122, 100, 28), (0, 89, 28, 33), (0, 61, 100, 28), (72, 28, 28, 33), (0, 0, 100, 28)),
}
_SENDER_PREFIX = "test-mail-"


@dataclass(frozen=True, slots=True)
class Trial:
    """A test mail: `mark` is of letters and digits and its own; `recipient` is the address that is tried."""

    mark: str
    recipient: str
    company: str
    currency: str
    at: datetime

    @property
    def number(self) -> str:
        """The invoice number."""
        return f"TEST-{self.mark.upper()}"


def sender_of(mark: str, host: str) -> str:
    """The envelope sender by which the mail is found again.

    >>> sender_of("7f3a", "mx.scan.example")
    'test-mail-7f3a@mx.scan.example'
    """
    return f"{_SENDER_PREFIX}{mark}@{host}"


def mail_of(trial: Trial, host: str) -> bytes:
    """The mail, lines ended as SMTP wants them; `host` is the name our mail server gives itself."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{SUPPLIER} <{sender_of(trial.mark, host)}>"
    mail["To"] = trial.recipient
    mail["Subject"] = f"TEST invoice {trial.number}: please throw away"
    mail["Date"] = format_datetime(trial.at)
    mail["Message-ID"] = f"<{trial.mark}.test-mail@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        "This mail tests the whole line of a newly opened administration.\n\nThe invoice in it is none. Please throw it away.\n"
    )
    mail.add_attachment(invoice_of(trial), maintype="application", subtype="pdf", filename=f"{trial.number}.pdf")
    return mail.as_bytes()


def invoice_of(trial: Trial) -> bytes:
    """The page: all that the line reads, and TEST over all of it."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True, pageCompression=1)
    canvas.setTitle(f"{trial.number}: no invoice")
    _stamp(canvas)
    for x, y, size, text in _printed(trial):
        canvas.setFont("Helvetica-Bold" if size > 11 else "Helvetica", size)
        canvas.drawString(x, _HEIGHT - y, text)
    canvas.line(_LEFT, _HEIGHT - 300, _WIDTH - _LEFT, _HEIGHT - 300)
    canvas.save()
    return file.getvalue()


def _printed(trial: Trial) -> tuple[tuple[float, float, float, str], ...]:
    day, due = trial.at.date(), (trial.at + _DUE).date()
    company = trial.company.encode("cp1252", "replace").decode("cp1252")
    return (
        (_LEFT, 80, 20, "INVOICE"),
        (_LEFT, 110, 12, SUPPLIER),
        (_LEFT, 128, 11, "Teststraat 1, 1000 AA Teststad"),
        (_LEFT, 180, 11, "Bill to:"),
        (_LEFT, 198, 11, company),
        (_RIGHT, 110, 11, f"Invoice number: {trial.number}"),
        (_RIGHT, 128, 11, f"Invoice date: {day:%d-%m-%Y}"),
        (_RIGHT, 146, 11, f"Due date: {due:%d-%m-%Y}"),
        (_LEFT, 290, 11, "Description"),
        (450, 290, 11, "Amount"),
        (_LEFT, 320, 11, "Test of the whole line, no goods and no services"),
        (450, 320, 11, _NET),
        (_RIGHT, 370, 11, f"Subtotal {trial.currency}"),
        (450, 370, 11, _NET),
        (_RIGHT, 388, 11, "VAT 21%"),
        (450, 388, 11, _VAT),
        (_RIGHT, 410, 11, f"Total {trial.currency}"),
        (450, 410, 11, _TOTAL),
        (_LEFT, 470, 11, f"IBAN: {_IBAN}"),
        (_LEFT, 488, 11, f"Account holder: {SUPPLIER}"),
        (_LEFT, 700, 11, "This is a TEST by the scanning service. Do not pay and do not book it; throw it away."),
    )


def _stamp(canvas: Canvas) -> None:
    """TEST across the page, drawn and not written: as a word it would be read, and the largest one at that."""
    canvas.saveState()
    canvas.setFillColor(_PALE)
    canvas.translate(_WIDTH / 2, _HEIGHT / 2)
    canvas.rotate(55)
    for place, letter in enumerate("TEST"):
        left = (place - 2) * _LETTER_STEP
        for x, y, width, height in _STROKES[letter]:
            canvas.rect(left + x, y - 75, width, height, stroke=0, fill=1)
    canvas.restoreState()
