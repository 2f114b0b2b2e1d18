"""Deliveries: the XML and PDF of one invoice, on their way to the workflow (F1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview page of a mail says (F2). `sent_at` in the sender's zone; `text` is the mail's body.

    `utc_offset`, in seconds east of UTC, is that of `sent_at` unless given: between processes only the moment travels.
    """

    sender: str
    recipient: str
    sent_at: datetime
    subject: str
    text: str
    attachments: tuple[str, ...] = ()
    utc_offset: int | None = None

    def __post_init__(self) -> None:
        offset = self.sent_at.utcoffset()
        if self.utc_offset is None and offset is not None:
            object.__setattr__(self, "utc_offset", round(offset.total_seconds()))


@dataclass(frozen=True, slots=True)
class Drop:
    """The two files of one delivery: `stem` is their common name, without ending; `xml` names `stem`.pdf by a relative URI."""

    stem: str
    pdf: bytes
    xml: bytes


@dataclass(frozen=True, slots=True)
class StagedDrop:
    """A drop written to staging: file names (relative to the staging folder) and the names they get in the drop folder."""

    folder: str
    stem: str
    staged_pdf: str
    staged_xml: str
