"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from scanstraat.desk.offices import administrations, keeping, suppliers

urlpatterns: list[URLPattern | URLResolver] = [
    path("suppliers", suppliers.listing, name="suppliers"),
    path("suppliers/<int:identifier>", suppliers.supplier, name="supplier"),
    path("administrations", administrations.listing, name="administrations"),
    path("administrations/<int:identifier>", administrations.administration, name="administration"),
    path("administrations/<int:identifier>/drop", keeping.drop, name="set-drop"),
    path("administrations/<int:identifier>/addresses", keeping.add_address, name="add-address"),
    path("administrations/<int:identifier>/addresses/end", keeping.end_address, name="end-address"),
    path("administrations/<int:identifier>/contract", keeping.contract, name="end-contract"),
]
