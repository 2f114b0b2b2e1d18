"""Name and password: who comes in, who waits, whose sessions end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from scanstraat.model.people import Post, Role
from scanstraat.records import models, passwords, people, sessions
from tests.desk.conftest import PASSWORD
from tests.desk.signing.persons import WRONG, browser, is_in, operator, sign_in, somebody, told

TRIES, TRIES_A_NAME = settings.SCANSTRAAT.sign_in_tries, settings.SCANSTRAAT.sign_in_tries_a_name


def _patterns() -> Iterator[str]:
    for found in get_resolver().reverse_dict:
        if isinstance(found, str):
            yield found


@pytest.mark.rule("I3")
def test_nobody_signs_himself_up_and_nobody_is_sent_a_password(database: None) -> None:
    for name in ("account_signup", "socialaccount_signup", "account_reset_password", "account_email", "mfa_signup_webauthn"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert not [name for name in _patterns() if "signup" in name or "reset" in name]
    for path in ("/sign-up", "/accounts/signup/", "/account/signup", "/signup/", "/accounts/password/reset/"):
        assert browser().get(path).status_code in {302, 404}
        assert browser().get(path, follow=True).request["PATH_INFO"] in {reverse("sign-in"), path}


@pytest.mark.rule("I4")
def test_signing_in_and_out_is_told(database: None) -> None:
    person = somebody()
    client = sign_in(person.name)
    assert is_in(client)
    assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
    assert not is_in(client)
    assert told(person) == [(person.name, "sign-in"), (person.name, "sign-out")]
    entry = models.AuditEntry.objects.filter(subject=f"user {person.name}").first()
    assert entry
    assert entry.detail == "password, from 127.0.0.1"


@pytest.mark.rule("I4")
def test_a_name_that_is_none_is_not_kept_as_it_may_be_a_password(database: None) -> None:
    assert b'role="alert"' in browser().post(reverse("sign-in"), {"username": "my secret words", "password": WRONG}).content
    assert not models.AuditEntry.objects.filter(detail__contains="secret words").exists()
    entry = models.AuditEntry.objects.filter(act="sign-in-failed").last()
    assert entry
    assert (entry.actor, entry.subject) == ("nobody", "user unknown")


@pytest.mark.rule("I3")
def test_the_key_of_the_session_is_another_after_signing_in(database: None) -> None:
    client = browser()
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(somebody().name, client=client)
    assert is_in(client)
    assert client.session.session_key != before


def test_one_comes_back_to_the_page_one_asked_for_and_never_to_another_site(database: None) -> None:
    person = somebody()
    form = {"username": person.name, "password": PASSWORD}
    assert browser().post(reverse("sign-in"), {**form, "next": "/upload"})["Location"] == "/upload"
    assert browser().post(reverse("sign-in"), {**form, "next": "https://evil.example/"})["Location"] == reverse("home")
    page = browser().get(reverse("sign-in"), {"next": '"><script>'}).content.decode()
    assert "<script>" not in page.replace('<script src="', "").replace("<script data-", "")


@pytest.mark.rule("I3")
def test_after_some_wrong_passwords_name_and_address_wait_and_are_told_how_long(database: None) -> None:
    person = somebody()
    answers = [browser().post(reverse("sign-in"), {"username": person.name, "password": WRONG}) for _ in range(TRIES)]
    assert [answer.status_code for answer in answers] == [200] * (TRIES - 1) + [429]
    closed = browser().post(reverse("sign-in"), {"username": person.name, "password": PASSWORD})
    assert closed.status_code == 429
    assert "You can try again in 15 minutes" in closed.content.decode()
    assert is_in(sign_in(person.name, client=browser("192.0.2.7")))  # from elsewhere he comes in, which forgets the tries
    assert is_in(sign_in(person.name))
    acts = [act for _, act in told(person)]
    assert acts == ["sign-in-failed"] * TRIES + ["sign-in-closed"] + ["sign-in"] * 2


@pytest.mark.rule("I3")
def test_a_name_waits_after_more_wrong_passwords_from_anywhere(database: None) -> None:
    person = somebody()
    for number in range(3):
        sign_in(person.name, WRONG, browser(f"198.51.100.{number}"))
    tries = AccessAttempt.objects.filter(username=person.name)
    tries.filter(ip_address="198.51.100.0").update(failures_since_start=TRIES_A_NAME - 3)
    assert is_in(sign_in(person.name, client=browser("192.0.2.9")))  # one less than too many; it forgets them
    for number in range(2):
        sign_in(person.name, WRONG, browser(f"198.51.100.{number}"))
    tries.filter(ip_address="198.51.100.0").update(failures_since_start=TRIES_A_NAME - 1)
    assert sign_in(person.name, client=browser("192.0.2.9")).get(reverse("account")).status_code == 302
    passwords.give(person.id, PASSWORD, None, timezone.now(), once=False)  # a new one opens the name again
    assert is_in(sign_in(person.name, client=browser("192.0.2.9")))


@pytest.mark.rule("I3")
def test_the_wait_ends_by_itself_and_trying_on_does_not_lengthen_it(database: None) -> None:
    person = somebody()
    for _ in range(TRIES):
        sign_in(person.name, WRONG)
    AccessAttempt.objects.filter(username=person.name).update(attempt_time=timezone.now() - timedelta(minutes=14))
    page = browser().post(reverse("sign-in"), {"username": person.name, "password": PASSWORD}).content.decode()
    assert "in 1 minute." in page
    AccessAttempt.objects.filter(username=person.name).update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert is_in(sign_in(person.name))


@pytest.mark.rule("I3")
def test_no_forwarded_header_makes_a_new_address(database: None) -> None:
    person = somebody()
    for number in range(TRIES):
        client = browser()
        headers = {"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"}
        client.post(reverse("sign-in"), {"username": person.name, "password": WRONG}, headers=headers)
    assert not is_in(sign_in(person.name))


@pytest.mark.rule("I3")
def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(database: None) -> None:
    person = somebody()
    here, there = sign_in(person.name), sign_in(person.name)
    new = {"password1": "another four words here", "password2": "another four words here"}
    wrong = here.post(reverse("account_change_password"), {"oldpassword": WRONG, **new})
    assert "This is not your password" in wrong.content.decode()
    weak = here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert b'role="alert"' in weak.content
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})
    assert (is_in(here), is_in(there)) == (True, False)
    assert is_in(sign_in(person.name, new["password1"]))
    assert (person.name, "password-changed") in told(person)
    assert person.row.password.startswith("argon2")


@pytest.mark.rule("I3", "I5")
def test_the_sessions_of_a_person_who_was_ended_are_dead_at_once_and_stay_so(database: None) -> None:
    person = somebody()
    client = sign_in(person.name)
    User.objects.filter(pk=person.id).update(is_active=False)
    assert not is_in(client)
    assert not is_in(sign_in(person.name))
    assert sessions.end(person.id) == 1
    User.objects.filter(pk=person.id).update(is_active=True)
    assert not is_in(client)


@pytest.mark.rule("I3")
def test_a_person_ends_his_other_sessions_one_or_all(database: None) -> None:
    person = somebody()
    here, *others = (sign_in(person.name) for _ in range(4))
    page = here.get(reverse("account")).content.decode()
    assert page.count("Firefox, Linux") == 4
    ids = [value.split('"')[0] for value in page.split('name="session" value="')[1:]]
    assert len(ids) == 3
    here.post(reverse("end-session"), {"session": ids[0]})
    assert [is_in(other) for other in others].count(False) == 1
    here.post(reverse("end-session"))
    assert is_in(here)
    assert not any(is_in(other) for other in others)
    assert told(person)[-1] == (person.name, "sessions-ended")


@pytest.mark.rule("I1")
def test_what_is_left_of_sessions_and_wrong_tries_is_forgotten(database: None) -> None:
    person, other = somebody(), somebody()
    gone, stays = sign_in(person.name), sign_in(other.name)
    sign_in(person.name, WRONG)
    Session.objects.filter(session_key=gone.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    sessions.forget_expired(timezone.now() + timedelta(seconds=1))
    assert AccessAttempt.objects.filter(username=person.name).exists()
    AccessAttempt.objects.filter(username=person.name).update(attempt_time=timezone.now() - timedelta(days=2))
    assert sessions.forget_expired(timezone.now()) >= 1
    assert not AccessAttempt.objects.filter(username=person.name).exists()
    assert not UserSession.objects.filter(user_id=person.id).exists()
    assert not Session.objects.filter(expire_date__lt=timezone.now()).exists()
    assert is_in(stays)


@pytest.mark.rule("I5")
def test_nobody_ends_the_session_of_another(database: None) -> None:
    person = somebody()
    theirs = sign_in(person.name)
    page = sign_in(person.name).get(reverse("account")).content.decode()
    number = page.split('name="session" value="')[1].split('"')[0]
    mine = sign_in(somebody().name)
    assert mine.post(reverse("end-session"), {"session": number}).status_code == 404
    mine.post(reverse("end-session"))
    assert is_in(theirs)


@pytest.mark.rule("I3")
def test_who_was_given_a_password_chooses_his_own_before_anything_else(database: None) -> None:
    person = somebody()
    models.Profile.objects.filter(user_id=person.id).update(must_change_password=True)
    client = sign_in(person.name)
    for name in ("home", "account", "mails"):
        assert client.get(reverse(name))["Location"] == reverse("account_change_password")
    new = {"oldpassword": PASSWORD, "password1": "another four words here", "password2": "another four words here"}
    client.post(reverse("account_change_password"), new)
    assert is_in(client)
    assert is_in(sign_in(person.name, new["password1"]))


def test_a_person_names_himself_and_chooses_his_language(database: None) -> None:
    person = somebody()
    client = sign_in(person.name)
    assert client.get(reverse("account"), headers={"Accept-Language": "fi"})["Content-Language"] == "fi"
    client.post(reverse("account"), {"full_name": "Anna Example", "language": "nl"})
    assert client.get(reverse("account"), headers={"Accept-Language": "fi"})["Content-Language"] == "nl"
    known = people.person(person.id)
    assert known
    assert (known.full_name, known.language) == ("Anna Example", "nl")
    assert sign_in(person.name).get(reverse("account"))["Content-Language"] == "nl"  # in another browser too
    assert b'role="alert"' not in client.post(reverse("account"), {"full_name": "Anna", "language": ""}).content
    assert client.get(reverse("account"), headers={"Accept-Language": "sv"})["Content-Language"] == "sv"
    client.post(reverse("account"), {"full_name": "Anna", "language": "xx"})
    assert people.person(person.id) == people.person(person.id)
    assert client.get(reverse("sign-in"), headers={"Accept-Language": "xx"})["Content-Language"] == "en"


def test_operators_begin_at_their_queue_and_others_at_the_mail_log(database: None) -> None:
    try:
        queue = reverse("queue")
    except NoReverseMatch:
        queue = reverse("mails")
    assert sign_in(operator().name).get(reverse("home"))["Location"] == queue
    assert sign_in(somebody(Post(Role.AUDITOR)).name).get(reverse("home"))["Location"] == reverse("mails")


def test_an_open_session_costs_no_write_a_request(database: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(somebody(Post(Role.AUDITOR)).name)
    client.get(reverse("mails"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("mails"))
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_signing_out_takes_a_form_and_works_for_who_is_not_in(database: None) -> None:
    assert sign_in(somebody().name).get(reverse("sign-out")).status_code == 405
    assert Client(SERVER_NAME="localhost").post(reverse("sign-out"))["Location"] == reverse("sign-in")
