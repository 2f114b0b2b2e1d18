"""The certificate for STARTTLS (I7), read again when its file changes, so that a renewed one needs no restart."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

from scanstraat.errors import Refused
from scanstraat.settings import Settings

_log = logging.getLogger(__name__)


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """What STARTTLS uses (I7), TLS 1.2 and up; None where no certificate is set. Raises `Refused` where it cannot be used."""
    if not settings.tls_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key or None)
    except (OSError, ssl.SSLError) as error:
        raise Refused(
            "tls-certificate", f"{settings.tls_certificate} cannot be used: {error}.", "Set certificate and key, in PEM."
        ) from error
    return context


class Certificate:
    """The certificate in use; connections that began TLS keep the one they began with."""

    def __init__(self, settings: Settings) -> None:
        self.context = tls_context(settings)
        self._settings = settings
        self._seen = self._stamps()

    def look(self) -> bool:
        """Take the new certificate, where there is one that can be used; whether there was."""
        stamps = self._stamps()
        if self.context is None or stamps == self._seen:
            return False
        try:
            tls_context(self._settings)  # tried on another context first: one half read would end all TLS
            self.context.load_cert_chain(self._settings.tls_certificate, self._settings.tls_key or None)
        except (OSError, ssl.SSLError, Refused) as error:
            _log.warning("the changed certificate cannot be used yet, the old one stays: %s", error)
            return False
        self._seen = stamps
        _log.info("the certificate has been read again")
        return True

    def _stamps(self) -> tuple[tuple[int, int, int], ...]:
        return tuple(_stamp(path) for path in (self._settings.tls_certificate, self._settings.tls_key) if path)


def _stamp(path: str) -> tuple[int, int, int]:
    try:
        status = Path(path).stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)
