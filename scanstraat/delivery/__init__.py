"""Invoice to XML and PDF, and their way into the drop folder (F1-F6, F8)."""
