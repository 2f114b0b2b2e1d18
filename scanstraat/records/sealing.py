"""Secrets that must be kept readable, such as the password of a mailbox: encrypted with keys made from the installation's.

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

MAILBOXES = b"scanstraat: credentials of mailboxes"
SECOND_FACTORS = b"scanstraat: secrets of second factors"
WEBHOOKS = b"scanstraat: secrets of webhooks"
_KEY_OCTETS = 32


_NEXT = {
    MAILBOXES: "Restore that file, or set the secret again with `scanstraat mailbox-secret`.",
    WEBHOOKS: "Restore that file, or end the webhook and add it again.",
    SECOND_FACTORS: "Restore that file, or take the second factor away with `scanstraat remove-second-factor`.",
}


def seal(home: Path, clear: bytes, purpose: bytes = MAILBOXES) -> str:
    """Encrypt and sign; another time it looks otherwise. What was sealed for one purpose cannot be opened for another."""
    return _fernet(home, purpose).encrypt(clear).decode("ascii")


def unseal(home: Path, sealed: str, purpose: bytes = MAILBOXES) -> bytes:
    """What was sealed in this installation; raises `Refused` (code `secret-lost`) where its key is another now."""
    try:
        return _fernet(home, purpose).decrypt(sealed.encode("ascii", "replace"))
    except InvalidToken:
        text = "the secret was kept under another `secret-key` than this installation has."
        raise Refused("secret-lost", text, _NEXT[purpose]) from None


def _fernet(home: Path, purpose: bytes) -> Fernet:
    key = HKDF(algorithm=hashes.SHA256(), length=_KEY_OCTETS, salt=None, info=purpose).derive(secret_key(home).encode())
    return Fernet(base64.urlsafe_b64encode(key))
