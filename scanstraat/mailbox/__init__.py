"""Bytes to mail to parts: servers, MIME opening, conversion, limits (A, B)."""
