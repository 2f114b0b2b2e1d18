"""A real mail relay on loopback that keeps what it is given: STARTTLS with a certificate of its own, answers as a test wants."""

from __future__ import annotations

import email
import email.policy
import ssl
from collections import defaultdict
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from benchmarks.certificates import certificate
from benchmarks.servers import free_port


@dataclass
class Taken:
    """A mail that was taken."""

    sender: str | None
    recipients: list[str]
    content: bytes
    is_encrypted: bool
    user: str

    @property
    def mail(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        """What a reader of flowed text shows."""
        lines = self.mail.get_content().splitlines()
        unstuffed = [line.removeprefix(" ") for line in lines]
        return "".join(line if line.endswith(" ") else f"{line}\n" for line in unstuffed)


@dataclass
class Sink:
    """Keeps mails; `answers` are given once each instead, by command (MAIL, RCPT, DATA)."""

    folder: Path
    tls: bool = True
    user: str = ""
    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __enter__(self) -> Sink:
        public, private = certificate(self.folder)
        self.ca = str(public)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(public, private)
        more: dict[str, Any] = {"tls_context": context, "require_starttls": True} if self.tls else {}
        if self.user:
            more |= {"authenticator": self._signed_in, "auth_required": True}
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), **more)
        self._controller.start()
        self.port = self._controller.port
        return self

    def __exit__(self, *exception: object) -> None:
        self._controller.stop()

    def ids(self) -> list[str]:
        """The Message-ID of each mail taken."""
        return [str(taken.mail["Message-ID"]) for taken in self.taken]

    def _answer(self, command: str) -> str:
        return self.answers[command].pop(0) if self.answers[command] else ""

    def _signed_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        is_right = (data.login, data.password) == (self.user.encode(), b"geheim")
        return AuthResult(success=is_right, handled=False, auth_data=self.user)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if answer := self._answer("MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if answer := self._answer("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if answer := self._answer("DATA"):
            return answer
        assert isinstance(envelope.content, bytes)
        user = str(session.auth_data or "")
        self.taken.append(Taken(envelope.mail_from, envelope.rcpt_tos, envelope.content, session.ssl is not None, user))
        return "250 OK"
