"""Secrets that must be kept readable, such as the password of a mailbox: encrypted with a key made from the installation's.

A copy of the database alone gives none of them away; it takes the file `secret-key` of the home folder too.
"""

from __future__ import annotations

import base64
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from scanstraat.errors import Refused
from scanstraat.records.secret import secret_key

_PURPOSE = b"scanstraat: credentials of mailboxes"
_KEY_OCTETS = 32


def seal(home: Path, clear: bytes) -> str:
    """Encrypt and sign; another time it looks otherwise."""
    return _fernet(home).encrypt(clear).decode("ascii")


def unseal(home: Path, sealed: str) -> bytes:
    """What was sealed in this installation; raises `Refused` (code `secret-lost`) where its key is another now."""
    try:
        return _fernet(home).decrypt(sealed.encode("ascii", "replace"))
    except InvalidToken:
        raise Refused(
            "secret-lost",
            "the secret was kept under another `secret-key` than this installation has.",
            "Restore that file, or set the secret again with `scanstraat mailbox-secret`.",
        ) from None


def _fernet(home: Path) -> Fernet:
    key = HKDF(algorithm=hashes.SHA256(), length=_KEY_OCTETS, salt=None, info=_PURPOSE).derive(secret_key(home).encode())
    return Fernet(base64.urlsafe_b64encode(key))
