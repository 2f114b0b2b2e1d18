"""What comes in through the pages and the API: files into mails, stored before they are answered (A6, A7)."""
