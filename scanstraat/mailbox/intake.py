"""What the mail servers need from the house behind them: who may receive, and a safe place for what was received."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

from scanstraat.model.mail import Envelope, Refusal


class RecipientState(StrEnum):
    """What an envelope address is to us (A1, A4, A10). ENDED: its contract's 14-day tail is over."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SpooledMail:
    """A received mail in the spool, its content synced; its name is not. `size` in octets as transferred (A3)."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredAs:
    """What a mail is kept as for one administration: its id, and whether it is new. If not, the same mail came before (A8)."""

    mail: UUID
    is_new: bool


class Intake(Protocol):
    """The house as the mail servers see it. All are called in threads, several at once."""

    def recipient(self, address: str) -> RecipientState:
        """What `address`, as the sender wrote it, is to us; raises `Unavailable` where that cannot be told for now."""

    def store(self, envelopes: tuple[Envelope, ...], spooled: SpooledMail) -> tuple[StoredAs, ...]:
        """Keep the mail durably for every envelope in one go, all or nothing; it may link or move the file, whose new
        name it syncs.

        Returns what it is kept as, once for each administration, in the order of the envelopes. The sender hears 250 only
        after this returned (A7). Raises `Unavailable`: code `disk-full` or any other.
        """

    def refused(self, turned_away: tuple[Refusal, ...]) -> None:
        """Note what was turned away (A9), and what the senders were told; raises `Unavailable` where that cannot be done now."""
