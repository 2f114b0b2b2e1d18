"""The tables. Nothing outside `records` and `desk` imports them; repositories hand out frozen values."""

from scanstraat.records.models.audit import AuditEntry, AuditHead
from scanstraat.records.models.document import AskedAgain, Delivery, Document
from scanstraat.records.models.hook import HookCall, Webhook
from scanstraat.records.models.letter import Letter
from scanstraat.records.models.mail import Mail, MailEvent, Part
from scanstraat.records.models.office import Acceptance, Address, Administration, Membership, Office, Opening, Profile
from scanstraat.records.models.review import Note, ReviewAct
from scanstraat.records.models.supplier import Supplier, SupplierAccount
from scanstraat.records.models.task import Task
from scanstraat.records.models.way_in import Fetched, Mailbox, Refusal, ServiceKey, WatchedFolder

__all__ = [
    "Acceptance",
    "Address",
    "Administration",
    "AskedAgain",
    "AuditEntry",
    "AuditHead",
    "Delivery",
    "Document",
    "Fetched",
    "HookCall",
    "Letter",
    "Mail",
    "MailEvent",
    "Mailbox",
    "Membership",
    "Note",
    "Office",
    "Opening",
    "Part",
    "Profile",
    "Refusal",
    "ReviewAct",
    "ServiceKey",
    "Supplier",
    "SupplierAccount",
    "Task",
    "WatchedFolder",
    "Webhook",
]
