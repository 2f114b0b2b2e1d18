"""The lines of an invoice (C2, BG-25): every way its tables can be read, and the one whose sums hold.

`found` gives the readings there are: by the words that head a table, and by columns of amounts alone. `chosen` takes the one that
adds up to the net amount, else to the total, else what the heads say. Amounts are given as printed.
"""

from __future__ import annotations

from scanstraat.extractors.lines.reading import TableReading, found
from scanstraat.extractors.lines.sums import chosen, sums_of

__all__ = ["TableReading", "chosen", "found", "sums_of"]
