"""Those who bring mails by other ways than SMTP, for the chaos benchmark: a mailbox, a scanner's folder, a program that uploads.

Each never gives up: what was not acknowledged is brought again, unchanged. An APPEND that was answered is with the mailbox's own
server, and a file that was renamed into its folder is with the service, so neither is brought twice.
"""

from __future__ import annotations

import http.client
import os
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Protocol

from imapclient import IMAPClient

from benchmarks.chaos_mails import ChaosMail
from benchmarks.dovecot import PASSWORD, Dovecot
from benchmarks.sending import Agents
from fixtures.demo import DEMO_OFFICE
from scanstraat.model.way_in import Account, Credentials, Security
from scanstraat.records import folders, keys, mailboxes, offices

DONE = "Taken"
_RETRY_SECONDS = 0.4
_TIMEOUT_SECONDS = 30
_TAKEN = (200, 201)
_DROPS = {address: one.drop for one in DEMO_OFFICE.administrations for address in one.addresses}


class Bringing(Protocol):
    """Whoever brings mails: `Agents` by SMTP, `Carrier` by any other way."""

    answers: Counter[int]
    acknowledged: list[ChaosMail]

    def start(self) -> None:
        """Begin."""

    def give_up(self) -> None:
        """Stop trying."""

    @property
    def is_done(self) -> bool:
        """Whether every mail was acknowledged, or given up."""


class Carrier(threading.Thread):
    """Brings one mail after another by `bring`, which answers with a code, 0 where the connection broke."""

    def __init__(self, mails: Iterator[ChaosMail], bring: Callable[[ChaosMail], int]) -> None:
        super().__init__(daemon=True)
        self.answers: Counter[int] = Counter()
        self.acknowledged: list[ChaosMail] = []
        self._mails, self._bring, self._given_up = mails, bring, threading.Event()

    @property
    def is_done(self) -> bool:
        """Whether every mail was acknowledged, or given up."""
        return not self.is_alive()

    def give_up(self) -> None:
        """Stop trying, so that the benchmark can say what happened."""
        self._given_up.set()

    def run(self) -> None:
        """The thread."""
        for mail in self._mails:
            while (code := self._bring(mail)) not in _TAKEN:
                self.answers[code] += 1
                if self._given_up.wait(_RETRY_SECONDS):
                    return
            self.answers[code] += 1
            self.acknowledged.append(mail)


@dataclass(frozen=True, slots=True)
class WaysIn:
    """What is set up for the other ways: a mail server with a mailbox for each administration, folders, and keys by address."""

    server: Dovecot
    keys: dict[str, str]
    home: Path
    desk: str

    def carriers(self, mails: Callable[[], Iterator[ChaosMail]]) -> tuple[Bringing, ...]:
        """All four ways, each with every fourth mail."""
        ways = (self._append, self._scan, self._upload)
        smtp = Agents(_every(mails(), 0), int(os.environ["SCANSTRAAT_SMTP_LISTEN"].rpartition(":")[2]))
        return (smtp, *(Carrier(_every(mails(), turn), way) for turn, way in enumerate(ways, 1)))

    def remains(self) -> list[str]:
        """What is wrong in the mailboxes and folders once all is done: what was not taken, and what lies there twice."""
        return [*self._in_mailboxes(), *self._in_folders()]

    def _append(self, mail: ChaosMail) -> int:
        try:
            with IMAPClient("127.0.0.1", self.server.port, ssl=False, timeout=_TIMEOUT_SECONDS) as client:
                client.plain_login(_DROPS[mail.recipient], PASSWORD)
                client.append("INBOX", mail.content)
        except (IMAPClient.Error, OSError):
            return 0
        return 200

    def _scan(self, mail: ChaosMail) -> int:
        """One file, or a folder of several, written elsewhere and renamed into place."""
        folder, files = self.home / "scans" / _DROPS[mail.recipient], _files(mail)
        name = files[0][0] if len(files) == 1 else uuid.uuid4().hex
        writing = self.home / f"writing-{name}"
        if len(files) == 1:
            writing.write_bytes(files[0][1])
        else:
            writing.mkdir()
            for inner, content in files:
                (writing / inner).write_bytes(content)
        writing.rename(folder / name)
        return 200

    def _upload(self, mail: ChaosMail) -> int:
        boundary = "chaos"
        parts = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n"
            for name, content in _files(mail)
        )
        headers = {
            "Authorization": f"Bearer {self.keys[mail.recipient]}",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        connection = http.client.HTTPConnection(self.desk, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request("POST", "/api/mails", b"".join((*parts, f"--{boundary}--\r\n".encode())), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (http.client.HTTPException, OSError):
            return 0
        finally:
            connection.close()

    def _in_mailboxes(self) -> Iterator[str]:
        for user in _DROPS.values():
            yield from (f"a mail is left in the mailbox of {user}" for _ in self.server.mails(user))
            moved = Counter(self.server.mails(user, DONE))
            yield from (f"a mail was moved {times} times for {user}" for times in moved.values() if times > 1)

    def _in_folders(self) -> Iterator[str]:
        for drop in _DROPS.values():
            folder = self.home / "scans" / drop
            yield from (f"{path} is left" for path in folder.iterdir() if path.name not in ("done", "failed"))
            yield from (f"{path} was refused" for path in folder.glob("failed/*"))


def prepare(home: Path, server: Dovecot, desk: str) -> WaysIn:
    """Set up mailbox, folder and key for each administration of the demo, which is there already."""
    by_drop = {known.drop: known.id for known in offices.administrations()}
    given = {}
    for address, drop in _DROPS.items():
        (home / "scans" / drop).mkdir(parents=True)
        folders.add(by_drop[drop], home / "scans" / drop)
        given[address] = keys.add(by_drop[drop], "chaos")
        login = Credentials(password=PASSWORD)
        account = Account(
            0, drop, "127.0.0.1", server.port, Security.NONE, drop, "password", login, done_folder=DONE, recipient=address
        )
        mailboxes.add(home, account, by_drop[drop])
    return WaysIn(server, given, home, desk)


def _files(mail: ChaosMail) -> list[tuple[str, bytes]]:
    parts = message_from_bytes(mail.content).walk()
    found = ((part.get_filename(), part.get_payload(decode=True)) for part in parts)
    return [(name, content) for name, content in found if name and isinstance(content, bytes)]


def _every(mails: Iterator[ChaosMail], turn: int) -> Iterator[ChaosMail]:
    """Each fourth mail, from `turn` on."""
    return (mail for index, mail in enumerate(mails) if index % 4 == turn)
