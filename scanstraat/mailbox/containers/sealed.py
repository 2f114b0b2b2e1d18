"""What S/MIME wraps around a mail or a file (CMS, RFC 5652; CAdES): opened where signed, told where encrypted (B1, B9)."""

from __future__ import annotations

import binascii
import io
import re
import zlib
from collections.abc import Callable, Iterator

from asn1crypto import cms, core

from scanstraat.errors import Refused
from scanstraat.mailbox.containers.opened import Budget, Inner

_CHUNK = 1 << 16
_ARMOUR = re.compile(rb"-----[ A-Z0-9#]{0,60}-----", re.VERBOSE)
# An entity begins with a header field of MIME; a signed file does not.
_ENTITY = re.compile(rb"\s* (?: content-[a-z-]+ | mime-version ) [ \t]* :", re.VERBOSE | re.IGNORECASE)
_COPY = "Ask the sender for another copy."


def in_cms(content: bytes, budget: Budget) -> Iterator[Inner]:
    """What is signed, or packed, within CMS; nothing where it is a signature by itself. Signatures are not checked."""
    kind, value = _taken_apart(_binary(content))
    if kind not in _OPENERS:
        raise Refused(*_SEALS.get(kind, _UNKNOWN))
    for inside in _OPENERS[kind](value, budget):
        yield Inner("", "", inside, is_entity=bool(_ENTITY.match(inside)))


def _binary(content: bytes) -> bytes:
    """CMS as octets; some programs send it as text, in base64, with or without lines around it that say so."""
    if content.startswith(b"\x30"):
        return content
    try:
        return binascii.a2b_base64(_ARMOUR.sub(b"", content))
    except binascii.Error:
        raise _broken("it is no text in base64") from None


def _taken_apart(octets: bytes) -> tuple[str, core.Asn1Value]:
    try:
        whole = cms.ContentInfo.load(octets)
        return whole["content_type"].native, whole["content"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _broken(str(error)) from None


def _signed(value: core.Asn1Value, budget: Budget) -> Iterator[bytes]:
    try:
        inside = value["encap_content_info"]["content"]
        content = b"" if isinstance(inside, core.Void) else bytes(inside)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _broken(str(error)) from None
    budget.spend(len(content))
    if content:
        yield content


def _compressed(value: core.Asn1Value, budget: Budget) -> Iterator[bytes]:
    unpacker, target = zlib.decompressobj(), io.BytesIO()
    waiting = bytes(value["encap_content_info"]["content"])
    try:
        while waiting and not unpacker.eof:
            piece = unpacker.decompress(waiting, _CHUNK)
            budget.spend(len(piece))
            target.write(piece)
            waiting = unpacker.unconsumed_tail
    except zlib.error as error:
        raise _broken(str(error)) from None
    yield target.getvalue()


def _broken(why: str) -> Refused:
    return Refused("smime-broken", f"The sealed content is broken: {' '.join(why.split())[:200].rstrip('.')}.", _COPY)


_OPENERS: dict[str, Callable[[core.Asn1Value, Budget], Iterator[bytes]]] = {
    "signed_data": _signed,
    "compressed_data": _compressed,
}
_ENCRYPTED = ("smime-encrypted", "This is encrypted with S/MIME.", "Ask the sender for it without encryption.")
_UNKNOWN = ("smime-unknown", "This is sealed in a way that cannot be opened.", "Ask the sender for it without.")
_SEALS = {
    "enveloped_data": _ENCRYPTED,
    "encrypted_data": _ENCRYPTED,
    "signed_and_enveloped_data": _ENCRYPTED,
    "authenticated_enveloped_data": _ENCRYPTED,
}
