"""VAT numbers: the form of each country with its prefix, and the check digits by python-stdnum.

Australian and Indian numbers (ABN, GSTIN) have no prefix; they count only where their check digits hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import Any

from stdnum import get_cc_module

# What follows the prefix, without blanks and marks; lengths and letters as the tax offices print them (VIES help pages).
FORMS: dict[str, str] = {
    "AT": r"U\d{8}", "BE": r"[01]?\d{9}", "BG": r"\d{9,10}", "CHE": r"\d{9}(?:MWST|TVA|IVA)?", "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z]", "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}", "GB": r"\d{9}(?:\d{3})?|GD\d{3}|HA\d{3}", "XI": r"\d{9}(?:\d{3})?", "HR": r"\d{11}",
    "HU": r"\d{8}", "IE": r"\d{7}[A-W][A-Z]{0,2}|\d[A-Z0-9+*]\d{5}[A-W][A-I]?", "IT": r"\d{11}", "LT": r"\d{9}(?:\d{3})?",
    "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "NO": r"\d{9}(?:MVA)?", "PL": r"\d{10}",
    "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{10}01", "SI": r"\d{8}", "SK": r"\d{10}", "GR": r"\d{9}",
}  # fmt: skip

_COMPILED = {prefix: re.compile(form) for prefix, form in FORMS.items()}
_LOCAL_MODULES = {"CHE": ("ch", "uid"), "NO": ("no", "mva"), "XI": ("gb", "vat"), "EL": ("gr", "vat")}
# Countries whose numbers have no prefix, by the length of the number.
_WITHOUT_PREFIX = {11: ("AU", "au", "abn"), 15: ("IN", "in_", "gstin")}
# Digits of a Hungarian number with kind of tax and county (adószám).
HUNGARIAN = 11
# Characters that OCR takes for one another, each with what it may stand for.
_LOOKALIKES = dict(zip("OQDILSBZ01582", "00011582OISBZ", strict=True))
MOST_MISREAD = 2
# The longest part of a number that its form lets be left out (the Swiss "MWST", the three digits of a British branch).
MOST_OPTIONAL = 4
# So many digits tell that a prefix was meant as one where the form is not kept; no number is longer than this.
DIGITS_THAT_TELL, LONGEST = 8, 15


@lru_cache(maxsize=64)
def _module(prefix: str) -> Any:
    country, name = _LOCAL_MODULES.get(prefix, (prefix.lower(), "vat"))
    return get_cc_module(country, name)


def matches_at(stream: str, position: int) -> Iterator[str]:
    """The VAT numbers with prefix that a stream of letters and digits may hold at a position, longest first.

    >>> list(matches_at("BTWNL820471616B01IBAN", 3)), list(matches_at("IE5473297MCompany", 0)), list(matches_at("DE12345", 0))
    (['NL820471616B01'], ['IE5473297MC', 'IE5473297M'], [])
    """
    for length in (3, 2):
        form = _COMPILED.get(stream[position : position + length])
        match = form.match(stream, position + length) if form else None
        if form and match:
            yield stream[position : match.end()]
            for end in range(match.end() - 1, match.end() - MOST_OPTIONAL - 1, -1):
                if form.fullmatch(stream, position + length, end):
                    yield stream[position:end]
            return


def country_of(number: str) -> str:
    """The ISO country of a VAT number with prefix; empty where the prefix is none.

    >>> country_of("EL123456789"), country_of("CHE123456789"), country_of("123")
    ('GR', 'CH', '')
    """
    if number[:3] == "CHE":
        return "CH"
    prefix = number[:2]
    return {"EL": "GR", "XI": "GB"}.get(prefix, prefix if prefix in FORMS else "")


def checks(number: str) -> bool:
    """Whether the check digits hold; True where the country's form has none to check.

    >>> checks("NL820471616B01"), checks("DE123456789"), checks("DE136695976")
    (True, False, True)
    """
    prefix = "CHE" if number[:3] == "CHE" else number[:2]
    module = _module(prefix)
    if module is None:
        return True
    bare = number if prefix in {"CHE", "NO"} else number[2:]
    if prefix == "NO" and not bare.endswith("MVA"):
        bare += "MVA"
    return bool(module.is_valid(bare) or (prefix == "NL" and module.is_valid(number)))


def country_without_prefix(number: str) -> str:
    """The country of a number that has no prefix by its law; empty where it is none or its check fails.

    >>> country_without_prefix("51824753556"), country_without_prefix("51824753557"), country_without_prefix("NL820471616B01")
    ('AU', '', '')
    """
    country, home, name = _WITHOUT_PREFIX.get(len(number), ("", "", ""))
    module: Any = get_cc_module(home, name) if country and number[:2].isdigit() else None
    return country if module is not None and module.is_valid(number) else ""


def completed(number: str, countries: tuple[str, ...], told: tuple[str, ...] = ()) -> str | None:
    """A number as its label names it with the prefix of one of these countries, the likelier first; one with prefix as it is.

    Its check digits must hold, but for countries that the label has `told`, of which the form is enough.

    >>> completed("0403019261", ("NL", "BE")), completed("34922376217", ("HU",)), completed("136695976", ("FR", "DE"))
    ('BE0403019261', 'HU34922376', 'DE136695976')
    >>> completed("51824753556", ("AU",)), completed("NL820471616B01", ()), completed("123456789", ("DE",))
    ('51824753556', 'NL820471616B01', None)
    >>> completed("123456789", ("DE",), ("DE",))
    'DE123456789'
    """
    if has_form(number) or (number[:2] in FORMS and sum(c.isdigit() for c in number) >= DIGITS_THAT_TELL):
        return number if len(number) <= LONGEST else None
    trials = [trial for country in countries for trial in _with_prefix(number, country)]
    fitting = [t for t in trials if has_form(t)]
    sure = next((t for t in fitting if checks(t)), None)
    if sure is None and country_without_prefix(number) in countries:
        return number
    return sure or next((t for t in fitting if country_of(t) in told), None)


def _with_prefix(number: str, country: str) -> Iterator[str]:
    """The spellings of a number of a country with its prefix."""
    if country == "HU" and len(number) == HUNGARIAN:
        number = number[:8]  # what follows is the kind of tax and the county
    if country == "NO" and not number.endswith("MVA"):
        number += "MVA"
    if country == "CH":
        country = "CHE"
    yield country + number
    if country == "BE" and len(number) == 9:
        yield "BE0" + number


def has_form(number: str) -> bool:
    """Whether a number with prefix has its country's form.

    >>> has_form("FR60421938861"), has_form("DE09687654321")
    (True, False)
    """
    return number in matches_at(number, 0)


def without_lookalikes(number: str) -> str | None:
    """The one number that `number` stands for when up to two characters were misread by OCR as what they look like.

    Its country's form must then be kept and its check digits hold; None where nothing or more than one thing does.

    >>> without_lookalikes("DEI36695976"), without_lookalikes("IE6388O47V"), without_lookalikes("DE123456789")
    ('DE136695976', 'IE6388047V', None)
    """
    start = 3 if number.startswith("CHE") else 2
    places = [i for i in range(start, len(number)) if number[i] in _LOOKALIKES]
    found: set[str] = set()
    for count in range(1, MOST_MISREAD + 1):
        for chosen in combinations(places, count):
            trial = "".join(_LOOKALIKES[c] if i in chosen else c for i, c in enumerate(number))
            if has_form(trial) and checks(trial):
                found.add(trial)
        if found:
            break
    return found.pop() if len(found) == 1 else None
