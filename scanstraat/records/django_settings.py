"""Django's settings, made from the service's own; nothing here is read from anywhere else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import scanstraat
from scanstraat.errors import Refused
from scanstraat.records.secret import secret_key
from scanstraat.settings import Settings

SCANSTRAAT = Settings.from_environment()  # the desk finds it as `django.conf.settings.SCANSTRAAT`

# FULL, since NORMAL loses acknowledged mails in a power cut; IMMEDIATE, so that a transaction never fails half-way for a lock.
_SQLITE_OPTIONS = {
    "timeout": 30,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON;",
}


def _database(url: str) -> dict[str, Any]:
    if not url:
        name = str(SCANSTRAAT.home_path / "scanstraat.sqlite3")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": _SQLITE_OPTIONS}
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise Refused("setting", "DATABASE_URL must begin with postgresql://.", "Correct it and start again.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": None,
    }


def _providers() -> list[dict[str, Any]]:
    """The provider to sign on with, where one is set."""
    if not SCANSTRAAT.oidc_issuer:
        return []
    return [
        {
            "provider_id": "sso",
            "name": SCANSTRAAT.oidc_name[:40],
            "client_id": SCANSTRAAT.oidc_client_id,
            "secret": SCANSTRAAT.oidc_client_secret,
            "settings": {"server_url": SCANSTRAAT.oidc_issuer.rstrip("/"), "oauth_pkce_enabled": True},
        }
    ]


SECRET_KEY = secret_key(SCANSTRAAT.home_path)
DATABASES = {"default": _database(SCANSTRAAT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
LANGUAGES = [("en", "English"), ("nl", "Nederlands"), ("fi", "Suomi"), ("sv", "Svenska"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(scanstraat.__file__).parent / "desk" / "locale"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "scanstraat.records",
    "scanstraat.desk",  # before those of signing in, whose pages it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "scanstraat.desk.headers.SecureHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "scanstraat.desk.signing.language.Language",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a view is closed unless it says otherwise
    "scanstraat.desk.signing.owed.Owed",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "scanstraat.desk.failures.Failures",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "scanstraat.desk.urls"
WSGI_APPLICATION = "scanstraat.desk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "scanstraat.desk.rights.shell",
            ]
        },
    }
]
# Each process of the desk counts for itself what is tried how often, and which codes were used; there is one.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
FILE_UPLOAD_HANDLERS = ["scanstraat.desk.incoming.streaming.Streaming"]
DATA_UPLOAD_MAX_NUMBER_FILES = 900  # a mail may have some more parts than that
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
# loopback always, for the health check from within
ALLOWED_HOSTS = [*(host.strip() for host in SCANSTRAAT.desk_hosts.split(",")), "localhost", "127.0.0.1", "[::1]"]
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Behind a proxy that ends HTTPS, the desk's own server says so to Django; no forwarded header is believed.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SCANSTRAAT.desk_https
SECURE_HSTS_SECONDS = 31_536_000 if SCANSTRAAT.desk_https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

ACCOUNT_ADAPTER = "scanstraat.desk.signing.adapters.Accounts"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "sign-in"
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
# Tries with passwords are axes' affair, in the database; behind a proxy the address is that of everybody.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
USERSESSIONS_TRACK_ACTIVITY = False  # it would write at each request

MFA_ADAPTER = "scanstraat.desk.signing.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Scanstraat"
MFA_TOTP_TOLERANCE = 1  # periods of 30 seconds that a clock may be off
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "login_webauthn": "scanstraat.desk.signing.forms.PasskeySignInForm",
    "authenticate_webauthn": "scanstraat.desk.signing.forms.PasskeyForm",
    "reauthenticate_webauthn": "scanstraat.desk.signing.forms.PasskeyAgainForm",
    "add_webauthn": "scanstraat.desk.signing.forms.NewPasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}

SOCIALACCOUNT_ADAPTER = "scanstraat.desk.signing.adapters.SignOn"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": _providers()}}

AXES_HANDLER = "scanstraat.desk.signing.lockout.Tries"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username"]
AXES_FAILURE_LIMIT = SCANSTRAAT.sign_in_tries
AXES_COOLOFF_TIME = timedelta(minutes=SCANSTRAAT.sign_in_pause_minutes)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "scanstraat.desk.signing.lockout.closed"
AXES_CLIENT_IP_CALLABLE = "scanstraat.desk.signing.lockout.address"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]
AXES_DISABLE_ACCESS_LOG = True  # the audit log has it
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
