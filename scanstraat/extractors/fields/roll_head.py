"""The head of a till's roll (a receipt): the shop or the company that runs it stands in its first lines, whatever its form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanstraat.extractors.layout import Row, Sheet, Span
from scanstraat.extractors.values.company_name import legal_form_at

# Rows at the head in which a name may stand, and rows that one name may take.
HEAD_ROWS, MOST_ROWS = 8, 3
_LEAST_LETTERS = 4
# What follows a name in its line, or opens the lines below it: register and telephone numbers, street, town, tax.
_BEHIND = re.compile(
    r"(?:\s+\(?|\()\s*(?:(?:co|company|reg|roc|no|gst|tax|vat|tel)\b[\s.:].*|[A-Z0-9]*\d{4,}[\dA-Z\s-]*[)\]]?)$",
    re.VERBOSE | re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"""^\W*(?:(?:co|company|reg|roc|gst|sst|tax|vat|tel|fax|phone|lot|no|invoice|receipt|cash(?:ier)?|date|time|welcome|formerly|
    licensee|btw|kvk|ust|steuer|siret|tva|bon|kassabon|kvitto|kuitti|quittung|beleg|ticket|recu|scontrino|original|copy|kopie)\b|\d{3,})""",
    re.VERBOSE | re.IGNORECASE,
)


def names(sheet: Sheet) -> Iterator[tuple[str, Span]]:
    """The first name at the head and, where that has no legal form, the first that has one: a shop's, and its company's.

    A name that runs over lines up to its legal form is put together.
    """
    rows = sheet.rows[:HEAD_ROWS]
    first = True
    for place, row in enumerate(rows):
        name = _name(row)
        if not name or not (first or legal_form_at(name) is not None):
            continue
        whole = _whole(name, rows[place + 1 : place + MOST_ROWS])
        yield whole, row.segments[0]
        first = False
        if legal_form_at(whole) is not None:
            return


def _name(row: Row) -> str:
    """A row's text without what follows a name; empty where it can be none.

    >>> _BEHIND.sub("", "99 SPEED MART S/B (519537-X)"), bool(_NO_NAME.match("Tel: 03-1234")), bool(_NO_NAME.match("Telka BV"))
    ('99 SPEED MART S/B', True, False)
    """
    text = _BEHIND.sub("", row.text.replace("\t", " ")).strip(" ,.-–*|:")
    letters = sum(c.isalpha() for c in text)
    return "" if letters < max(_LEAST_LETTERS, 0.5 * len(text.replace(" ", ""))) or _NO_NAME.match(text) else text


def _whole(name: str, below: tuple[Row, ...]) -> str:
    if legal_form_at(name) is not None:
        return name
    for count in range(1, len(below) + 1):
        parts = [_name(row) for row in below[:count]]
        if all(parts) and legal_form_at(parts[-1]) is not None and not any(_is_address(part) for part in parts):
            return " ".join((name, *parts))
    return name


def _is_address(text: str) -> bool:
    return "," in text or any(c.isdigit() for c in text)
