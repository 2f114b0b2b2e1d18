"""The supplier register, one an administration."""

from __future__ import annotations

from django.db import models

from scanstraat.records.models.office import Administration


class Supplier(models.Model):
    """A supplier; only values that were read or given, never fallbacks (D8)."""

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="suppliers")
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300, db_index=True)  # the comparable form of the name
    vat_number = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["administration", "vat_number"])]

    def __str__(self) -> str:
        return self.name


class SupplierAccount(models.Model):
    """A bank account of a supplier; `verified` once a person or the workflow confirmed it (E6)."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="accounts")
    number = models.CharField(max_length=64, db_index=True)
    scheme = models.CharField(max_length=4, default="IBAN")
    bic = models.CharField(max_length=11, blank=True)
    verified = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier", "number"], name="an_account_once_a_supplier")]

    def __str__(self) -> str:
        return self.number
