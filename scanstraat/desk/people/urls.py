"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from scanstraat.desk.people import listing, log, persons

urlpatterns: list[URLPattern | URLResolver] = [
    path("users", listing.users, name="users"),
    path("users/new", listing.add_user, name="user-new"),
    path("users/<int:identifier>", persons.person, name="user"),
    path("users/<int:identifier>/end", persons.end, name="user-end"),
    path("users/<int:identifier>/revive", persons.revive, name="user-revive"),
    path("users/<int:identifier>/password", persons.new_password, name="user-password"),
    path("users/<int:identifier>/second-factor", persons.reset_second_factor, name="user-second-factor"),
    path("operators", listing.operators, name="operators"),
    path("operators/new", listing.add_operator, name="operator-new"),
    path("audit", log.entries, name="audit-log"),
]
