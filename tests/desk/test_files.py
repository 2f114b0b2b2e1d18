"""Files of the desk, and what every response tells the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from scanstraat.model.administration import Administration
from scanstraat.records import models
from scanstraat.records.blobs import Blobs
from tests.desk import mailroom

SignIn = Callable[..., Client]
PNG = b"\x89PNG\r\n\x1a\n"


def _fetch(client: Client, address: str) -> tuple[bytes, dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    content = response.getvalue()
    response.close()
    return content, dict(response.headers)


@pytest.mark.rule("A9")
def test_the_original_mail_comes_byte_for_byte_and_is_never_shown_by_the_browser(
    administration: Administration, signed_in: SignIn
) -> None:
    made = mailroom.receive(administration, "Factuur")
    content, headers = _fetch(signed_in(administration), reverse("original-mail", args=[made.mail]))
    row = models.Mail.objects.get(id=made.mail)
    assert content == Blobs(settings.SCANSTRAAT.home_path).get(administration.id, row.sha256)
    assert headers["Content-Disposition"].startswith('attachment; filename="mail-20260331-091240-')
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.rule("F1")
def test_pdf_and_xml_carry_the_name_they_have_in_the_drop(administration: Administration, signed_in: SignIn) -> None:
    made = mailroom.deliver(administration)
    client, document = signed_in(administration), made.documents[0]
    stem = models.Delivery.objects.get(document=document).stem
    pdf, headers = _fetch(client, reverse("composed-pdf", args=[document]))
    assert pdf == mailroom.invoice_pdf()
    assert (headers["Content-Type"], headers["Content-Disposition"]) == ("application/pdf", f'inline; filename="{stem}.pdf"')
    xml, headers = _fetch(client, reverse("invoice-xml", args=[document]))
    assert xml == b"<Invoice/>"
    assert headers["Content-Disposition"] == f'attachment; filename="{stem}.xml"'
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_that_was_not_delivered_has_no_files(administration: Administration, signed_in: SignIn) -> None:
    made = mailroom.deliver(administration, papers=(mailroom.Paper(verdict=mailroom.IN_REVIEW),))
    client = signed_in(administration)
    for name in ("composed-pdf", "invoice-xml"):
        assert client.get(reverse(name, args=made.documents)).status_code == 404
        assert reverse(name, args=made.documents) not in client.get(reverse("document", args=made.documents)).content.decode()


@pytest.mark.rule("B9")
def test_what_holds_a_virus_is_not_handed_out(administration: Administration, signed_in: SignIn) -> None:
    made = mailroom.deliver(administration)
    client, places = signed_in(administration), (("part", [made.mail, 1]), ("original-mail", [made.mail]))
    for name, of in places:
        _fetch(client, reverse(name, args=of))
    models.Part.objects.filter(mail=made.mail, index=1).update(problem_code="virus", problem="ClamAV found Eicar in it.")
    for name, of in places:
        response = client.get(reverse(name, args=of))
        assert response.status_code == 422
        assert "ClamAV found Eicar in it." in response.content.decode()


@pytest.mark.parametrize(
    "name", ["in\r\nSet-Cookie: x=1.pdf", "../../etc/passwd", "fac\u202efdp.exe", "ñandú 発票.pdf", '"; x="']
)
def test_a_name_from_outside_does_no_harm_in_a_header(administration: Administration, signed_in: SignIn, name: str) -> None:
    made = mailroom.deliver(administration)
    models.Part.objects.filter(mail=made.mail, index=1).update(name=name)
    _, headers = _fetch(signed_in(administration), reverse("part", args=[made.mail, 1]))
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert not {"\r", "\n", "/", "\u202e"} & set(headers["Content-Disposition"])
    assert "Set-Cookie" not in headers


def test_a_picture_is_rendered_once_and_kept_apart_by_administration(administration: Administration, signed_in: SignIn) -> None:
    made = mailroom.deliver(administration)
    client, address = signed_in(administration), reverse("picture", args=[made.documents[0], 2])
    content, headers = _fetch(client, address)
    folder = settings.SCANSTRAAT.home_path / "cache" / "pictures" / str(administration.id) / made.pdf_sha256
    (kept,) = folder.iterdir()
    assert content.startswith(PNG)
    assert content == kept.read_bytes()
    assert headers["Cache-Control"] == "private, no-cache"
    kept.write_bytes(PNG + b"kept")
    assert _fetch(client, address)[0] == PNG + b"kept"
    assert client.get(address, headers={"If-None-Match": headers["ETag"]}).status_code == 304


@pytest.mark.rule("B9")
def test_a_file_that_is_gone_or_cannot_be_rendered_gets_a_page_that_says_so(
    administration: Administration, signed_in: SignIn
) -> None:
    made = mailroom.deliver(administration)
    client = signed_in(administration)
    broken = Blobs(settings.SCANSTRAAT.home_path).put(administration.id, b"%PDF-1.7 broken")
    models.Part.objects.filter(mail=made.mail, index=1).update(pdf_sha256=broken)
    assert client.get(reverse("picture", args=[made.documents[0], 1])).status_code == 422
    models.Document.objects.filter(id=made.documents[0]).update(pdf_sha256="0" * 64)
    gone = client.get(reverse("composed-pdf", args=[made.documents[0]]))
    assert gone.status_code == 500
    assert b"blob-missing" in gone.content


@pytest.mark.parametrize("address", ["/sign-in", "/mails", "/health", "/static/desk/desk.css", "/nothing", "/documents"])
def test_every_response_forbids_what_is_not_ours(administration: Administration, signed_in: SignIn, address: str) -> None:
    response = signed_in(administration).get(address)
    response.close()
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_are_not_kept_by_the_browser(administration: Administration, signed_in: SignIn) -> None:
    assert signed_in(administration).get(reverse("mails"))["Cache-Control"] == "no-store"


def test_a_host_name_that_is_not_ours_is_refused(database: None) -> None:
    assert Client(SERVER_NAME="evil.example").get("/sign-in").status_code == 400
