"""What a document truly says of its supplier: real values in comparable form, no fallbacks, nothing of the customer (D8, C6)."""

from __future__ import annotations

from dataclasses import dataclass

from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.supplier import Account
from scanstraat.supplier_registry import normalise


@dataclass(frozen=True, slots=True)
class LookupKeys:
    """What to look a supplier up by, in comparable form; empty where the document has no such real value."""

    account: str = ""
    vat_number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document truly says of its supplier: no fallbacks, nothing of the customer's own. `name` is as printed."""

    account: Account | None = None
    vat_number: str = ""
    name: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def account_number(self) -> str:
        """The account's number, or nothing."""
        return self.account.number if self.account else ""


def lookup_keys(readings: Readings) -> LookupKeys:
    """The keys by which the register finds the suppliers that may fit; the name's key is for finding near names too.

    >>> from scanstraat.model.field import FieldName, Reading
    >>> lookup_keys(Readings((Reading(FieldName.SUPPLIER_NAME, "Bakker B.V.", 1.0),)))
    LookupKeys(account='', vat_number='', name='bakker')
    """
    facts = gather(readings, OwnIdentity())
    return LookupKeys(facts.account_number, facts.vat_number, normalise.name(facts.name))


def gather(readings: Readings, own: OwnIdentity) -> Facts:
    """The real values of a document that can tell who its supplier is."""
    account = _account(readings)
    vat_number = normalise.vat_number(_real(readings, FieldName.VAT_NUMBER)) or ""
    name = _real(readings, FieldName.SUPPLIER_NAME).strip()
    own_names = {"", *map(normalise.name, own.names)}
    printed = _real(readings, FieldName.IBAN)
    return Facts(
        account=account if account and account.number not in map(normalise.bban, own.ibans) else None,
        vat_number=vat_number if vat_number not in map(normalise.vat_number, own.vat_numbers) else "",
        name=name if normalise.name(name) not in own_names else "",
        doubts=(f"the account {printed} is no valid IBAN",) if printed and not normalise.is_valid_iban(printed) else (),
    )


def _real(readings: Readings, field: FieldName) -> str:
    """The text of a field, or nothing where it is absent or a fallback rule filled it (D8)."""
    reading = readings.get(field)
    return "" if reading is None or reading.rule else reading.value


def _account(readings: Readings) -> Account | None:
    bic = normalise.bic(_real(readings, FieldName.BIC)) or ""
    printed = _real(readings, FieldName.IBAN), _real(readings, FieldName.ACCOUNT)
    if number := next(filter(None, map(normalise.iban, printed)), None):
        return Account(number, "IBAN", bic)
    number = normalise.bban(printed[1])
    return Account(number, "BBAN", bic) if number else None
