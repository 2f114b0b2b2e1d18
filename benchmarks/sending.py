"""Mail transfer agents that never give up: what is not acknowledged with 250 is sent again, unchanged."""

from __future__ import annotations

import smtplib
import threading
from collections import Counter
from collections.abc import Iterator

from benchmarks.chaos_mails import ChaosMail

_AGENTS = 4
_RETRY_SECONDS = 0.4
_TIMEOUT_SECONDS = 30
_ACKNOWLEDGED = 250


class Agents:
    """A few agents at work on the same pile of mails. `answers` counts replies by code, 0 where the connection broke."""

    def __init__(self, mails: Iterator[ChaosMail], port: int) -> None:
        self.answers: Counter[int] = Counter()
        self.acknowledged: list[ChaosMail] = []
        self._mails, self._port = mails, port
        self._lock, self._given_up = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._send_all, daemon=True) for _ in range(_AGENTS)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def give_up(self) -> None:
        """Stop trying, so that the benchmark can say what happened."""
        self._given_up.set()

    @property
    def is_done(self) -> bool:
        """Whether every mail was acknowledged, or given up."""
        return not any(thread.is_alive() for thread in self._threads)

    def _send_all(self) -> None:
        while not self._given_up.is_set():
            with self._lock:
                mail = next(self._mails, None)
            if mail is None:
                return
            self._send_until_acknowledged(mail)

    def _send_until_acknowledged(self, mail: ChaosMail) -> None:
        while (code := self._answer(mail)) != _ACKNOWLEDGED:
            self._count(code)
            if self._given_up.wait(_RETRY_SECONDS):
                return
        with self._lock:
            self.acknowledged.append(mail)
        self._count(code)

    def _count(self, code: int) -> None:
        with self._lock:
            self.answers[code] += 1

    def _answer(self, mail: ChaosMail) -> int:
        try:
            with smtplib.SMTP("127.0.0.1", self._port, timeout=_TIMEOUT_SECONDS) as session:
                session.ehlo()
                for code, _ in (session.mail("invoices@supplier.example"), session.rcpt(mail.recipient)):
                    if code != _ACKNOWLEDGED:
                        return code
                return session.data(mail.content)[0]
        except smtplib.SMTPResponseException as error:
            return error.smtp_code
        except (smtplib.SMTPException, OSError):
            return 0
