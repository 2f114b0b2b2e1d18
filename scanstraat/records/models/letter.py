"""Letters: mails the service itself sends."""

from __future__ import annotations

import uuid

from django.db import models

from scanstraat.records.models.mail import Mail
from scanstraat.records.models.office import Administration


class Letter(models.Model):
    """One outgoing mail: recorded with what it tells of, sent by a process of its own, its Message-ID made from its id."""

    WAITING, SENT, WITHHELD, FAILED = "waiting", "sent", "withheld", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="letters")
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, null=True, blank=True, related_name="letters")
    purpose = models.CharField(max_length=24)
    recipient = models.CharField(max_length=320)
    language = models.CharField(max_length=8, blank=True)
    subject = models.TextField()
    text = models.TextField()
    in_reply_to = models.TextField(blank=True)
    state = models.CharField(max_length=8, default=WAITING)
    reason = models.TextField(blank=True)  # why it was withheld or failed
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mail", "purpose"], name="one_letter_a_mail_and_purpose")]
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.purpose} to {self.recipient}: {self.state}"
