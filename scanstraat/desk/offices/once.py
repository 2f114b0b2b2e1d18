"""What is shown once: a password or a key, from the answer that made it to the page that follows, sealed in between."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from scanstraat.codec import from_json, to_json
from scanstraat.errors import Refused
from scanstraat.records.sealing import seal, unseal

_PURPOSE = b"scanstraat: shown once"
_KEPT = "shown-once"


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of somebody or something by this name."""

    name: str
    text: str


def keep(request: HttpRequest, secret: Secret) -> None:
    """Have the next page show it."""
    request.session[_KEPT] = seal(settings.SCANSTRAAT.home_path, to_json(secret), _PURPOSE)


def told(request: HttpRequest) -> Secret | None:
    """The secret to show now; it is gone afterwards. None for none."""
    sealed = request.session.pop(_KEPT, "")
    try:
        return from_json(unseal(settings.SCANSTRAAT.home_path, sealed, _PURPOSE), Secret) if sealed else None
    except Refused:  # of another installation's key
        return None
