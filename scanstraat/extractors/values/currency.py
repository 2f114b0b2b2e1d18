"""Currencies as printed: codes (ISO 4217), signs, and words; a sign shared by several countries gives its first."""

from __future__ import annotations

CODES = frozenset(
    {
        "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "ISK", "PLN", "CZK", "HUF", "RON", "BGN", "HRK", "RSD", "TRY", "UAH",
        "CAD", "AUD", "NZD", "JPY", "CNY", "INR", "ZAR", "SGD", "HKD", "MYR", "THB", "KRW", "IDR", "PHP", "ILS", "AED", "SAR",
        "BRL", "MXN",
    }
)  # fmt: skip
# Signs and words, folded to lower case; "kr" is settled by the document's country.
_SIGNS: dict[str, str] = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "euroa": "EUR", "£": "GBP", "$": "USD", "us$": "USD", "usd$": "USD",
    "ca$": "CAD", "a$": "AUD", "c$": "CAD", "kr": "KR", "kr.": "KR", "skr": "SEK", "nkr": "NOK", "dkr": "DKK", "zł": "PLN",
    "zl": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON", "sfr": "CHF", "sfr.": "CHF", "fr.": "CHF", "₹": "INR", "rs": "INR",
    "rs.": "INR", "¥": "JPY", "rm": "MYR", "₺": "TRY", "₴": "UAH", "₪": "ILS", "r$": "BRL",
}  # fmt: skip

COUNTRY_CURRENCY: dict[str, str] = {
    "SE": "SEK", "NO": "NOK", "DK": "DKK", "CH": "CHF", "LI": "CHF", "GB": "GBP", "PL": "PLN", "CZ": "CZK", "HU": "HUF",
    "RO": "RON", "IS": "ISK",
}  # fmt: skip


def currency_of(text: str) -> str:
    """The ISO code of a printed currency, "KR" for a bare crown sign, empty where it is none.

    >>> currency_of("€"), currency_of("eur"), currency_of("kr"), currency_of("km")
    ('EUR', 'EUR', 'KR', '')
    """
    lower = text.lower()
    if lower in _SIGNS:
        return _SIGNS[lower]
    upper = text.upper()
    return upper if upper in CODES and (text.isupper() or text.istitle() or text in {"eur", "usd", "gbp", "chf", "sek"}) else ""
