"""The API as a program meets it: our own server, large bodies, and what they cost it."""

from __future__ import annotations

import http.client
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.servers import free_port
from scanstraat.mailbox.wrapping import Cover, File, wrap
from scanstraat.model.administration import Administration
from scanstraat.records import keys, models

MOST = 30_000_000
SLACK = 16_000_000  # octets of memory a server may grow by for the largest mails

pytestmark = [pytest.mark.rule("A6"), pytest.mark.xdist_group("api-served")]


@dataclass
class Desk:
    """The desk in a process of its own, and a program with a key."""

    process: subprocess.Popen[bytes]
    port: int
    key: str

    def post(self, body: object, **headers: str) -> tuple[int, dict[str, object]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        said = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/pdf", **headers}
        connection.request("POST", "/api/mails", body, said, encode_chunked="Transfer-Encoding" in headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        return response.status, answer

    @property
    def memory(self) -> int:
        """The most it ever had resident, in octets."""
        status = Path("/proc", f"{self.process.pid}", "status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1_024


@pytest.fixture
def desk(administration: Administration) -> Iterator[Desk]:
    port = free_port()
    environment = {**os.environ, "SCANSTRAAT_DESK_LISTEN": f"127.0.0.1:{port}", "SCANSTRAAT_LOG_LEVEL": "ERROR"}
    with subprocess.Popen([sys.executable, "-m", "scanstraat.cli.main", "serve-desk"], env=environment) as process:
        desk = Desk(process, port, keys.add(administration.id, "program"))
        for _ in range(200):
            try:
                desk.post(b"x")
                break
            except OSError:
                time.sleep(0.1)
        yield desk
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.rule("A3")
def test_the_largest_mail_is_taken_on_the_way_through_the_disk_and_one_octet_more_is_not(
    desk: Desk, administration: Administration
) -> None:
    before = desk.memory
    out = bytearray()
    cover = Cover("Upload by key program", f"{administration.drop}@invoices.example")
    wrap((File("", io.BytesIO(b"x")),), cover, out.extend, MOST)
    room = MOST - len(out) + 1
    assert desk.post(bytes(room))[0] == 201
    for code, body in ((413, bytes(room + 1)), (413, bytes(MOST + 1)), (200, bytes(room))):
        assert desk.post(body)[0] == code
    assert desk.memory - before < SLACK
    sizes = models.Mail.objects.filter(administration_id=administration.id).order_by("size").values_list("size", flat=True)
    assert sizes.last() == MOST
    assert [path for path in (Path(os.environ["SCANSTRAAT_HOME"]) / "spool").rglob("*") if path.is_file()] == []


@pytest.mark.rule("A3")
def test_what_the_server_itself_turns_away_says_so_in_json_to_programs(desk: Desk) -> None:
    assert desk.post(b"", **{"Content-Length": "9000000000"}) == (
        413,
        {
            "code": "too-large",
            "message": "This is larger than a mail may be.",
            "next_step": "Send fewer files at a time, or smaller ones.",
        },
    )
    status, answer = desk.post(iter([bytes(1_000_000)] * 32), **{"Transfer-Encoding": "chunked"})
    assert (status, answer["code"]) == (413, "too-large")
    assert desk.post(b"%PDF-1.4")[0] == 201


def test_an_empty_body_is_no_file(desk: Desk) -> None:
    status, answer = desk.post(b"")
    assert (status, answer["code"]) == (422, "empty-file")
