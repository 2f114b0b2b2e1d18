from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.people import Post, Right, Role
from scanstraat.records import models, people

PASSWORD = "four words make one"
AGREED = date(2026, 1, 1)
EVERYWHERE = (Post(Role.LEAD),)


def _office(administration: Administration) -> int:
    return models.Administration.objects.get(id=administration.id).office_id


def _name() -> str:
    return f"user-{uuid4().hex[:10]}"


@pytest.mark.rule("I5", "I6")
def test_a_person_sees_the_administrations_of_his_posts_only(administration: Administration) -> None:
    inside = people.create_user(_name(), PASSWORD, (Post(Role.OFFICE_USER, office=_office(administration)),))
    reader = people.create_user(_name(), PASSWORD, (Post(Role.ADMINISTRATION_USER, administration=administration.id),))
    outside, operator = people.create_user(_name(), PASSWORD), people.create_user(_name(), PASSWORD, EVERYWHERE, AGREED)
    assert [row.id for row in people.visible_administrations(inside)] == [administration.id]
    assert [row.id for row in people.visible_administrations(reader)] == [administration.id]
    assert not people.visible_administrations(inside, Right.REVIEW).exists()
    assert not people.visible_administrations(reader, Right.UPLOAD).exists()
    assert not people.visible_administrations(outside).exists()
    assert not people.visible_administrations(None).exists()
    assert people.visible_administrations(operator, Right.REVIEW).count() == models.Administration.objects.count()


@pytest.mark.rule("I5")
def test_a_person_who_was_ended_sees_nothing_even_as_an_operator(administration: Administration) -> None:
    posts = (Post(Role.OFFICE_USER, office=_office(administration)), *EVERYWHERE)
    user = people.create_user(_name(), PASSWORD, posts, AGREED)
    User.objects.filter(pk=user).update(is_active=False)
    assert not people.visible_administrations(user).exists()
    assert people.rights(user) == frozenset()


@pytest.mark.rule("I3")
def test_an_operator_is_active_from_his_confidentiality_date_on(administration: Administration) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    user = people.create_user(_name(), PASSWORD, (Post(Role.OPERATOR),), tomorrow)
    assert not people.visible_administrations(user).exists()
    models.Profile.objects.filter(user_id=user).update(confidential_since=tomorrow - timedelta(days=1))
    assert people.visible_administrations(user, Right.REVIEW).exists()


@pytest.mark.rule("I3")
def test_names_passwords_and_posts_are_checked(administration: Administration) -> None:
    name = _name()
    people.create_user(name, PASSWORD)
    for arguments, code in (
        ((name, PASSWORD), "user-taken"),
        ((_name(), "short"), "password-weak"),
        ((_name(), PASSWORD, (Post(Role.OFFICE_USER),)), "role-place"),
        ((_name(), PASSWORD, (Post(Role.OPERATOR),)), "no-confidentiality"),
        ((_name(), PASSWORD, (Post(Role.AUDITOR, _office(administration), administration.id),)), "role-place"),
        ((_name(), PASSWORD, (Post(Role.AUDITOR), Post(Role.LEAD)), AGREED), "role-twice"),
    ):
        before = User.objects.count()
        with pytest.raises(Refused) as refused:
            people.create_user(*arguments)
        assert refused.value.code == code
        assert User.objects.count() == before
    with pytest.raises(Refused, match="office-unknown"):
        people.office("No such office")
