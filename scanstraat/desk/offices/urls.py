"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from scanstraat.desk.offices import administrations, handing_over, hooks, keeping, keys, opening, suppliers, system

urlpatterns: list[URLPattern | URLResolver] = [
    path("suppliers", suppliers.listing, name="suppliers"),
    path("suppliers/<int:identifier>", suppliers.supplier, name="supplier"),
    path("administrations", administrations.listing, name="administrations"),
    path("administrations/open", opening.open_administration, name="open-administration"),
    path("administrations/open/look", opening.look, name="open-administration-look"),
    path("administrations/<int:identifier>", administrations.administration, name="administration"),
    path("administrations/<int:identifier>/drop", keeping.drop, name="set-drop"),
    path("administrations/<int:identifier>/addresses", keeping.add_address, name="add-address"),
    path("administrations/<int:identifier>/addresses/end", keeping.end_address, name="end-address"),
    path("administrations/<int:identifier>/contract", keeping.contract, name="end-contract"),
    path("administrations/<int:identifier>/opening", handing_over.opening_page, name="opening"),
    path("administrations/<int:identifier>/opening/instructions", handing_over.looked_at, name="opening-instructions"),
    path("administrations/<int:identifier>/opening/test-mail", handing_over.send_trial, name="opening-trial"),
    path("administrations/<int:identifier>/opening/test-mail/story", handing_over.trial_story, name="opening-trial-story"),
    path("administrations/<int:identifier>/acceptance", handing_over.acceptance, name="acceptance"),
    path("keys", keys.listing, name="keys"),
    path("keys/<int:identifier>/end", keys.end, name="end-key"),
    path("webhooks", hooks.add, name="add-webhook"),
    path("webhooks/<uuid:identifier>/end", hooks.end, name="end-webhook"),
    path("webhooks/<uuid:identifier>/try", hooks.try_it, name="try-webhook"),
    path("system", system.system, name="system"),
]
