"""What an administration asked for, as a form: its own identity, thresholds, phrases, contacts (C6, E6, G3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from scanstraat.desk.offices.form import Form
from scanstraat.desk.shown.values import grouped
from scanstraat.model.administration import Administration, Instructions, OwnIdentity
from scanstraat.pipeline import instructing


@dataclass(frozen=True, slots=True)
class Described:
    """Who an administration is and what it asks for, as one form gives them together."""

    name: str
    country: str
    currency: str
    own: OwnIdentity
    instructions: Instructions


def described(row: Administration) -> Described:
    """What is recorded now."""
    return Described(row.name, row.country, row.currency, row.own, row.instructions)


def written(now: Described) -> dict[str, str]:
    """The fields of the form, filled with what is recorded."""
    asked = now.instructions
    return {
        "name": now.name,
        "country": now.country,
        "currency": now.currency,
        "names": _lines(other for other in now.own.names if other != now.name),
        "vat_numbers": _lines(now.own.vat_numbers),
        "ibans": _lines(map(grouped, now.own.ibans)),
        "threshold": f"{asked.deliver_threshold * 100:g}",
        "phrases": _lines(asked.reminder_phrases),
        "contacts": _lines(asked.contacts),
        "new_account_waits": "on" if asked.new_account_waits else "",
        "answers_senders": "on" if asked.answers_senders else "",
    }


def taken(form: Form, before: Described) -> Described:
    """What the form gives; what is wrong with it stays as it was, and the form says so."""
    name = form.checked("name", instructing.name, before.name)
    country = form.checked("country", instructing.country, before.country)
    currency = form.checked("currency", instructing.currency, before.currency)
    return Described(name, country, currency, own(form, name, country), _instructions(form, before.instructions))


def own(form: Form, name: str, country: str) -> OwnIdentity:
    """The company's own names, numbers and accounts, its name the first of them."""
    names = form.lines("names", instructing.name)
    vat_numbers = form.lines("vat_numbers", lambda text: instructing.own_vat_number(text, country))
    return OwnIdentity(tuple(dict.fromkeys((name, *names))), vat_numbers, form.lines("ibans", instructing.own_iban))


def difference(before: Described, after: Described) -> str:
    """What changed, for the audit log: the names of the fields with the values before and after."""
    changed = []
    for old, new in ((before, after), (before.own, after.own), (before.instructions, after.instructions)):
        for field in fields(old):
            was, now = getattr(old, field.name), getattr(new, field.name)
            if was != now and not isinstance(was, OwnIdentity | Instructions):
                changed.append(f"{field.name}: {_told(was)} → {_told(now)}")
    return "; ".join(changed)


def _instructions(form: Form, before: Instructions) -> Instructions:
    return replace(
        before,
        deliver_threshold=form.checked("threshold", instructing.threshold, before.deliver_threshold),
        reminder_phrases=form.lines("phrases", instructing.phrase),
        contacts=form.lines("contacts", instructing.contact),
        new_account_waits=form.is_ticked("new_account_waits"),
        answers_senders=form.is_ticked("answers_senders"),
    )


def _told(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)


def _lines(values: Iterator[str] | tuple[str, ...] | map[str]) -> str:
    return "\n".join(values)
