"""The one settings value, read from the environment in one place; `docs` and README show its table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from scanstraat.errors import Refused

T = TypeVar("T", str, int, float, bool)
SECOND_FACTORS = ("nobody", "operators", "everyone")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def _setting(variable: str, default: T, meaning: str) -> T:
    return field(default=default, metadata={"variable": variable, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set from outside; each field names its environment variable, default and meaning."""

    home: str = _setting("SCANSTRAAT_HOME", "var", "folder for the database, mails, blobs and drops")
    database_url: str = _setting(
        "DATABASE_URL", "", "PostgreSQL as `postgresql://user:password@host/name`; empty: SQLite in the home folder"
    )
    redis_url: str = _setting(
        "REDIS_URL", "", "Redis for wake-ups, as `redis://host:6379/0`; empty: no broker server, workers poll"
    )
    smtp_listen: str = _setting(
        "SCANSTRAAT_SMTP_LISTEN", "127.0.0.1:8025", "where SMTP is served, `host:port`; empty: not at all"
    )
    lmtp_listen: str = _setting(
        "SCANSTRAAT_LMTP_LISTEN", "", "where LMTP is served, `host:port` or a socket path; empty: not at all"
    )
    smtp_hostname: str = _setting("SCANSTRAAT_SMTP_HOSTNAME", "localhost", "the name the mail server gives itself")
    tls_certificate: str = _setting(
        "SCANSTRAAT_TLS_CERTIFICATE", "", "PEM file with the certificate for STARTTLS; empty: none offered"
    )
    tls_key: str = _setting("SCANSTRAAT_TLS_KEY", "", "PEM file with the key of that certificate")
    max_mail_octets: int = _setting(
        "SCANSTRAAT_MAX_MAIL_OCTETS", 30_000_000, "largest mail taken, in octets as transferred (rule A3)"
    )
    max_connections: int = _setting("SCANSTRAAT_MAX_CONNECTIONS", 100, "mail connections served at once")
    max_connections_a_peer: int = _setting(
        "SCANSTRAAT_MAX_CONNECTIONS_A_PEER", 20, "mail connections served at once to one network address"
    )
    trusted_peers: str = _setting(
        "SCANSTRAAT_TRUSTED_PEERS",
        "127.0.0.1,::1",
        "network addresses that limits by peer do not hold for, by comma: your own mail servers",
    )
    peer_mails_a_minute: int = _setting(
        "SCANSTRAAT_PEER_MAILS_A_MINUTE", 300, "mails a minute from one network address; five minutes' worth may come at once"
    )
    sender_mails_a_minute: int = _setting(
        "SCANSTRAAT_SENDER_MAILS_A_MINUTE", 600, "mails a minute from one sender's address, likewise"
    )
    address_mails_a_minute: int = _setting(
        "SCANSTRAAT_ADDRESS_MAILS_A_MINUTE", 600, "mails a minute to one address of an administration, likewise"
    )
    clamav: str = _setting(
        "SCANSTRAAT_CLAMAV", "", "ClamAV's daemon, a socket path or `host:port`; empty: mails are not looked through for viruses"
    )
    mail_timeout: int = _setting("SCANSTRAAT_MAIL_TIMEOUT", 300, "seconds a mail connection may be silent")
    collect: bool = _setting("SCANSTRAAT_COLLECT", True, "`no`: mailboxes and watched folders are looked after elsewhere")
    imap_ca: str = _setting(
        "SCANSTRAAT_IMAP_CA", "", "PEM file of the authorities trusted for IMAP servers and token endpoints; empty: the system's"
    )
    imap_timeout: float = _setting("SCANSTRAAT_IMAP_TIMEOUT", 60.0, "seconds an IMAP server may take for an answer")
    imap_idle_seconds: float = _setting(
        "SCANSTRAAT_IMAP_IDLE_SECONDS", 540.0, "how long one IDLE lasts; the mailbox is looked through after each"
    )
    imap_poll_seconds: float = _setting(
        "SCANSTRAAT_IMAP_POLL_SECONDS", 60.0, "how often a mailbox is looked into whose server has no IDLE"
    )
    imap_pause_seconds: float = _setting(
        "SCANSTRAAT_IMAP_PAUSE_SECONDS", 1.0, "before connecting anew; doubled each time up to 300 times as long"
    )
    desk_listen: str = _setting("SCANSTRAAT_DESK_LISTEN", "127.0.0.1:8080", "where the pages are served, `host:port`")
    desk_hosts: str = _setting("SCANSTRAAT_DESK_HOSTS", "localhost,127.0.0.1,[::1]", "host names the pages answer to, by comma")
    uploads_a_minute: int = _setting("SCANSTRAAT_UPLOADS_A_MINUTE", 120, "uploads taken a minute with one service key")
    folder_seconds: float = _setting(
        "SCANSTRAAT_FOLDER_SECONDS",
        1.0,
        "how often watched folders are looked into; three looks without a change: a file is whole",
    )
    desk_https: bool = _setting("SCANSTRAAT_DESK_HTTPS", False, "`yes` behind an HTTPS proxy: cookies then travel encrypted only")
    second_factor: str = _setting(
        "SCANSTRAAT_SECOND_FACTOR",
        "nobody",
        "who must have a second factor to sign in with: `nobody`, `operators` (and leads) or `everyone`",
    )
    sign_in_tries: int = _setting(
        "SCANSTRAAT_SIGN_IN_TRIES", 5, "wrong passwords for one name from one network address before both wait"
    )
    sign_in_tries_a_name: int = _setting(
        "SCANSTRAAT_SIGN_IN_TRIES_A_NAME", 20, "wrong passwords for one name from anywhere before it waits"
    )
    sign_in_pause_minutes: int = _setting("SCANSTRAAT_SIGN_IN_PAUSE_MINUTES", 15, "how long a name waits after that")
    oidc_issuer: str = _setting(
        "SCANSTRAAT_OIDC_ISSUER", "", "issuer of an OpenID Connect provider persons may sign in with, `https://…`; empty: none"
    )
    oidc_client_id: str = _setting("SCANSTRAAT_OIDC_CLIENT_ID", "", "what that provider knows this installation as")
    oidc_client_secret: str = _setting("SCANSTRAAT_OIDC_CLIENT_SECRET", "", "the secret it gave for that")
    oidc_name: str = _setting("SCANSTRAAT_OIDC_NAME", "OpenID Connect", "how the sign-in page calls that provider")
    workers: int = _setting("SCANSTRAAT_WORKERS", 0, "worker processes; 0: one a processor core")
    ocr_engine: str = _setting(
        "SCANSTRAAT_OCR_ENGINE",
        "ppocr",
        "`ppocr` (PP-OCR's networks), `tesserocr` (Tesseract, kept alive) or `pytesseract` (its command)",
    )
    ocr_languages: str = _setting("SCANSTRAAT_OCR_LANGUAGES", "script/Latin", "Tesseract's languages, joined by `+`")
    child_memory_mb: int = _setting(
        "SCANSTRAAT_CHILD_MEMORY_MB", 500, "memory of a process that parses foreign bytes, in MB of 1,000,000 octets"
    )
    child_seconds: float = _setting("SCANSTRAAT_CHILD_SECONDS", 120.0, "seconds such a process may take for one mail or one file")
    lease_seconds: float = _setting("SCANSTRAAT_LEASE_SECONDS", 300.0, "seconds a worker owns a task; outlasts the child's limit")
    max_attempts: int = _setting("SCANSTRAAT_MAX_ATTEMPTS", 5, "tries of one task before it is parked for a person")
    relay: str = _setting("SCANSTRAAT_RELAY", "", "mail relay our own letters go out by, `host:port`; empty: none is sent")
    relay_tls: str = _setting(
        "SCANSTRAAT_RELAY_TLS",
        "starttls",
        "`starttls` or `tls` (from the first octet), certificate checked; `none` on this machine",
    )
    relay_ca: str = _setting(
        "SCANSTRAAT_RELAY_CA", "", "PEM file of whom to trust for the relay's certificate; empty: the system's"
    )
    relay_user: str = _setting("SCANSTRAAT_RELAY_USER", "", "user at the relay; empty: not signed in")
    relay_password: str = _setting("SCANSTRAAT_RELAY_PASSWORD", "", "password of that user")
    mail_from: str = _setting("SCANSTRAAT_MAIL_FROM", "", "address in the From of our letters; empty: the administration's own")
    dns: str = _setting("SCANSTRAAT_DNS", "", "name server for SPF, DKIM and DMARC, `address:port`; empty: the system's")
    authserv_id: str = _setting(
        "SCANSTRAAT_AUTHSERV_ID",
        "",
        "the relay in front whose Authentication-Results are believed for LMTP and IMAP; empty: none",
    )
    answers_a_day: int = _setting("SCANSTRAAT_ANSWERS_A_DAY", 10, "receipts that one sender's address gets in a day")
    answers_a_domain: int = _setting("SCANSTRAAT_ANSWERS_A_DOMAIN", 100, "receipts that all addresses of a domain get in a day")
    letters_a_minute: int = _setting("SCANSTRAAT_LETTERS_A_MINUTE", 60, "letters sent in a minute; the others wait")
    hooks: bool = _setting("SCANSTRAAT_HOOKS", True, "`no`: webhooks are called elsewhere, by `scanstraat call-webhooks`")
    hooks_local: bool = _setting(
        "SCANSTRAAT_HOOKS_LOCAL", False, "`yes`: webhooks may be of this machine (loopback), without HTTPS too"
    )
    undo_seconds: float = _setting(
        "SCANSTRAAT_UNDO_SECONDS", 10.0, "how long an act at the review desk can be undone before the line goes on with it"
    )
    hold_seconds: float = _setting(
        "SCANSTRAAT_HOLD_SECONDS", 120.0, "how long a document stays with the person who opened it once his page falls silent"
    )
    poll_seconds: float = _setting("SCANSTRAAT_POLL_SECONDS", 0.2, "how often idle workers look for due tasks")
    log_level: str = _setting("SCANSTRAAT_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings of this process; raises `Refused` naming the variable whose value cannot be used.

        >>> Settings.from_environment({"SCANSTRAAT_WORKERS": "3"}).workers
        3
        """
        source = os.environ if environment is None else environment
        found = {f.name: _parsed(f, source[f.metadata["variable"]]) for f in fields(cls) if f.metadata["variable"] in source}
        settings = cls(**found)
        if settings.lease_seconds <= settings.child_seconds:
            raise _unusable("SCANSTRAAT_LEASE_SECONDS", "must be above SCANSTRAAT_CHILD_SECONDS")
        _check_signing(settings)
        return settings

    @property
    def home_path(self) -> Path:
        """The home folder as an absolute path."""
        return Path(self.home).resolve()

    @property
    def worker_count(self) -> int:
        """Worker processes to start."""
        return self.workers or len(os.sched_getaffinity(0))


def split_listen(value: str) -> tuple[str, int]:
    """`host:port` in two.

    >>> split_listen("127.0.0.1:8025"), split_listen("[::1]:25")
    (('127.0.0.1', 8025), ('::1', 25))
    """
    host, _, port = value.rpartition(":")
    return host.strip("[]"), int(port)


_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


def _unusable(variable: str, why: str) -> Refused:
    return Refused("setting", f"{variable} {why}.", "Correct it and start again.")


def _check_signing(settings: Settings) -> None:
    if settings.second_factor not in SECOND_FACTORS:
        raise _unusable("SCANSTRAAT_SECOND_FACTOR", f"must be one of {', '.join(SECOND_FACTORS)}")
    if settings.sign_in_tries_a_name < settings.sign_in_tries:
        raise _unusable("SCANSTRAAT_SIGN_IN_TRIES_A_NAME", "must not be below SCANSTRAAT_SIGN_IN_TRIES")
    issuer = urlsplit(settings.oidc_issuer)
    if settings.oidc_issuer and issuer.scheme != "https" and issuer.hostname not in _THIS_MACHINE:
        raise _unusable("SCANSTRAAT_OIDC_ISSUER", "must begin with https://")
    if settings.oidc_issuer and not (settings.oidc_client_id and settings.oidc_client_secret):
        raise _unusable("SCANSTRAAT_OIDC_ISSUER", "needs SCANSTRAAT_OIDC_CLIENT_ID and SCANSTRAAT_OIDC_CLIENT_SECRET too")


def _parsed(setting: Field[Any], text: str) -> Any:
    variable, default = setting.metadata["variable"], cast(object, setting.default)
    kind: Any = type(default)
    if kind is bool:
        if text.lower() not in _WORDS:
            raise _unusable(variable, f"must be yes or no, not {text!r}")
        return _WORDS[text.lower()]
    try:
        value = kind(text)
    except ValueError:
        raise _unusable(variable, f"must be a number, not {text!r}") from None
    if kind is not str and (value < 0 or (value == 0 and default)):
        raise _unusable(variable, f"must be above 0, not {text!r}")
    return value


def settings_table() -> tuple[tuple[str, str, str], ...]:
    """(variable, default, meaning) of every setting, in order, for README and docs."""
    return tuple((f.metadata["variable"], _shown(f.default), f.metadata["meaning"]) for f in fields(Settings))


def _shown(default: object) -> str:
    return ("yes" if default else "no") if isinstance(default, bool) else f"{default}"
