"""The overview page of a mail: what it says (F2), and which document of the mail carries it (F3)."""

from __future__ import annotations

from datetime import datetime

from scanstraat.model.delivery import Overview
from scanstraat.model.mail import Envelope, MailHeader
from scanstraat.model.verdict import Action

# Who carries the page, in order: the last that reaches the workflow or still may, else the last that is archived.
CARRIERS = (frozenset({Action.DELIVER, Action.REVIEW}), frozenset({Action.ARCHIVE}))


def carrier(actions: tuple[Action, ...]) -> int | None:
    """The ordinal of the document that carries the overview page; None where every document is discarded.

    `actions` are those of all documents of one mail, in mail order.

    >>> carrier((Action.DELIVER, Action.DELIVER, Action.ARCHIVE)), carrier((Action.ARCHIVE, Action.DISCARD)), carrier(())
    (1, 0, None)
    """
    for ways in CARRIERS:
        if taken := [ordinal for ordinal, action in enumerate(actions) if action in ways]:
            return taken[-1]
    return None


def overview_of(header: MailHeader, text: str, attachments: tuple[str, ...], envelope: Envelope) -> Overview:
    """What the page says. Where the mail is silent, the envelope speaks; the recipient is always the address it came to (A1).

    >>> envelope = Envelope("a@example.com", "demo@scan.example", datetime.fromisoformat("2026-03-31T12:00:00+00:00"))
    >>> overview_of(MailHeader(subject="Factuur"), "Zie bijlage", ("f.pdf",), envelope).sender
    'a@example.com'
    """
    return Overview(
        sender=header.sender or envelope.sender,
        recipient=envelope.recipient,
        sent_at=sent_at(header, envelope),
        subject=header.subject,
        text=text,
        attachments=attachments,
    )


def sent_at(header: MailHeader, envelope: Envelope) -> datetime:
    """When the mail was sent, in its own zone; when it was received where it does not say so credibly (D2)."""
    return header.sent_at or envelope.received_at
