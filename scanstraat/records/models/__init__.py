"""The tables. Nothing outside `records` and `desk` imports them; repositories hand out frozen values."""

from scanstraat.records.models.document import Delivery, Document
from scanstraat.records.models.letter import Letter
from scanstraat.records.models.mail import Mail, MailEvent, Part
from scanstraat.records.models.office import Address, Administration, Membership, Office
from scanstraat.records.models.supplier import Supplier, SupplierAccount
from scanstraat.records.models.task import Task
from scanstraat.records.models.way_in import Fetched, Mailbox, Refusal, ServiceKey, WatchedFolder

__all__ = [
    "Address",
    "Administration",
    "Delivery",
    "Document",
    "Fetched",
    "Letter",
    "Mail",
    "MailEvent",
    "Mailbox",
    "Membership",
    "Office",
    "Part",
    "Refusal",
    "ServiceKey",
    "Supplier",
    "SupplierAccount",
    "Task",
    "WatchedFolder",
]
