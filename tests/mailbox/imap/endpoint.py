"""A token endpoint on this machine: answers what it is told to, one answer after the other, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Endpoint:
    """`answers` are given in turn, the last for ever: (status, fields)."""

    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def gives(self, token: str, **more: object) -> None:
        self.answers.append((200, {"token_type": "Bearer", "access_token": token, "expires_in": 3600, **more}))

    def next(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(form)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            status, fields = made.next(form)
            content = json.dumps(fields).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", made.url)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}/token"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
