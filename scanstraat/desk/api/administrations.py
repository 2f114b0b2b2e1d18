"""The administrations that a key is for."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from ninja import Router

from scanstraat.desk.api import access
from scanstraat.desk.api.operation import Answers, operation

router = Router(tags=["administrations"])


@dataclass(frozen=True, slots=True)
class AdministrationAnswer:
    """An administration: `administration` is the name of its drop folder, by which the API names it everywhere."""

    administration: str
    name: str
    office: str
    country: str
    currency: str


@dataclass(frozen=True, slots=True)
class AdministrationList:
    """All administrations that the key is for, by name."""

    items: tuple[AdministrationAnswer, ...]


@operation(router, "GET", "/administrations", answers=Answers(AdministrationList), url_name="api-administrations")
def list_administrations(request: HttpRequest) -> AdministrationList:
    """The administrations that the key is for, by name."""
    rows = access.administrations(request).select_related("office").order_by("name", "id")
    return AdministrationList(
        tuple(AdministrationAnswer(row.drop, row.name, row.office.name, row.country, row.currency) for row in rows)
    )
