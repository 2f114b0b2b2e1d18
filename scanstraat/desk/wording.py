"""The words of the pages for what the model names: one row a member, marked for translation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from scanstraat.model.document import Kind
from scanstraat.model.ends import End
from scanstraat.model.field import FieldName, Method
from scanstraat.model.mail import Channel, PartRole
from scanstraat.model.state import DocumentState, MailState, State
from scanstraat.model.supplier import MatchOutcome


class Tone(StrEnum):
    """How much something wants to be looked at; a class in the style sheet."""

    GOOD = "good"
    ASKING = "asking"
    BAD = "bad"
    QUIET = "quiet"
    MOVING = "moving"


@dataclass(frozen=True, slots=True)
class Label:
    """A state in words, with its tone."""

    text: str
    tone: Tone


# Two tables, since members of the two enums that share a name are equal as text.
MAIL_STATES = {
    MailState.RECEIVED: (_("Received"), Tone.MOVING),
    MailState.OPENED: (_("Opened"), Tone.MOVING),
    MailState.READ: (_("Read"), Tone.MOVING),
    MailState.SORTED: (_("Sorted"), Tone.MOVING),
    MailState.DISPATCHED: (_("Done"), Tone.QUIET),
    MailState.PARKED: (_("Laid aside"), Tone.BAD),
}

DOCUMENT_STATES = {
    DocumentState.SORTED: (_("Sorted"), Tone.MOVING),
    DocumentState.RECOGNISED: (_("Recognised"), Tone.MOVING),
    DocumentState.DECIDED: (_("Decided"), Tone.MOVING),
    DocumentState.STAGED: (_("Being delivered"), Tone.MOVING),
    DocumentState.DELIVERED: (_("Delivered"), Tone.GOOD),
    DocumentState.IN_REVIEW: (_("In review"), Tone.ASKING),
    DocumentState.ARCHIVED: (_("Archived"), Tone.QUIET),
    DocumentState.DISCARDED: (_("Discarded"), Tone.QUIET),
    DocumentState.REJECTED: (_("Rejected"), Tone.BAD),
    DocumentState.PARKED: (_("Laid aside"), Tone.BAD),
}

KINDS = {
    Kind.INVOICE: _("Invoice"),
    Kind.CREDIT_NOTE: _("Credit note"),
    Kind.E_INVOICE: _("E-invoice"),
    Kind.REMINDER: _("Reminder"),
    Kind.PAYMENT_REQUEST: _("Payment request"),
    Kind.STATEMENT: _("Statement"),
    Kind.ORDER_CONFIRMATION: _("Order confirmation"),
    Kind.DELIVERY_NOTE: _("Delivery note"),
    Kind.QUOTE: _("Quote"),
    Kind.PRO_FORMA: _("Pro forma"),
    Kind.RECEIPT: _("Receipt"),
    Kind.ANNEX: _("Annex"),
    Kind.ADVERTISING: _("Advertising"),
    Kind.OTHER: _("Other document"),
    Kind.UNREADABLE: _("Unreadable file"),
}

FIELDS = {
    FieldName.SUPPLIER_NAME: _("Supplier"),
    FieldName.VAT_NUMBER: _("VAT number"),
    FieldName.REGISTER_NUMBER: _("Company register no."),
    FieldName.IBAN: _("IBAN"),
    FieldName.ACCOUNT: _("Account as printed"),
    FieldName.BIC: _("BIC"),
    FieldName.INVOICE_NUMBER: _("Invoice number"),
    FieldName.INVOICE_DATE: _("Invoice date"),
    FieldName.DUE_DATE: _("Due date"),
    FieldName.PAYMENT_TERM: _("Payment term"),
    FieldName.TOTAL: _("Total"),
    FieldName.NET_TOTAL: _("Without VAT"),
    FieldName.VAT_TOTAL: _("VAT"),
    FieldName.CURRENCY: _("Currency"),
    FieldName.IS_CREDIT_NOTE: _("Credit note"),
    FieldName.PAYMENT_REFERENCE: _("Payment reference"),
    FieldName.PURCHASE_ORDER: _("Purchase order"),
    FieldName.PRECEDING_INVOICE: _("Invoice it corrects"),
}

METHODS = {
    Method.TEXT_LAYER: _("PDF text"),
    Method.OCR: _("OCR"),
    Method.BARCODE: _("barcode"),
    Method.EINVOICE: _("e-invoice"),
    Method.DERIVED: _("worked out"),
    Method.REGISTER: _("register"),
    Method.OPERATOR: _("by a person"),
    Method.FALLBACK: _("by a rule"),
}

# What the fallback rules say (SERVICE.md, D), in a sentence that ends a table cell.
RULES = {
    "D1": _("No invoice number is printed: the invoice date takes its place."),
    "D2": _("No invoice date is printed: the day the mail was sent."),
    "D3": _("Neither number nor date is printed: the day the mail was sent, in both."),
    "D4": _("No due date is printed: invoice date and payment term give it."),
    "D5": _("Neither due date nor payment term is printed: due on the invoice date."),
    "D6": _("No bank account is printed: the supplier's name takes its place."),
    "D7": _("No VAT number is printed: the supplier's name takes its place."),
    "D9": _("No currency is printed: the administration's own."),
}

ROLES = {
    PartRole.DOCUMENT: (_("Document"), Tone.GOOD),
    PartRole.BODY: (_("Text of the mail"), Tone.QUIET),
    PartRole.DECORATION: (_("Decoration"), Tone.QUIET),
    PartRole.CONTAINER: (_("Container"), Tone.QUIET),
    PartRole.ANNEX: (_("Annex"), Tone.QUIET),
    PartRole.UNREADABLE: (_("Unreadable"), Tone.BAD),
}

ENDS = {
    End.LOST: (_("Lost"), Tone.BAD),
    End.PARKED: (_("Laid aside"), Tone.BAD),
    End.IN_REVIEW: (_("In review"), Tone.ASKING),
    End.UNDER_WAY: (_("Under way"), Tone.MOVING),
    End.DELIVERED: (_("Delivered"), Tone.GOOD),
    End.ARCHIVED: (_("Archived"), Tone.QUIET),
    End.DISCARDED: (_("Discarded"), Tone.QUIET),
    End.REJECTED: (_("Rejected"), Tone.BAD),
    End.KEPT: (_("Kept"), Tone.QUIET),
}

# The queues of the review desk: what a person is asked to do, one row a reason that holds a document (model.reasons).
REASONS = {
    "parked": _("Laid aside by the service"),
    "problem": _("Cannot be opened"),
    "unreadable": _("Nothing to read"),
    "annex": _("Annex without invoice"),
    "refused": _("Refused by the workflow"),
    "recut": _("Cut anew"),
    "corrected": _("Corrected by a program"),
    "brought-back": _("Brought back"),
    "cut": _("Where does it begin and end"),
    "kind": _("What kind is it"),
    "suspected-duplicate": _("Suspected duplicate"),
    "new-account": _("New bank account"),
    "no-name": _("Supplier missing"),
    "no-amount": _("Amount missing"),
    "incomplete": _("Something missing"),
    "credit-note": _("Invoice or credit note"),
    "negative-total": _("Total below zero"),
    "no-supplier": _("Supplier not known"),
    "supplier": _("Supplier doubtful"),
    "doubt": _("Doubtful value"),
}

CHANNELS = {
    Channel.SMTP: _("SMTP"),
    Channel.LMTP: _("LMTP"),
    Channel.IMAP: _("IMAP mailbox"),
    Channel.FOLDER: _("watched folder"),
    Channel.UPLOAD: _("upload"),
}

OUTCOMES = {
    MatchOutcome.BY_ACCOUNT: _("Known by its bank account"),
    MatchOutcome.BY_VAT_NUMBER: _("Known by its VAT number"),
    MatchOutcome.BY_NAME: _("Known by its name"),
    MatchOutcome.NEW: _("New supplier"),
    MatchOutcome.UNKNOWN: _("Supplier unknown"),
}


def state(value: State) -> Label:
    """A mail's or a document's state in words."""
    text, tone = MAIL_STATES[value] if isinstance(value, MailState) else DOCUMENT_STATES[value]
    return Label(gettext(text), tone)


def role(value: PartRole) -> Label:
    """What a part is, in words."""
    text, tone = ROLES[value]
    return Label(gettext(text), tone)


def end(value: End) -> Label:
    """Where a part ended, in words."""
    text, tone = ENDS[value]
    return Label(gettext(text), tone)


def reason(code: str) -> str:
    """The queue of a reason in words; the code itself where the table has no row for it."""
    return gettext(REASONS[code]) if code in REASONS else code


def rule(number: str) -> str:
    """What a fallback rule says, or "" for one that has no sentence here."""
    return gettext(RULES[number]) if number in RULES else ""
