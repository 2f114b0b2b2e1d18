"""The tables. Nothing outside `records` and `desk` imports them; repositories hand out frozen values."""

from scanstraat.records.models.document import Delivery, Document
from scanstraat.records.models.mail import Mail, MailEvent, Part
from scanstraat.records.models.office import Address, Administration, Membership, Office
from scanstraat.records.models.supplier import Supplier, SupplierAccount
from scanstraat.records.models.task import Task

__all__ = [
    "Address",
    "Administration",
    "Delivery",
    "Document",
    "Mail",
    "MailEvent",
    "Membership",
    "Office",
    "Part",
    "Supplier",
    "SupplierAccount",
    "Task",
]
