"""The relay that takes our own letters: SMTP with TLS, its certificate checked (I7)."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from scanstraat import failpoint
from scanstraat.errors import Refused, Unavailable
from scanstraat.settings import Settings, split_listen

_SECONDS = 30.0  # for each answer of the relay
_NEXT = "Look at SCANSTRAAT_RELAY and what is set beside it; letters wait."
_FAREWELL_SECONDS = 2.0
_DONE, _FORWARDED, _PERMANENT = 250, 251, 500


class Relay:
    """Takes one mail at a time. Raises `Refused` (code `setting`) where the settings name none that can be used."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._host, self._port = _place(settings)
        if settings.relay_tls not in _OPENED:
            raise _unusable("SCANSTRAAT_RELAY_TLS", f"is `starttls`, `tls` or `none`, not {settings.relay_tls!r}")
        if settings.relay_tls == "none" and not _is_loopback(self._host):
            raise _unusable("SCANSTRAAT_RELAY_TLS", "is `none` for a relay on this machine only, by its loopback address")
        self._context = _context(settings)

    def send(self, recipient: str, content: bytes) -> None:
        """Hand over a mail with an empty envelope sender, so that nothing ever answers it (RFC 3834, 3.3).

        Raises `Refused` (code `relay-refused`) where the relay will never take this mail, and `Unavailable` (code `relay`) where
        it, or the way to it, does not work for now.
        """
        with self._session() as session:
            _ready(session.mail(""))
            _accepted(session.rcpt(recipient), f"RCPT TO:<{recipient}>")
            failpoint.reach("post.sending")
            _accepted(session.data(content), "the mail")
            _left(session)
        failpoint.reach("post.relayed")

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        session: smtplib.SMTP | None = None
        try:
            session = self._opened()
            yield session
        except smtplib.SMTPResponseException as error:
            if isinstance(error, smtplib.SMTPDataError):  # DATA itself was not taken
                _accepted((error.smtp_code, _octets(error.smtp_error)), "DATA")
            raise _unavailable(f"it says {error.smtp_code} {_text(_octets(error.smtp_error))}") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise _unavailable(str(error) or type(error).__name__) from error
        finally:
            if session is not None:
                session.close()

    def _opened(self) -> smtplib.SMTP:
        session = _OPENED[self._settings.relay_tls](self._host, self._port, self._settings.smtp_hostname, self._context)
        try:
            if self._settings.relay_user:
                session.login(self._settings.relay_user, self._settings.relay_password)
        except BaseException:
            session.close()
            raise
        return session


Opened = Callable[[str, int, str, ssl.SSLContext], smtplib.SMTP]


def _plain(host: str, port: int, name: str, _: ssl.SSLContext) -> smtplib.SMTP:
    session = smtplib.SMTP(host, port, local_hostname=name, timeout=_SECONDS)
    session.ehlo_or_helo_if_needed()
    return session


def _starttls(host: str, port: int, name: str, context: ssl.SSLContext) -> smtplib.SMTP:
    session = smtplib.SMTP(host, port, local_hostname=name, timeout=_SECONDS)
    try:
        session.starttls(context=context)  # raises where it is not offered: nothing goes out in the clear
        session.ehlo_or_helo_if_needed()
    except BaseException:
        session.close()
        raise
    return session


def _tls(host: str, port: int, name: str, context: ssl.SSLContext) -> smtplib.SMTP:
    session = smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=_SECONDS, context=context)
    session.ehlo_or_helo_if_needed()
    return session


_OPENED: dict[str, Opened] = {"starttls": _starttls, "tls": _tls, "none": _plain}


def _ready(answer: tuple[int, bytes]) -> None:
    """That the relay takes mail from us at all; where it does not, that is no fault of this letter."""
    code, text = answer
    if code != _DONE:
        raise _unavailable(f"it answers MAIL FROM:<> with {code} {_text(text)}")


def _left(session: smtplib.SMTP) -> None:
    """Say goodbye to a relay that has taken the mail; whether it hears that does not matter any more."""
    with suppress(smtplib.SMTPException, OSError):
        if session.sock is not None:
            session.sock.settimeout(_FAREWELL_SECONDS)
        session.quit()


def _accepted(answer: tuple[int, bytes], to: str) -> None:
    code, text = answer
    if code >= _PERMANENT:
        raise Refused("relay-refused", f"the relay answers {to} with {code} {_text(text)}.")
    if code not in (_DONE, _FORWARDED):
        raise _unavailable(f"it answers {to} with {code} {_text(text)}")


def _place(settings: Settings) -> tuple[str, int]:
    try:
        return split_listen(settings.relay)
    except ValueError:
        raise _unusable("SCANSTRAAT_RELAY", "must be host:port") from None


def _context(settings: Settings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.relay_ca or None)
    except (OSError, ssl.SSLError) as error:
        raise _unusable("SCANSTRAAT_RELAY_CA", f"cannot be read: {error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _octets(answer: bytes | str) -> bytes:
    return answer.encode(errors="replace") if isinstance(answer, str) else answer


def _text(answer: bytes) -> str:
    return " ".join(answer.decode("utf-8", "replace").split())[:300]


def _unusable(variable: str, why: str) -> Refused:
    return Refused("setting", f"{variable} {why}.", "Correct it and start again.")


def _unavailable(why: str) -> Unavailable:
    return Unavailable("relay", f"the relay does not take mail for now: {why}.", _NEXT)
