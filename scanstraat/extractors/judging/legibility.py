"""Values whose print OCR itself was unsure of: a check that holds makes good for it, nothing else does (C7)."""

from __future__ import annotations

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import Evidence, Method
from scanstraat.model.page import Page

# A word below this confidence of the OCR engine (0 to 1) is poor print: of values read from such, half are wrong. Below the
# second it is faint: one in five is wrong.
LEGIBLE, CLEAR = 0.65, 0.82


def judged(pages: tuple[Page, ...], found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, those read by OCR marked, and the more so those read from poor print."""
    return tuple(_marked(pages, candidate) for candidate in found)


def _marked(pages: tuple[Page, ...], candidate: Candidate) -> Candidate:
    evidence = candidate.evidence
    if evidence is None or evidence.method is not Method.OCR or Signal.CHECKS in candidate.signals:
        return candidate
    least = _least(pages[evidence.page - 1], evidence)
    marks = (Signal.POOR_PRINT,) if least < LEGIBLE else (Signal.FAINT_PRINT,) if least < CLEAR else ()
    return candidate.with_signals(Signal.SCANNED, *marks)


def _least(page: Page, evidence: Evidence) -> float:
    """The least confidence of a word of the evidence."""
    box, least = evidence.box, 1.0
    for word in page.words:
        if word.confidence < least and any(c.isalnum() for c in word.text):
            x, y = word.box.middle
            if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1:
                least = word.confidence
    return least
