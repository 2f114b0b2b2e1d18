"""The secret that signs sessions: made once, kept in the home folder, readable by the service's user only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from scanstraat.durable import disk_error


def secret_key(home: Path) -> str:
    """The secret of this installation; made on first use. Two processes starting at once agree on one."""
    path = home / "secret-key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        return path.read_text()
    except OSError as error:
        raise disk_error(error, path) from error


def _make(path: Path) -> None:
    temporary = path.with_name(f".secret-key.{os.getpid()}")
    temporary.write_text(secrets.token_urlsafe(48))
    temporary.chmod(0o600)
    try:
        os.link(temporary, path)  # unlike a rename, a link never replaces what another process made first
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
