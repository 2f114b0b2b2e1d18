"""Results of OCR kept by the content they were read from, so that nothing is read twice. May be emptied at any time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

from scanstraat import codec
from scanstraat.errors import ScanstraatError
from scanstraat.reading.engines import Recipe
from scanstraat.reading.worker import Batch

_VERSION = "4"  # raise it when the same file would be read otherwise


def key(pdf: bytes, recipe: Recipe) -> str:
    """A name for everything that the result depends on."""
    how = f"{_VERSION}\n{recipe.engine}\n{recipe.languages}\n"
    return hashlib.sha256(how.encode() + hashlib.sha256(pdf).digest()).hexdigest()


def load(folder: Path, name: str, first: int) -> Batch | None:
    """The pages from `first` on that were read before; None where there are none, or where what is there is damaged."""
    try:
        content = _path(folder, name, first).read_bytes()
        digest, _, stored = content.partition(b"\n")
        if hashlib.sha256(stored).hexdigest().encode() != digest:
            return None
        return codec.from_msgpack(stored, Batch)
    except (OSError, ScanstraatError):
        return None


def save(folder: Path, name: str, first: int, batch: Batch) -> None:
    """Keep the pages, whole or not at all; that it cannot be done is no failure, since they can be read again."""
    path, stored = _path(folder, name, first), codec.to_msgpack(batch)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(hashlib.sha256(stored).hexdigest().encode() + b"\n" + stored)
        os.rename(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _path(folder: Path, name: str, first: int) -> Path:
    return folder / name[:2] / f"{name}-{first}"
