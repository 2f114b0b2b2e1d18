"""What the audit log tells of what was seen and done on the pages, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from scanstraat.desk import audit as told
from scanstraat.model.administration import Administration
from scanstraat.model.people import Role
from scanstraat.records import audit
from scanstraat.records.models import AuditEntry, AuditHead
from tests.desk import mailroom

SignIn = Callable[..., Client]


def _name(client: Client) -> str:
    return User.objects.get(pk=client.session["_auth_user_id"]).username


def _acts(administration: Administration) -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(chain=administration.id).order_by("number").values_list("act", "subject"))


@pytest.mark.rule("I4")
def test_whatever_is_seen_or_downloaded_is_in_the_log_once(administration: Administration, signed_in: SignIn) -> None:
    made, client = mailroom.deliver(administration), signed_in(administration)
    mail, document = {"identifier": made.mail}, {"identifier": made.documents[0]}
    addresses = {
        "see-mail": reverse("mail", kwargs=mail),
        "download-mail": reverse("original-mail", kwargs=mail),
        "download-part": reverse("part", kwargs={**mail, "index": 1}),
        "see-document": reverse("document", kwargs=document),
        "see-pages": reverse("picture", kwargs={**document, "number": 1}),
        "download-pdf": reverse("composed-pdf", kwargs=document),
        "download-xml": reverse("invoice-xml", kwargs=document),
    }
    for address in (*addresses.values(), *addresses.values(), reverse("picture", kwargs={**document, "number": 2})):
        client.get(address).close()
    assert [act for act, _ in _acts(administration)] == list(addresses)
    assert {subject.split(" part")[0] for _, subject in _acts(administration)} == {
        f"mail {made.mail}",
        f"document {made.documents[0]}",
    }
    assert set(AuditEntry.objects.filter(chain=administration.id).values_list("actor", flat=True)) == {_name(client)}
    signed_in(administration).get(addresses["see-mail"])
    assert len(_acts(administration)) == len(addresses) + 1
    assert audit.verify(administration.id) == ()


@pytest.mark.rule("I4")
def test_what_cannot_be_recorded_is_not_shown(administration: Administration, signed_in: SignIn) -> None:
    made, client = mailroom.deliver(administration), signed_in(administration)
    audit.append(administration.id, "anna", "see-mail", "mail 1")
    AuditHead.objects.filter(chain=administration.id).update(number=0)  # the next number is taken already
    client.raise_request_exception = False
    assert client.get(reverse("mail", kwargs={"identifier": made.mail})).status_code == 500


@pytest.mark.rule("I4")
def test_an_upload_is_in_the_log(administration: Administration, signed_in: SignIn) -> None:
    file = SimpleUploadedFile("factuur.pdf", mailroom.invoice_pdf())
    signed_in(administration).post(reverse("upload"), {"files": file, "note": ""})
    ((act, subject),) = _acts(administration)
    assert (act, subject.split(" ")[0]) == ("upload", "mail")


@pytest.mark.rule("I4")
def test_reads_are_remembered_for_so_many_only(
    administration: Administration, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "_MOST_KEPT", 1)
    client = signed_in(administration)
    mails = [reverse("mail", kwargs={"identifier": mailroom.deliver(administration, f"mail {n}").mail}) for n in range(2)]
    for address in (mails[0], mails[0], mails[1], mails[0]):
        client.get(address)
    assert len(_acts(administration)) == 3


@pytest.mark.rule("I4", "I5")
def test_a_person_reads_the_chains_of_his_administrations_only(
    administration: Administration, foreign: Administration, signed_in: SignIn
) -> None:
    mark = f"seen-{uuid4().hex[:8]}"
    for chain in (administration.id, foreign.id, None):
        audit.append(chain, f"{mark}-{chain}", "see-mail", "mail 1", f"detail of {chain}")
    main, auditor, lead = signed_in(administration), signed_in(administration, role=Role.AUDITOR), signed_in(operator=True)
    address = reverse("audit-log")
    for client in (main, auditor):
        page = client.get(address).content.decode()
        assert f"{mark}-{administration.id}" in page
        assert f"{mark}-{foreign.id}" not in page
        assert f"{mark}-None" not in page
        for chain in (foreign.id, 0, "x", 10**20):
            assert client.get(address, {"administration": chain}).status_code == 404
    page = lead.get(address, {"person": mark}).content.decode()
    assert all(f"{mark}-{chain}" in page for chain in (administration.id, foreign.id, None))
    only = lead.get(address, {"person": mark, "administration": 0}).content.decode()
    assert (f"{mark}-None" in only, f"{mark}-{foreign.id}" in only) == (True, False)
    for role in (Role.OFFICE_USER, Role.OPERATOR, Role.ADMINISTRATION_USER):
        assert signed_in(administration, role=role).get(address).status_code == 403


@pytest.mark.rule("I4", "I5")
def test_a_main_user_reads_what_was_done_to_his_users(
    administration: Administration, foreign: Administration, signed_in: SignIn
) -> None:
    main = signed_in(administration)
    own, other = _name(signed_in(administration, role=Role.OFFICE_USER)), _name(signed_in(foreign))
    for name in (own, other):
        audit.append(None, "lena", "give-password", f"user {name}", "secret office")
    page = main.get(reverse("audit-log")).content.decode()
    assert (own in page, other in page, "secret office" in page) == (True, False, False)


@pytest.mark.rule("I4")
def test_the_log_is_narrowed_and_its_chain_looked_through(administration: Administration, signed_in: SignIn) -> None:
    made, client, address = mailroom.deliver(administration), signed_in(administration), reverse("audit-log")
    for act in ("accept", "reject"):
        audit.append(administration.id, "olga", act, f"document {made.documents[0]}", "why not")
    for query, count in (
        ({"act": "accept"}, 1),
        ({"subject": f"{made.documents[0]}"}, 2),
        ({"person": "olga", "act": "reject"}, 1),
        ({"since": "2026-01-01", "person": "olga"}, 2),
        ({"until": "2020-01-01"}, 0),
    ):
        assert client.get(address, query).content.decode().count('<td class="detail">') == count, query
    page = client.get(address, {"administration": administration.id, "check": "yes"}).content.decode()
    assert "As it was written" in page
    assert reverse("document", args=[made.documents[0]]) in page
    try:
        AuditHead.objects.filter(chain=administration.id).update(digest="0" * 64)
        broken = client.get(address, {"check": "yes"}).content.decode()
        assert "Broken" in broken
        assert f"Chain {administration.id}, entry" in broken
    finally:
        with suppress(AuditHead.DoesNotExist):
            AuditHead.objects.get(chain=administration.id).delete()
        AuditEntry.objects.filter(chain=administration.id).delete()
