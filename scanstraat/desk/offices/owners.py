"""Whose a key or a webhook is: an administration's, or all of an office's; as the person who looks after keys may choose it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext

from scanstraat.desk import visibility
from scanstraat.desk.offices.form import Form
from scanstraat.model.people import Right


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner; `value` names it in a form, one of the two ids is set."""

    value: str
    name: str
    administration: int | None = None
    office: int | None = None

    @property
    def subject(self) -> str:
        """How the audit log names it."""
        return f"office {self.name}" if self.office is not None else f"administration {self.name}"


def owners(request: HttpRequest) -> tuple[Owner, ...]:
    """The owners whose keys this person looks after: offices first, then administrations, by name."""
    offices = visibility.offices(request, Right.KEYS).values_list("id", "name")
    administrations = visibility.administrations(request, Right.KEYS).values_list("id", "name")
    return (
        *(Owner(f"office-{identifier}", name, office=identifier) for identifier, name in offices),
        *(Owner(f"administration-{identifier}", name, identifier) for identifier, name in administrations),
    )


def chosen(form: Form, known: tuple[Owner, ...]) -> Owner | None:
    """The owner that a form names; None, and the field says so, where it names none of these."""
    owner = next((owner for owner in known if owner.value == form.text("owner")), None)
    if owner is None:
        form.wrong("owner", gettext("Choose whose it is."))
    return owner


def of_owners(request: HttpRequest) -> Q:
    """The condition on keys and webhooks that they are of one of these owners."""
    offices, administrations = visibility.offices(request, Right.KEYS), visibility.administrations(request, Right.KEYS)
    return Q(office__in=offices.values("id")) | Q(administration__in=administrations.values("id"))
