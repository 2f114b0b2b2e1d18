"""Deliveries: the XML and PDF of one invoice, on their way to the workflow (F1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanstraat.model.mail import Origin


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview page of a mail says (F2). `sent_at` in the sender's zone; `text` is the mail's body.

    `origins` are the mails that it forwards (A5).
    """

    sender: str
    recipient: str
    sent_at: datetime
    subject: str
    text: str
    attachments: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()


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
