"""Where a document is filed in the archive: main and sub category by its kind, and the title it gets (G1, G4, G5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from scanstraat.model.document import Document, Kind
from scanstraat.model.field import FieldName, Readings

MAX_TITLE = 120
_NOT_IN_FILE_NAMES = re.compile(r"(?P<mark>[<>:\"/\\|?*])", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class Category:
    """A folder of the archive."""

    main: str
    sub: str

    def __str__(self) -> str:
        """Both, as people read them."""
        return f"{self.main} / {self.sub}"


# Reminders have a folder of their own (G1), and so has what is no invoice at all (G4).
CATEGORIES = {
    Kind.INVOICE: Category("Invoices", "Purchase invoices"),
    Kind.CREDIT_NOTE: Category("Invoices", "Credit notes"),
    Kind.E_INVOICE: Category("Invoices", "E-invoices"),
    Kind.RECEIPT: Category("Invoices", "Receipts"),
    Kind.REMINDER: Category("Reminders", "Reminders"),
    Kind.PAYMENT_REQUEST: Category("Reminders", "Payment requests"),
    Kind.STATEMENT: Category("Other material", "Statements of account"),
    Kind.ORDER_CONFIRMATION: Category("Other material", "Order confirmations"),
    Kind.DELIVERY_NOTE: Category("Other material", "Delivery notes"),
    Kind.QUOTE: Category("Other material", "Quotes"),
    Kind.PRO_FORMA: Category("Other material", "Pro forma invoices"),
    Kind.ANNEX: Category("Other material", "Annexes"),
    Kind.ADVERTISING: Category("Other material", "Advertising"),
    Kind.OTHER: Category("Other material", "Other"),
    Kind.UNREADABLE: Category("Other material", "Unreadable files"),
}


def category(kind: Kind) -> Category:
    """The folder of a kind.

    >>> str(category(Kind.QUOTE))
    'Other material / Quotes'
    """
    return CATEGORIES[kind]


def title(document: Document, readings: Readings, sent_on: date) -> str:
    """What an archived document is called, fit for a file name, at most `MAX_TITLE` characters.

    Its own date stands in front, or the day the mail was sent; then kind, supplier and number, as far as they were read.

    >>> title(Document(0, Kind.PAYMENT_REQUEST, 0.9, ()), Readings(), date(2026, 3, 31))
    '2026-03-31 payment request'
    """
    day = _read(readings, FieldName.INVOICE_DATE) or sent_on.isoformat()
    known = (_plain(_read(readings, field)) for field in (FieldName.SUPPLIER_NAME, FieldName.INVOICE_NUMBER))
    return " - ".join((f"{day} {document.kind.replace('-', ' ')}", *filter(None, known)))[:MAX_TITLE].rstrip(" .-")


def _read(readings: Readings, field: FieldName) -> str:
    """The value of a field, or nothing where it was not read but filled."""
    reading = readings.get(field)
    return "" if reading is None or reading.rule else reading.value


def _plain(text: str) -> str:
    """One line of printable characters, without those that file systems refuse.

    >>> _plain("a/b:\\tc"), _plain("a-b c")
    ('a b c', 'a-b c')
    """
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(_NOT_IN_FILE_NAMES.sub(" ", printable).split())
