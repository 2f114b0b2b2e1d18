"""Bytes to mail to parts: servers, MIME opening, conversion, limits (A, B)."""

# What a child process that opens mails has ready before the first one comes.
PRELOAD = ("scanstraat.mailbox.settling", "scanstraat.mailbox.crossing")
