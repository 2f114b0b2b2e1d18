"""The folder of a mailbox that mails are taken from, in as few and as plain commands as every server understands."""

from __future__ import annotations

import select
from collections.abc import Sequence
from contextlib import suppress
from threading import Event
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError

from scanstraat.mailbox.imap.headers import HEAD_OCTETS, head_of

WINDOW = 1_000  # messages asked for in one SEARCH, so that no answer grows with the mailbox
KEYWORD = b"$Scanstraat"
FLAGGED, DELETED = b"\\Flagged", b"\\Deleted"
_ANY_KEYWORD = b"\\*"
_SLICE_SECONDS = 1.0  # how soon waiting ends when told to


class Folder:
    """A folder over a connection that is signed in. What the server refuses raises `IMAPClientError`."""

    def __init__(self, client: IMAPClient, name: str) -> None:
        self.client, self.name = client, name
        self.uidvalidity = 0
        self.is_writable = False
        self._count = 0
        self._keywords: frozenset[bytes] = frozenset()
        self._found: dict[str, str] = {}

    def open(self) -> None:
        """Select it: for the first time, and to learn what changed."""
        try:
            said, self.is_writable = self.client.select_folder(self.name), True
        except IMAPClientReadOnlyError:
            said, self.is_writable = self.client.select_folder(self.name, readonly=True), False
        self.uidvalidity = int(said.get(b"UIDVALIDITY", 0))
        self._count = int(said.get(b"EXISTS", 0))
        self._keywords = frozenset(flag.lower() for flag in said.get(b"PERMANENTFLAGS", said.get(b"FLAGS", ())))

    def can(self, capability: str) -> bool:
        """Whether the server can do that."""
        return bool(self.client.has_capability(capability))

    def can_set(self, flag: bytes) -> bool:
        """Whether that flag stays with a message of this folder."""
        lasting = flag.lower() in self._keywords or (not flag.startswith(b"\\") and _ANY_KEYWORD in self._keywords)
        return self.is_writable and lasting

    def uids(self) -> tuple[int, ...]:
        """The numbers of all messages that nobody deleted, oldest first.

        Asked for from the end, so that messages which others expunge meanwhile move into what is still to be asked for.
        """
        found: set[int] = set()
        for high in range(self._count, 0, -WINDOW):
            found.update(self.client.search(f"{max(1, high - WINDOW + 1)}:{high} UNDELETED"))
        return tuple(sorted(found))

    def sizes(self, uids: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """(number, size in octets as the server tells it) of those that are still there, in the order of `uids`."""
        told = self.client.fetch(uids, ["RFC822.SIZE"]) if uids else {}
        return tuple((uid, int(told[uid][b"RFC822.SIZE"])) for uid in uids if b"RFC822.SIZE" in told.get(uid, {}))

    def flags(self, uid: int) -> tuple[bytes, ...] | None:
        """The flags of a message; None where it is gone."""
        told = self.client.fetch([uid], ["FLAGS"]).get(uid)
        return None if told is None else tuple(told.get(b"FLAGS", ()))

    def piece(self, uid: int, offset: int, length: int) -> bytes | None:
        """That part of a message, not marking it as read; shorter at its end, None where it is gone."""
        told = self.client.fetch([uid], [f"BODY.PEEK[]<{offset}.{length}>"]).get(uid, {})
        found = next((value for key, value in told.items() if key.startswith(b"BODY[]")), None)
        return None if found is None else bytes(found)

    def mark(self, uids: Sequence[int], flag: bytes) -> None:
        """Set a flag."""
        self.client.add_flags(uids, [flag], silent=True)

    def move(self, uids: Sequence[int], target: str) -> None:
        """Move messages in one step (RFC 6851)."""
        self.client.move(uids, target)

    def copy(self, uids: Sequence[int], target: str) -> None:
        """Put copies of messages into another folder."""
        if uids:
            self.client.copy(uids, target)

    def expunge(self, uids: Sequence[int]) -> None:
        """Take away those of these messages that are marked as deleted, and no others (RFC 4315)."""
        self.client.uid_expunge(uids)

    def has_copy(self, uid: int, target: str) -> bool:
        """Whether a mail with the Message-ID of this one lies in `target`; False where that cannot be told."""
        message_id = head_of(self.piece(uid, 0, HEAD_OCTETS) or b"").message_id
        if not message_id or not message_id.isascii() or '"' in message_id or "\\" in message_id:
            return False
        try:
            self.client.select_folder(target, readonly=True)
            return bool(self.client.search(f'UNDELETED HEADER Message-ID "{message_id}"'))
        finally:
            self.open()

    def target(self, wanted: str) -> str:
        """The folder of that name, made where it is missing; "" where it neither is nor can be made."""
        if wanted and wanted not in self._found:
            names = dict.fromkeys((wanted, self._personal() + wanted))
            self._found[wanted] = next((name for name in names if self._is_there(name)), "") or next(
                (name for name in names if self._made(name)), ""
            )
        return self._found.get(wanted, "")

    def forget_targets(self) -> None:
        """Look for the other folders anew: one of them was taken away."""
        self._found.clear()

    def _is_there(self, name: str) -> bool:
        return any(b"\\Noselect" not in flags for flags, _, _ in self.client.list_folders("", name))

    def _made(self, name: str) -> bool:
        try:
            self.client.create_folder(name)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            return False
        with suppress(IMAPClientError):
            self.client.subscribe_folder(name)
        return True

    def _personal(self) -> str:
        """What the names of one's own folders begin with, such as `INBOX.` (RFC 2342)."""
        spaces = self.client.namespace().personal if self.can("NAMESPACE") else ()
        return str(spaces[0][0]) if spaces else ""

    def wait(self, seconds: float, stop: Event) -> bool:
        """IDLE until something happens, `seconds` are over or `stop` is set (RFC 2177). False where the server refuses to.

        A connection that ended raises, here or at the next command.
        """
        try:
            self.client.idle()
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            return False
        waited = 0.0
        while waited < seconds and not stop.is_set() and not self._has_news(min(_SLICE_SECONDS, seconds - waited)):
            waited += _SLICE_SECONDS
        self.client.idle_done()
        return True

    def _has_news(self, seconds: float) -> bool:
        """Whether anything came, or comes within `seconds`. What came together with the last answer lies in a buffer already."""
        socket: Any = self.client.socket()
        socket.setblocking(False)
        try:
            with suppress(OSError):  # nothing there yet
                if self.client._imap.file.peek(1):
                    return True
        finally:
            self.client._set_read_timeout()
        poller = select.poll()
        poller.register(socket.fileno(), select.POLLIN)
        return bool(poller.poll(seconds * 1000))
