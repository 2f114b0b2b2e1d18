"""Mails, their parts, and the log of what became of them (A9)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from scanstraat.model.mail import Channel, PartRole
from scanstraat.model.state import MailState
from scanstraat.records.models.office import Administration


class Mail(models.Model):
    """One mail as received for one administration."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="mails")
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in MailState], default=MailState.RECEIVED)
    parked_from = models.CharField(max_length=16, blank=True)
    error = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    envelope_sender = models.CharField(max_length=320, blank=True)
    recipient = models.CharField(max_length=320)
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    peer = models.CharField(max_length=100, blank=True)
    helo = models.CharField(max_length=255, blank=True)
    received_at = models.DateTimeField(db_index=True)
    message_id = models.TextField(blank=True)
    header_sender = models.TextField(blank=True)
    header_recipients = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    sent_at = models.CharField(max_length=40, blank=True)  # ISO 8601 with the zone of the Date header (D2)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["administration", "fingerprint"], name="a_mail_is_processed_once")]
        indexes = [
            models.Index(fields=["administration", "-received_at"]),
            models.Index(fields=["administration"], condition=Q(state=MailState.PARKED.value), name="mails_laid_aside"),
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M} {self.subject or self.id}"


class MailEvent(models.Model):
    """A line of the mail log: what happened to a mail, and why (A9). A mail that came twice has two lines `received` (A8)."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    event = models.CharField(max_length=24)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.event} {self.text}".rstrip()


class Part(models.Model):
    """One file or body of a mail; content and converted PDF are blobs, the words of its pages stand here."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="parts")
    index = models.PositiveIntegerField()
    name = models.TextField(blank=True)
    media_type = models.CharField(max_length=120)
    declared = models.TextField(blank=True)
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in PartRole])
    sha256 = models.CharField(max_length=64, db_index=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)  # the PDF whose pages are read, where there is one
    problem_code = models.CharField(max_length=40, blank=True)
    problem = models.TextField(blank=True)
    reason = models.CharField(max_length=120, blank=True)  # why it has its role
    container = models.PositiveIntegerField(null=True, blank=True)  # the index of the part it was taken out of
    origin = models.TextField(blank=True)  # model.mail.Origin of the forwarded mail it came in
    pages = models.BinaryField(default=b"")  # zlib of a JSON tuple of model.page.Page

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["mail", "index"], name="one_part_an_index")]

    def __str__(self) -> str:
        return self.name or f"part {self.index}"
