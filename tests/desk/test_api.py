"""Uploading by API: a key, an answer in JSON for everything, no cookies."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from scanstraat.desk import pace
from scanstraat.desk.incoming import taking
from scanstraat.mailbox.limits import Buckets, Rate
from scanstraat.mailbox.unpacking import unpack
from scanstraat.model.administration import Administration
from scanstraat.records import keys, models, offices
from scanstraat.records.blobs import Blobs
from tests.desk import mailroom
from tests.desk.mailroom import invoice_pdf
from tests.mailbox.letters import letter

MAILS = "/api/mails"

pytestmark = pytest.mark.rule("A6")


class Program:
    """A program with a key of an administration."""

    def __init__(self, administration: Administration) -> None:
        self.administration = administration
        self.key = keys.add(administration.id, "bookkeeping")
        self._client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)

    def post(self, body: bytes, media_type: str, address: str = MAILS, **headers: str) -> HttpResponse:
        said = {"Authorization": f"Bearer {self.key}", **headers}
        return self._client.post(address, body, content_type=media_type, headers=said)

    def raw(self, body: bytes, media_type: str) -> HttpResponse:
        """As `post`, past the test client's own notions of what a body is."""
        return self._client.generic("POST", MAILS, body, media_type, headers={"Authorization": f"Bearer {self.key}"})

    def form(self, **fields: object) -> HttpResponse:
        return self._client.post(MAILS, fields, headers={"Authorization": f"Bearer {self.key}"})

    def get(self, address: str, **headers: str) -> HttpResponse:
        return self._client.get(address, headers={"Authorization": f"Bearer {self.key}", **headers})

    def delete(self, address: str) -> HttpResponse:
        return self._client.delete(address, headers={"Authorization": f"Bearer {self.key}"})

    @property
    def mails(self) -> list[models.Mail]:
        return list(models.Mail.objects.filter(administration_id=self.administration.id).order_by("received_at"))


@pytest.fixture
def program(administration: Administration) -> Program:
    return Program(administration)


def _octets(mail: models.Mail) -> bytes:
    return Blobs(settings.SCANSTRAAT.home_path).get(mail.administration_id, mail.sha256)


def _problem(response: HttpResponse) -> tuple[int, str]:
    answer = json.loads(response.content)
    assert set(answer) == {"code", "message", "next_step"}
    assert response["Content-Type"] == "application/json"
    return response.status_code, answer["code"]


@pytest.mark.rule("A7", "A8", "A9")
def test_a_mail_is_taken_as_it_is_once(program: Program) -> None:
    first, again = (program.post(bytes(letter()), "message/rfc822") for _ in range(2))
    (mail,) = program.mails
    assert (first.status_code, json.loads(first.content)) == (
        201,
        {"id": str(mail.id), "is_new": True, "link": f"http://localhost/mails/{mail.id}", "url": f"{MAILS}/{mail.id}"},
    )
    assert (again.status_code, json.loads(again.content)["is_new"]) == (200, False)
    assert _octets(mail) == bytes(letter())
    assert [event.text for event in mail.events.all()] == [
        f"upload from key bookkeeping at 127.0.0.1, {mail.size} octets",
        "again, from key bookkeeping at 127.0.0.1: the same mail, processed once (A8)",
    ]
    assert first.cookies == {}


def test_files_of_a_form_become_one_mail(program: Program) -> None:
    files = [SimpleUploadedFile("één.pdf", invoice_pdf()), SimpleUploadedFile("twee.pdf", invoice_pdf(1))]
    assert program.form(file=files, note="Hoi").status_code == 201
    opened = unpack(_octets(program.mails[0]))
    assert (opened.header.sender, opened.text) == ("Upload by key bookkeeping <nobody@ways-in.scanstraat.invalid>", "Hoi")
    assert [part.name for part in opened.parts[1:]] == ["één.pdf", "twee.pdf"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ('attachment; filename="factuur 7.pdf"', "factuur 7.pdf"),
        ("attachment; filename*=UTF-8''f%C3%A4ktur.pdf", "fäktur.pdf"),
        ("", "part-1.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
    ],
)
def test_a_single_file_brings_its_name(program: Program, said: str, name: str) -> None:
    headers = {"Content-Disposition": said} if said else {}
    assert program.post(invoice_pdf(), "application/pdf", **headers).status_code == 201
    (part,) = unpack(_octets(program.mails[0])).parts
    assert (part.name, part.content) == (name, invoice_pdf())


@pytest.mark.rule("B2")
def test_a_mail_is_told_by_its_content_and_a_file_that_is_none_is_not_called_one(program: Program) -> None:
    assert program.post(bytes(letter()), "application/octet-stream").status_code == 201
    assert _octets(program.mails[0]) == bytes(letter())
    assert _problem(program.post(invoice_pdf(), "message/rfc822")) == (422, "not-a-mail")


@pytest.mark.rule("A8")
def test_an_idempotency_key_tells_the_same_files_apart(program: Program) -> None:
    answers = [program.post(invoice_pdf(), "application/pdf", **{"Idempotency-Key": key}).status_code for key in "aab"]
    assert answers == [201, 200, 201]
    assert program.post(invoice_pdf(), "application/pdf").status_code == 201
    assert _problem(program.post(b"x", "application/pdf", **{"Idempotency-Key": "x" * 201})) == (422, "idempotency-key")


@pytest.mark.rule("I3")
@pytest.mark.parametrize("said", ["", "Bearer", "Bearer wrong", "Basic {key}", "{key}", "Bearer {key}x", "Bearer \x00"])
def test_without_a_key_in_force_nothing_is_done(program: Program, said: str) -> None:
    headers = {"Authorization": said.format(key=program.key)}
    for response in (program.post(invoice_pdf(), "application/pdf", **headers), program.get(f"{MAILS}/{uuid4()}", **headers)):
        assert _problem(response) == (401, "key-wrong")
        assert response["WWW-Authenticate"] == "Bearer"
    keys.end(program.administration.id, "bookkeeping", datetime.now(UTC))
    assert _problem(program.post(invoice_pdf(), "application/pdf")) == (401, "key-wrong")
    assert program.mails == []


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (b"{}", "application/json", (415, "media-type")),
        (b"a=b", "application/x-www-form-urlencoded", (415, "media-type")),
        (b"x", "multipart/mixed; boundary=b", (415, "media-type")),
        (b"x", "multipart/form-data; boundary=b", (422, "no-files")),
        (b"x", "multipart/form-data", (400, "malformed")),
        (
            b"--b\r\nContent-Disposition: form-data; name=note\r\n\r\n" + b"x" * 3_000_000 + b"\r\n--b--",
            "multipart/form-data; boundary=b",
            (400, "malformed"),
        ),
        (
            b"--b\r\nContent-Disposition: form-data; name=note\r\n\r\nx\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
            (422, "no-files"),
        ),
    ],
)
def test_what_holds_no_files_is_turned_away(program: Program, body: bytes, media_type: str, expected: tuple[int, str]) -> None:
    assert _problem(program.post(body, media_type)) == expected
    assert program.mails == []


_BITS = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            b"--b\r\n",
            b"--b--\r\n",
            b"\r\n",
            b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n',
            b"Content-Disposition: form-data; name*=utf-8''%ff; filename*=utf-16''%ff%00\r\n",
            b'Content-Disposition: form-data; name="\xff\xfe"; filename="..\\\x00"\r\n',
            b"Content-Transfer-Encoding: base64\r\n",
            b"Content-Type: text/plain; charset=\xff\r\n",
            b"====",
        ]
    ),
)
_TYPES = ("multipart/form-data; boundary=b", "MULTIPART/form-data; boundary=", "application/pdf", "message/rfc822")


@given(st.lists(_BITS, max_size=20).map(b"".join), st.sampled_from(_TYPES))
@settings_of(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_answered_in_json(program: Program, body: bytes, media_type: str) -> None:
    response = program.raw(body, media_type)
    assert response.status_code in (200, 201, 400, 415, 422), response.content
    assert json.loads(response.content)


@pytest.mark.rule("A3")
def test_what_is_too_large_is_413_whichever_way_it_comes(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SCANSTRAAT", replace(settings.SCANSTRAAT, max_mail_octets=100_000))
    monkeypatch.setattr(taking, "handing_in", taking.handing_in.__wrapped__)
    assert _problem(program.post(bytes(100_001), "application/pdf")) == (413, "too-large")
    assert _problem(program.post(bytes(99_900), "application/pdf")) == (413, "too-large")
    assert _problem(program.form(file=SimpleUploadedFile("a.pdf", bytes(100_001)))) == (413, "too-large")
    assert program.post(bytes(letter()) + b"x" * (100_000 - len(bytes(letter()))), "message/rfc822").status_code == 201
    assert [mail.size for mail in program.mails] == [100_000]


@pytest.mark.rule("A10")
def test_after_the_contract_a_program_is_forbidden(program: Program) -> None:
    models.Administration.objects.filter(id=program.administration.id).update(contract_ended_on="2020-01-01")
    assert _problem(program.post(invoice_pdf(), "application/pdf")) == (403, "contract-ended")
    models.Address.objects.filter(administration_id=program.administration.id).delete()
    assert _problem(program.post(invoice_pdf(), "application/pdf")) == (403, "no-address")


def test_who_goes_too_fast_is_told_to_wait(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    buckets = Buckets(Rate(1.0, 2.0))
    monkeypatch.setattr(pace, "_buckets", lambda: buckets)
    answers = [program.post(invoice_pdf(), "application/pdf") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 429]
    assert (_problem(answers[2]), answers[2]["Retry-After"]) == ((429, "too-fast"), "60")


@pytest.mark.rule("A7")
def test_while_the_database_is_away_the_answer_is_503(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("scanstraat.records.offices.first_address", away)
    response = program.post(invoice_pdf(), "application/pdf")
    assert (_problem(response), response["Retry-After"]) == ((503, "database"), "10")


def test_other_addresses_and_methods_answer_in_json_too(program: Program) -> None:
    deleted = program.delete(MAILS)
    assert (_problem(deleted), deleted["Allow"]) == ((405, "method"), "GET, POST")
    assert _problem(program.post(b"x", "application/pdf", f"{MAILS}/{uuid4()}")) == (405, "method")
    for address in (f"{MAILS}/not-an-id", "/api/", "/api/mail"):
        assert _problem(program.get(address)) == (404, "not-here"), address


@pytest.mark.rule("A9")
def test_a_program_is_told_what_became_of_a_mail(program: Program) -> None:
    made = mailroom.deliver(program.administration)
    answer = json.loads(program.get(f"{MAILS}/{made.mail}").content)
    assert (answer["id"], answer["state"], answer["subject"]) == (str(made.mail), "dispatched", "Factuur 2026-0412")
    assert answer["link"] == f"http://localhost/mails/{made.mail}"
    parts = [(part["number"], part["name"], part["role"], part["end"], part["problem"]) for part in answer["parts"]]
    assert parts[1:] == [
        (2, "factuur.pdf", "document", "delivered", ""),
        (3, "geheim.pdf", "unreadable", "lost", "the file is encrypted and cannot be opened"),
    ]
    (document,) = answer["documents"]
    assert (document["end"], document["invoice_number"], document["total"]) == ("delivered", "2026-0412", "1233.23")
    assert document["link"] == f"http://localhost/documents/{made.documents[0]}"


@pytest.mark.rule("I5")
def test_a_key_shows_its_own_administration_and_no_other(program: Program) -> None:
    drop = f"{program.administration.drop}-2"
    other = replace(program.administration, name=drop, drop=drop)
    foreign = offices.open_administration(f"Office {drop}", other, (f"{drop}@x.example",))
    made = mailroom.deliver(foreign)
    assert _problem(program.get(f"{MAILS}/{made.mail}")) == (404, "unknown-id")
    assert _problem(program.get(f"{MAILS}/{UUID(int=0)}")) == (404, "unknown-id")


def test_a_signed_in_person_is_nobody_here(program: Program) -> None:
    """The API knows keys only, so that no page of another site can have a browser upload."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(models.Membership.user.field.related_model.objects.create_user(f"u-{uuid4().hex}"))
    assert _problem(client.post(MAILS, {"file": io.BytesIO(invoice_pdf())})) == (401, "key-wrong")
