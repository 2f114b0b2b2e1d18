"""Offices, their administrations and addresses, and who may see them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


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
    """A person's right to see: all administrations of an office, or every office where `office` is empty (operators)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="one_membership_an_office")]

    def __str__(self) -> str:
        return f"{self.user} in {self.office or 'every office'}"
