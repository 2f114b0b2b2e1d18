"""All that a person does with a document at the review desk. Each act is one transaction, recorded with who, when and what.

An act needs the document in review and in the hands of who acts; it raises `Refused` otherwise (`not-in-review`, `not-held`,
`unknown-id`) and writes nothing.
"""

from __future__ import annotations

from scanstraat.pipeline.review.accepting import accept
from scanstraat.pipeline.review.changing import bring_back, change_kind, note, replay
from scanstraat.pipeline.review.recutting import merge, reorder, split, turn
from scanstraat.pipeline.review.sending import archive, discard, reject
from scanstraat.pipeline.review.undoing import undo

__all__ = [
    "accept",
    "archive",
    "bring_back",
    "change_kind",
    "discard",
    "merge",
    "note",
    "reject",
    "reorder",
    "replay",
    "split",
    "turn",
    "undo",
]
