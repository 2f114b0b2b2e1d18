"""Invoice to XML and PDF, and their way into the drop folder (F1-F6, F8)."""

# For the child process that composes PDFs: reportlab, pikepdf and the overview's font come into memory once.
PRELOAD = ("scanstraat.delivery.pdf",)
