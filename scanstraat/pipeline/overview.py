"""The overview page of a mail: what it says (F2), and which document of the mail carries it (F3)."""

from __future__ import annotations

from uuid import UUID

from scanstraat.model.delivery import Overview
from scanstraat.model.mail import PartRole, StoredMail, StoredPart
from scanstraat.model.review import Standing
from scanstraat.model.state import DocumentState
from scanstraat.model.verdict import Action
from scanstraat.pipeline.datesent import origins_of

# Who carries the page, in order: the last that reaches the workflow or still may, else the last that is archived.
CARRIERS = (frozenset({Action.DELIVER, Action.REVIEW}), frozenset({Action.ARCHIVE}))
# Their PDF is made: it has the page or does not.
COMPOSED = frozenset({DocumentState.STAGED, DocumentState.DELIVERED, DocumentState.ARCHIVED})
# What was decided of these counts for nothing: a person decides anew.
AT_THE_DESK = frozenset({DocumentState.IN_REVIEW, DocumentState.SORTED, DocumentState.RECOGNISED})
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


def carrier_among(standings: tuple[Standing, ...]) -> UUID | None:
    """The document that carries the page once persons have decided about some: the one whose PDF has it already, if any.

    Else the one it belongs to among those whose PDF is yet to be made. None where there is no such: then no PDF has it.
    """
    made = [each for each in standings if each.state in COMPOSED]
    if carrying := [each for each in made if each.carries]:
        return carrying[0].id
    others = [each for each in standings if each.state not in COMPOSED]
    chosen = carrier(tuple(_action(each) for each in others))
    return None if chosen is None else others[chosen].id


def _action(standing: Standing) -> Action:
    return Action.REVIEW if standing.state in AT_THE_DESK else standing.action or Action.REVIEW


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
