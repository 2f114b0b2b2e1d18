"""Letters: mails the service itself sends."""

from __future__ import annotations

import uuid

from django.db import models

from scanstraat.model.letter import LetterState, Purpose
from scanstraat.records.models.mail import Mail
from scanstraat.records.models.office import Administration


class Letter(models.Model):
    """One outgoing mail: recorded with what it tells of, sent by a process of its own, its Message-ID made from its id.

    `about` names what it tells of, so that nobody is told the same twice, also where that is no mail of ours. A claim is the
    holder's until `next_at`; `attempts` is its token.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="letters")
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, null=True, blank=True, related_name="letters")
    purpose = models.CharField(max_length=24, choices=[(p.value, p.value) for p in Purpose])
    about = models.CharField(max_length=64)
    recipient = models.CharField(max_length=320)
    language = models.CharField(max_length=8)
    subject = models.TextField()
    text = models.TextField()
    in_reply_to = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in LetterState], default=LetterState.WAITING)
    reason = models.TextField(blank=True)  # why it was withheld, failed, or waits
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    holder = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)  # when it was sent, or given up

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["administration", "purpose", "about", "recipient"], name="nobody_is_told_twice")
        ]
        indexes = [models.Index(fields=["state", "next_at"]), models.Index(fields=["state", "ended_at"])]

    def __str__(self) -> str:
        return f"{self.purpose} to {self.recipient}: {self.state}"
