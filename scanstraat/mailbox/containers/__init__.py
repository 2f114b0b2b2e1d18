"""Files that hold further files (B1): ZIP, Outlook and S/MIME mails and their like, opened in a bounded child."""
