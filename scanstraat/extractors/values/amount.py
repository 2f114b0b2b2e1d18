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
        \d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{2})?(?![\d,])       # 12,34,567.00, as India groups
      | \d{1,3}(?P<group>[.,'’´`\ ])\d{3}(?:(?P=group)\d{3})*(?!\d)
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
# Marks that OCR tore from the digits of one amount: "1 .234, 56".
_TORN = re.compile(r"(?<![\d.,])\d{1,3}(?:\ ?[.,]\ ?\d{3})+\ ?[.,]\ ?\d{2}(?![\d.,])", re.VERBOSE)
_LAST = re.compile(r"[:=(|]")
# What follows an amount and is no part of it: "/-" (India), "/Stk", "/h".
_PER = re.compile(r"/(?:[-=]|[^\W\d_]{1,8}\.?)$", re.VERBOSE)
# A minus before the number, with or without a currency between: "-€ 12", "- EUR 12".
_MINUS = re.compile(r"(?:^|[\s\t(:])[-−–]\ ?(?:[^\W\d_]{1,3}\.?|[€$£¥₹])?\ ?$", re.VERBOSE)
# A Dutch postcode, whose letters may spell a currency's sign: "7411 KC", "1234 FT".
_POSTCODE = re.compile(r"[1-9]\d{3}\ [A-Z]{2}\b(?!\.)", re.VERBOSE)
_CREDIT = re.compile(r"\ ?CR\b", re.VERBOSE)
_OPENERS = frozenset("-−–+(?~*:=|[¤")
_CLOSERS = frozenset("-−–)*|]¤")
_DASHES = frozenset("-−–—=")
CENTS = 2  # digits behind the decimal mark
_AROUND = ("".join(_OPENERS), "".join(_CLOSERS) + ".,;:%'")
_DIGIT = re.compile(r"\d")
_NO_DIGIT = re.compile(r"\D+")
_SPACED = re.compile(r"\d[\ '’]\d", re.VERBOSE)
_DECIMALS = re.compile(r"[.,]\ ?(?:\d\d|[-–—=]{1,2})$", re.VERBOSE)
_CENTS = re.compile(r"[.,]\d\d$", re.VERBOSE)
_GOES_ON = re.compile(r"[-–/.:,]\d", re.VERBOSE)


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

        >>> [next(numbers_in(t)).mark for t in ("1.234,56", "12.50", "1.234", "0,125", "12,34,567", "7")]
        [',', '.', '', ',', '.', '']
        """
        marks = [c for c in self.body if c in ".,"]
        if not marks:
            return ""
        tail = len(self.body.replace(" ", "")) - self.body.replace(" ", "").rfind(marks[-1]) - 1
        if len(marks) == 1 and self.body[:2] == f"0{marks[0]}":
            return marks[0]
        if len(set(marks)) > 1 or (len(marks) == 1 and tail != 3):
            return marks[-1]
        if len(marks) > 1:
            return "," if marks[0] == "." else "."
        return "," if marks[0] == "," and _SPACED.search(self.body) else ""

    @property
    def has_decimals(self) -> bool:
        """Whether two decimals (or a dash in their place) are printed, as money has them."""
        return _DECIMALS.search(self.body) is not None


def numbers_in(text: str, scanned: bool = False) -> Iterator[NumberText]:
    """The numbers of a text that stand by themselves or beside a currency; parts of longer codes are left out.

    `scanned`: the text was read by OCR, so that blanks may stand around the marks of one amount.

    >>> [(n.body, n.currency) for n in numbers_in("€ 1.234,56 of 20 st")]
    [('1.234,56', 'EUR'), ('20', '')]
    >>> list(numbers_in("KR87654321012 12/34")), [n.body for n in numbers_in("1 .234, 56", scanned=True)]
    ([], ['1 .234, 56'])
    >>> [(n.body, n.negative) for n in numbers_in("RM\t.02 -.05")]  # as tills print cents
    [('0.02', False), ('0.05', True)]
    """
    if _DIGIT.search(text) is None:
        return
    torn = [m.span() for m in _TORN.finditer(text)] if scanned else []
    yield from (NumberText(a, b, text[a:b], bool(_MINUS.search(text[:a])), _beside(text, a, b)) for a, b in torn)
    for match in _NUMBER.finditer(text):
        if torn and any(a < match.end("body") and match.start("body") < b for a, b in torn):
            continue
        number = _number(text, match)
        if number:
            yield number


def _number(text: str, match: re.Match[str]) -> NumberText | None:
    if match.start() and not text[match.start() - 1].isspace():
        return None
    before, after = match["before"], match["after"] and _PER.sub("", match["after"])
    (start, end), body = match.span("body"), match["body"]
    if before[-1:] in {".", ","} and len(body) == CENTS:
        before, start, body = before[:-1], start - 1, f"0{before[-1]}{body}"
    bare, tail = before and _LAST.split(before)[-1].strip(_AROUND[0]), after.strip(_AROUND[1])
    if bare == "KR" and "," not in match["body"]:
        return None
    credit = tail == "CR" and _money(match["body"])
    known = credit or currency_of(tail) or (len(tail) == 1 and tail.isupper())
    if (bare and not currency_of(bare)) or (tail and not known):
        return None
    if match["after"] and _GOES_ON.match(text, end):
        return None
    currency = currency_of(bare) or currency_of(tail) or _beside(text, match.start(), match.end())
    minus = credit or _is_negative(text, match) or bool(_CREDIT.match(text, end) and _money(match["body"]))
    return NumberText(start, end, body, minus, currency, after.startswith("%") or text[end : end + 2] == " %")


def _is_negative(text: str, match: re.Match[str]) -> bool:
    """Whether a minus stands before or behind, or a bracket on both sides of all that its column holds.

    >>> [next(numbers_in(t)).negative for t in ("-€12.50", "- € 12,50", "12,50-", "(12.50)", "incl. (12.50)", "12,50 - 3")]
    [True, True, True, True, False, False]
    """
    before, after = match["before"], match["after"]
    if before.strip("(?")[:1] in {"-", "−", "–"} or before[-1:] in {"-", "−", "–"}:
        return True
    if after[:1] in {"-", "−", "–"} and _money(match["body"]):
        return True
    alone = (
        text[: match.start()].rpartition("\t")[2].strip(" ") in {"", "(", "($", "(€"}
        and not text[match.end() :].split("\t")[0].strip()
    )
    if alone and after[:1] == ")" and (before.startswith("(") or text[: match.start()].rstrip().endswith("(")):
        return _money(match["body"])
    return _MINUS.search(text[: match.start()]) is not None


def _money(body: str) -> bool:
    return _CENTS.search(body) is not None


def _beside(text: str, start: int, end: int) -> str:
    """The currency that stands beside a number with a blank between; the letters of a Dutch postcode are none.

    >>> [next(numbers_in(t)).currency for t in ("EUR 12", "12 Kč", "7411 KC Deventer")]
    ['EUR', 'CZK', '']
    """
    left = text[:start].rstrip(" \t-−–?").rsplit(None, 1)[-1:] if start else []
    right = text[end:].split(None, 1)[:1] if text[end : end + 1] == " " and not _POSTCODE.match(text, start) else []
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
    digits = _NO_DIGIT.sub("", whole or body)
    decimals = "00" if decimals and set(decimals) <= _DASHES else decimals
    value = Decimal(f"{digits or '0'}.{decimals}" if decimals.isdigit() else digits or "0")
    return -value if number.negative else value
