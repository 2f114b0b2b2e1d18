"""Where a document is filed in the archive: main and sub category by its kind, and the title it gets (G1, G4, G5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from scanstraat.model.document import Kind

MAX_TITLE = 120
_NOT_IN_FILE_NAMES = re.compile(r"(?P<mark>[<>:\"/\\|?*])", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class Category:
    """A folder of the archive."""

    main: str
    sub: str


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

    >>> category(Kind.REMINDER)
    Category(main='Reminders', sub='Reminders')
    """
    return CATEGORIES[kind]


def title(kind: Kind, day: date, supplier: str = "", number: str = "", subject: str = "") -> str:
    """What an archived document is called, fit for a file name, at most `MAX_TITLE` characters; empty parts are left out.

    The mail's subject stands in where neither supplier nor number are known.

    >>> title(Kind.REMINDER, date(2026, 3, 31), "Bakker BV", "F/12")
    '2026-03-31 reminder - Bakker BV - F 12'
    >>> title(Kind.OTHER, date(2026, 3, 31), subject="Welkom: 10% korting")
    '2026-03-31 other - Welkom 10% korting'
    """
    known = [part for part in (_plain(supplier), _plain(number)) if part] or [part for part in (_plain(subject),) if part]
    return " - ".join((f"{day.isoformat()} {kind.replace('-', ' ')}", *known))[:MAX_TITLE].rstrip(" .-")


def _plain(text: str) -> str:
    """One line of printable characters, without those that file systems refuse.

    >>> _plain("a/b:\\tc"), _plain("a-b c")
    ('a b c', 'a-b c')
    """
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(_NOT_IN_FILE_NAMES.sub(" ", printable).split())
