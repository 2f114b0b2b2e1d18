"""Handing a mail to a mail server as a sender would, and asking it whether it takes mail for an address."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

from scanstraat.errors import Unavailable
from scanstraat.settings import split_listen

ACCEPTED = 250
_SECONDS, _ASKING_SECONDS = 120, 5
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  what listens on all is reached at this machine


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said last: its reply code and text."""

    code: int
    text: str

    @property
    def is_accepted(self) -> bool:
        """Whether it takes it."""
        return self.code == ACCEPTED


def deliver(content: bytes, sender: str, recipients: list[str], server: str) -> tuple[int, str]:
    """Hand `content` to the server as it is; returns its last reply code and text. Raises `Unavailable` where none answers."""
    try:
        with smtplib.SMTP(*_place(server), timeout=_SECONDS) as session:
            refused = session.sendmail(sender, recipients, content, mail_options=[f"SIZE={len(content)}"])
    except smtplib.SMTPRecipientsRefused as error:
        return _first(error.recipients)
    except smtplib.SMTPResponseException as error:
        return error.smtp_code, _text(error.smtp_error)
    except OSError as error:
        raise _no_server(server, error) from error
    return _first(refused) if refused else (ACCEPTED, "accepted")


def asked(recipient: str, server: str) -> Answer:
    """What the server answers to RCPT for this address; nothing is sent. Raises `Unavailable` where none answers."""
    try:
        with smtplib.SMTP(*_place(server), timeout=_ASKING_SECONDS) as session:
            session.ehlo_or_helo_if_needed()
            code, text = session.mail("")
            if code == ACCEPTED:
                code, text = session.rcpt(recipient)
    except OSError as error:
        raise _no_server(server, error) from error
    return Answer(code, _text(text))


def greeting(server: str) -> str:
    """What the server says of itself; raises `Unavailable` where none answers."""
    try:
        with smtplib.SMTP(timeout=_ASKING_SECONDS) as session:
            code, text = session.connect(*_place(server))
    except OSError as error:
        raise _no_server(server, error) from error
    return f"{code} {_text(text)}"


def _place(server: str) -> tuple[str, int]:
    host, port = split_listen(server)
    return _EVERYWHERE.get(host, host), port


def _no_server(server: str, error: Exception) -> Unavailable:
    return Unavailable("no-server", f"no mail server answers at {server}: {error}.", "Start it with `scanstraat run`.")


def _first(refused: dict[str, tuple[int, bytes]]) -> tuple[int, str]:
    code, text = next(iter(refused.values()))
    return code, _text(text)


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
