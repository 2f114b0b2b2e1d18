from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.test import Client

from scanstraat.desk.pictures import pictures
from scanstraat.model.administration import Administration
from scanstraat.records import models, people

PASSWORD = "four words make one"


@pytest.fixture(scope="session", autouse=True)
def _pictures_end() -> Iterator[None]:
    yield
    pictures().close()


def office_of(administration: Administration) -> str:
    return models.Administration.objects.get(id=administration.id).office.name


@pytest.fixture
def signed_in(database: None) -> Callable[..., Client]:
    """A browser signed in as a new person, who sees the offices of these administrations; with `operator`, every one."""

    def enter(*administrations: Administration, operator: bool = False) -> Client:
        user = people.create_user(f"user-{uuid4().hex[:10]}", PASSWORD, tuple(map(office_of, administrations)), operator)
        client = Client(SERVER_NAME="localhost")
        client.force_login(models.Membership.user.field.related_model.objects.get(pk=user))
        return client

    return enter
