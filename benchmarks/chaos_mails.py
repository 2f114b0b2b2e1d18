"""Mails for the chaos benchmark: small ones, each invoice with a number of its own, every fifth mail with two invoices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage

from fixtures.demo import BAKERY, TIMMER
from fixtures.generator.catalogue import plain
from fixtures.generator.invoice import InvoiceSpec
from fixtures.generator.languages import LANGUAGES
from fixtures.generator.layouts import invoice_pdf

_LAYOUTS = ("info-table", "letterhead-left", "letterhead-right", "letterhead-centre")
_ADDRESSES = {"bakery": BAKERY.addresses[0], "timmer": TIMMER.addresses[0]}
_TWO_EVERY = 5
_ISSUED = date(2026, 9, 14)


@dataclass(frozen=True, slots=True)
class ChaosMail:
    """A mail as it goes over the wire, whom it is for, and the numbers of the invoices in it."""

    content: bytes
    recipient: str
    numbers: tuple[str, ...]


def mails(count: int) -> Iterator[ChaosMail]:
    """So many mails; the same ones each time."""
    return (_mail(index) for index in range(count))


def _dated(spec: InvoiceSpec) -> InvoiceSpec:
    """On days that cannot be taken for months, which would hold the invoice for a person."""
    days = spec.due - spec.issued if spec.due and spec.issued else timedelta(days=30)
    return replace(spec, issued=_ISSUED, due=_ISSUED + days)


def _mail(index: int) -> ChaosMail:
    languages = sorted(LANGUAGES)
    language = languages[index % len(languages)]
    layout, variant = _LAYOUTS[index // len(languages) % len(_LAYOUTS)], index // 7 % 4
    spec = _dated(plain(language, layout, variant))
    serials = (index * 2 + 1001, index * 2 + 1002)[: 2 if index % _TWO_EVERY == 0 else 1]
    numbers = tuple(spec.supplier.number.format(n=serial) for serial in serials)
    mail = EmailMessage()
    mail["From"], mail["To"] = "invoices@supplier.example", _ADDRESSES[spec.supplier.customer]
    mail["Subject"], mail["Message-ID"] = f"Invoice {' and '.join(numbers)}", f"<chaos-{index}@supplier.example>"
    mail["Date"] = "Tue, 15 Sep 2026 10:00:00 +0200"
    mail.set_content("Please find our invoice attached.\n")
    for number in numbers:
        pdf = invoice_pdf(replace(spec, number=number, name=f"chaos-{number}"))
        mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{number.replace('/', '-')}.pdf")
    return ChaosMail(mail.as_bytes().replace(b"\n", b"\r\n"), str(mail["To"]), numbers)
