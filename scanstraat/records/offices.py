"""Offices, administrations and their addresses."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from scanstraat.codec import from_json, to_json
from scanstraat.errors import Inconsistent, Refused
from scanstraat.model.administration import Administration, Instructions, OwnIdentity
from scanstraat.records import models
from scanstraat.records.statements import one

TAIL = timedelta(days=14)  # mail is still processed so long after a contract ends (A10)


def administration(identifier: int) -> Administration:
    """The administration with this id."""
    row = one(models.Administration, identifier)
    if row is None:
        raise Inconsistent("administration-missing", f"there is no administration {identifier}.")
    return _value(row)


def administrations() -> tuple[Administration, ...]:
    """All administrations, by name."""
    return tuple(_value(row) for row in models.Administration.objects.order_by("name"))


def named(name: str) -> Administration:
    """The administration with this drop name, or of this name where only one has it; raises `Refused` where there is none."""
    rows = models.Administration.objects.filter(drop=name) or models.Administration.objects.filter(name=name)[:2]
    if len(rows) != 1:
        why = f"several administrations are named {name}" if rows else f"there is no administration {name}"
        raise Refused("administration-unknown", f"{why}.", "Give the name of its drop folder.")
    return _value(rows[0])


def first_address(identifier: int) -> str:
    """The address for what comes by another way than mail: the administration's oldest in use, else its oldest; "" for none."""
    rows = models.Address.objects.filter(administration_id=identifier).order_by(F("ended_at").asc(nulls_first=True), "id")
    return rows.values_list("address", flat=True).first() or ""


def of_address(address: str, now: datetime) -> tuple[Administration | None, bool]:
    """The administration an address belongs to (A1), and whether it still takes mail (A10): (None, False) where unknown."""
    row = models.Address.objects.select_related("administration").filter(address=address.lower()).first()
    if row is None:
        return None, False
    found = _value(row.administration)
    ended = row.ended_at is not None and row.ended_at <= now
    return found, not ended and in_contract(found, now.date())


def is_own(address: str) -> bool:
    """Whether it is an address of one of our administrations, ended or not."""
    return models.Address.objects.filter(address=address.lower()).exists()


def instruct(identifier: int, instructions: Instructions) -> None:
    """Record what an administration asks for, in place of what it asked for before."""
    models.Administration.objects.filter(id=identifier).update(instructions=to_json(instructions).decode())


def describe(identifier: int, name: str, own: OwnIdentity, country: str, currency: str) -> None:
    """Record who an administration is, in place of what was recorded before (C6, D9)."""
    identity = {"name": name, "own": to_json(own).decode(), "country": country, "currency": currency}
    models.Administration.objects.filter(id=identifier).update(**identity)


def set_drop(identifier: int, drop: str) -> None:
    """Deliver to another drop folder from now on; raises `Refused` (`drop-taken`) for one of another administration."""
    with transaction.atomic():
        if models.Administration.objects.filter(drop=drop).exclude(id=identifier).exists():
            raise _drop_taken(drop)
        models.Administration.objects.filter(id=identifier).update(drop=drop)


def add_address(identifier: int, address: str) -> None:
    """Take mail at this address too, again where it was ended; raises `Refused` (`address-taken`) for one of another (A1)."""
    plain = address.lower()
    with transaction.atomic():
        lock(identifier)
        row = models.Address.objects.filter(address=plain).first()
        if row is None:
            models.Address.objects.create(administration_id=identifier, address=plain)
        elif row.administration_id != identifier or row.ended_at is None:
            raise _address_taken(plain)
        else:
            models.Address.objects.filter(id=row.id).update(ended_at=None)


def end_address(identifier: int, address: str, at: datetime) -> None:
    """Take no more mail at this address; nobody else can get it. Raises `Refused` (`address-unknown`) where it is not in use."""
    rows = models.Address.objects.filter(administration_id=identifier, address=address.lower(), ended_at=None)
    if not rows.update(ended_at=at):
        raise Refused("address-unknown", f"{address} is no address in use here.", "Look at the list again.")


def in_contract(found: Administration, today: date) -> bool:
    """Whether mail is processed: during the contract and the 14 days after its last day (A10)."""
    return found.contract_ended_on is None or today <= found.contract_ended_on + TAIL


def open_administration(office: str, new: Administration, addresses: tuple[str, ...]) -> Administration:
    """Add an administration (its `id` is given here) to an office, made where it is new. Raises `Refused` for a taken address."""
    with transaction.atomic():
        owner, _ = models.Office.objects.get_or_create(name=office)
        taken = models.Address.objects.filter(address__in=[a.lower() for a in addresses]).values_list("address", flat=True)
        if taken:
            raise _address_taken(", ".join(taken))
        if models.Administration.objects.filter(drop=new.drop).exists():
            raise _drop_taken(new.drop)
        row = models.Administration.objects.create(
            office=owner,
            name=new.name,
            drop=new.drop,
            currency=new.currency,
            country=new.country,
            own=to_json(new.own).decode(),
            instructions=to_json(new.instructions).decode(),
            contract_ended_on=new.contract_ended_on,
        )
        models.Address.objects.bulk_create(models.Address(administration=row, address=a.lower()) for a in addresses)
    return _value(row)


def end_contract(identifier: int, last_day: date | None) -> None:
    """End the contract of an administration, mail is processed for 14 more days (A10); None: it goes on."""
    models.Administration.objects.filter(id=identifier).update(contract_ended_on=last_day)


def lock(identifier: int) -> None:
    """Within a transaction: let nobody else decide about this administration's suppliers and duplicates until it ends."""
    models.Administration.objects.select_for_update(no_key=True).values_list("id").get(id=identifier)


def _address_taken(address: str) -> Refused:
    return Refused("address-taken", f"{address} belongs to an administration already.", "Choose another address.")


def _drop_taken(drop: str) -> Refused:
    return Refused("drop-taken", f"the drop folder {drop} belongs to an administration already.", "Choose another name.")


def _value(row: models.Administration) -> Administration:
    return Administration(
        id=row.id,
        name=row.name,
        own=from_json(row.own, OwnIdentity),
        drop=row.drop,
        currency=row.currency,
        country=row.country,
        instructions=from_json(row.instructions, Instructions),
        contract_ended_on=row.contract_ended_on,
    )
