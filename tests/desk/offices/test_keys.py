"""The page of keys and webhooks: who makes which, that a secret is shown once, and that nobody sees another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from scanstraat.model.administration import Administration
from scanstraat.model.hook import EVENTS
from scanstraat.model.people import Role
from scanstraat.records import keys, models, offices
from scanstraat.records.sealing import WEBHOOKS, unseal
from tests.desk.conftest import office_of
from tests.desk.offices.test_lists import text_of

SignIn = Callable[..., Client]
URL = "https://workflow.example/told"


@pytest.fixture
def foreign(administration: Administration) -> Administration:
    drop = f"f-{uuid4().hex[:10]}"
    return offices.open_administration(f"Office {drop}", replace(administration, name=drop, drop=drop), ())


def _secret(page: str) -> str:
    return page.split("<output>")[1].split("</output>")[0]


def _office(administration: Administration) -> int:
    return models.Administration.objects.get(id=administration.id).office_id


@pytest.mark.rule("I5", "F8")
def test_a_key_is_made_for_an_administration_or_an_office_shown_once_and_ended(
    administration: Administration, signed_in: SignIn
) -> None:
    main = signed_in(administration)
    for owner in (f"administration-{administration.id}", f"office-{_office(administration)}"):
        sent = {"name": f"Bookkeeping of {owner}", "owner": owner, "scopes": ["read", "drops"]}
        made = main.post(reverse("keys"), sent, follow=True).content.decode()
        key = keys.of_key(_secret(made))
        assert key is not None
        assert (key.name, key.scopes) == (sent["name"], {"read", "drops"})
        assert (key.administration, key.office) == (
            (administration.id, None) if owner.startswith("a") else (None, _office(administration))
        )
        again = main.get(reverse("keys")).content.decode()
        assert "<output>" not in again
        assert sent["name"] in again
        taken = main.post(reverse("keys"), sent)
        assert (taken.status_code, "There is a key Bookkeeping" in taken.content.decode()) == (422, True)
        main.post(reverse("end-key", args=[key.id]))
        assert keys.of_key(_secret(made)) is None
        assert main.post(reverse("end-key", args=[key.id])).status_code == 404
    acts = models.AuditEntry.objects.filter(chain=administration.id, act__in=("add-key", "end-key")).order_by("number")
    assert list(acts.values_list("act", flat=True)) == ["add-key", "end-key"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "A key&#x27;s name has 1 to 80 characters."),
        ({"scopes": []}, "Choose what the program may do."),
        ({"scopes": ["everything"]}, "Choose what the program may do."),
        ({"owner": ""}, "Choose whose it is."),
    ],
)
def test_what_a_key_lacks_is_said(
    administration: Administration, signed_in: SignIn, changed: dict[str, object], said: str
) -> None:
    sent: dict[str, object] = {"name": "x", "owner": f"administration-{administration.id}", "scopes": ["read"]}
    answer = signed_in(administration).post(reverse("keys"), {**sent, **changed})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not models.ServiceKey.objects.filter(administration_id=administration.id).exists()


@pytest.mark.rule("I5")
def test_nobody_makes_sees_or_ends_the_keys_and_webhooks_of_another_office(
    administration: Administration, foreign: Administration, signed_in: SignIn
) -> None:
    main, other = signed_in(administration), signed_in(foreign)
    mark = uuid4().hex
    main.post(reverse("keys"), {"name": f"Key {mark}", "owner": f"administration-{administration.id}", "scopes": "read"})
    main.post(
        reverse("add-webhook"), {"url": f"{URL}/{mark}", "owner": f"office-{_office(administration)}", "events": list(EVENTS)}
    )
    key = models.ServiceKey.objects.get(name=f"Key {mark}")
    hook = models.Webhook.objects.get(url=f"{URL}/{mark}")
    assert mark in main.get(reverse("keys")).content.decode()
    shown = other.get(reverse("keys")).content.decode()
    assert mark not in shown
    assert office_of(administration) not in shown
    assert other.post(reverse("end-key", args=[key.pk])).status_code == 404
    for name in ("end-webhook", "try-webhook"):
        assert other.post(reverse(name, args=[hook.pk])).status_code == 404
    for owner in (f"administration-{administration.id}", f"office-{_office(administration)}", "office-0", "x"):
        assert other.post(reverse("keys"), {"name": "x", "owner": owner, "scopes": "read"}).status_code == 422
        assert other.post(reverse("add-webhook"), {"url": URL, "owner": owner, "events": list(EVENTS)}).status_code == 422
    for role in (Role.OFFICE_USER, Role.ADMINISTRATION_USER, Role.AUDITOR, Role.OPERATOR):
        assert signed_in(administration, role=role).get(reverse("keys")).status_code == 403


@pytest.mark.rule("F8")
def test_a_webhook_is_added_tried_and_ended(administration: Administration, signed_in: SignIn) -> None:
    main, url = signed_in(administration), f"{URL}/{uuid4().hex}"
    sent = {"url": url, "owner": f"administration-{administration.id}", "events": ["document.delivered", "mail.parked"]}
    made = main.post(reverse("add-webhook"), sent, follow=True).content.decode()
    row = models.Webhook.objects.get(url=url)
    assert unseal(settings.SCANSTRAAT.home_path, row.secret, WEBHOOKS).decode() == _secret(made)
    assert row.events == "document.delivered,mail.parked"
    main.post(reverse("try-webhook", args=[row.pk]))
    row.calls.update(state="failed")
    assert f"{url} {administration.name} document.delivered,mail.parked 0 1" in text_of(main, reverse("keys"))
    for wrong in ("http://workflow.example/", "ftp://x", "", "https://127.0.0.1/", url):
        assert main.post(reverse("add-webhook"), {**sent, "url": wrong}).status_code == 422, wrong
    assert "Choose what it is told of." in main.post(reverse("add-webhook"), {**sent, "events": []}).content.decode()
    main.post(reverse("end-webhook", args=[row.pk]))
    assert url not in main.get(reverse("keys")).content.decode()
