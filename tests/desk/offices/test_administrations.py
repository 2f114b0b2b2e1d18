"""The pages of suppliers and administrations: who sees and changes what, and what is said at the fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from scanstraat.mailbox.intake import RecipientState
from scanstraat.model.administration import Administration
from scanstraat.model.people import Role
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.records import models, offices
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from tests.desk import mailroom
from tests.desk.conftest import office_of
from tests.desk.offices.test_lists import text_of

SignIn = Callable[..., Client]
IBAN = "NL91ABNA0417164300"


def _instructions(**changed: str) -> dict[str, str]:
    whole = {
        "name": "Bakkerij De Ochtend BV",
        "country": "nl",
        "currency": "eur",
        "names": "De Ochtend\n\nDe Ochtend",
        "vat_numbers": "nl 8204.71.616.B01",
        "ibans": "NL91 ABNA 0417 1643 00",
        "threshold": "80",
        "phrases": "als factuur behandelen",
        "contacts": "boekhouding@ochtend.example",
        "new_account_waits": "on",
    }
    return {name: text for name, text in {**whole, **changed}.items() if text}


def _second(administration: Administration, name: str) -> Administration:
    drop = f"{administration.drop}-{uuid4().hex[:6]}"
    return offices.open_administration(
        office_of(administration), replace(administration, name=name, drop=drop), (f"{drop}@x.example",)
    )


@pytest.mark.rule("C6", "E6", "G3")
def test_a_main_user_changes_identity_and_instructions(administration: Administration, signed_in: SignIn) -> None:
    client, address = signed_in(administration), reverse("administration", args=[administration.id])
    assert "Identity and instructions" in text_of(client, address)
    done = client.post(address, _instructions(), follow=True)
    assert "Saved." in done.content.decode()
    now = offices.administration(administration.id)
    assert now.own.names == ("Bakkerij De Ochtend BV", "De Ochtend")
    assert (now.own.vat_numbers, now.own.ibans) == (("NL820471616B01",), (IBAN,))
    assert (now.country, now.currency, now.drop) == ("NL", "EUR", administration.drop)
    asked = now.instructions
    assert (asked.deliver_threshold, asked.new_account_waits, asked.answers_senders) == (0.8, True, False)
    assert (asked.reminder_phrases, asked.contacts) == (("als factuur behandelen",), ("boekhouding@ochtend.example",))
    told = models.AuditEntry.objects.filter(chain=administration.id, act="instruct").get().detail
    assert "deliver_threshold: 0.5 → 0.8" in told
    assert "ibans: none → NL91ABNA0417164300" in told
    assert 'value="80"' in client.get(address).content.decode()


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("ibans", "NL91ABNA0417164301", "The check digits of this IBAN do not hold."),
        ("vat_numbers", "NL820471617B01", "The check digits of NL820471617B01 do not hold."),
        ("vat_numbers", "none", "does not have the form of a VAT number"),
        ("threshold", "0", "A threshold is a whole number of percent, 1 to 99."),
        ("threshold", "half", "A threshold is a whole number of percent"),
        ("phrases", "factuur", "A phrase has at least two words."),
        ("contacts", "piet at jansen", "is not one address in plain letters."),
        ("country", "Holland", "A country has two letters"),
        ("currency", "€", "A currency has three letters"),
        ("name", " ", "A name has 1 to 200 characters."),
        ("names", "a\n" * 101, "There are more than 100 lines."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed(
    administration: Administration, signed_in: SignIn, field: str, text: str, said: str
) -> None:
    before = offices.administration(administration.id)
    client = signed_in(administration)
    answer = client.post(reverse("administration", args=[administration.id]), {**_instructions(), field: text})
    assert answer.status_code == 422
    page = answer.content.decode().replace("&#x27;", "'")
    assert said in page.split(f'id="error_{field}"')[1].split("</p>")[0]
    assert page.count('aria-invalid="true"') == 1
    assert "Bakkerij De Ochtend BV" in page or field == "name"  # what was typed right stays
    assert offices.administration(administration.id) == before


def test_a_contact_is_no_address_that_comes_in_here(administration: Administration, signed_in: SignIn) -> None:
    own = f"{administration.drop}@invoices.example"
    answer = signed_in(administration).post(reverse("administration", args=[administration.id]), _instructions(contacts=own))
    assert f"Mail to {own} comes in here itself." in answer.content.decode()


@pytest.mark.rule("I5")
def test_who_may_look_and_who_may_change(administration: Administration, signed_in: SignIn) -> None:
    address = reverse("administration", args=[administration.id])
    acts = [reverse(name, args=[administration.id]) for name in ("set-drop", "add-address", "end-address", "end-contract")]
    foreign = offices.open_administration(f"Office {uuid4().hex}", replace(administration, drop=f"f-{uuid4().hex[:8]}"), ())
    main, other, lead = signed_in(administration), signed_in(foreign), signed_in(operator=True)
    user, seer = signed_in(administration, role=Role.OFFICE_USER), signed_in(administration, role=Role.ADMINISTRATION_USER)
    local_lead = signed_in(foreign, role=Role.LEAD)
    assert [client.get(address).status_code for client in (main, other, lead, user, seer)] == [200, 404, 200, 403, 403]
    assert [client.post(address, _instructions()).status_code for client in (other, user, seer)] == [404, 403, 403]
    for act in acts:
        sent = {"drop": "x-1", "address": "x@y.example", "ended": "x", "last_day": ""}
        assert [client.post(act, sent).status_code for client in (main, user, seer, other)] == [403, 403, 403, 403]
        assert local_lead.post(act, sent).status_code == 404
        assert lead.get(act).status_code == 405
    assert "Another drop folder" not in text_of(main, address)
    assert "ask there to change them" in text_of(main, address)
    assert "Another drop folder" in text_of(lead, address)
    assert administration.drop + " " not in text_of(other, reverse("administrations")).replace(administration.name, "")
    assert "Open an administration" not in text_of(main, reverse("administrations"))
    assert [client.get(reverse("administrations")).status_code for client in (user, seer)] == [403, 403]


@pytest.mark.rule("A1", "A10")
def test_addresses_are_added_and_ended_and_belong_to_nobody_else(administration: Administration, signed_in: SignIn) -> None:
    lead, other = signed_in(operator=True), _second(administration, "Other")
    page, add = reverse("administration", args=[administration.id]), reverse("add-address", args=[administration.id])
    end = reverse("end-address", args=[administration.id])
    old, new = f"{administration.drop}@invoices.example", f"New-{administration.drop}@Invoices.example"
    house = StoredIntake(Blobs(settings.SCANSTRAAT.home_path), TaskTable(), lambda: datetime.now(UTC), lambda tasks: None)
    assert "Addresses before keep working" in lead.post(add, {"address": new}, follow=True).content.decode()
    assert {house.recipient(old), house.recipient(new)} == {RecipientState.ACCEPTED}
    again = lead.post(add, {"address": new.lower()})
    assert (again.status_code, "belongs to an administration already" in again.content.decode()) == (422, True)
    assert lead.post(reverse("add-address", args=[other.id]), {"address": old}).status_code == 422
    assert lead.post(add, {"address": "no address"}).status_code == 422
    assert "is refused from now on" in lead.post(end, {"ended": old}, follow=True).content.decode()
    assert house.recipient(old) is RecipientState.ENDED
    assert f"{old} Ended" in text_of(lead, page)
    assert lead.post(end, {"ended": old}).status_code == 422
    assert lead.post(reverse("add-address", args=[other.id]), {"address": old}).status_code == 422  # nobody else gets it
    lead.post(add, {"address": old})
    assert house.recipient(old) is RecipientState.ACCEPTED
    acts = models.AuditEntry.objects.filter(chain=administration.id, act__in=("add-address", "end-address"))
    assert list(acts.order_by("number").values_list("detail", flat=True)) == [new.lower(), old, old]


@pytest.mark.rule("A10")
def test_the_drop_folder_and_the_last_day_are_set_by_the_service(administration: Administration, signed_in: SignIn) -> None:
    lead, other = signed_in(operator=True), _second(administration, "Other")
    drop, contract = reverse("set-drop", args=[administration.id]), reverse("end-contract", args=[administration.id])
    for wrong in ("../etc", "A b", "", other.drop, "-x"):
        assert lead.post(drop, {"drop": wrong}).status_code == 422
    new = f"New-{administration.drop}"
    assert f"drops/{new.lower()}" in lead.post(drop, {"drop": new}, follow=True).content.decode()
    assert offices.administration(administration.id).drop == new.lower()
    assert lead.post(contract, {"last_day": "tomorrow"}).status_code == 422
    last = date(2026, 6, 30)
    told = lead.post(contract, {"last_day": "2026-06-30"}, follow=True).content.decode()
    assert "Its last day is 2026-06-30; mail is processed until 2026-07-14, then refused." in told
    assert offices.administration(administration.id).contract_ended_on == last
    assert offices.in_contract(offices.administration(administration.id), last + timedelta(days=14))
    lead.post(contract, {"last_day": ""})
    assert offices.administration(administration.id).contract_ended_on is None


@pytest.mark.rule("E1", "E4", "I5")
def test_suppliers_are_found_by_name_number_and_account_with_how_often_they_came(
    administration: Administration, signed_in: SignIn
) -> None:
    made = mailroom.deliver(administration)
    row = models.Supplier.objects.create(
        administration_id=administration.id, name="Bakkerij De Korenaar B.V.", name_key="korenaar", vat_number="NL001234567B01"
    )
    models.SupplierAccount.objects.create(supplier=row, number=IBAN, verified=True)
    models.SupplierAccount.objects.create(supplier=row, number="5050-1055", scheme="BBAN")
    models.Document.objects.filter(id=made.documents[0]).update(supplier=row, account=IBAN)
    client, page = signed_in(administration, role=Role.ADMINISTRATION_USER), reverse("supplier", args=[row.pk])
    for words in ("korenaar bakkerij", "NL91 ABNA 0417 1643 00", "0012 34567", "5050-1055", "korenaar 0417164300"):
        assert "Bakkerij De Korenaar B.V. NL001234567B01" in text_of(client, reverse("suppliers"), search=words), words
    assert "No supplier fits this search." in text_of(client, reverse("suppliers"), search="garage")
    shown = text_of(client, page)
    assert "NL91 ABNA 0417 1643 00 Verified" in shown
    assert "1 2026-03-31" in shown
    assert "5050-1055 Not verified" in shown
    assert "Invoice Bakkerij De Korenaar B.V. 2026-0412" in shown
    foreign = offices.open_administration(f"Office {uuid4().hex}", replace(administration, drop=f"f-{uuid4().hex[:8]}"), ())
    other = signed_in(foreign)
    assert other.get(page).status_code == 404
    assert "Korenaar" not in text_of(other, reverse("suppliers"))
