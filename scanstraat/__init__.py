"""Scanstraat: turns the mail suppliers send into booked-ready invoices."""

__version__ = "0.1.0"
