"""External programs (LibreOffice, Tesseract's command) under the same limits as our own parsers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from scanstraat.bounded import guard
from scanstraat.bounded import limits as exceeded
from scanstraat.bounded.limits import Limits
from scanstraat.errors import Refused, Unavailable

_GUARD = (sys.executable, "-I", "-S", guard.__file__)
_CHUNK = 1 << 20
_SAID = 500  # octets of a program's complaint that are passed on
# Debian's package of each program we may call, for the next step of the error
_PACKAGES = {"soffice": "libreoffice-writer-nogui", "tesseract": "tesseract-ocr", "bwrap": "bubblewrap"}


def run_program(command: Sequence[str], limits: Limits, cwd: Path, environment: Mapping[str, str] | None = None) -> bytes:
    """What the program writes to standard output.

    It runs in `cwd` (also its HOME) with nothing of our environment but PATH, plus `environment`; without network.
    `limits.memory_octets` is its whole address space: give LibreOffice some gigabytes. It and all that it started are killed
    when it ends, when its time is over and when this process dies.

    Raises `Unavailable` (`program-missing`) and `Refused`: `program-failed` (it ended badly), `parser-slow`, `parser-output`.
    """
    path = shutil.which(command[0])
    if path is None:
        raise _missing(command[0])
    bounds = (f"{os.getpid()}", f"{limits.memory_octets}", f"{limits.seconds}", f"{limits.output_octets}")
    surroundings = {"PATH": os.environ.get("PATH", os.defpath), "HOME": f"{cwd}", "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603  no shell; callers name the program
            (*_GUARD, *bounds, path, *command[1:]),
            cwd=cwd,
            env={**surroundings, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        ) as process,
    ):
        try:
            content = _read(process.stdout, limits.output_octets)
        except BaseException:  # interrupted: nobody waits for it any more
            process.terminate()
            raise
        if content is None:
            process.terminate()
        return _judged(process.wait(), content, Path(path).name, said, limits)


def _read(stream: IO[bytes] | None, most: int) -> bytes | None:
    """All of it, or None where it is more than `most`."""
    chunks, length = [], 0
    while stream and (chunk := stream.read(_CHUNK)):
        length += len(chunk)
        if length > most:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _judged(status: int, content: bytes | None, name: str, said: IO[bytes], limits: Limits) -> bytes:
    if content is None:
        raise exceeded.output(limits)
    if status == guard.SLOW:
        raise exceeded.slow(limits)
    if status:
        said.seek(0, os.SEEK_END)
        said.seek(max(0, said.tell() - _SAID))
        complaint = " ".join(said.read().decode(errors="replace").split())
        raise Refused(
            "program-failed",
            f"{name} ended with status {status}: {complaint or 'nothing said'}.",
            "Look at the file; it may be broken.",
        )
    return content


def _missing(name: str) -> Unavailable:
    package = _PACKAGES.get(Path(name).name)
    step = f"Install Debian's package {package}." if package else f"Install {name} and see that it is on the PATH."
    return Unavailable("program-missing", f"the program {name} is not on this machine.", step)
