"""A look into a mailbox that changes nothing there: does signing in work, which folders are there, what would be taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from imapclient.exceptions import IMAPClientError

from scanstraat.errors import Refused
from scanstraat.mailbox.imap.connecting import connected, context, lost
from scanstraat.mailbox.imap.folder import DELETED, KEYWORD, Folder
from scanstraat.mailbox.imap.tokens import Tokens
from scanstraat.model.way_in import Account, Credentials
from scanstraat.settings import Settings

_OF_USE = ("IDLE", "MOVE", "UIDPLUS")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: (number, size in octets) of each message, and a sentence on how messages are marked that were taken."""

    abilities: tuple[str, ...]
    folders: tuple[str, ...]
    uidvalidity: int
    messages: tuple[tuple[int, int], ...]
    settling: str


def check(account: Account, settings: Settings, renewed: Callable[[Credentials], None]) -> Checked:
    """Look into the mailbox. Raises `Refused` or `Unavailable` that says what to do; `renewed` as for `Tokens`."""
    tls = context(settings)
    with connected(account, Tokens(tls, settings.imap_timeout, renewed), tls, settings.imap_timeout) as client:
        folder = Folder(client, account.folder)
        try:
            names = tuple(str(name) for _, _, name in client.list_folders())
            folder.open()
            uids = folder.uids()
            messages = tuple(
                found for start in range(0, len(uids), _BATCH) for found in folder.sizes(uids[start : start + _BATCH])
            )
            abilities = tuple(name for name in _OF_USE if folder.can(name))
            return Checked(abilities, names, folder.uidvalidity, messages, _settling(folder, account, names))
        except IMAPClientError as error:
            if account.folder not in names:
                raise Refused(
                    "imap-folder", f"there is no folder {account.folder}.", f"There are {', '.join(names)}; give one of them."
                ) from error
            raise lost(account, error) from error


def _settling(folder: Folder, account: Account, names: tuple[str, ...]) -> str:
    if not folder.is_writable:
        return "it may be read only: which messages were taken is remembered here"
    if account.done_folder and (folder.can("MOVE") or (folder.can("UIDPLUS") and folder.can_set(DELETED))):
        there = any(name.endswith(account.done_folder) for name in names)
        return f"taken messages are moved to {account.done_folder}" + ("" if there else ", which is made then")
    if folder.can_set(KEYWORD):
        return f"taken messages get the keyword {KEYWORD.decode()}"
    return "its server keeps no keywords: which messages were taken is remembered here"
