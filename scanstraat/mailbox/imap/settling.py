"""Showing in the mailbox that a message was dealt with, in the best way its server knows; the ways are rows, best first.

That a message was dealt with stands in the database by then, so none of this can lose a mail or take one twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from scanstraat import failpoint
from scanstraat.mailbox.imap.folder import DELETED, FLAGGED, KEYWORD, Folder

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settling:
    """One message to settle: its number, the folder it goes to ("" for none), and whether that may have been begun before."""

    uid: int
    target: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way to settle: whether folder and target allow it, and what it does."""

    name: str
    is_possible: Callable[[Folder, str], bool]
    settle: Callable[[Folder, Settling], None]


def _move(folder: Folder, this: Settling) -> None:
    folder.move(this.uid, this.target)
    failpoint.reach("imap.moved")


def _copy(folder: Folder, this: Settling) -> None:
    """Copy, mark, expunge. What is marked was copied; a copy without a mark is looked for by its Message-ID."""
    flags = (folder.flags(this.uid) or ()) if this.again else ()
    if DELETED not in flags:
        if not this.again or not folder.has_copy(this.uid, this.target):
            folder.copy(this.uid, this.target)
        failpoint.reach("imap.copied")
        folder.mark(this.uid, DELETED)
        failpoint.reach("imap.deleted")
    folder.expunge(this.uid)
    failpoint.reach("imap.expunged")


def _keyword(folder: Folder, this: Settling) -> None:
    folder.mark(this.uid, KEYWORD)
    failpoint.reach("imap.marked")


def _flag(folder: Folder, this: Settling) -> None:
    folder.mark(this.uid, FLAGGED)
    failpoint.reach("imap.marked")


WAYS = (
    Way("moved", lambda folder, target: bool(target) and folder.is_writable and folder.can("MOVE"), _move),
    Way("copied and expunged", lambda folder, target: bool(target) and folder.can_set(DELETED) and folder.can("UIDPLUS"), _copy),
    Way("marked with a keyword", lambda folder, _: folder.can_set(KEYWORD), _keyword),
    Way("flagged", lambda folder, _: folder.can_set(FLAGGED), _flag),
)
REMEMBERED = "remembered"  # nothing can be shown in the mailbox: that it was dealt with stands in the database only


def settle(folder: Folder, uid: int, wanted: str, again: bool) -> str:
    """Settle a message, with a folder `wanted` for it or ""; returns how. Raises only where the connection ended.

    A message that is gone meanwhile is settled. What a server refuses (a full quota, rights) is tried in the next best way.
    """
    this = Settling(uid, _target(folder, wanted), again)
    for way in WAYS:
        if way.is_possible(folder, this.target) and _done(way, folder, this):
            return way.name
    return REMEMBERED


def _target(folder: Folder, wanted: str) -> str:
    try:
        return folder.target(wanted)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        _log.warning("the folder %s cannot be had: %s", wanted, error)
        return ""


def _done(way: Way, folder: Folder, this: Settling) -> bool:
    try:
        way.settle(folder, this)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        folder.forget_targets()
        _log.info("message %d of %s is not %s: %s", this.uid, folder.name, way.name, error)
        return False
    return True
