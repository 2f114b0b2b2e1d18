"""Webhooks: what programs are told, and how that went."""

from __future__ import annotations

import uuid

from django.db import models

from scanstraat.records.models.office import Administration, Office


class Webhook(models.Model):
    """An address that is told of events of one administration, or of all of an office.

    The secret that signs is encrypted with the installation's key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    administration = models.ForeignKey(Administration, on_delete=models.CASCADE, null=True, blank=True, related_name="webhooks")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, blank=True, related_name="webhooks")
    url = models.CharField(max_length=1_000)
    events = models.CharField(max_length=400)  # names, by comma
    secret = models.TextField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.url


class HookCall(models.Model):
    """One event for one webhook. A claim is the holder's until `next_at`; `attempts` is its token."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls")
    event = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=8, default="waiting")  # waiting, sent, failed
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    holder = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    answer = models.TextField(blank=True)  # what the address answered last, or why it could not be reached
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.event} {self.state}"
