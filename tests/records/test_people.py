from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.records import models, people

PASSWORD = "four words make one"


def _office(administration: Administration) -> str:
    return models.Administration.objects.get(id=administration.id).office.name


def _name() -> str:
    return f"user-{uuid4().hex[:10]}"


@pytest.mark.rule("I5")
def test_a_person_sees_the_administrations_of_his_offices_only(administration: Administration) -> None:
    inside = people.create_user(_name(), PASSWORD, (_office(administration),))
    outside, operator = people.create_user(_name(), PASSWORD), people.create_user(_name(), PASSWORD, operator=True)
    assert [row.id for row in people.visible_administrations(inside)] == [administration.id]
    assert not people.visible_administrations(outside).exists()
    assert not people.visible_administrations(None).exists()
    assert people.visible_administrations(operator).count() == models.Administration.objects.count()


@pytest.mark.rule("I5")
def test_a_person_who_was_ended_sees_nothing_even_as_an_operator(administration: Administration) -> None:
    user = people.create_user(_name(), PASSWORD, (_office(administration),), operator=True)
    User.objects.filter(pk=user).update(is_active=False)
    assert not people.visible_administrations(user).exists()


@pytest.mark.rule("I3")
def test_names_passwords_and_offices_are_checked(administration: Administration) -> None:
    name = _name()
    people.create_user(name, PASSWORD)
    for arguments, code in (
        ((name, PASSWORD), "user-taken"),
        ((_name(), "short"), "password-weak"),
        ((_name(), PASSWORD, ("No such office",)), "office-unknown"),
    ):
        before = User.objects.count()
        with pytest.raises(Refused) as refused:
            people.create_user(*arguments)
        assert refused.value.code == code
        assert User.objects.count() == before


@pytest.mark.rule("I3", "I5")
def test_ensuring_a_person_twice_changes_nothing_and_other_rights_replace_the_old(administration: Administration) -> None:
    name, offices = _name(), (_office(administration),)
    people.ensure_user(name, PASSWORD, offices, operator=False)
    first = User.objects.get(username=name)
    people.ensure_user(name, PASSWORD, offices, operator=False)
    assert User.objects.get(username=name).password == first.password
    assert first.password.startswith("argon2$argon2id$")
    assert first.memberships.count() == 1
    people.ensure_user(name, "other words make another", (), operator=True)
    assert list(first.memberships.values_list("office", flat=True)) == [None]
    assert User.objects.get(username=name).check_password("other words make another")
