"""My account: what a person sees and changes of himself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from scanstraat.desk.signing import language
from scanstraat.desk.signing.forms import AccountForm
from scanstraat.desk.signing.told import tell
from scanstraat.records.models import Profile

# What a browser says it is, the more particular before those that say they are like others.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chromium"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner knows it: since when, from where, in which browser."""

    id: int
    since: datetime
    address: str
    browser: str
    is_this: bool


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's account; keep the name and the language that were given."""
    user = _person(request)
    profile = Profile.objects.filter(user=user).first() or Profile()
    form = AccountForm(request.POST or None, initial={"full_name": profile.full_name, "language": profile.language})
    if request.method == "POST" and form.is_valid():
        form.save(user)
        request.session[language.CHOSEN] = form.cleaned_data["language"]
        tell(request, user, "account-changed")
        return redirect("account")
    factors = Authenticator.objects.filter(user=user).order_by("created_at")
    codes = factors.filter(type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        "here": "account",
        "form": form,
        "app": factors.filter(type=Authenticator.Type.TOTP).first(),
        "passkeys": factors.filter(type=Authenticator.Type.WEBAUTHN),
        "has_codes": codes is not None,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "sessions": _open_sessions(request, user),
        "link": SocialAccount.objects.filter(user=user).first(),
        "oidc": settings.SCANSTRAAT.oidc_name,
    }
    return render(request, "account/account.html", context)


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of one's sessions (`session`), or all but this one."""
    user = _person(request)
    asked, own = request.POST.get("session", ""), UserSession.objects.filter(user=user)
    if asked.isascii() and asked.isdecimal() and len(asked) < 19:
        ending = [get_object_or_404(own, pk=int(asked))]
    else:
        ending = list(own.exclude(session_key=request.session.session_key))
    end_sessions(request, ending)
    tell(request, user, "sessions-ended", f"{len(ending)}")
    if request.user.is_authenticated:
        messages.success(request, _("The session is ended.") if asked else _("Your other sessions are ended."))
    return redirect("account")


def second_factor(request: HttpRequest) -> HttpResponse:
    """The ways there are to a second factor, for who must have one first."""
    return render(request, "account/second-factor.html", {"here": "account"})


def _open_sessions(request: HttpRequest, user: User) -> list[OpenSession]:
    rows = UserSession.objects.purge_and_list(user)
    shown = (
        OpenSession(row.pk, row.created_at, row.ip, browser(row.user_agent), row.session_key == request.session.session_key)
        for row in rows
    )
    return sorted(shown, key=lambda each: (not each.is_this, each.since), reverse=False)


def browser(user_agent: str) -> str:
    """What a browser is, in two words; empty where it does not say.

    >>> browser("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36")
    'Chromium, Linux'
    """
    named = (next((name for sign, name in table if re.search(sign, user_agent)), "") for table in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in named if name)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
