"""PDF or picture to words with boxes: text layer, rendering, repair, OCR, barcodes.

`Reader` is the door. It works in a bounded child process; make that one with `Child(PRELOAD)`, so that the OCR engine is loaded
once and inherited by each call.
"""

from scanstraat.reading.reader import PRELOAD, Reader

__all__ = ["PRELOAD", "Reader"]
