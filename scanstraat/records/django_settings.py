"""Django's settings, made from the service's own; nothing here is read from anywhere else."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

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


SECRET_KEY = secret_key(SCANSTRAAT.home_path)
DATABASES = {"default": _database(SCANSTRAAT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "scanstraat.records",
    "scanstraat.desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "scanstraat.desk.headers.SecureHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a view is closed unless it says otherwise
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "scanstraat.desk.failures.Failures",
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
LOGIN_REDIRECT_URL = "mails"
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
