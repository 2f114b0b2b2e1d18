"""A bare client, for what smtplib is too polite to send."""

from __future__ import annotations

import socket
from types import TracebackType


class Wire:
    """One connection; `say` sends as it is, `reply` reads one whole answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self.socket.close()

    def say(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def reply(self) -> str:
        lines = []
        while line := self._file.readline():
            lines.append(line.decode())
            if line[3:4] != b"-":
                break
        return "".join(lines)

    def ask(self, command: str) -> str:
        self.say(command.encode() + b"\r\n")
        return self.reply()

    def begin(self, recipient: str, greeting: str = "EHLO") -> None:
        """Up to and including the 354."""
        assert self.reply().startswith("220")
        for command, code in (
            (f"{greeting} test.example", "250"),
            ("MAIL FROM:<sender@supplier.example>", "250"),
            (f"RCPT TO:<{recipient}>", "250"),
            ("DATA", "354"),
        ):
            answer = self.ask(command)
            assert answer.startswith(code), answer

    def is_closed(self) -> bool:
        try:
            return self._file.read(1) == b""
        except OSError:
            return True
