"""A drop that its consumer refused: the document comes back to the desk, and what is accepted then is a drop of its own (F8)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from scanstraat import failpoint
from scanstraat.errors import Refused
from scanstraat.model.state import DocumentState
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.pipeline.review.changing import back_to_review
from scanstraat.records import documents, mails, review
from scanstraat.records.transaction import atomic


def take_back(document: UUID, why: str, now: datetime) -> None:
    """Lay a delivered document before a person again, since its consumer refused it and said why; nobody holds it.

    Its delivery says so, and is replaced by the next. Raises `Refused` (`not-delivered`) for any other document.
    """
    with atomic():
        review.lock(document)
        hand = review.in_hand(document)
        if hand.stored.state is not DocumentState.DELIVERED:
            raise Refused("not-delivered", f"document {document} is {hand.stored.state}.", "Only a drop can be refused.")
        documents.keep_refused(document, why, now)
        back_to_review(hand, Verdict(Action.REVIEW, (Reason("refused", f"the workflow refused it: {why}", "F8"),)), now)
        mails.log(hand.stored.mail, now, "refused", f"document {hand.stored.document.ordinal + 1}: {why}")
        failpoint.reach("review.commit")
