"""The ways in besides SMTP and LMTP (A6), and what was turned away at any of them."""

from __future__ import annotations

from django.db import models

from scanstraat.model.mail import Channel
from scanstraat.records.models.office import Administration, Office


class Poller(models.Model):
    """What one process at a time looks after: whoever holds it until when, and how that goes."""

    active = models.BooleanField(default=True)
    holder = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # when it was last looked into without an error
    error = models.TextField(blank=True)  # why that does not work at present

    class Meta:
        abstract = True


class Mailbox(Poller):
    """An IMAP mailbox: of one administration, or shared, where the server's own header says which address a mail came to (A1)."""

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, null=True, blank=True, related_name="mailboxes")
    name = models.SlugField(max_length=80, unique=True)
    host = models.CharField(max_length=255)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, default="tls")  # tls, starttls, none (loopback only)
    username = models.CharField(max_length=320)
    way = models.CharField(max_length=24, default="password")  # how one signs in: a row of the table of ways
    secret = models.TextField(blank=True)  # password or OAuth2 credentials, encrypted with the installation's key
    folder = models.CharField(max_length=200, default="INBOX")
    done_folder = models.CharField(max_length=200, blank=True)  # where taken mails are moved; empty: they get a keyword
    failed_folder = models.CharField(max_length=200, blank=True)  # where mails for nobody here are moved
    recipient = models.CharField(max_length=320, blank=True)  # the address its mails came to; empty: the administration's first
    recipient_header = models.CharField(max_length=80, blank=True)  # of shared mailboxes: the server's own, such as Delivered-To

    def __str__(self) -> str:
        return self.name


class Fetched(models.Model):
    """A message of a mailbox that was dealt with, so that it is never fetched again, whatever becomes of its place there."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="fetched")
    uidvalidity = models.PositiveBigIntegerField()
    uid = models.PositiveBigIntegerField()
    outcome = models.CharField(max_length=24)  # model.way_in.Outcome
    at = models.DateTimeField()
    settled = models.BooleanField(default=False)  # moved or marked in the mailbox
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], name="a_message_is_fetched_once")]

    def __str__(self) -> str:
        return f"{self.mailbox}/{self.uidvalidity}/{self.uid} {self.outcome}"


class WatchedFolder(Poller):
    """A folder that a scanner writes to, of one administration."""

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="folders")
    path = models.CharField(max_length=1_000, unique=True)

    def __str__(self) -> str:
        return self.path


class ServiceKey(models.Model):
    """A key for a program: of one administration, or of all of an office; only its digest is kept."""

    administration = models.ForeignKey(Administration, on_delete=models.CASCADE, null=True, blank=True, related_name="keys")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, blank=True, related_name="keys")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=200, default="upload")  # what it may do, by comma: records.keys
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=150, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Refusal(models.Model):
    """A mail that was not taken, and what its sender was told; so that "did it arrive?" has an answer (A9)."""

    at = models.DateTimeField(db_index=True)
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    peer = models.CharField(max_length=100, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    recipient = models.CharField(max_length=320, blank=True)
    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, null=True, blank=True, related_name="refusals")
    reply = models.TextField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.sender} {self.reply}"
