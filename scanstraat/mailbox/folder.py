"""A watched folder (A6): what a scanner leaves there becomes a mail, then it is moved to `done/`, or to `failed/` with why.

Nothing is moved before it is stored (A7). A watcher killed in between finds the file where it was and hands it in again: name,
time and content make it the same mail (A8). Nothing but looking is asked of the file system, so network shares will do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from scanstraat import failpoint
from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.dropped import DONE, FAILED, Dropped, dropped, opened, refused
from scanstraat.mailbox.handing import HandingIn
from scanstraat.mailbox.places import move_beside, put_aside
from scanstraat.mailbox.stillness import PATIENT_LOOKS, Waiting, looks_whole, observed
from scanstraat.mailbox.wrapping import Cover, File
from scanstraat.model.mail import Channel, Envelope, Refusal

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A watched folder, and whose it is: a name for people, and what tells the address that its mails come to at the moment."""

    path: Path
    title: str
    recipient: Callable[[], str]


class Watcher:
    """Watches one folder. Call `look` every second or so; the files are judged by how they change between looks.

    `refused` is told of each file that was turned away.
    """

    def __init__(
        self,
        place: Place,
        handing_in: HandingIn,
        clock: Callable[[], datetime],
        refused: Callable[[tuple[Refusal, ...]], object],
    ) -> None:
        self._place, self._handing_in, self._clock, self._refused = place, handing_in, clock, refused
        self._waiting: dict[str, Waiting] = {}

    def look(self, is_stopped: Callable[[], bool] = lambda: False) -> tuple[str, ...]:
        """Look once and take what is whole; returns what is wrong with single files, which stay where they are.

        Once `is_stopped`, the files that are left are left to the next look. Raises `Unavailable` where the folder, the disk or
        the database is away: nothing is lost, look again later.
        """
        self._waiting = observed(self._waiting, dropped(self._place.path))
        for waiting in tuple(self._waiting.values()):
            if waiting.is_still and not is_stopped():
                self._try(waiting)
        return tuple(waiting.trouble for waiting in self._waiting.values() if waiting.trouble)

    def _try(self, waiting: Waiting) -> None:
        """Take it and move it away, or note why that cannot be."""
        try:
            if waiting.is_stored or self._stored(waiting):
                waiting = self._noted(replace(waiting, is_stored=True, trouble=""))
                move_beside(self._path(waiting), self._place.path / DONE)
                failpoint.reach("folder.moved")
        except FileNotFoundError:
            pass  # taken away meanwhile, as the next look will show
        except Refused as error:
            self._put_aside(waiting, error)
        except OSError as error:
            self._stuck(waiting, error)
        except Unavailable as error:
            if error.code != "file-changed":
                raise
            self._noted(Waiting(waiting.seen))
        except Exception as error:  # whatever is wrong with one file, the others go on
            _log.exception("%s cannot be taken", self._path(waiting))
            self._noted(Waiting(waiting.seen, -PATIENT_LOOKS, trouble=f"{waiting.seen.name}: {error}"))

    def _stored(self, waiting: Waiting) -> bool:
        """Hand the files in; False where they are to be waited for."""
        if waiting.seen.problem:
            if waiting.is_given_up:
                raise refused(waiting.seen.problem)
            return False
        with ExitStack() as stack:
            files = tuple(
                File("/".join(leaf.path), stack.enter_context(opened(self._place.path, leaf))) for leaf in waiting.seen.leaves
            )
            if not waiting.is_given_up and not all(looks_whole(file.content) for file in files):
                return False
            envelope = self._envelope()
            stored = self._handing_in.take(files, self._cover(waiting.seen, envelope), envelope)
        _log.info("%s is mail %s%s", self._path(waiting), stored.mail, "" if stored.is_new else ", again")
        return True

    def _stuck(self, waiting: Waiting, error: OSError) -> None:
        text = f"{waiting.seen.name} cannot be read or moved: {error.strerror or error}"
        waiting = self._noted(replace(waiting, trouble=text))
        if waiting.is_given_up and not waiting.is_stored:
            why = Refused("unreadable", f"{text}.", "Give the service the right to read it, and put it there again.")
            self._put_aside(waiting, why)

    def _put_aside(self, waiting: Waiting, error: Refused) -> None:
        name = waiting.seen.name
        try:
            put_aside(self._path(waiting), self._place.path / FAILED, _reason(name, error))
        except OSError as failure:
            self._noted(replace(waiting, trouble=f"{name} is refused ({error.message}) and cannot be moved: {failure.strerror}"))
            return
        failpoint.reach("folder.put-aside")
        _log.warning("%s is refused: %s", self._path(waiting), error)
        self._tell(name, error)

    def _tell(self, name: str, error: Refused) -> None:
        e = self._envelope()
        try:
            self._refused((Refusal(e.received_at, e.channel, e.peer, e.sender, e.recipient, f"{name}: {error}"),))
        except Unavailable as failure:
            _log.warning("that %s was refused is not in the log: %s", name, failure)

    def _noted(self, waiting: Waiting) -> Waiting:
        self._waiting[waiting.seen.name] = waiting
        return waiting

    def _path(self, waiting: Waiting) -> Path:
        return self._place.path / waiting.seen.name

    def _cover(self, seen: Dropped, envelope: Envelope) -> Cover:
        times = tuple(leaf.mtime_ns for leaf in seen.leaves)
        sender = f"Scanner folder {self._place.title}"
        return Cover(sender, envelope.recipient, _moment(max(times)), key=" ".join(map(str, times)))

    def _envelope(self) -> Envelope:
        sender, peer = f"scanner folder {self._place.title}", self._place.path.name
        return Envelope(sender, self._place.recipient(), self._clock(), Channel.FOLDER, peer)


def _moment(mtime_ns: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(mtime_ns // 1_000_000_000, UTC).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _reason(name: str, error: Refused) -> str:
    return f"{name} was not taken: {error.message}\n{error.next_step}\n\ncode: {error.code}\n"
