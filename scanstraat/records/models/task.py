"""The task table: what is to be done, by whom until when, and how often it was tried."""

from __future__ import annotations

from django.db import models


class Task(models.Model):
    """One stage of one mail or document. The token rises at each claim; who holds an old one writes nothing."""

    WAITING, CLAIMED, DONE, PARKED = "waiting", "claimed", "done", "parked"

    id = models.CharField(primary_key=True, max_length=64)  # stage:subject, so that a task exists once
    stage = models.CharField(max_length=16)
    subject = models.UUIDField()
    state = models.CharField(max_length=8, default=WAITING)
    token = models.PositiveBigIntegerField(default=0)
    holder = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    crashes = models.PositiveIntegerField(default=0)  # leases that ran out: this task may be what kills workers
    next_at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_at"]), models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
