"""Currencies as printed: codes (ISO 4217), signs, and words; a sign shared by several countries gives its first."""

from __future__ import annotations

CODES = frozenset(
    {
        "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "ISK", "PLN", "CZK", "HUF", "RON", "BGN", "HRK", "RSD", "TRY", "UAH",
        "BAM", "MKD", "MDL", "GEL", "RUB", "BYN", "CAD", "AUD", "NZD", "JPY", "CNY", "INR", "ZAR", "SGD", "HKD", "TWD", "MYR",
        "THB", "KRW", "IDR", "PHP", "VND", "LKR", "PKR", "BDT", "ILS", "AED", "SAR", "QAR", "KWD", "BHD", "EGP", "MAD", "TND",
        "KES", "NGN", "BRL", "MXN", "CLP", "COP", "ARS",
    }
)  # fmt: skip
# Signs and words, folded to lower case; "kr" is settled by the document's country.
_SIGNS: dict[str, str] = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "euroa": "EUR", "euró": "EUR", "€uro": "EUR", "£": "GBP", "pounds": "GBP",
    "$": "USD", "us$": "USD", "usd$": "USD", "$us": "USD", "dollars": "USD", "ca$": "CAD", "c$": "CAD", "cad$": "CAD",
    "can$": "CAD", "a$": "AUD", "au$": "AUD", "aud$": "AUD", "nz$": "NZD", "s$": "SGD", "sg$": "SGD", "hk$": "HKD", "nt$": "TWD",
    "r$": "BRL", "mx$": "MXN", "kr": "KR", "kr.": "KR", "kronor": "KR", "kroner": "KR", "skr": "SEK", "nkr": "NOK", "dkr": "DKK",
    "zł": "PLN", "zl": "PLN", "zł.": "PLN", "złotych": "PLN", "kč": "CZK", "kc": "CZK", "korun": "CZK", "ft": "HUF", "ft.": "HUF",
    "forint": "HUF", "lei": "RON", "ron": "RON", "sfr": "CHF", "sfr.": "CHF", "fr.": "CHF", "franken": "CHF", "лв": "BGN",
    "лв.": "BGN", "kn": "HRK", "din": "RSD", "din.": "RSD", "₹": "INR", "rs": "INR", "rs.": "INR", "rupees": "INR", "¥": "JPY",
    "円": "JPY", "元": "CNY", "rmb": "CNY", "rm": "MYR", "₺": "TRY", "tl": "TRY", "₴": "UAH", "₪": "ILS", "₩": "KRW", "฿": "THB",
    "₱": "PHP", "₫": "VND", "₽": "RUB", "dhs": "AED", "rp": "IDR", "₦": "NGN",
}  # fmt: skip

COUNTRY_CURRENCY: dict[str, str] = {
    "SE": "SEK", "NO": "NOK", "DK": "DKK", "CH": "CHF", "LI": "CHF", "GB": "GBP", "PL": "PLN", "CZ": "CZK", "HU": "HUF",
    "RO": "RON", "IS": "ISK", "BG": "BGN", "RS": "RSD", "TR": "TRY", "UA": "UAH",
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
