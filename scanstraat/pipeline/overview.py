"""The overview page of a mail: what it says (F2), and which document of the mail carries it (F3)."""

from __future__ import annotations

from scanstraat.model.delivery import Overview
from scanstraat.model.mail import PartRole, StoredMail, StoredPart
from scanstraat.model.verdict import Action
from scanstraat.pipeline.datesent import origins_of

# Who carries the page, in order: the last that reaches the workflow or still may, else the last that is archived.
CARRIERS = (frozenset({Action.DELIVER, Action.REVIEW}), frozenset({Action.ARCHIVE}))
NOT_ATTACHMENTS = frozenset({PartRole.BODY, PartRole.DECORATION})


def carrier(actions: tuple[Action, ...]) -> int | None:
    """The ordinal of the document that carries the overview page; None where every document is discarded or rejected.

    `actions` are those of all documents of one mail, in mail order.

    >>> carrier((Action.DELIVER, Action.DELIVER, Action.ARCHIVE)), carrier((Action.ARCHIVE, Action.DISCARD)), carrier(())
    (1, 0, None)
    """
    for ways in CARRIERS:
        if taken := [ordinal for ordinal, action in enumerate(actions) if action in ways]:
            return taken[-1]
    return None


def overview_of(mail: StoredMail, parts: tuple[StoredPart, ...]) -> Overview:
    """What the page says. Where the mail is silent, its envelope speaks; the recipient is always the address it came to (A1).

    Attachments are the files of the mail by name, without body and decoration; the mails it forwards stand beside it (A5).
    """
    return Overview(
        sender=mail.header.sender or mail.envelope.sender,
        recipient=mail.envelope.recipient,
        sent_at=mail.sent_at,
        subject=mail.header.subject,
        text=mail.text,
        attachments=tuple(part.name for part in parts if part.name and part.role not in NOT_ATTACHMENTS),
        origins=origins_of(parts),
    )
