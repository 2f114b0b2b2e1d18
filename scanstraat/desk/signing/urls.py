"""The addresses of these pages. Of allauth's, only those named here exist: none to sign up, none to ask for a password."""

from __future__ import annotations

from allauth.account.views import password_change, reauthenticate
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, URLResolver, path

from scanstraat.desk.signing import account, entering

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in", entering.SignIn.as_view(), name="sign-in"),
    path("sign-in", entering.SignIn.as_view(), name="account_login"),  # what allauth calls it
    path("sign-in/second-factor", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/sso", entering.sign_on, name="sign-on"),
    path("sign-in/<slug:provider_id>/callback", entering.signed_on, name="openid_connect_callback"),
    path("sign-out", entering.SignOut.as_view(), name="sign-out"),
    path("account", account.account, name="account"),
    path("account", account.account, name="mfa_index"),  # what allauth calls it where it leads back
    path("account", account.account, name="mfa_list_webauthn"),
    path("account/sessions/end", account.end_session, name="end-session"),
    path("account/password", password_change, name="account_change_password"),
    path("account/second-factor", account.second_factor, name="second-factor"),
    path("account/again", reauthenticate, name="account_reauthenticate"),
    path("account/again/code", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/again/passkey", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/codes", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/codes/new", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/codes/recovery-codes.txt", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/passkeys/add", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]
