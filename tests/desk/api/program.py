"""A program that uses the API with a key, through Django's test client; and what it finds there."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client

from scanstraat.delivery.dropping import Outbox
from scanstraat.model.administration import Administration
from scanstraat.model.key import Scope
from scanstraat.model.verdict import Action
from scanstraat.records import audit, documents, keys, models, people
from tests.desk import mailroom
from tests.desk.mailroom import Made, Paper

EVERY = frozenset(Scope)


class Program:
    """With a key of an administration, or of its whole office, for these scopes."""

    def __init__(self, administration: Administration, scopes: frozenset[Scope] = EVERY, office: bool = False) -> None:
        self.administration = administration
        if office:
            self.key = keys.add_for_office(office_of(administration), "ledger", scopes)
        else:
            self.key = keys.add(administration.id, "ledger", scopes)
        self._client = Client(SERVER_NAME="localhost", raise_request_exception=False)

    def ask(self, method: str, address: str, body: object = None, **headers: str) -> HttpResponseBase:
        content = b"" if body is None else json.dumps(body).encode()
        said = {"Authorization": f"Bearer {self.key}", **headers}
        path = address if address.startswith("/api/") else f"/api{address}"
        return self._client.generic(method, path, content, "application/json", headers=said)

    def get(self, address: str) -> Any:
        """The answer, where it is 200."""
        return self._good(self.ask("GET", address))

    def post(self, address: str, body: object = None, **headers: str) -> Any:
        return self._good(self.ask("POST", address, body, **headers))

    def problem(self, method: str, address: str, body: object = None, **headers: str) -> tuple[int, str]:
        """Status and code, where something was not done."""
        response = self.ask(method, address, body, **headers)
        answer = json.loads(content_of(response))
        assert set(answer) == {"code", "message", "next_step"}, answer
        return response.status_code, answer["code"]

    @property
    def audited(self) -> list[tuple[str, str]]:
        """What the audit log of its administration says of it: act and subject."""
        rows = models.AuditEntry.objects.filter(chain=self.administration.id, actor="key ledger").order_by("number")
        assert audit.verify(self.administration.id) == ()
        return list(rows.values_list("act", "subject"))

    @staticmethod
    def _good(response: HttpResponseBase) -> Any:
        content = content_of(response)
        assert response.status_code in (200, 201), content
        return json.loads(content)


def content_of(response: HttpResponseBase) -> bytes:
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return content


def office_of(administration: Administration) -> int:
    return people.office(models.Administration.objects.get(id=administration.id).office.name)


def in_review(administration: Administration, subject: str = "Factuur", **paper: Any) -> Made:
    """A mail whose one document waits for a person."""
    return mailroom.deliver(administration, subject, (Paper(verdict=mailroom.IN_REVIEW, **paper),))


def dropped(administration: Administration, subject: str = "Factuur") -> Made:
    """A mail whose one document lies in the drop folder, as its blobs say."""
    made = mailroom.deliver(administration, subject)
    home = settings.SCANSTRAAT.home_path
    outbox = Outbox(home / "staging", home / "drops")
    staged = documents.staged(made.documents[0])
    row = models.Document.objects.get(id=made.documents[0])
    assert row.action == Action.DELIVER
    folder = home / "drops" / staged.folder
    folder.mkdir(parents=True, exist_ok=True)
    for sha256, ending in ((row.pdf_sha256, "pdf"), (row.xml_sha256, "xml")):
        blob = home / "blobs" / str(administration.id) / sha256[:2] / sha256
        (folder / f"{staged.stem}.{ending}").write_bytes(blob.read_bytes())
    assert outbox
    return made
