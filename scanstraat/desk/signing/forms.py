"""What is asked for on the pages of signing in and of one's own account."""

from __future__ import annotations

import struct
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.models import Login
from allauth.mfa.adapter import get_adapter as get_factors
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scanstraat.records.models import Profile

# What allauth and fido2 let through of an answer that no authenticator gave, or of a signature that is not right.
_UNFIT = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error, InvalidSignature, UnsupportedAlgorithm)


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth's forms have no types
    """Name and password, under the names that browsers and Django know them by."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        del self.fields["login"]
        self.fields["username"] = forms.CharField(max_length=150)

    def user_credentials(self) -> dict[str, str]:
        """What the backends are asked with."""
        return {"username": self.cleaned_data["username"], "password": self.cleaned_data["password"]}

    def _clean_with_password(self, credentials: dict[str, str]) -> dict[str, Any]:
        adapter = get_adapter(self.request)
        self.user = adapter.authenticate(self.request, **credentials)
        if self.user is None:
            raise adapter.validation_error("username_password_mismatch")
        self._login = Login(user=self.user)
        return dict(self.cleaned_data)


class AccountForm(forms.Form):
    """What a person says of himself."""

    full_name = forms.CharField(label=_("Full name"), max_length=200, required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser asks")), *settings.LANGUAGES]
    )

    def save(self, user: User) -> None:
        """Keep it."""
        with transaction.atomic():
            Profile.objects.update_or_create(user=user, defaults=self.cleaned_data)


class _Shown:
    """Of a form that takes what a passkey says: whatever is wrong with it is a sentence, never a failure."""

    def clean_credential(self) -> Any:
        """The authenticator."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form it is mixed into
        except _UNFIT as error:
            raise get_factors().validation_error("incorrect_code") from error


class PasskeySignInForm(_Shown, webauthn.LoginWebAuthnForm):  # type: ignore[misc]  # likewise
    """A passkey instead of name and password."""


class PasskeyForm(_Shown, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]  # likewise
    """A passkey as the second factor."""


class PasskeyAgainForm(_Shown, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # likewise
    """A passkey to show again who one is."""


class NewPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]  # likewise
    """A passkey to be added."""

    def clean(self) -> Any:
        """As its form, and calm where it is none."""
        try:
            return super().clean()
        except _UNFIT as error:
            raise get_factors().validation_error("incorrect_code") from error
