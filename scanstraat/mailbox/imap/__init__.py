"""Mails from IMAP mailboxes: signing in, looking through a folder, taking each mail once, and marking what was taken (A6, A7)."""
