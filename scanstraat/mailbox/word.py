"""Word and its kin to PDF (B1), by LibreOffice in a folder of its own: no macros, no network, no other files of this machine."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from pathlib import Path

from scanstraat import bounded
from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox import confined
from scanstraat.mailbox.filetype import DOC, DOCX, ODT, RTF

_log = logging.getLogger(__name__)
_EXTENSIONS = {DOCX: "docx", DOC: "doc", ODT: "odt", RTF: "rtf"}
_ADDRESS_SPACE = 4_000_000_000  # LibreOffice reserves far more than it uses
# Settings of the throw-away profile: macros off, links to elsewhere not followed.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def word_pdf(content: bytes, media_type: str, seconds: float) -> bytes:
    """The document as PDF.

    Raises `Refused` (`word-broken`, or why LibreOffice was stopped) and `Unavailable` where LibreOffice is not installed or
    the kernel cannot keep it from other files.
    """
    program = shutil.which("soffice")
    if program is None:
        step = "Install Debian's package libreoffice-writer-nogui."
        raise Unavailable("program-missing", "LibreOffice is not on this machine.", step)
    with tempfile.TemporaryDirectory(prefix="scanstraat-word-") as name:
        folder = Path(name)
        source = folder / f"document.{_EXTENSIONS[media_type]}"
        source.write_bytes(content)
        _write_profile(folder / "profile" / "user")
        _run(_command(program, folder, source), bounded.Limits(_ADDRESS_SPACE, seconds), folder)
        target = source.with_suffix(".pdf")
        if not target.is_file():
            raise _broken()
        return target.read_bytes()


def _run(command: tuple[str, ...], limits: bounded.Limits, folder: Path) -> None:
    confined_command = (sys.executable, "-I", "-S", confined.__file__, str(folder), *command)
    try:
        bounded.run_program(confined_command, limits, folder, {"TMPDIR": str(folder)})
    except Refused as error:
        if error.code != "program-failed":
            raise
        if f"status {confined.UNCONFINED}:" in error.message:
            step = "Run it on Linux 5.13 or later with Landlock, in a container that allows its calls."
            raise Unavailable("not-confined", "This machine cannot keep LibreOffice from other files.", step) from error
        _log.info("LibreOffice gave up on a document: %s", error.message)
        raise _broken() from error


def _broken() -> Refused:
    return Refused("word-broken", "The document cannot be opened by LibreOffice.", "Ask the sender for a PDF.")


def _command(program: str, folder: Path, source: Path) -> tuple[str, ...]:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    quiet = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")
    return (program, profile, *quiet, "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), str(source))


def _write_profile(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(_PROFILE)
