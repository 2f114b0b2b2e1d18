"""The table of openers: by the type told from the content, what opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from scanstraat.errors import Refused
from scanstraat.mailbox.containers.opened import Budget, Inner, Opened, Opener, refusing
from scanstraat.mailbox.containers.outlook import in_msg
from scanstraat.mailbox.containers.packed import in_gzip, in_tar
from scanstraat.mailbox.containers.portable import in_pdf
from scanstraat.mailbox.containers.sealed import in_cms
from scanstraat.mailbox.containers.tnef import in_tnef
from scanstraat.mailbox.containers.zipped import in_zip
from scanstraat.model.mail import Problem

_UNOPENED = {
    "application/x-7z-compressed": "7z",
    "application/vnd.rar": "RAR",
    "application/x-bzip2": "bzip2",
    "application/x-xz": "xz",
    "application/vnd.ms-cab-compressed": "CAB",
}
_OPENLY = "Ask the sender for it without encryption."
_UNPACK = "Unpack it elsewhere, or ask the sender for a ZIP or for the files one by one."
_PACKED = "packed files, unpacked"

OPENERS: dict[str, Opener] = {
    "application/zip": Opener(in_zip, _PACKED),
    "application/gzip": Opener(in_gzip, _PACKED, is_wrapping=True),
    "application/x-tar": Opener(in_tar, _PACKED),
    "application/pdf": Opener(in_pdf, stays=True),
    "application/vnd.ms-outlook": Opener(in_msg, "mail saved by Outlook, opened"),
    "application/vnd.ms-tnef": Opener(in_tnef, "mail wrapped by Outlook, opened", message=1),
    "application/pkcs7-mime": Opener(in_cms, "signed, and opened; the signature is not checked", is_wrapping=True),
    "application/pgp-encrypted": refusing("pgp-encrypted", "This is encrypted with PGP.", _OPENLY),
    **{kind: refusing("container-unsupported", f"{name} archives are not opened.", _UNPACK) for kind, name in _UNOPENED.items()},
}


def opened(content: bytes, media_type: str, budget: Budget, openers: Mapping[str, Opener] = OPENERS) -> Opened:
    """What is in a content of that type, and the problem where not all of it could be had; nothing where none opens it."""
    row = openers.get(media_type)
    return Opened(()) if row is None else taken(lambda: row.open(content, budget), budget)


def taken(files: Callable[[], Iterator[Inner]], budget: Budget) -> Opened:
    """The files up to where it breaks. Parsers of foreign octets may raise anything; only lack of memory is passed on."""
    found: list[Inner] = []
    try:
        for inner in files():
            budget.spend_file()
            found.append(inner)
    except Refused as error:
        return Opened(tuple(found), Problem(error.code, f"{error.message} {error.next_step}".rstrip()))
    except MemoryError:
        raise
    except Exception as error:
        text = f"The file is broken: opening it failed ({type(error).__name__}: {str(error)[:200]})."
        return Opened(tuple(found), Problem("container-broken", text))
    return Opened(tuple(found))
