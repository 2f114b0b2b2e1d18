"""Every code that a reason of a verdict can have, and how much it weighs: a document waits in the queue of its heaviest one."""

from __future__ import annotations

from scanstraat.model.verdict import Action, Verdict

PARKED = "parked"  # of documents that were laid aside; no verdict says it
BROUGHT_BACK = "brought-back"  # of documents that a person took out of the archive or a drop, and whose verdict holds nothing

# What keeps a document for a person, the heaviest first: while the upper ones stand, the lower ones cannot be told.
HOLDING = (
    PARKED,
    "problem",
    "unreadable",
    "annex",
    "refused",
    "recut",
    BROUGHT_BACK,
    "cut",
    "kind",
    "suspected-duplicate",
    "new-account",
    "no-name",
    "no-amount",
    "incomplete",
    "credit-note",
    "negative-total",
    "no-supplier",
    "supplier",
    "doubt",
    "corrected",
)
# What a document that goes its way has to say about it.
TELLING = (
    "invoice",
    "not-an-invoice",
    "reminder",
    "advertising",
    "as-invoice",
    "filled",
    "new-supplier",
    "confirmed",
    "by-hand",
    "rejected",
)

WEIGHTS = {code: len(HOLDING) - place for place, code in enumerate(HOLDING)} | dict.fromkeys(TELLING, 0)


def first_reason(verdict: Verdict) -> str:
    """The queue that a document with this verdict waits in: its heaviest reason, "" where it waits for nobody.

    >>> from scanstraat.model.verdict import Reason
    >>> first_reason(Verdict(Action.REVIEW, (Reason("doubt", "total 9.00"), Reason("new-account", "account NL91 is new"))))
    'new-account'
    >>> first_reason(Verdict(Action.ARCHIVE, (Reason("reminder", "it is a reminder"),)))
    ''
    """
    if verdict.action is not Action.REVIEW:
        return ""
    return max((reason.code for reason in verdict.reasons), key=lambda code: WEIGHTS.get(code, 0), default="")
