"""Opening an administration: one form, what it says at its fields, the checklist, the test mail and the acceptance (K1)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from scanstraat.mailbox.server import MailServer
from scanstraat.model.administration import Administration
from scanstraat.model.people import Role
from scanstraat.model.state import MailState
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.pipeline.trial import Trial, invoice_of, mail_of
from scanstraat.records import mails, models, offices, opening, people
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings
from tests.desk.conftest import office_of
from tests.desk.offices.test_lists import text_of

SignIn = Callable[..., Client]
pytestmark = pytest.mark.rule("K1")


def _form(**changed: str) -> dict[str, str]:
    mark = uuid4().hex[:8]
    whole = {
        "office": "new",
        "new_office": f"Kantoor {mark}",
        "name": f"Bakkerij {mark} B.V.",
        "country": "NL",
        "currency": "EUR",
        "vat_numbers": "NL820471616B01",
        "ibans": "NL91 ABNA 0417 1643 00",
        "contacts": f"post@{mark}.example",
        "user": f"main-{mark}",
        "full_name": "Anna de Vries",
        "email": f"anna@{mark}.example",
    }
    return {**whole, **changed}


def _opened(client: Client, form: dict[str, str]) -> models.Administration:
    answer = client.post(reverse("open-administration"), form)
    assert answer.status_code == 302, answer.content.decode()
    row = models.Administration.objects.get(name=" ".join(form["name"].split()))
    assert answer["Location"] == reverse("opening", args=[row.pk])
    return row


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No SMTP of our own: test mails go straight into the house."""
    monkeypatch.setattr(settings, "SCANSTRAAT", replace(settings.SCANSTRAAT, smtp_listen=""))


@pytest.mark.rule("A1", "C6", "I5")
def test_one_form_opens_office_administration_address_folder_and_main_user(signed_in: SignIn) -> None:
    lead, form = signed_in(operator=True), _form()
    page = lead.get(reverse("open-administration")).content.decode()
    form["started"] = page.split('name="started" value="')[1].split('"')[0]
    row = _opened(lead, form)
    opened = offices.administration(row.pk)
    assert opened.drop == form["name"].lower().removesuffix(" b.v.").replace(" ", "-")
    assert row.addresses.get().address.startswith(f"{opened.drop}@")
    assert (opened.own.vat_numbers, opened.own.ibans) == (("NL820471616B01",), ("NL91ABNA0417164300",))
    assert opened.instructions.contacts == (form["contacts"],)
    user = User.objects.get(username=form["user"])
    person = people.person(user.pk)
    assert person is not None
    assert (person.full_name, person.email) == ("Anna de Vries", form["email"])
    assert [(post.role, post.office) for post in person.posts] == [(Role.OFFICE_MAIN_USER, row.office_id)]
    begun = opening.opened(row.pk)
    assert begun is not None
    assert begun.started_at < begun.opened_at
    first, again = text_of(lead, reverse("opening", args=[row.pk])), text_of(lead, reverse("opening", args=[row.pk]))
    password = first.split("shown this once ")[1].split()[0]
    assert user.check_password(password)
    assert password not in again
    assert "Begun 0 min" in first
    assert models.AuditEntry.objects.filter(chain=row.pk, act="open-administration").exists()


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"office": ""}, "office", "Choose an office, or a new one."),
        ({"office": "9" * 30}, "office", "Choose an office, or a new one."),
        ({"new_office": " "}, "new_office", "A name has 1 to 200 characters."),
        ({"name": ""}, "name", "A name has 1 to 200 characters."),
        ({"name": "商店"}, "drop", "No name of a folder can be made from this name; give one."),
        ({"vat_numbers": "NL820471617B01"}, "vat_numbers", "The check digits of NL820471617B01 do not hold."),
        ({"ibans": "NL91ABNA0417164301"}, "ibans", "The check digits of this IBAN do not hold."),
        ({"addresses": "facturen at x"}, "addresses", "is not one address in plain letters."),
        ({"drop": "a/b"}, "drop", "The name of a drop folder has letters a to z, digits and dashes."),
        ({"contacts": "x"}, "contacts", "is not one address in plain letters."),
        ({"user": ""}, "user", "Give the name that the main user signs in with."),
        ({"user": "no blanks here"}, "user", "A name to sign in with has letters, digits"),
        ({"email": "x"}, "email", "X is no mail address."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_opened(
    signed_in: SignIn, changed: dict[str, str], field: str, said: str
) -> None:
    lead, form = signed_in(operator=True), _form(**changed)
    answer = lead.post(reverse("open-administration"), form)
    assert answer.status_code == 422
    page = answer.content.decode().replace("&#x27;", "'")
    assert said in page.split(f'id="error_{field}"')[1].split("</p>")[0]
    assert not models.Administration.objects.filter(name=form["name"]).exists()
    assert not models.Office.objects.filter(name=form["new_office"]).exists()
    assert not User.objects.filter(username=form["user"]).exists()
    assert form["full_name"] in page


@pytest.mark.rule("A1")
def test_what_belongs_to_another_is_not_given_away(administration: Administration, signed_in: SignIn) -> None:
    lead = signed_in(operator=True)
    own = f"{administration.drop}@invoices.example"
    for changed, field in (
        ({"addresses": own.upper()}, "addresses"),
        ({"drop": administration.drop}, "drop"),
        ({"new_office": office_of(administration)}, "new_office"),
        ({"user": User.objects.order_by("?").values_list("username", flat=True)[0]}, "user"),
    ):
        answer = lead.post(reverse("open-administration"), _form(**changed))
        assert (answer.status_code, f'id="error_{field}"' in answer.content.decode()) == (422, True), field


def test_a_second_company_of_a_name_gets_a_folder_and_an_address_of_its_own(signed_in: SignIn) -> None:
    lead, form = signed_in(operator=True), _form()
    first = _opened(lead, form)
    look = lead.post(reverse("open-administration-look"), {**form, "office": f"{first.office_id}", "user": "", "email": "x"})
    assert f"drops/{first.drop}-2" in look.content.decode()
    assert "Give the name that the main user signs in with." not in look.content.decode()  # nothing typed there yet
    second = {**form, "office": f"{first.office_id}", "user": "", "full_name": "", "email": "", "name": form["name"] + " Noord"}
    assert _opened(lead, second).office_id == first.office_id


@pytest.mark.rule("I5")
def test_only_the_service_opens_and_a_lead_of_an_office_only_there(administration: Administration, signed_in: SignIn) -> None:
    addresses = [reverse("open-administration"), reverse("opening", args=[administration.id])]
    addresses.append(reverse("opening-trial-story", args=[administration.id]))
    for role in (Role.OFFICE_MAIN_USER, Role.OFFICE_USER, Role.OPERATOR, Role.AUDITOR):
        assert [signed_in(administration, role=role).get(address).status_code for address in addresses] == [403, 403, 403]
    foreign = offices.open_administration(f"Office {uuid4().hex}", replace(administration, drop=f"f-{uuid4().hex[:8]}"), ())
    local = signed_in(foreign, role=Role.LEAD)
    assert [local.get(address).status_code for address in addresses] == [200, 404, 404]
    for name in ("opening-instructions", "opening-trial", "acceptance"):
        assert local.post(reverse(name, args=[administration.id])).status_code == 404
    assert local.post(reverse("open-administration"), _form()).status_code == 422  # no new office
    theirs = models.Administration.objects.get(id=administration.id).office_id
    assert local.post(reverse("open-administration"), _form(office=f"{theirs}")).status_code == 422
    assert office_of(administration) not in local.get(addresses[0]).content.decode()


def test_the_checklist_turns_green_point_by_point(signed_in: SignIn, quiet: None) -> None:
    lead = signed_in(operator=True)
    row = _opened(lead, _form(vat_numbers="", ibans="", contacts=""))
    page = reverse("opening", args=[row.pk])
    shown = text_of(lead, page)
    assert "3 of 8 done" in shown  # address, drop folder, main user
    assert "No VAT number and no IBAN of its own is known" in shown
    instructions = {"name": row.name, "country": "NL", "currency": "EUR", "threshold": "50"}
    more = {"vat_numbers": "NL820471616B01", "contacts": "post@x.example"}
    lead.post(reverse("administration", args=[row.pk]), {**instructions, **more})
    assert "6 of 8 done" in text_of(lead, page)
    models.Opening.objects.filter(administration=row).update(instructed_at=None)
    assert "5 of 8 done" in text_of(lead, page)
    lead.post(reverse("opening-instructions", args=[row.pk]))
    assert "6 of 8 done" in text_of(lead, page)
    lead.post(reverse("opening-trial", args=[row.pk]))
    assert "The test mail is on its way." in text_of(lead, page)
    assert 'hx-trigger="every 1s"' in lead.get(reverse("opening-trial-story", args=[row.pk])).content.decode()
    mail = models.Mail.objects.get(administration=row)
    accepted = lead.post(reverse("acceptance", args=[row.pk]), {"accepted_by": "Anna de Vries"})
    assert "say why it is accepted all the same" in accepted.content.decode()
    assert lead.get(reverse("acceptance", args=[row.pk])).status_code == 404
    mails.move(mail.id, MailState.RECEIVED, MailState.OPENED)
    mail.refresh_from_db()
    mail.state = MailState.PARKED
    mail.error = "it is broken"
    mail.save()
    story = lead.get(reverse("opening-trial-story", args=[row.pk])).content.decode()
    assert "did not arrive: it is broken" in story
    assert 'hx-trigger="every 1s"' not in story
    assert "Send another test mail" in story
    done = lead.post(reverse("acceptance", args=[row.pk]), {"accepted_by": "", "remark": "later"})
    assert done.status_code == 422
    lead.post(reverse("acceptance", args=[row.pk]), {"accepted_by": "Anna de Vries", "remark": "the line is tried tomorrow"})
    record = text_of(lead, reverse("acceptance", args=[row.pk]))
    for said in ("Accepted by Anna de Vries", "✓ Own identity: NL820471616B01", "– Test mail", "the line is tried tomorrow"):
        assert said in record
    assert "Accepted by Anna de Vries" in text_of(lead, page)
    assert models.AuditEntry.objects.filter(chain=row.pk, act="accept-opening").exists()


def test_a_missing_drop_folder_right_address_or_main_user_is_told(
    administration: Administration, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, page = signed_in(operator=True), reverse("opening", args=[administration.id])
    monkeypatch.setattr(settings, "SCANSTRAAT", replace(settings.SCANSTRAAT, smtp_listen="127.0.0.1:1"))
    drops = settings.SCANSTRAAT.home_path / "drops"
    drops.mkdir(exist_ok=True)
    (drops / administration.drop).write_text("a file")
    shown = text_of(lead, page)
    assert "No mail server answers at 127.0.0.1:1" in shown
    assert "The office has no main user; add one under Users." in shown
    assert f"{drops / administration.drop} cannot be written" in shown
    (drops / administration.drop).unlink()


@pytest.fixture
def served(database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Our own mail server on the database of this process."""
    home = settings.SCANSTRAAT.home_path
    house = StoredIntake(Blobs(home), TaskTable(), lambda: datetime.now(UTC), lambda tasks: None)
    own = replace(settings.SCANSTRAAT, smtp_listen="127.0.0.1:0")
    with MailServer(own, house) as listening:
        changed = replace(own, smtp_listen=f"127.0.0.1:{listening.smtp_port}")
        monkeypatch.setattr(settings, "SCANSTRAAT", changed)
        yield changed


@pytest.mark.rule("A1", "A4", "A10")
def test_the_mail_server_is_asked_and_gets_the_test_mail(signed_in: SignIn, served: Settings) -> None:
    lead = signed_in(operator=True)
    row = _opened(lead, _form())
    page, trial = reverse("opening", args=[row.pk]), reverse("opening-trial", args=[row.pk])
    assert "The mail server takes mail to" in text_of(lead, page)
    lead.post(trial)
    begun = opening.opened(row.pk)
    assert begun is not None
    mail = models.Mail.objects.get(administration=row)
    assert mail.envelope_sender == f"test-mail-{begun.trial}@{served.smtp_hostname}"
    lead.post(trial)
    assert models.Mail.objects.filter(administration=row).count() == 2  # another each time
    offices.end_address(row.pk, row.addresses.get().address, datetime.now(UTC))
    assert "It has no address in use, so no mail is taken." in text_of(lead, page)
    time.sleep(1.1)  # so long the mail server takes an address that it found for one of ours
    refused = lead.post(trial, follow=True).content.decode()
    assert "The mail server did not take the test mail: 550" in refused


def test_the_test_mail_says_everywhere_that_it_is_one() -> None:
    trial = Trial("7f3a9c21", "x@y.example", "Ærlig & Søn – 商店", "SEK", datetime(2026, 11, 27, 10, 0, tzinfo=UTC))
    content = mail_of(trial, "mx.scan.example")
    assert b"Subject: TEST invoice TEST-7F3A9C21: please throw away\r\n" in content
    assert b"\r\n.\r\n" not in content
    assert invoice_of(trial).startswith(b"%PDF-")
