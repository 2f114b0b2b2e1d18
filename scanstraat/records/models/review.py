"""What persons did with documents in review, and what they noted."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from scanstraat.records.models.document import Document
from scanstraat.records.models.mail import Mail


class ReviewAct(models.Model):
    """One act of a person on one document; `before` is what undoing it restores, empty where it cannot be undone.

    The document is named by its id and no key, since one that was merged into another is not there any more.
    """

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="review_acts")
    document = models.UUIDField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="review_acts")
    by = models.CharField(max_length=150)
    at = models.DateTimeField(db_index=True)
    act = models.CharField(max_length=24)
    text = models.TextField(blank=True)
    before = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.by} {self.act} {self.text}".rstrip()


class Note(models.Model):
    """What a person wrote beside a document, for the next who looks at it."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="notes")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by}: {self.text}"
