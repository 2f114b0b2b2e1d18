"""The audit log: append-only, each entry chained to the one before it (I4)."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One act, read or change: by whom, on what. `digest` is over all of it and the digest before, so that no entry can be
    changed, left out or put in between unnoticed.

    Each administration has a chain of its own, so that erasing a customer breaks nobody else's; 0 is the installation's.
    """

    chain = models.PositiveBigIntegerField()  # an administration's id, 0 for what belongs to none
    number = models.PositiveBigIntegerField()  # counts from 1 without gaps
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)  # a person's name, "key NAME", or "policy NAME"
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=120, blank=True)  # "document UUID", "mail UUID", "user NAME"
    detail = models.TextField(blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_entry_a_number")]
        indexes = [models.Index(fields=["chain", "at"]), models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.act} {self.subject}"


class AuditHead(models.Model):
    """The end of a chain; who appends holds this row."""

    chain = models.PositiveBigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.chain}: {self.number}"
