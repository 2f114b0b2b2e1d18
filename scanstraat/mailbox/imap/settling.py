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
    """Messages to settle: their numbers, the folder they go to ("" for none), and whether that may have been begun before."""

    uids: tuple[int, ...]
    target: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way to settle: whether folder and target allow it, and what it does."""

    name: str
    is_possible: Callable[[Folder, str], bool]
    settle: Callable[[Folder, Settling], None]


def _move(folder: Folder, these: Settling) -> None:
    folder.move(these.uids, these.target)
    failpoint.reach("imap.moved")


def _copy(folder: Folder, these: Settling) -> None:
    """Copy, mark, expunge. What is marked was copied; a copy without a mark is looked for by its Message-ID."""
    fresh = tuple(uid for uid in these.uids if not these.again or not _was_copied(folder, uid, these.target))
    folder.copy(fresh, these.target)
    failpoint.reach("imap.copied")
    folder.mark(these.uids, DELETED)
    failpoint.reach("imap.deleted")
    folder.expunge(these.uids)
    failpoint.reach("imap.expunged")


def _was_copied(folder: Folder, uid: int, target: str) -> bool:
    flags = folder.flags(uid)
    return flags is None or DELETED in flags or folder.has_copy(uid, target)


def _keyword(folder: Folder, these: Settling) -> None:
    folder.mark(these.uids, KEYWORD)
    failpoint.reach("imap.marked")


def _flag(folder: Folder, these: Settling) -> None:
    folder.mark(these.uids, FLAGGED)
    failpoint.reach("imap.marked")


WAYS = (
    Way("moved", lambda folder, target: bool(target) and folder.is_writable and folder.can("MOVE"), _move),
    Way("copied and expunged", lambda folder, target: bool(target) and folder.can_set(DELETED) and folder.can("UIDPLUS"), _copy),
    Way("marked with a keyword", lambda folder, _: folder.can_set(KEYWORD), _keyword),
    Way("flagged", lambda folder, _: folder.can_set(FLAGGED), _flag),
)


def settle(folder: Folder, uids: tuple[int, ...], wanted: str, again: bool) -> None:
    """Settle messages, with a folder `wanted` for them or "". Raises only where the connection ended.

    Many at once, since a server may go through its whole folder each time. A message that is gone meanwhile is settled. What a
    server refuses (a full quota, rights) is tried for each by itself, and then in the next best way; at last it stands in the
    database only.
    """
    if not uids or _is_done(folder, Settling(uids, _target(folder, wanted), again), tries=1 if len(uids) > 1 else len(WAYS)):
        return
    for uid in uids:
        _is_done(folder, Settling((uid,), _target(folder, wanted), again), tries=len(WAYS))


def _is_done(folder: Folder, these: Settling, tries: int) -> bool:
    possible = [way for way in WAYS if way.is_possible(folder, these.target)]
    return any(_works(way, folder, these) for way in possible[:tries]) or not possible


def _target(folder: Folder, wanted: str) -> str:
    try:
        return folder.target(wanted)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        _log.warning("the folder %s cannot be had: %s", wanted, error)
        return ""


def _works(way: Way, folder: Folder, these: Settling) -> bool:
    try:
        way.settle(folder, these)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        folder.forget_targets()
        _log.info("message %s of %s is not %s: %s", these.uids, folder.name, way.name, error)
        return False
    return True
