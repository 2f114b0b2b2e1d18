"""Offices, their administrations and addresses, and who may see them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from scanstraat.model.people import Role


class Office(models.Model):
    """An accountancy office, or a company that is its own office; owns administrations and users."""

    name = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Administration(models.Model):
    """One company's books."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="administrations")
    name = models.CharField(max_length=200)
    drop = models.SlugField(max_length=80, unique=True)
    currency = models.CharField(max_length=3, default="EUR")
    country = models.CharField(max_length=2, default="NL")
    own = models.TextField(default="{}")  # model.administration.OwnIdentity
    instructions = models.TextField(default="{}")  # model.administration.Instructions
    contract_ended_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """A mail address of one administration, in lower case; an old one keeps working until it is ended (A1)."""

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="addresses")
    address = models.CharField(max_length=320, unique=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.address


class Membership(models.Model):
    """A person's role, and where he holds it: in an administration, in an office, or (both empty) everywhere (I5, I6)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=24, choices=[(r.value, r.value) for r in Role], default=Role.OFFICE_MAIN_USER)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    administration = models.ForeignKey(
        Administration, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(office=None, administration=None), name="one_role_everywhere_a_person"
            ),
            models.UniqueConstraint(fields=["user", "office"], condition=Q(administration=None), name="one_role_an_office"),
            models.UniqueConstraint(fields=["user", "administration"], name="one_role_an_administration"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} in {self.administration or self.office or 'every office'}"


class Profile(models.Model):
    """What is known of a person besides his sign-in."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    full_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)  # ISO 639-1; empty: as his browser asks
    confidential_since = models.DateField(null=True, blank=True)  # an operator is active from that day on (I3)
    must_change_password = models.BooleanField(default=False)  # somebody else gave it: before anything else, he chooses his own

    def __str__(self) -> str:
        return self.full_name or f"{self.user}"


class Acceptance(models.Model):
    """That an administration was opened and taken over by the customer: who for him, when, and what was checked (K1)."""

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="acceptances")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)  # the operator who recorded it
    accepted_by = models.CharField(max_length=200)  # the customer's person
    checklist = models.TextField(default="[]")
    remark = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.administration} accepted by {self.accepted_by}"


class Opening(models.Model):
    """How far the opening of an administration has come (K1): what no other row tells. None for those opened by a command."""

    administration = models.OneToOneField(Administration, on_delete=models.CASCADE, related_name="opening")
    started_at = models.DateTimeField()  # when its form was first shown
    opened_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    instructed_at = models.DateTimeField(null=True, blank=True)  # when its instructions were last looked at
    instructed_by = models.CharField(max_length=150, blank=True)
    trial = models.CharField(max_length=32, blank=True)  # marks the envelope sender of its last test mail
    trial_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.administration} opened by {self.by}"
