"""Coming in and going: name and password, sign-on with another provider, and signing out."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, LogoutView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import callback
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from scanstraat.desk.rights import rights
from scanstraat.desk.signing.adapters import unavailable
from scanstraat.desk.signing.forms import SignInForm
from scanstraat.desk.signing.sign_on import PROVIDER
from scanstraat.model.people import Right

_log = logging.getLogger(__name__)
_BROKEN = (RequestException, KeyError, ValueError)  # a provider that does not answer, or not as it should


class SignIn(LoginView):  # type: ignore[misc]  # allauth's views have no types
    """The page to sign in on."""

    form_class = SignInForm
    template_name = "desk/sign-in.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """With the name of the provider to sign on with, empty for none."""
        name = settings.SCANSTRAAT.oidc_name if settings.SCANSTRAAT.oidc_issuer else ""
        return {**super().get_context_data(**named), "oidc": name}


class SignOut(LogoutView):  # type: ignore[misc]  # likewise
    """Ends the session, or a sign-in that stopped before its second factor; a link on some page must not sign anybody out."""

    http_method_names = ["post"]


def home(request: HttpRequest) -> HttpResponse:
    """Where a day begins: operators at their queue, others at the mail log."""
    if Right.REVIEW in rights(request):
        try:
            return redirect(reverse("queue"))
        except NoReverseMatch:
            pass
    return redirect("mails")


@require_GET
@never_cache
@login_not_required
def sign_on(request: HttpRequest) -> HttpResponse:
    """Lead to the provider. By a link, not a form: a policy for forms would have to name every address it leads on by."""
    if request.user.is_authenticated:
        return redirect("home")
    try:
        provider = get_adapter(request).get_provider(request, PROVIDER)
        led: HttpResponse = provider.redirect(request, AuthProcess.LOGIN, next_url=get_next_redirect_url(request))
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except _BROKEN as error:
        return _unavailable(request, error)
    return led


@require_GET
@never_cache
@login_not_required
def signed_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider leads back to."""
    try:
        answer: HttpResponse = callback(request, provider_id)
    except _BROKEN as error:
        return _unavailable(request, error)
    return answer


def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    _log.warning("signing on did not work: %r", error)
    return unavailable(request)
