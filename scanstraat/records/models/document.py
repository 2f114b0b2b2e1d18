"""Documents and their deliveries."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from scanstraat.model.document import Kind
from scanstraat.model.state import DocumentState
from scanstraat.records.models.mail import Mail
from scanstraat.records.models.office import Administration
from scanstraat.records.models.supplier import Supplier


class Document(models.Model):
    """What goes one way. The texts hold frozen values as JSON; the plain columns beside them serve lists and look-ups."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, related_name="documents")
    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="documents")
    ordinal = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in Kind])
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in DocumentState], default=DocumentState.SORTED)
    parked_from = models.CharField(max_length=16, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    value = models.TextField()  # model.document.Document
    readings = models.TextField(blank=True)  # model.field.Readings as recognised
    completed = models.TextField(blank=True)  # model.field.Readings after the fallback rules
    match = models.TextField(blank=True)  # model.supplier.SupplierMatch
    verdict = models.TextField(blank=True)  # model.verdict.Verdict
    action = models.CharField(max_length=8, blank=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.SET_NULL, null=True, blank=True, related_name="documents")
    supplier_name = models.TextField(blank=True)
    account = models.CharField(max_length=64, blank=True)
    number = models.TextField(blank=True)  # empty where a fallback supplied it: never a duplicate key by itself (D8)
    total = models.CharField(max_length=32, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    carries_overview = models.BooleanField(default=False)
    category = models.CharField(max_length=80, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)  # the composed PDF, as delivered or archived
    xml_sha256 = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    correction = models.TextField(blank=True)  # model.correction.Correction: what persons gave
    reason = models.CharField(max_length=24, blank=True)  # the queue it waits in: the reason that weighs most
    queued_at = models.DateTimeField(null=True, blank=True)  # since when it waits for a person; empty: it does not
    due_at = models.DateTimeField(null=True, blank=True)  # two working days after it came (G4)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="held_documents"
    )
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mail", "ordinal"], name="one_document_an_ordinal")]
        indexes = [
            models.Index(fields=["administration", "state"]),
            models.Index(fields=["administration", "number", "total"]),
            # Of what waits alone, which is little beside all there is: the line pays nothing for these. The second answers
            # the counts of the queue by itself, since the large texts of a row stand before the columns it holds.
            models.Index(fields=["due_at", "id"], condition=Q(queued_at__isnull=False), name="what_waits_by_its_clock"),
            models.Index(
                fields=["administration", "reason", "kind", "due_at", "held_by", "held_until", "queued_at"],
                condition=Q(queued_at__isnull=False),
                name="what_waits_by_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number or self.id}"


class Delivery(models.Model):
    """The drop of one document: its staged files and the names they get (F4, F8)."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="delivery")
    folder = models.CharField(max_length=80)
    stem = models.CharField(max_length=120)
    staged_pdf = models.CharField(max_length=200)
    staged_xml = models.CharField(max_length=200)
    staged_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    times = models.PositiveIntegerField(default=1)  # how often the same drop was asked for (F8)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True)  # the reason that the consumer gave

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "stem"], name="one_delivery_a_name")]

    def __str__(self) -> str:
        return f"{self.folder}/{self.stem}"


class AskedAgain(models.Model):
    """That a consumer asked for a drop once more (F8): one row a request id, done once its two files are in the folder again."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="asked_again")
    request = models.CharField(max_length=200)
    staged = models.CharField(max_length=200)  # what its files are called in staging, without ending
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "request"], name="a_request_is_done_once")]

    def __str__(self) -> str:
        return f"{self.delivery} {self.request}"
