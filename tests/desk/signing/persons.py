"""Persons who come to the sign-in page, and what they do there."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pyotp
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from scanstraat.model.people import Post, Role
from scanstraat.records import models, people
from tests.desk.conftest import PASSWORD

WRONG = "four other words go"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person by his id and the name he signs in with."""

    id: int
    name: str

    @property
    def row(self) -> User:
        return User.objects.get(pk=self.id)


def somebody(*posts: Post, email: str = "") -> Somebody:
    """A new person."""
    name = f"person-{uuid4().hex[:10]}"
    identifier = people.create_user(name, PASSWORD, posts, date(2026, 1, 1))
    User.objects.filter(pk=identifier).update(email=email)
    return Somebody(identifier, name)


def operator() -> Somebody:
    return somebody(Post(Role.OPERATOR))


def browser(address: str = "127.0.0.1") -> Client:
    return Client(SERVER_NAME="localhost", REMOTE_ADDR=address, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140.0")


def sign_in(name: str, password: str = PASSWORD, client: Client | None = None) -> Client:
    """A browser in which name and password were given, right or wrong."""
    client = client or browser()
    client.post(reverse("sign-in"), {"username": name, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def later(client: Client, seconds: int) -> None:
    """Have the sign-in of this browser be so long ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - seconds} for record in session["account_authentication_methods"]
    ]
    session.save()


def code(secret: str, periods: int = 0) -> str:
    """What the app shows; some periods of half a minute from now, as a code is good for one time."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * periods)


def set_up_app(client: Client) -> str:
    """Set an authenticator app up; returns its secret."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'id="totp-key">([A-Z2-7]+)<', page)
    assert found, page
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(found[1])})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return found[1]


def told(person: Somebody) -> list[tuple[str, str]]:
    """The audit log about this person: who, and what."""
    rows = models.AuditEntry.objects.filter(subject=f"user {person.name}").order_by("number")
    return [(row.actor, row.act) for row in rows]
