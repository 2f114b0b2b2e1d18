"""Uploading by page: stored before it is answered, only for administrations one sees, nothing too large, nothing twice."""

from __future__ import annotations

import errno
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from scanstraat.desk.incoming import taking
from scanstraat.mailbox.unpacking import unpack
from scanstraat.model.administration import Administration
from scanstraat.model.people import Role
from scanstraat.records import models, offices
from scanstraat.records.blobs import Blobs
from tests.desk.conftest import office_of
from tests.desk.mailroom import invoice_pdf

SignIn = Callable[..., Client]
_NOTICE = re.compile(r'<p\ class="notice\ (?P<tone>good|bad)"[^>]*>(?P<text>.*?)</p>', re.VERBOSE | re.DOTALL)

pytestmark = pytest.mark.rule("A6")


def _send(client: Client, *files: tuple[str, bytes], **form: object) -> HttpResponse:
    uploaded = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("upload"), {"files": uploaded, **form}, follow=True)


def _said(response: HttpResponse) -> str:
    text = " ".join(" ".join(found["text"].split()) for found in _NOTICE.finditer(response.content.decode()))
    return re.sub(r"<[^>]*>", "", text).strip()


def _mails(administration: Administration) -> list[models.Mail]:
    return list(models.Mail.objects.filter(administration_id=administration.id).order_by("received_at"))


def _octets(mail: models.Mail) -> bytes:
    return Blobs(settings.SCANSTRAAT.home_path).get(mail.administration_id, mail.sha256)


def _second(administration: Administration) -> Administration:
    drop = f"{administration.drop}-2"
    other = replace(administration, drop=drop, name=f"Second {drop}")
    return offices.open_administration(office_of(administration), other, (f"{drop}@invoices.example",))


@pytest.mark.rule("A7", "A9")
def test_files_become_one_mail_that_the_answer_leads_to(administration: Administration, signed_in: SignIn) -> None:
    client = signed_in(administration)
    response = _send(client, ("één.pdf", invoice_pdf()), ("twee.pdf", invoice_pdf(1)), note="Graag vóór vrijdag")
    (mail,) = _mails(administration)
    assert _said(response) == f"Taken for {administration.name}. See the mail in the log"
    assert reverse("mail", args=[mail.id]) in response.content.decode()
    opened = unpack(_octets(mail))
    name = models.Membership.objects.get(office__name=office_of(administration)).user.username
    assert opened.header.sender == f"Upload by {name} <nobody@ways-in.scanstraat.invalid>"
    assert (opened.header.subject, opened.header.sent_at) == ("één.pdf, twee.pdf", None)
    assert opened.text == "Graag vóór vrijdag"
    assert [part.content for part in opened.parts[1:]] == [invoice_pdf(), invoice_pdf(1)]
    assert (mail.channel, mail.recipient) == ("upload", f"{administration.drop}@invoices.example")
    assert mail.events.get().text == f"upload from {name} at 127.0.0.1, {mail.size} octets"
    assert models.Task.objects.filter(id=f"open:{mail.id}").exists()


@pytest.mark.rule("A8")
def test_the_same_files_again_are_there_already(administration: Administration, signed_in: SignIn) -> None:
    client = signed_in(administration)
    for _ in range(2):
        response = _send(client, ("a.pdf", invoice_pdf()))
    (mail,) = _mails(administration)
    assert _said(response) == f"Already there: {administration.name} has had these files before. See the mail in the log"
    assert mail.events.count() == 2
    _send(client, ("b.pdf", invoice_pdf()))
    assert len(_mails(administration)) == 2


@pytest.mark.rule("I5")
def test_nobody_uploads_for_or_learns_of_another_office(administration: Administration, signed_in: SignIn) -> None:
    drop = f"{administration.drop}-foreign"
    foreign = offices.open_administration(f"Office {drop}", replace(administration, name=drop, drop=drop), (f"{drop}@x.example",))
    client, other = signed_in(administration), signed_in(foreign)
    response = _send(client, ("a.pdf", invoice_pdf()), administration=foreign.id)
    assert (response.status_code, _said(response)) == (422, "Choose an administration. Then choose the files again.")
    assert _mails(foreign) == []
    _send(other, ("a.pdf", invoice_pdf()))
    (theirs,) = _mails(foreign)
    page = client.get(reverse("upload"), {"mail": theirs.id}).content.decode()
    assert str(theirs.id) not in page
    assert drop not in page.replace(administration.drop + "@", "")
    for nobody in (signed_in(), signed_in(administration, role=Role.ADMINISTRATION_USER)):
        assert _send(nobody, ("a.pdf", invoice_pdf()), administration=administration.id).status_code == 403


@pytest.mark.rule("I5")
def test_of_several_administrations_one_is_chosen_and_stays_chosen(administration: Administration, signed_in: SignIn) -> None:
    second = _second(administration)
    client = signed_in(administration)
    response = _send(client, ("a.pdf", invoice_pdf()))
    assert (response.status_code, _said(response)) == (422, "Choose an administration. Then choose the files again.")
    response = _send(client, ("a.pdf", b""), administration=second.id, note="blijft staan")
    assert (response.status_code, _said(response)) == (422, "The file a.pdf is empty. Make it anew and send that.")
    assert f'<option value="{second.id}" selected>' in response.content.decode()
    assert "blijft staan" in response.content.decode()
    assert _send(client, ("a.pdf", invoice_pdf()), administration=second.id).status_code == 200
    assert (len(_mails(administration)), len(_mails(second))) == (0, 1)
    for odd in ("x", "-1", "9" * 30, "²"):
        assert _send(client, ("a.pdf", invoice_pdf()), administration=odd).status_code == 422


@pytest.mark.rule("A3")
def test_what_is_too_large_is_told_and_leaves_nothing(
    administration: Administration, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(settings.SCANSTRAAT, max_mail_octets=100_000)
    monkeypatch.setattr(settings, "SCANSTRAAT", small)
    monkeypatch.setattr(taking, "handing_in", taking.handing_in.__wrapped__)  # a new one, that knows the other limit
    client = signed_in(administration)
    for sizes in ((100_001,), (60_000, 60_000), (99_999,)):
        response = _send(client, *((f"{n}.bin", bytes(size)) for n, size in enumerate(sizes)), note="groot")
        assert response.status_code == 413
        assert re.match(r"Together this is 1\d\d,\d{3} octets, and a mail may have 100,000\. Send fewer", _said(response))
    assert _mails(administration) == []
    assert _left_in_spool() == []


def _left_in_spool() -> list[Path]:
    return [path for path in (settings.SCANSTRAAT.home_path / "spool").rglob("*") if path.is_file()]


@pytest.mark.rule("A10")
def test_after_the_contract_nothing_is_taken(administration: Administration, signed_in: SignIn) -> None:
    models.Administration.objects.filter(id=administration.id).update(contract_ended_on="2020-01-01")
    response = _send(signed_in(administration), ("a.pdf", invoice_pdf()))
    assert response.status_code == 422
    assert _said(response).startswith("The contract of this administration has ended")


def test_a_form_without_files_or_from_elsewhere_is_turned_away(administration: Administration, signed_in: SignIn) -> None:
    client = signed_in(administration)
    response = client.post(reverse("upload"), {"note": "x"})
    assert (response.status_code, _said(response)) == (422, "There are no files. Choose at least one.")
    assert _send(client, ("a.pdf", invoice_pdf()), note="x" * 10_001).status_code == 422
    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert _send(strict, ("a.pdf", invoice_pdf())).status_code == 403
    assert _mails(administration) == []


def test_files_that_nobody_waits_for_are_not_written_down(
    administration: Administration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", None)
    stranger = Client(SERVER_NAME="localhost")
    file = SimpleUploadedFile("a.pdf", invoice_pdf())
    for address in (reverse("sign-in"), reverse("upload")):
        assert stranger.post(address, {"username": "x", "files": file}).status_code in (200, 302)


@pytest.mark.rule("A7")
def test_a_full_disk_is_told_and_nothing_is_half_there(
    administration: Administration, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    client = signed_in(administration)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    response = _send(client, ("a.pdf", invoice_pdf()))
    assert response.status_code == 503
    assert "No space left on device" in _said(response)
    monkeypatch.undo()
    assert _send(client, ("a.pdf", invoice_pdf())).status_code == 200
    assert len(_mails(administration)) == 1
