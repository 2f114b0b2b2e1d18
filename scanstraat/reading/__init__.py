"""PDF or picture to words with boxes: text layer, rendering, repair, OCR, barcodes."""
