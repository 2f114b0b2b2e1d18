"""Whose identity another provider vouches for: a person who is here already, found by address or name, never a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.http import HttpRequest

from scanstraat.records import audit

PROVIDER = "sso"  # stands in the address that the provider leads back to


def person(claims: Mapping[str, Any], provider: str) -> User | None:
    """The one active person with the verified address or the preferred name of these claims.

    None for nobody, for several, and for one who is linked with another identity of this provider: then the name or the address
    was given to somebody else.
    """
    told = _told(claims)
    found: dict[int, User] = {}
    address, name = told.get("email"), told.get("preferred_username")
    if isinstance(address, str) and address and told.get("email_verified") in {True, "true"}:
        found |= {user.pk: user for user in User.objects.filter(email__iexact=address, is_active=True)[:2]}
    if isinstance(name, str) and name:
        found |= {user.pk: user for user in User.objects.filter(username__iexact=name, is_active=True)[:2]}
    if len(found) != 1 or SocialAccount.objects.filter(user__in=found, provider=provider).exists():
        return None
    return next(iter(found.values()))


def is_of_one(claims: Mapping[str, Any]) -> bool:
    """Whether the token and the answer about its owner speak of the same subject (OpenID Connect Core 5.3.2)."""
    told, token = claims.get("userinfo"), claims.get("id_token")
    return not told or not token or told.get("sub") == token.get("sub")


def tell_refused(request: HttpRequest, claims: Mapping[str, Any]) -> None:
    """Record that somebody was vouched for who is not here."""
    told = _told(claims)
    who = f"{told.get('preferred_username') or told.get('email') or told.get('sub')}"
    audit.append(None, "nobody", "sign-on-refused", "user unknown", f"{who} from {request.META.get('REMOTE_ADDR', '')}")


def _told(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    told: Mapping[str, Any] = claims.get("userinfo") or claims.get("id_token") or claims
    return told
