"""What is asked for on the pages of signing in and of one's own account."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.models import Login
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scanstraat.records.models import Profile


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
