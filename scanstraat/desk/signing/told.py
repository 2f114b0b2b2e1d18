"""Sign-ins, failed ones, closed names and changes of factors go into the audit log (I4)."""

from __future__ import annotations

from typing import Any

import axes.signals  # noqa: F401  so that its listeners come first: a try is counted before it is told
from allauth.account import signals as accounts
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals as auth
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest

from scanstraat.desk.signing import language, owed
from scanstraat.records import audit
from scanstraat.records.models import Profile


def tell(request: HttpRequest, user: Any, act: str, *detail: str) -> None:
    """Record what was done by or to this person's account, and from which address."""
    name = user.get_username()
    where = f"from {request.META.get('REMOTE_ADDR', 'nowhere')}"
    audit.append(None, name, act, f"user {name}", ", ".join((*(part for part in detail if part), where)))


@receiver(accounts.user_logged_in)
def _signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    ways = (record.get("type") or record["method"] for record in get_authentication_records(request, user))
    tell(request, user, "sign-in", " and ".join(dict.fromkeys(ways)))


@receiver(auth.user_logged_in)
def _remember(request: HttpRequest, user: Any, **_: Any) -> None:
    """Put into the session what every request needs to know of the person."""
    profile = Profile.objects.filter(user_id=user.pk).first() or Profile()
    if profile.language:
        request.session[language.CHOSEN] = profile.language
    if profile.must_change_password:
        request.session[owed.PASSWORD] = True


@receiver(auth.user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if request is None or _was_closed(request):
        return
    # what is no name here may be a password typed into the wrong field
    user = User.objects.filter(username=credentials.get("username")).first() or User(username="unknown")
    where = f"from {request.META.get('REMOTE_ADDR', 'nowhere')}"
    audit.append(None, "nobody", "sign-in-failed", f"user {user.username}", where)
    if vars(request).get("axes_locked_out"):
        audit.append(None, "nobody", "sign-in-closed", f"user {user.username}", where)


def _was_closed(request: HttpRequest) -> bool:
    """Whether the name was closed before this try, which then was none: axes counts no failures of it."""
    counted = vars(request)
    return bool(counted.get("axes_locked_out")) and counted.get("axes_failures_since_start") is None


@receiver(auth.user_logged_out)
def _signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        tell(request, user, "sign-out")


@receiver(accounts.password_changed)
def _password_changed(request: HttpRequest, user: Any, **_: Any) -> None:
    request.session.pop(owed.PASSWORD, None)
    Profile.objects.filter(user_id=user.pk).update(must_change_password=False)
    tell(request, user, "password-changed")


@receiver(mfa.authenticator_added)
def _factor_added(request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
    tell(request, user, "factor-added", authenticator.type)


@receiver(mfa.authenticator_removed)
def _factor_removed(request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
    request.session.pop(owed.FACTOR, None)
    tell(request, user, "factor-removed", authenticator.type)


@receiver(mfa.authenticator_reset)
def _codes_renewed(request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
    tell(request, user, "factor-renewed", authenticator.type)


@receiver(mfa.authentication_failed)
def _factor_failed(request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
    tell(request, user, "factor-failed", authenticator.type)


@receiver(social.social_account_added)
def _linked(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    tell(request, sociallogin.user, "sign-on-linked", sociallogin.account.uid)
