"""An office with everything that belongs to one, all of it marked, so that none of it can come out elsewhere unseen."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client

from scanstraat.codec import to_json
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.key import Scope
from scanstraat.model.people import Post, Reach, Role
from scanstraat.model.supplier import MatchOutcome, Supplier, SupplierMatch
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.records import audit, keys, models, offices, people
from tests.desk import mailroom
from tests.desk.conftest import BACKEND
from tests.desk.mailroom import Made, Paper

AT = datetime(2026, 3, 31, 9, 12, tzinfo=UTC)
AGREED = date(2026, 1, 1)
State = dict[tuple[str, str], tuple[Any, ...]]
_VOLATILE = {"last_login", "used_at"}
# Where each kind of row gets its ids from: no id of one kind or office is one of another, so that each is refused for what it is.
_STEP = 10**15
HOLDERS: dict[str, tuple[Role, Reach]] = {
    "operator": (Role.OPERATOR, Reach.OFFICE),
    "lead": (Role.LEAD, Reach.OFFICE),
    "main user": (Role.OFFICE_MAIN_USER, Reach.OFFICE),
    "user": (Role.OFFICE_USER, Reach.OFFICE),
    "reader": (Role.ADMINISTRATION_USER, Reach.ADMINISTRATION),
    "auditor": (Role.AUDITOR, Reach.OFFICE),
    "auditor of one": (Role.AUDITOR, Reach.ADMINISTRATION),
}


@dataclass(frozen=True, slots=True)
class World:
    """One office: `ids` by their names in the table of routes, `words` that stand nowhere else, `rows` all that is its."""

    mark: str
    owner: Administration
    office: int
    ids: dict[str, UUID | int]
    words: tuple[str, ...]
    users: dict[str, User]
    key: str
    office_key: str
    rows: State

    def numbers(self) -> tuple[int, ...]:
        """All whole numbers that name something of it."""
        return tuple(value for value in self.ids.values() if isinstance(value, int))

    def uuids(self) -> tuple[UUID, ...]:
        """All UUIDs that name something of it."""
        return tuple(value for value in self.ids.values() if isinstance(value, UUID))

    def client(self, holder: str) -> Client:
        """The browser of one of its persons."""
        client = Client(SERVER_NAME="localhost")
        client.force_login(self.users[holder], backend=BACKEND)
        return client

    def sent(self) -> dict[str, str]:
        """What a form may name of it, under every name that a form has for such a thing."""
        ids = {name: f"{value}" for name, value in self.ids.items()}
        named = {"administration": ids["administration"], "office": ids["office"], "document": ids["delivered"]}
        named |= {"with": ids["review"], "with_document": ids["review"], "other": ids["review"], "mail": ids["mail"]}
        named |= {"supplier": ids["supplier"], "user": ids["user"], "key": ids["key"], "webhook": ids["webhook"], "session": "1"}
        named |= {"place": f"office-{self.office}", "role": "office-user", "keep": f"office-user:office-{self.office}"}
        named |= {
            "drop": self.owner.drop,
            "address": f"{self.owner.drop}@invoices.example",
            "ended": f"{self.owner.drop}@invoices.example",
        }
        return named | {
            "text": "x",
            "why": "x",
            "kind": "other",
            "page": "1",
            "degrees": "90",
            "order": "2,1",
            "before_page": "2",
        }


def made(number: int) -> World:
    """The `number`-th world, counted from 1, with rows of every kind."""
    before, mark = state(), f"zeldzaam{secrets.token_hex(4)}"
    pk = _ids(number)
    office = models.Office.objects.create(pk=pk(1), name=f"Kantoor {mark}")
    own = OwnIdentity(names=(f"Klant {mark} BV",))
    models.Administration.objects.create(pk=pk(2), office=office, name=f"Klant {mark}", drop=mark, own=to_json(own).decode())
    owner = offices.administration(pk(2))
    models.Address.objects.create(pk=pk(3), administration_id=owner.id, address=f"{mark}@invoices.example")
    supplier = _supplier(owner, pk, mark)
    papers = _papers(owner, supplier, mark)
    users = _users(office.pk, owner, pk, mark)
    away = User.objects.create(pk=pk(7), username=f"away-{mark}")  # nobody signs in as him: his passkey is none
    authenticator = Authenticator.objects.create(pk=pk(20), user=away, type=Authenticator.Type.WEBAUTHN, data={})
    key = keys.add(owner.id, f"sleutel {mark}", frozenset(Scope))
    office_key = keys.add_for_office(office.pk, f"kantoorsleutel {mark}", frozenset(Scope))
    models.ServiceKey.objects.filter(name=f"sleutel {mark}").update(id=pk(21))
    hook, call = _hook(owner, mark)
    ids: dict[str, UUID | int] = {
        "office": office.pk,
        "administration": owner.id,
        "supplier": supplier,
        "user": users["user"].pk,
        "main user": users["main user"].pk,
        "passkey": authenticator.pk,
        "key": pk(21),
        "mail": papers.mail,
        "delivered": papers.documents[0],
        "review": papers.documents[1],
        "archived": papers.documents[2],
        "webhook": hook,
        "call": call,
    }
    _told(owner, papers, users["operator"], mark)
    rows = {name: row for name, row in state().items() if name not in before}
    words = (mark, *(f"{value}" for value in ids.values()))
    return World(mark, owner, office.pk, ids, words, users, key, office_key, rows)


def state() -> State:
    """Every row of ours there is, by table and key; without when somebody was seen last."""
    found: State = {}
    for model in (*apps.get_app_config("records").get_models(), User, Authenticator):
        columns = [field.attname for field in model._meta.concrete_fields if field.attname not in _VOLATILE]
        for row in model._default_manager.values_list(*columns):
            found[model.__name__, f"{row[columns.index(model._meta.pk.attname)]}"] = row  # type: ignore[union-attr]
    return found


def _ids(number: int) -> Any:
    inside = secrets.randbelow(10**8) * 10**6 + number
    return lambda kind: kind * _STEP + inside * 10


def _supplier(owner: Administration, pk: Any, mark: str) -> int:
    row = models.Supplier.objects.create(
        pk=pk(4), administration_id=owner.id, name=f"Leverancier {mark}", name_key=f"leverancier {mark}"
    )
    models.SupplierAccount.objects.create(pk=pk(5), supplier=row, number=f"ACC{mark}")
    return row.pk


def _papers(owner: Administration, supplier: int, mark: str) -> Made:
    ways = (Action.DELIVER, Action.REVIEW, Action.ARCHIVE)
    reasons = (Reason("G1", f"reden {mark}"),)
    match = SupplierMatch(MatchOutcome.BY_ACCOUNT, Supplier(supplier, f"Leverancier {mark}"), reasons=(f"grond {mark}",))
    papers = tuple(Paper(verdict=Verdict(way, reasons), match=match) for way in ways)
    found = mailroom.deliver(owner, f"Zeer geheime factuur {mark}", papers, f"{mark} <post@{mark}.example>")
    models.Refusal.objects.create(
        at=AT, channel="smtp", sender=f"{mark}@x.example", administration_id=owner.id, reply=f"550 {mark}"
    )
    return found


def _users(office: int, owner: Administration, pk: Any, mark: str) -> dict[str, User]:
    users = {}
    for number, (holder, (role, reach)) in enumerate(HOLDERS.items()):
        post = Post(role, office) if reach is Reach.OFFICE else Post(role, administration=owner.id)
        name = f"{holder.replace(' ', '-')}-{mark}"
        row = User.objects.create(pk=pk(6) + number, username=name, email=f"{holder.replace(' ', '.')}@{mark}.example")
        models.Profile.objects.create(user=row, full_name=f"{holder.title()} {mark}", confidential_since=AGREED)
        people.set_posts(row.pk, (post,))
        users[holder] = row
    return users


def _hook(owner: Administration, mark: str) -> tuple[UUID, UUID]:
    given = {"administration_id": owner.id, "url": f"https://{mark}.example/hook", "events": "document.delivered"}
    hook = models.Webhook.objects.create(**given, secret="", created_at=AT, created_by=mark)
    call = models.HookCall.objects.create(
        webhook=hook, event="document.delivered", body=mark, created_at=AT, next_at=AT, answer=mark, state="sent"
    )
    return hook.pk, call.pk


def _told(owner: Administration, papers: Made, operator: User, mark: str) -> None:
    document = papers.documents[1]
    models.Note.objects.create(document_id=document, by=operator.username, at=AT, text=f"notitie {mark}")
    acted = {"mail_id": papers.mail, "document": document, "user": operator, "by": operator.username}
    models.ReviewAct.objects.create(**acted, at=AT, act="kind", text=mark)
    models.Acceptance.objects.create(administration_id=owner.id, at=AT, by=operator.username, accepted_by=f"Directeur {mark}")
    audit.append(owner.id, operator.username, "see-mail", f"mail {papers.mail}", mark)
