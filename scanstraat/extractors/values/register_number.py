"""Numbers of company registers: one row a register, told by the form of the number and the country of the document.

country  register and number                        check                                source
NL       KvK, 8 digits                              none                                 Handelsregisterbesluit 2008
BE       KBO/BCE, 0 or 1 and 9 digits               modulo 97                            Crossroads Bank for Enterprises
DE       HRA, HRB, GnR, VR, PR and up to 6 digits   none                                 Handelsregisterverordnung
AT       Firmenbuch, up to 6 digits and a letter    none                                 Firmenbuchgesetz
LU       RCS, B and up to 6 digits                  none                                 Luxembourg Business Registers
FR       SIREN, 9 digits; SIRET, 14                 Luhn                                 INSEE
FI       Y-tunnus, 7 digits and 1                   modulo 11                            PRH
SE       organisationsnummer, 6 digits and 4        Luhn                                 Skatteverket
NO       organisasjonsnummer, 9 digits              modulo 11                            Brønnøysund
DK       CVR, 8 digits                              modulo 11                            Erhvervsstyrelsen
PL       REGON, 9 or 14 digits; KRS, 10             modulo 11; none                      GUS; KRS
CZ, SK   IČO, 8 digits                              modulo 11                            ČSÚ
GB       company number, 8 digits or 2 letters, 6   none                                 Companies House
CH       UID, CHE and 9 digits                      modulo 11                            BFS
AU       ABN, 11 digits                             modulo 89                            ABR
IT       REA, province and up to 7 digits           none                                 Registro Imprese
HU       cégjegyzékszám, 2-2-6 digits               none                                 Cégbíróság
RO       registrul comerțului, J40/1234/2005        none                                 ONRC
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from stdnum import get_cc_module


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its country, its name, the form of its numbers without blanks and marks, and the module that checks them."""

    country: str
    name: str
    form: re.Pattern[str]
    module: str = ""


def _register(country: str, name: str, form: str, module: str = "") -> Register:
    return Register(country, name, re.compile(form), module)


REGISTERS = (
    _register("DE", "Handelsregister", r"(?:HRA|HRB|GNR|VR|PR)\d{1,6}[A-Z]{0,2}"),
    _register("AT", "Firmenbuch", r"\d{5,6}[A-Z]"),
    _register("LU", "RCS", r"B\d{4,6}"),
    _register("CH", "UID", r"CHE\d{9}(?:MWST|TVA|IVA)?", "uid"),
    _register("RO", "ONRC", r"[JFC]\d{1,2}/\d{1,6}/(?:19|20)\d{2}"),
    _register("IT", "REA", r"[A-Z]{2}-?\d{5,7}"),
    _register("GB", "company number", r"\d{8}|(?:SC|NI|OC|SO|LP|SL|NC|FC|BR|RC|IP|CE|CS)\d{6}"),
    _register("NL", "KvK", r"\d{8}"),
    _register("BE", "KBO", r"[01]\d{9}", "vat"),
    _register("FR", "SIREN", r"\d{9}", "siren"),
    _register("FR", "SIRET", r"\d{14}", "siret"),
    _register("FI", "Y-tunnus", r"\d{7}-?\d", "ytunnus"),
    _register("SE", "organisationsnummer", r"\d{6}-?\d{4}", "orgnr"),
    _register("NO", "organisasjonsnummer", r"\d{9}", "orgnr"),
    _register("DK", "CVR", r"\d{8}", "cvr"),
    _register("PL", "REGON", r"\d{9}|\d{14}", "regon"),
    _register("PL", "KRS", r"0\d{9}"),
    _register("CZ", "IČO", r"\d{8}", "ico"),
    _register("SK", "IČO", r"\d{8}", "ico"),
    _register("AU", "ABN", r"\d{11}", "abn"),
    _register("HU", "cégjegyzékszám", r"\d{2}-?\d{2}-?\d{6}"),
)
_MARKS = re.compile(r"[\s.:]")


@cache
def _module(country: str, name: str) -> Any:
    return get_cc_module(country.lower(), name)


def is_ico(digits: str) -> bool:
    """Whether 8 digits are a Czech or Slovak IČO: weights 8 to 2, modulo 11.

    >>> is_ico("25596641"), is_ico("25596642")
    (True, False)
    """
    total = sum(int(d) * w for d, w in zip(digits, range(8, 1, -1), strict=False))
    return int(digits[7]) == (11 - total % 11) % 10


def register_of(text: str, countries: tuple[str, ...]) -> tuple[str, Register | None, bool | None]:
    """A printed number without blanks and dots, the register of these countries it fits, and whether its check digit holds.

    The check is None where the register has none; a number that fits no register is given as printed.

    >>> value, register, checks = register_of("0403.019.261", ("BE",))
    >>> value, register.name, checks
    ('0403019261', 'KBO', True)
    >>> register_of("HRB 12345 B", ())[0], register_of("0403.019.262", ("BE",))[2], register_of("12", ("NL",))
    ('HRB12345B', False, ('12', None, None))
    """
    value = _MARKS.sub("", text).upper()
    fitting = [r for r in REGISTERS if (r.country in countries or value[:1].isalpha()) and r.form.fullmatch(value)]
    judged = [(register, _checks(register, value)) for register in fitting]
    for wanted in (True, None, False):
        for register, checks in judged:
            if checks is wanted:
                return value, register, checks
    return value, None, None


def _checks(register: Register, value: str) -> bool | None:
    if not register.module:
        return None
    check: Callable[[str], bool] = is_ico if register.module == "ico" else _module(register.country, register.module).is_valid
    return bool(check(value))
