"""The desk as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class Desk(AppConfig):
    """Listens to what happens at signing in."""

    name = "scanstraat.desk"

    def ready(self) -> None:
        """Connect the listeners."""
        from scanstraat.desk.signing import told  # noqa: F401  importing connects them
