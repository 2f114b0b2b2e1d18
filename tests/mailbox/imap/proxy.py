"""A wire between a client and a server that does as it is told: breaks after so many octets, or hands on late and at once."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass
class Proxy:
    """Listens on `port`. `cuts` are the octets from the server after which each connection breaks, in turn; then none does.

    `late` seconds are waited before anything from the server is handed on, and what came meanwhile goes with it.
    """

    server: int
    cuts: list[int] = field(default_factory=list)
    late: float = 0.0
    connections: int = 0

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self.server))
            most = self.cuts.pop(0) if self.cuts else 0
            threading.Thread(target=self._hand_on, args=(client, server, 0, 0.0), daemon=True).start()
            threading.Thread(target=self._hand_on, args=(server, client, most, self.late), daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket, most: int, late: float) -> None:
        seen = 0
        try:
            while content := source.recv(65_536):
                if late:
                    time.sleep(late)
                    source.setblocking(False)
                    with suppress(BlockingIOError):
                        content += source.recv(65_536)
                    source.setblocking(True)
                seen += len(content)
                if most and seen > most:
                    break
                target.sendall(content)
        except OSError:
            pass
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
