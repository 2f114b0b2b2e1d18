"""PDF or picture to words with boxes: text layer, rendering, repair, OCR, barcodes.

`reader.Reader` is the door. It works in bounded child processes; make them with `Child(PRELOAD)`, so that the OCR engine is
loaded once and inherited by each call, and `Child(PRELOAD_LIGHT)` for files that need none.
"""

PRELOAD: tuple[str, ...] = ("scanstraat.reading.worker", "scanstraat.reading.crops")
PRELOAD_LIGHT: tuple[str, ...] = ("scanstraat.reading.texts",)
