"""Numbers of companies as typed: VAT numbers with or without the prefix of their country, numbers of company registers."""

from __future__ import annotations

import re

from scanstraat.errors import Refused
from scanstraat.extractors.typed.text import as_printed, short
from scanstraat.extractors.values.register_number import register_of
from scanstraat.extractors.values.vat_number import FORMS, completed, country_without_prefix, has_form

_APART = re.compile(r"[\s.\-–/:,]+", re.VERBOSE)
_WORD = re.compile(r"(?:VAT|BTW|TVA|MOMS|MVA|UST|MWST|ALV|UID|IVA|NIF|NIP|ID|NUMBER|NUMMER|NR|NO)+", re.VERBOSE)
_REGISTER = re.compile(r"(?:kvk|kbo|cvr|siren|siret|krs|regon|org\.?\ ?nr|y-tunnus)\b[\s.:]*", re.VERBOSE | re.IGNORECASE)
_EXAMPLE = "Type it with its country in front, as NL004495445B01; type - where the document has none."


def vat_number(text: str, country: str) -> str:
    """A VAT number without blanks and with its prefix; one without prefix is of `country` where it has the form of that.

    Its check digits are not asked for: a number may be printed wrong, and is then to be given as it is.

    >>> vat_number("nl 0044.95.445.B01", "NL"), vat_number("004495445B01", "NL"), vat_number("0403.019.261", "BE")
    ('NL004495445B01', 'NL004495445B01', 'BE0403019261')
    >>> vat_number("NL 1234", "NL")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-vat-number: “NL1234” does not have the form of a VAT number of NL. Type it with its ...
    """
    number = _APART.sub("", text).upper()
    word = _WORD.match(number)
    countries = (country, "NO") if number.endswith("MVA") else (country,)
    for trial in (number, number[word.end() :] if word else ""):
        if has_form(trial) or country_without_prefix(trial):
            return trial
        if (found := completed(trial, countries, countries)) and has_form(found):
            return found
    why = f"{short(number)} does not have the form of a VAT number"
    named = next((number[:length] for length in (3, 2) if number[:length] in FORMS), "")
    raise Refused("typed-vat-number", f"{why} of {named}." if named else f"{why}.", _EXAMPLE)


def register_number(text: str, country: str) -> str:
    """A number of a company register without blanks and dots.

    >>> register_number("KvK 3012 3456", "NL"), register_number("hrb 12345 b", "DE"), register_number("0403.019.261", "BE")
    ('30123456', 'HRB12345B', '0403019261')
    >>> register_number("none", "NL")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-register-number: “none” holds no digits. Type it as it is printed, as 30123456.
    """
    if not any(c in "0123456789" for c in text):
        raise Refused("typed-register-number", f"{short(text)} holds no digits.", "Type it as it is printed, as 30123456.")
    word = _REGISTER.match(text)
    value, _, _ = register_of(text[word.end() :] if word else text, (country,))
    return as_printed(value, "typed-register-number")
