"""Amounts as printed, in any of the usual forms; which mark is the decimal one is decided once for a document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from scanstraat.extractors.values.currency import currency_of

_NUMBER = re.compile(
    r"""
    (?P<before>[^\s\d]*)                                  # sign, currency or bracket glued to the number
    (?P<body>
        \d{1,3}(?P<group>[.,'’\ ])\d{3}(?:(?P=group)\d{3})*(?!\d)
          (?:\ ?[.,]\ ?\d{2}(?!\d)|[.,](?:\d{1,4}|[-–—]{1,2}|=)(?!\d))?
      | \d+\ ?[.,]\ ?\d{2}(?![\d])
      | \d+[.,](?:\d{1,6}|[-–—]{1,2}|=)(?!\d)
      | \d+
    )
    (?P<after>[^\s\d]*)
    """,
    re.VERBOSE,
)
# A minus before the number, also before its currency: "- 3,00", "-EUR 3,00".
_MINUS = re.compile(r"(?:^|\s)[-−–]\s?(?:[A-Z]{3}|[€£$])?\s?$", re.VERBOSE)
_LAST = re.compile(r"[:=(|]")
_OPENERS = frozenset("-−–+(?~*:=|[¤")
_CLOSERS = frozenset("-−–)*|]¤")
_DASHES = frozenset("-−–—=")


@dataclass(frozen=True, slots=True)
class NumberText:
    """A number as printed: its place in the text, its digits with marks, its sign, and the currency glued to it or beside it."""

    start: int
    end: int
    body: str
    negative: bool = False
    currency: str = ""
    percent: bool = False

    @property
    def mark(self) -> str:
        """The decimal mark this number proves by its own form; empty where it proves none.

        >>> [next(numbers_in(t)).mark for t in ("1.234,56", "12.50", "1.234", "7")]
        [',', '.', '', '']
        """
        marks = [c for c in self.body if c in ".,"]
        if not marks:
            return ""
        tail = len(self.body.replace(" ", "")) - self.body.replace(" ", "").rfind(marks[-1]) - 1
        if len(set(marks)) > 1 or (len(marks) == 1 and tail != 3):
            return marks[-1]
        if len(marks) > 1:
            return "," if marks[0] == "." else "."
        return "," if marks[0] == "," and re.search(r"\d[ '’]\d", self.body) else ""

    @property
    def has_decimals(self) -> bool:
        """Whether two decimals (or a dash in their place) are printed, as money has them."""
        return bool(re.search(r"[.,] ?(?:\d\d|[-–—=]{1,2})$", self.body))


def numbers_in(text: str) -> Iterator[NumberText]:
    """The numbers of a text that stand by themselves or beside a currency; parts of longer codes are left out.

    >>> [(n.body, n.currency) for n in numbers_in("€ 1.234,56 of 20 st")]
    [('1.234,56', 'EUR'), ('20', '')]
    >>> [(n.body, n.currency, n.negative) for n in numbers_in("-EUR 4 241,22")]
    [('4 241,22', 'EUR', True)]
    >>> list(numbers_in("KR87654321012 12/34"))
    []
    """
    for match in _NUMBER.finditer(text):
        number = _number(text, match)
        if number:
            yield number


def _number(text: str, match: re.Match[str]) -> NumberText | None:
    before, after = match["before"], match["after"]
    start, end = match.span("body")
    if match.start() and not text[match.start() - 1].isspace():
        return None
    bare, tail = _LAST.split(before)[-1].strip("".join(_OPENERS)), after.strip("".join(_CLOSERS) + ".,;:%'")
    if bare == "KR" and "," not in match["body"]:
        return None
    if (bare and not currency_of(bare)) or (tail and not currency_of(tail) and not (len(tail) == 1 and tail.isupper())):
        return None
    if after and end < len(text) and re.match(r"[-–/.:,]\d", text[end:]):
        return None
    currency = currency_of(bare) or currency_of(tail) or _beside(text, match.start(), match.end())
    minus = before.strip("(?") in {"-", "−", "–"} or re.search(r"[-−–]$|^[-−–]", bare or before) is not None
    minus = minus or bool(_MINUS.search(text[max(0, match.start() - 7) : match.start()]))
    minus = minus or (after[:1] in {"-", "−", "–"} and _money(match["body"]))
    return NumberText(start, end, match["body"], bool(minus), currency, after.startswith("%") or text[end : end + 2] == " %")


def _money(body: str) -> bool:
    return bool(re.search(r"[.,]\d\d$", body))


def _beside(text: str, start: int, end: int) -> str:
    left = text[:start].rstrip(" \t-−–?").rsplit(None, 1)[-1:] if start else []
    right = text[end:].split(None, 1)[:1] if text[end : end + 1] == " " else []
    return (currency_of(left[0].strip("():-−–")) if left else "") or (currency_of(right[0].strip("():.,;")) if right else "")


def decimal_mark(numbers: Iterable[NumberText], default: str = ",") -> str:
    """The decimal mark of a document: what most of its numbers prove, percentages left out; `default` where none proves one.

    >>> decimal_mark(numbers_in("1.250 2,50 3,00")), decimal_mark(numbers_in("1,250 2.50"))
    (',', '.')
    """
    votes = Counter(n.mark for n in numbers if n.mark and not n.percent)
    if not votes:
        return default
    return max(",.", key=lambda mark: (votes[mark], mark == default))


def to_decimal(number: NumberText, mark: str) -> Decimal:
    """The number's value, its own form believed before the document's decimal mark.

    >>> [str(to_decimal(next(numbers_in(t)), ",")) for t in ("1.234,56", "1.234", "12.50", "25,-", "-3,00", "13'800.00")]
    ['1234.56', '1234', '12.50', '25.00', '-3.00', '13800.00']
    """
    body = number.body.replace(" ", "")
    mark = number.mark or mark
    whole, _, decimals = body.rpartition(mark) if mark in body else (body, "", "")
    digits = re.sub(r"\D", "", whole or body)
    decimals = "00" if decimals and set(decimals) <= _DASHES else decimals
    value = Decimal(f"{digits or '0'}.{decimals}" if decimals.isdigit() else digits or "0")
    return -value if number.negative else value
