"""The pages of users and operators: who may do what with them, what is said at which field, and what it does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from scanstraat.model.administration import Administration
from scanstraat.model.people import Post, Role
from scanstraat.records import models, people
from tests.desk import mailroom
from tests.desk.conftest import BACKEND, PASSWORD, office_of

SignIn = Callable[..., Client]
AGREED = date(2026, 1, 1)


def _name() -> str:
    return f"user-{uuid4().hex[:10]}"


def _office(administration: Administration) -> int:
    return people.office(office_of(administration))


def _add(*posts: Post, since: date | None = None) -> User:
    return User.objects.get(pk=people.create_user(_name(), PASSWORD, posts, since))


def _new(administration: Administration, **other: str) -> dict[str, str]:
    given = {"name": _name(), "full_name": "Anna Bakker", "email": "anna@kantoor.example", "role": "office-user"}
    return {**given, "place": f"office-{_office(administration)}", **other}


def _posts(user: User) -> tuple[Post, ...]:
    found = people.person(user.pk)
    assert found
    return found.posts


@pytest.mark.rule("I5")
def test_a_main_user_adds_a_user_whose_password_is_shown_once(administration: Administration, signed_in: SignIn) -> None:
    main, sent = signed_in(administration), _new(administration)
    page = main.get(reverse("user-new")).content.decode()
    assert "the whole office" in page
    assert "operator" not in page.lower().replace("operators", "")
    answer = main.post(reverse("user-new"), sent)
    given = re.search(r'<output class="given"[^>]*>([a-z2-9-]{23})</output>', answer.content.decode())
    assert given
    user = User.objects.get(username=sent["name"])
    assert user.check_password(given[1])
    assert models.Profile.objects.get(user=user).must_change_password
    assert _posts(user) == (Post(Role.OFFICE_USER, _office(administration)),)
    listed = main.get(reverse("users")).content.decode()
    assert "Anna Bakker" in listed
    assert given[1] not in listed + main.get(reverse("user", args=[user.pk])).content.decode()
    assert models.AuditEntry.objects.filter(act="add-user", subject=f"user {user.username}").exists()


@pytest.mark.rule("I3", "I5")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "two words"}, "letters, digits"),
        ({"name": ""}, "letters, digits"),
        ({"email": "nowhere"}, "no mail address"),
        ({"full_name": "x" * 201}, "at most 200"),
        ({"role": ""}, "Choose a role"),
        ({"role": "lead"}, "Choose a role"),
        ({"place": "everywhere"}, "Choose where"),
        ({"place": "office-999999"}, "Choose where"),
        ({"role": "administration-user"}, "cannot be held"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    administration: Administration, signed_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    main, sent, before = signed_in(administration), _new(administration, **wrong), User.objects.count()
    answer = main.post(reverse("user-new"), sent)
    assert answer.status_code == 422
    assert re.search(rf'class="doubt" id="error_\w+">[^<]*{said}', answer.content.decode()), answer.content.decode()
    assert User.objects.count() == before


@pytest.mark.rule("I5")
def test_roles_are_changed_and_the_last_main_user_stays(administration: Administration, signed_in: SignIn) -> None:
    main, office = signed_in(administration), _office(administration)
    own = User.objects.get(pk=main.session["_auth_user_id"])
    user = _add(Post(Role.OFFICE_USER, office))
    page = reverse("user", args=[user.pk])
    sent = {
        "full_name": "Bert",
        "email": "",
        "role": "office-main-user",
        "place": f"office-{office}",
        "keep": "office-user:office-9",
    }
    assert main.post(page, sent).status_code == 302
    assert _posts(user) == (Post(Role.OFFICE_MAIN_USER, office),)
    assert "Saved." in main.get(page).content.decode()
    more = {
        **sent,
        "role": "auditor",
        "place": f"administration-{administration.id}",
        "keep": f"office-main-user:office-{office}",
    }
    assert main.post(page, more).status_code == 302
    assert set(_posts(user)) == {Post(Role.OFFICE_MAIN_USER, office), Post(Role.AUDITOR, administration=administration.id)}
    none = main.post(page, {"full_name": "Bert", "email": "", "role": "", "place": ""})
    assert (none.status_code, "at least one role" in none.content.decode()) == (422, True)
    assert main.post(reverse("user-end", args=[user.pk])).status_code == 302
    demoted = main.post(reverse("user", args=[own.pk]), {"full_name": "", "role": "office-user", "place": f"office-{office}"})
    assert demoted.status_code == 422
    assert "would be left without a main user" in demoted.content.decode()
    assert _posts(own) == (Post(Role.OFFICE_MAIN_USER, office),)


@pytest.mark.rule("I3", "I5")
def test_a_person_is_ended_and_let_in_again(administration: Administration, signed_in: SignIn) -> None:
    main = signed_in(administration)
    user = _add(Post(Role.OFFICE_USER, _office(administration)))
    his = Client(SERVER_NAME="localhost")
    his.force_login(user, backend=BACKEND)
    assert his.get(reverse("mails")).status_code == 200
    assert main.post(reverse("user-end", args=[user.pk])).status_code == 302
    assert his.get(reverse("mails")).status_code == 302
    page = main.get(reverse("user", args=[user.pk])).content.decode()
    assert reverse("user-revive", args=[user.pk]) in page
    assert "Ended" in main.get(reverse("users")).content.decode()
    assert main.post(reverse("user-revive", args=[user.pk])).status_code == 302
    assert his.get(reverse("mails")).status_code == 302  # the session from before does not come back
    answer = main.post(reverse("user-password", args=[user.pk]))
    assert "given" in answer.content.decode()
    assert main.post(reverse("user-second-factor", args=[user.pk])).status_code == 302
    own = main.post(reverse("user-password", args=[main.session["_auth_user_id"]]))
    assert (own.status_code, "page of your own account" in own.content.decode()) == (422, True)
    assert main.get(reverse("user-end", args=[user.pk])).status_code == 405


@pytest.mark.rule("I3", "I6")
def test_a_lead_looks_after_operators(administration: Administration, signed_in: SignIn) -> None:
    lead, name = signed_in(operator=True), _name()
    sent = {"name": name, "full_name": "Olga", "email": "", "role": "operator", "place": "everywhere"}
    refused = lead.post(reverse("operator-new"), sent)
    assert (refused.status_code, "error_confidential_since" in refused.content.decode()) == (422, True)
    wrong = lead.post(reverse("operator-new"), {**sent, "confidential_since": "31-3-26"})
    assert "Write the day as" in wrong.content.decode()
    assert lead.post(reverse("operator-new"), {**sent, "confidential_since": "2026-01-01"}).status_code == 200
    user = User.objects.get(username=name)
    assert _posts(user) == (Post(Role.OPERATOR),)
    made = mailroom.deliver(administration)
    now = datetime.now(UTC)
    for undone_at in (None, None, now):
        acted = {"mail_id": made.mail, "document": made.documents[0], "user": user, "by": name, "at": now, "act": "accept"}
        models.ReviewAct.objects.create(**acted, undone_at=undone_at)
    listed = lead.get(reverse("operators"), {"search": name}).content.decode()
    assert "2 accepted" in listed
    assert "2026-01-01" in listed
    assert name not in lead.get(reverse("users"), {"search": name}).content.decode().replace(f'value="{name}"', "")
    page = lead.get(reverse("user", args=[user.pk])).content.decode()
    assert 'value="2026-01-01"' in page
    later = {"full_name": "Olga", "email": "", "confidential_since": "2999-01-01", "role": "", "keep": "operator:everywhere"}
    assert lead.post(reverse("user", args=[user.pk]), later).status_code == 302
    assert "Waits for confidentiality" in lead.get(reverse("operators"), {"search": name}).content.decode()
    assert people.rights(user.pk) == frozenset()


@pytest.mark.rule("I5")
def test_of_a_person_who_has_roles_elsewhere_too_only_those_here_show_and_change(
    administration: Administration, foreign: Administration, signed_in: SignIn
) -> None:
    main, office = signed_in(administration), _office(administration)
    user = _add(Post(Role.OFFICE_USER, office), Post(Role.AUDITOR, _office(foreign)))
    pages = [main.get(reverse("users")), main.get(reverse("user", args=[user.pk]))]
    for page in pages:
        assert foreign.name not in page.content.decode()
        assert "and roles elsewhere" in page.content.decode()
    for act in ("user-end", "user-revive", "user-password", "user-second-factor"):
        assert main.post(reverse(act, args=[user.pk])).status_code == 422
    assert main.post(reverse("user", args=[user.pk]), {"full_name": "Mallory", "role": ""}).status_code == 302
    assert main.get(reverse("user", args=[user.pk])).status_code == 404
    assert _posts(user) == (Post(Role.AUDITOR, _office(foreign)),)
    assert not models.Profile.objects.get(user=user).full_name


@pytest.mark.rule("I5")
def test_others_than_main_users_and_leads_open_no_such_page(administration: Administration, signed_in: SignIn) -> None:
    for role in (Role.OFFICE_USER, Role.ADMINISTRATION_USER, Role.AUDITOR, Role.OPERATOR):
        client = signed_in(administration, role=role)
        for name in ("users", "user-new", "operators", "operator-new"):
            assert client.get(reverse(name)).status_code == 403
            assert client.post(reverse(name), _new(administration)).status_code == 403
    main = signed_in(administration)
    assert [main.get(reverse(name)).status_code for name in ("operators", "operator-new")] == [403, 403]
