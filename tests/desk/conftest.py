from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from scanstraat.desk.pictures import pictures
from scanstraat.model.administration import Administration
from scanstraat.model.people import Post, Role
from scanstraat.records import models, offices, people

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PASSWORD = "four words make one"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="session", autouse=True)
def _pictures_end() -> Iterator[None]:
    yield
    pictures().close()


@pytest.fixture
def desk(database: None) -> Iterator[str]:
    """The address of our own server, with the database of this process."""
    from tests.desk.chromium import served  # here, so that only tests with a browser load it

    with served() as address:
        yield address


@pytest.fixture
def browser() -> Iterator[Browser]:
    from tests.desk.chromium import launched

    with launched() as chromium:
        yield chromium


def office_of(administration: Administration) -> str:
    return models.Administration.objects.get(id=administration.id).office.name


@pytest.fixture
def signed_in(database: None) -> Callable[..., Client]:
    """A browser signed in as a new person, with `role` in the offices of these administrations; with `operator`, a lead
    everywhere. A role that is held in administrations is held in these alone."""

    def enter(*administrations: Administration, role: Role = Role.OFFICE_MAIN_USER, operator: bool = False) -> Client:
        posts = tuple(post_in(administration, role) for administration in administrations)
        posts += (Post(Role.LEAD),) if operator else ()
        user = people.create_user(f"user-{uuid4().hex[:10]}", PASSWORD, posts, date(2026, 1, 1))
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(pk=user), backend=BACKEND)
        return client

    return enter


def post_in(administration: Administration, role: Role) -> Post:
    """`role` in this administration, or where the role has no such reach, in its office."""
    if role is Role.ADMINISTRATION_USER:
        return Post(role, administration=administration.id)
    return Post(role, office=people.office(office_of(administration)))


@pytest.fixture
def foreign(administration: Administration) -> Administration:
    """An administration of another office."""
    drop = f"{administration.drop}-foreign"
    return offices.open_administration(f"Office {drop}", replace(administration, name=drop, drop=drop), (f"{drop}@x.example",))
