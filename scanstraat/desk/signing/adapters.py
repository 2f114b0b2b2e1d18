"""How signing in is done here: what allauth asks of this installation, for accounts, second factors and sign-on."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathImage

from scanstraat.desk.signing import sign_on
from scanstraat.records import sealing

_log = logging.getLogger(__name__)
RECENT_SECONDS = 300  # who signed in, or gave his password again, so lately need not give it once more
_SAID = {
    "account/messages/password_changed.txt": _("Your password is changed. Your other sessions were ended."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is taken off."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "usersessions/messages/sessions_logged_out.txt": _("Your other sessions are ended."),
}
_SLOWER = _("Too many tries. Wait five minutes, then try again.")
_NO_CODE = _("This does not fit. Codes of an app last half a minute: take the one it shows now.")


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Names and passwords. Nobody signs himself up; wrong passwords are counted by axes."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "too_many_login_attempts": _SLOWER,
        "rate_limited": _SLOWER,
        "username_password_mismatch": _("Name and password do not belong together, or this account was ended."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  the signature of allauth
        """Never: persons are added by those who may."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes counts, and closes."""

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002  the signature of allauth
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our own words, or not at all: that one is signed in shows by itself."""
        said = message or _SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, f"{said}", extra_tags=extra_tags)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:  # noqa: ARG002  likewise
        """The page for one who proved who he is and was ended."""
        return refused(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether he has to show again who he is; not just after signing in, however he did."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if records and timezone.now().timestamp() - records[-1]["at"] < RECENT_SECONDS:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # likewise
    """Second factors: what they are called, and their secrets sealed with the key of the installation."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _NO_CODE,
        "cannot_generate_recovery_codes": _("Recovery codes stand in for an authenticator app or a passkey: set one up first."),
    }

    def encrypt(self, text: str) -> str:
        """Sealed."""
        return sealing.seal(settings.SCANSTRAAT.home_path, text.encode(), sealing.SECOND_FACTORS)

    def decrypt(self, encrypted_text: str) -> str:
        """Opened; raises `Refused` (`secret-lost`)."""
        return sealing.unseal(settings.SCANSTRAAT.home_path, encrypted_text, sealing.SECOND_FACTORS).decode()

    def _get_user_identifier(self, user: Any) -> str:
        return f"{user.get_username()}"

    def _get_site_name(self) -> str:
        return "Scanstraat"

    def build_totp_svg(self, url: str) -> str:
        """The code to scan, as an element of a page: without the prolog of a file."""
        written = BytesIO()
        qrcode.make(url, image_factory=SvgPathImage, border=2).save(written)
        return written.getvalue().decode().partition("?>")[2].strip()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: ARG002  the signature of allauth
        """What a passkey is called where its owner gives it no name."""
        return f"{_('Passkey')} {timezone.now():%Y-%m-%d}"


class SignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]  # likewise
    """Signing on with another's identity: it must be that of a person who is here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002  likewise
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person; the claims about him are not kept. Answers with a page of its own where there is none."""
        account = sociallogin.account
        claims, account.extra_data = account.extra_data, {}
        if account.pk:
            account.save(update_fields=["extra_data"])
        person: User | None = account.user if account.pk else sign_on.person(claims, account.provider)
        if person is None or not person.is_active or not sign_on.is_of_one(claims):
            sign_on.tell_refused(request, claims)
            raise ImmediateHttpResponse(refused(request))
        if not account.pk:
            sociallogin.connect(request, person)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """One calm page, whatever it was; what it was is for the log."""
        _log.warning(
            "signing on with %s did not work: %s %s %s", provider, error, exception, (extra_context or {}).get("state_id")
        )
        raise ImmediateHttpResponse(unavailable(request))


def refused(request: HttpRequest) -> HttpResponse:
    """The page for one whom another vouches for, or who has a passkey, and who has no account here any more."""
    return render(request, "account/refused.html", status=403)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The page for a sign-on that did not come to its end."""
    return render(request, "socialaccount/authentication_error.html", {"name": settings.SCANSTRAAT.oidc_name}, status=502)
