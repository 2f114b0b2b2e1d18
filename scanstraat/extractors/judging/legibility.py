"""Values whose print OCR itself was unsure of: a check that holds makes good for it, nothing else does (C7)."""

from __future__ import annotations

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import Evidence, Method
from scanstraat.model.page import Page

# A word below this confidence of the OCR engine (0 to 1) is poor print: of values read from such, half are wrong.
LEGIBLE = 0.65


def judged(pages: tuple[Page, ...], found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, those read from poor print marked."""
    return tuple(_marked(pages, candidate) for candidate in found)


def _marked(pages: tuple[Page, ...], candidate: Candidate) -> Candidate:
    evidence = candidate.evidence
    if evidence is None or evidence.method is not Method.OCR or Signal.CHECKS in candidate.signals:
        return candidate
    return candidate.with_signals(Signal.POOR_PRINT) if _poor(pages[evidence.page - 1], evidence) else candidate


def _poor(page: Page, evidence: Evidence) -> bool:
    box = evidence.box
    for word in page.words:
        if word.confidence < LEGIBLE and any(c.isalnum() for c in word.text):
            x, y = word.box.middle
            if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1:
                return True
    return False
