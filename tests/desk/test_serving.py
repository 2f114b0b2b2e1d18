"""The desk's own server, as its supervisor and its health check see it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

SERVE = """
from scanstraat.settings import Settings
from scanstraat.desk.serving import serve
serve(Settings.from_environment())
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def _await(address: str) -> tuple[int, bytes]:
    for _ in range(300):  # on a machine with much else to do
        try:
            return _get(address)
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answers at {address}")


def _serving(port: int, **environment: str) -> subprocess.Popen[bytes]:
    changed = {**os.environ, "SCANSTRAAT_DESK_LISTEN": f"127.0.0.1:{port}", **environment}
    return subprocess.Popen([sys.executable, "-c", SERVE], env=changed, stderr=subprocess.DEVNULL)


@pytest.mark.rule("I8")
def test_the_desk_tells_its_health_serves_its_style_and_ends_at_sigterm(database: None) -> None:
    port = _free_port()
    with _serving(port, SCANSTRAAT_DESK_HOSTS="desk.example") as process:
        try:
            status, said = _await(f"http://127.0.0.1:{port}/health")
            assert (status, json.loads(said)) == (200, {"database": "ok"})
            assert _get(f"http://127.0.0.1:{port}/static/desk/desk.css")[0] == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()


@pytest.mark.rule("I8")
def test_the_desk_is_not_well_without_its_database(database: None) -> None:
    port = _free_port()
    with _serving(port, DATABASE_URL=f"postgresql://nobody@127.0.0.1:{_free_port()}/none") as process:
        try:
            status, said = _await(f"http://127.0.0.1:{port}/health")
            assert (status, json.loads(said)) == (503, {"database": "unavailable"})
        finally:
            process.kill()


@pytest.mark.rule("I7")
def test_behind_an_https_proxy_cookies_travel_encrypted_only_and_forms_are_taken(database: None) -> None:
    port = _free_port()
    address = f"http://127.0.0.1:{port}/sign-in"
    with _serving(port, SCANSTRAAT_DESK_HTTPS="yes") as process:
        try:
            _await(address)
            with urllib.request.urlopen(address, timeout=5) as page:
                cookie, strict = page.headers["Set-Cookie"], page.headers["Strict-Transport-Security"]
                token = page.read().decode().split('csrfmiddlewaretoken" value="')[1].split('"')[0]
            assert "Secure" in cookie
            assert strict == "max-age=31536000"
            form = f"username=nobody&password=nothing&csrfmiddlewaretoken={token}".encode()
            said = {"Cookie": cookie.split(";")[0], "Origin": f"https://127.0.0.1:{port}"}
            with urllib.request.urlopen(urllib.request.Request(address, form, said), timeout=10) as answer:
                assert b'role="alert"' in answer.read()
        finally:
            process.kill()
