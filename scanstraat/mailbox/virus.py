"""ClamAV's daemon, asked over its socket whether there is a virus in what came by mail (its command INSTREAM)."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.settling import unreadable
from scanstraat.model.mail import OpenedMail, Part
from scanstraat.settings import Settings, split_listen

VIRUS = "virus"  # the code of the problem a part has where something was found in it
_CHUNK_OCTETS = 65_536
_ANSWER_OCTETS = 4_096
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 120.0
_FOUND = re.compile(
    r"""
    ^ stream: \s (?P<name> .+ ) \s FOUND $    # stream: Win.Test.EICAR_HDB-1 FOUND
    """,
    re.VERBOSE,
)
_TOO_LARGE = "size limit exceeded"


class ClamAV:
    """The daemon at `where`, a socket path or `host:port`."""

    def __init__(self, where: str, answer_seconds: float = _ANSWER_SECONDS) -> None:
        self._where, self._answer_seconds = where, answer_seconds

    def virus_in(self, content: BinaryIO) -> str:
        """The name of the virus found in what is left of `content`; "" where there is none.

        Raises `Unavailable` (code `clamav`) where the daemon cannot be asked now, and `Refused` (code `virus-unknown`) where it
        takes no content that large.
        """
        try:
            answer = self._answer(content)
        except (OSError, ValueError) as error:
            raise self._away(f"{error}") from error
        found = _FOUND.match(answer)
        if found:
            return found["name"]
        if _TOO_LARGE in answer:
            raise Refused("virus-unknown", "ClamAV takes no file that large.", "Look at it elsewhere, or raise StreamMaxLength.")
        if answer != "stream: OK":
            raise self._away(answer or "no answer")
        return ""

    def _answer(self, content: BinaryIO) -> str:
        with closing(self._connected()) as connection:
            # A daemon that has had enough says so and hangs up; what it said is read all the same.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(b"zINSTREAM\0")
                while chunk := content.read(_CHUNK_OCTETS):
                    connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
                connection.sendall(bytes(4))
            return _read_answer(connection)

    def _connected(self) -> socket.socket:
        if "/" in self._where:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(_CONNECT_SECONDS)
            try:
                connection.connect(self._where)
            except OSError:
                connection.close()
                raise
        else:
            connection = socket.create_connection(split_listen(self._where), timeout=_CONNECT_SECONDS)
        connection.settimeout(self._answer_seconds)
        return connection

    def _away(self, why: str) -> Unavailable:
        return Unavailable("clamav", f"ClamAV at {self._where} cannot be asked: {why}.", "Start it; work goes on by itself.")


def _read_answer(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _ANSWER_OCTETS and (octets := connection.recv(_ANSWER_OCTETS)):
        answer += octets
    return answer.partition(b"\0")[0].decode(errors="replace").strip()


def scanner(settings: Settings) -> ClamAV | None:
    """What mails are looked through with; None where nothing is set."""
    return ClamAV(settings.clamav) if settings.clamav else None


def without_viruses(clamav: ClamAV, raw: Path, opened: OpenedMail) -> OpenedMail:
    """The mail with each part that holds a virus UNREADABLE: kept, but neither read, nor converted, nor delivered.

    What is found in a container, or in the mail as a whole, and in none of the parts in it, counts for all of them.
    """
    with open(raw, "rb") as file:
        whole = _problem_in(clamav, file)
    found = {part.index: problem for part in opened.parts if (problem := _problem_in(clamav, io.BytesIO(part.content)))}
    for container in sorted(found):
        inside = _inside(opened.parts, container)
        if inside and not any(index in found for index in inside):
            found |= dict.fromkeys(inside, found[container])
    if whole is not None and whole.code == VIRUS and not any(problem.code == VIRUS for problem in found.values()):
        found = {part.index: whole for part in opened.parts}
    marked = (unreadable(part, found[part.index]) if part.index in found else part for part in opened.parts)
    return replace(opened, parts=tuple(marked))


def _problem_in(clamav: ClamAV, content: BinaryIO) -> Refused | None:
    try:
        name = clamav.virus_in(content)
    except Refused as error:
        return error
    return Refused(VIRUS, f"ClamAV found {name} in it.", "Do not open it; ask the sender what it is.") if name else None


def _inside(parts: Iterable[Part], container: int) -> tuple[int, ...]:
    """The indexes of all parts in a container, those in containers in it too; a container comes before what is in it."""
    within = {container}
    for part in parts:
        if part.container in within:
            within.add(part.index)
    return tuple(sorted(within - {container}))
