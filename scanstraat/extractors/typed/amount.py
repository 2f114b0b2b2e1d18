"""Amounts as typed: 1.234,56 · 1,234.56 · 1 234,56 · 1'234.56 · 12,5 · € 12,- · -5 · 5- · (5). The result has two places."""

from __future__ import annotations

import re
from decimal import Decimal

from scanstraat.errors import Refused
from scanstraat.extractors.fields.amounts import LARGEST_MONEY, canonical
from scanstraat.extractors.typed.text import short
from scanstraat.extractors.values.currency import currency_of

_AROUND = re.compile(
    r"(?P<before>(?:[^0-9.,]|[.,](?![0-9]))*)(?P<number>[.,]?[0-9](?:.*[0-9])?[.,]?)(?P<after>[^0-9]*)", re.VERBOSE | re.DOTALL
)
_NUMBER = re.compile(
    r"""
    (?P<whole> [1-9][0-9]{0,2}(?P<group>[.,'’´`\ ])[0-9]{3}(?:(?P=group)[0-9]{3})*   # 1.234.567
             | [1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}                                      # 12,34,567, as India groups
             | [0-9]* )
    (?:(?P<mark>[.,])(?P<decimals>[0-9]*))?
    """,
    re.VERBOSE,
)
_MINUSES = frozenset("-−–")
_DASHES = frozenset("-−–—=")
_EXAMPLE = "Type it as 1234,56 or 1.234,56."


def amount(text: str) -> str:
    """The canonical text of an amount as typed; one mark before exactly three digits parts thousands.

    >>> [amount(text) for text in ("1.234,56", "1'234.5", "1.234", "€ 12,-", "12,--", "-5", "5-", "(5)", "EUR 1 234,56", "0")]
    ['1234.56', '1234.50', '1234.00', '12.00', '12.00', '-5.00', '-5.00', '-5.00', '1234.56', '0.00']
    >>> amount("12,345.678")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-amount: “12,345.678” has more than two decimals. Type it as 1234,56 or 1.234,56.
    >>> amount("12 apples")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-amount: “12 apples” is no amount. Type it as 1234,56 or 1.234,56.
    """
    text = " ".join(text.split())
    around = _AROUND.fullmatch(text)
    if around is None:
        raise _refused(text, "is no amount")
    body = around["number"]
    after = around["after"]
    if body[-1] in ".," and after[:1] in _DASHES:  # the dash of "12,-" stands for no cents
        after = after.lstrip("".join(_DASHES))
    value = _value(body, text)
    return canonical(-value if value and _is_negative(around["before"], after, text) else value)


def _value(body: str, text: str) -> Decimal:
    match = _NUMBER.fullmatch(body)
    if match is None or (match["mark"] or "?") in match["whole"] or not (match["whole"] or match["decimals"]):
        raise _refused(text, "is no amount")
    decimals = match["decimals"] or ""
    if len(decimals) > 2:
        raise _refused(text, "has more than two decimals")
    digits = "".join(c for c in match["whole"] if c in "0123456789")
    value = Decimal(f"{digits or '0'}.{decimals or '0'}")
    if value >= LARGEST_MONEY:
        raise _refused(text, "is more than any invoice asks for")
    return value


def _is_negative(before: str, after: str, text: str) -> bool:
    """Whether what stands around the digits says less than nothing; refused where it is neither sign, bracket nor currency."""
    left, right = before.strip(), after.strip()
    bracketed = left.startswith("(") and right.endswith(")")
    if bracketed:
        left, right = left[1:], right[:-1]
    minus_left, minus_right = bool(_MINUSES & set(left)), bool(_MINUSES & set(right))
    signs = "".join(_MINUSES) + " "
    words = [word for word in (left.strip(signs), right.strip(signs)) if word]
    if len(words) > 1 or not all(_is_currency(word) for word in words) or bracketed + minus_left + minus_right > 1:
        raise _refused(text, "is no amount")
    return bracketed or minus_left or minus_right


def _is_currency(word: str) -> bool:
    return bool(currency_of(word) or currency_of(word.upper()))


def _refused(text: str, why: str) -> Refused:
    return Refused("typed-amount", f"{short(text)} {why}.", _EXAMPLE)
