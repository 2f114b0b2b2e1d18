"""Mails and documents found by programs, with their readings and files."""

from __future__ import annotations

import pytest

from scanstraat.model.administration import Administration
from scanstraat.model.key import Scope
from scanstraat.records import models
from tests.desk import mailroom
from tests.desk.api.program import Program, content_of, in_review


@pytest.mark.rule("A9")
def test_mails_are_found_by_words_times_and_states_and_turned_over_page_by_page(program: Program) -> None:
    made = [
        mailroom.deliver(program.administration, f"Factuur {word}", days=n) for n, word in enumerate(("appel", "peer", "pruim"))
    ]
    every = program.get("/mails")
    assert [item["id"] for item in every["items"]] == [str(each.mail) for each in made]
    assert every["items"][0]["documents"] == [
        {"id": str(made[0].documents[0]), "kind": "invoice", "state": "delivered"},
    ]
    assert [item["subject"] for item in program.get("/mails?search=peer+factuur")["items"]] == ["Factuur peer"]
    assert len(program.get("/mails?since=2026-03-30T00:00:00Z")["items"]) == 2
    assert len(program.get("/mails?until=2026-03-30T00:00:00%2B02:00")["items"]) == 1
    assert (len(program.get("/mails?state=delivered")["items"]), program.get("/mails?state=parked")["items"]) == (3, [])
    first = program.get("/mails?limit=2")
    second = program.get(f"/mails?limit=2&cursor={first['next']}")
    assert [item["id"] for page in (first, second) for item in page["items"]] == [str(each.mail) for each in made]
    assert (first["next"] is None, second["next"]) == (False, None)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("since=yesterday", "invalid"),
        ("since=1", "invalid"),
        ("since=0001-01-01T00:00:00%2B14:00", "invalid"),
        ("limit=0", "invalid"),
        ("limit=1e2", "invalid"),
        ("limit=201", "invalid"),
        ("search=%00", "invalid"),
        ("state=nowhere", "unknown-state"),
        ("cursor=abcd", "cursor"),
        ("cursor=MjAyNi0wMS0wMSB4", "cursor"),
    ],
)
def test_what_is_asked_wrongly_is_told(program: Program, query: str, code: str) -> None:
    assert program.problem("GET", f"/mails?{query}") == (422, code)


@pytest.mark.rule("I4")
def test_a_mail_is_fetched_as_it_came_and_that_is_audited(program: Program) -> None:
    made = mailroom.deliver(program.administration)
    response = program.ask("GET", f"/mails/{made.mail}/mail.eml")
    assert (response.status_code, response["Content-Type"]) == (200, "message/rfc822")
    assert content_of(response).startswith(b"From: Bakkerij")
    assert program.audited == [("download-mail", f"mail {made.mail}")]
    models.Part.objects.filter(mail_id=made.mail, index=1).update(problem_code="virus", problem="Eicar")
    assert program.problem("GET", f"/mails/{made.mail}/mail.eml") == (403, "virus")


def test_documents_are_found_by_state_kind_mail_and_change(program: Program) -> None:
    done, waiting = mailroom.deliver(program.administration), in_review(program.administration)
    by_query = {
        query: [item["id"] for item in program.get(f"/documents?{query}")["items"]]
        for query in ("", "state=in-review", "state=delivered", "kind=reminder", f"mail={done.mail}", "administration=")
    }
    both = [str(waiting.documents[0]), str(done.documents[0])]
    assert by_query == {
        "": both,
        "state=in-review": both[:1],
        "state=delivered": both[1:],
        "kind=reminder": [],
        f"mail={done.mail}": both[1:],
        "administration=": both,
    }
    assert program.get("/documents?changed_since=2999-01-01T00:00:00Z")["items"] == []
    assert len(program.get("/documents?since=2020-01-01T00:00:00Z")["items"]) == 2
    assert program.problem("GET", "/documents?kind=poem") == (422, "unknown-kind")
    assert program.problem("GET", "/documents?state=poem") == (422, "unknown-state")
    paged = [program.get("/documents?limit=1")]
    paged.append(program.get(f"/documents?limit=1&cursor={paged[0]['next']}"))
    assert [item["id"] for page in paged for item in page["items"]] == both


@pytest.mark.rule("C7", "I4")
def test_a_document_is_told_with_its_evidence_its_doubts_and_its_verdict(program: Program) -> None:
    (document,) = in_review(program.administration).documents
    answer = program.get(f"/documents/{document}")
    assert (answer["document"]["state"], answer["document"]["end"]) == ("in-review", "in-review")
    assert answer["document"]["link"] == f"http://localhost/documents/{document}"
    readings = {reading["field"]: reading for reading in answer["recognised"]["readings"]}
    number = readings["invoice_number"]
    assert (number["term"], number["value"], number["confidence"]) == ("BT-1", "2026-0412", 0.93)
    assert number["evidence"]["page"] == 1
    assert number["evidence"]["raw"] == "2026-0412"
    assert len(number["evidence"]["box"]) == 4
    assert number["runners_up"] == [{"value": "2026-0417", "confidence": 0.21, "evidence": None}]
    assert readings["vat_number"]["doubts"] == ["the check digits do not add up"]
    assert (readings["due_date"]["rule"], readings["due_date"]["method"]) == ("D5", "fallback")
    assert answer["recognised"]["supplier"]["outcome"] == "by-account"
    assert answer["recognised"]["verdict"]["reasons"][0] == {
        "code": "iban",
        "text": "the IBAN fails its check digits",
        "rule": "C7",
    }
    assert answer["recognised"]["lines"][0]["quantity"] == "316"
    assert answer["files"] == {
        "pdf": None,
        "xml": None,
        "pages": [f"/api/documents/{document}/pages/{n}.png" for n in (1, 2)],
    }
    program.get(f"/documents/{document}")
    assert program.audited == [("see-document", f"document {document}")]


@pytest.mark.rule("I4")
def test_the_files_of_a_document_are_fetched(program: Program) -> None:
    (document,) = mailroom.deliver(program.administration).documents
    files = program.get(f"/documents/{document}")["files"]
    found = {}
    for address in (files["pdf"], files["xml"], files["pages"][1], f"{files['pages'][0]}?dpi=36"):
        response = program.ask("GET", address)
        found[response["Content-Type"]] = content_of(response)[:4]
    assert found == {"application/pdf": b"%PDF", "application/xml": b"<Inv", "image/png": b"\x89PNG"}
    assert program.problem("GET", f"/documents/{document}/pages/3.png") == (404, "unknown-id")
    assert program.problem("GET", f"/documents/{document}/pages/1.png?dpi=37") == (422, "size")
    assert [act for act, _ in program.audited] == ["see-document", "download-pdf", "download-xml", "see-pages"]
    models.Document.objects.filter(id=document).update(pdf_sha256="", xml_sha256="")
    assert program.problem("GET", files["pdf"]) == (404, "unknown-id")
    assert program.problem("GET", files["xml"]) == (404, "unknown-id")


@pytest.mark.rule("I5")
def test_an_office_s_key_sees_all_its_administrations_and_those_to_come_and_no_other(
    administration: Administration, sister: Administration, foreign: Administration
) -> None:
    program = Program(administration, office=True)
    own, hers, theirs = (mailroom.deliver(each) for each in (administration, sister, foreign))
    assert {item["administration"] for item in program.get("/administrations")["items"]} == {administration.drop, sister.drop}
    assert {item["id"] for item in program.get("/documents")["items"]} == {str(own.documents[0]), str(hers.documents[0])}
    assert [item["id"] for item in program.get(f"/mails?administration={sister.drop}")["items"]] == [str(hers.mail)]
    assert program.problem("GET", f"/mails?administration={foreign.drop}") == (404, "unknown-id")
    assert program.problem("GET", f"/documents/{theirs.documents[0]}") == (404, "unknown-id")
    assert program.get(f"/documents/{hers.documents[0]}")["document"]["administration"] == sister.drop


@pytest.mark.rule("A6")
def test_who_uploads_for_an_office_says_for_which_administration(
    administration: Administration, sister: Administration, foreign: Administration
) -> None:
    program = Program(administration, office=True)
    body = {"not": "a form"}
    assert program.problem("POST", "/mails", body)[0] == 415
    mail = b"From: a@b.example\r\nSubject: x\r\n\r\nHoi\r\n"
    answers = {}
    for name in ("", sister.drop, foreign.drop):
        response = program._client.generic(
            "POST",
            f"/api/mails?administration={name}",
            mail,
            "message/rfc822",
            headers={"Authorization": f"Bearer {program.key}"},
        )
        answers[name] = response.status_code
    assert answers == {"": 422, sister.drop: 201, foreign.drop: 404}
    assert models.Mail.objects.filter(administration_id=sister.id).count() == 1


@pytest.mark.rule("I5")
def test_nothing_of_another_office_is_there_at_any_address(program: Program, foreign: Administration) -> None:
    theirs = Program(foreign)
    made = mailroom.deliver(foreign)
    theirs.post("/suppliers", {"suppliers": [{"name": "Bakker BV"}]})
    supplier = theirs.get("/suppliers")["items"][0]["id"]
    hook = theirs.post("/webhooks", {"url": "https://example.com/in"})["id"]
    document = made.documents[0]
    addresses = [
        ("GET", f"/mails/{made.mail}", None),
        ("GET", f"/mails/{made.mail}/mail.eml", None),
        ("GET", f"/documents/{document}", None),
        ("GET", f"/documents/{document}/document.pdf", None),
        ("GET", f"/documents/{document}/invoice.xml", None),
        ("GET", f"/documents/{document}/pages/1.png", None),
        ("POST", f"/documents/{document}/corrections", {"accept": True}),
        ("GET", f"/suppliers/{supplier}", None),
        ("PUT", f"/suppliers/{supplier}", {"name": "x"}),
        ("GET", f"/drops/{document}", None),
        ("POST", f"/drops/{document}/acknowledge", None),
        ("POST", f"/drops/{document}/refuse", {"reason": "x"}),
        ("POST", f"/drops/{document}/again", None),
        ("GET", f"/webhooks/{hook}", None),
        ("DELETE", f"/webhooks/{hook}", None),
        ("GET", f"/webhooks/{hook}/calls", None),
        ("POST", f"/webhooks/{hook}/test", None),
    ]
    for method, address, body in addresses:
        assert program.problem(method, address, body) == (404, "unknown-id"), address
    for address in ("/mails", "/documents", "/suppliers", "/drops", "/webhooks"):
        assert program.get(address)["items"] == [], address
    assert models.Document.objects.get(id=document).state == "delivered"


_NEEDS = [
    ("POST", "/mails", {Scope.UPLOAD}),
    ("GET", "/mails", {Scope.READ}),
    ("GET", "/mails/{id}", {Scope.UPLOAD, Scope.READ}),
    ("GET", "/mails/{id}/mail.eml", {Scope.READ}),
    ("GET", "/documents", {Scope.READ}),
    ("GET", "/documents/{id}", {Scope.READ}),
    ("GET", "/documents/{id}/document.pdf", {Scope.READ}),
    ("GET", "/documents/{id}/invoice.xml", {Scope.READ}),
    ("GET", "/documents/{id}/pages/1.png", {Scope.READ}),
    ("POST", "/documents/{id}/corrections", {Scope.CORRECT}),
    ("GET", "/suppliers", {Scope.SUPPLIERS, Scope.READ}),
    ("POST", "/suppliers", {Scope.SUPPLIERS}),
    ("GET", "/suppliers/1", {Scope.SUPPLIERS, Scope.READ}),
    ("PUT", "/suppliers/1", {Scope.SUPPLIERS}),
    ("GET", "/drops", {Scope.DROPS}),
    ("GET", "/drops/{id}", {Scope.DROPS}),
    ("POST", "/drops/{id}/acknowledge", {Scope.DROPS}),
    ("POST", "/drops/{id}/refuse", {Scope.DROPS}),
    ("POST", "/drops/{id}/again", {Scope.DROPS}),
    ("GET", "/webhooks", {Scope.WEBHOOKS}),
    ("POST", "/webhooks", {Scope.WEBHOOKS}),
    ("GET", "/webhooks/{id}", {Scope.WEBHOOKS}),
    ("DELETE", "/webhooks/{id}", {Scope.WEBHOOKS}),
    ("GET", "/webhooks/{id}/calls", {Scope.WEBHOOKS}),
    ("POST", "/webhooks/{id}/test", {Scope.WEBHOOKS}),
]


@pytest.mark.rule("I3")
def test_a_key_does_what_its_scopes_say_and_nothing_else(administration: Administration) -> None:
    somewhere = "00000000-0000-4000-8000-000000000000"
    for scope in Scope:
        program = Program(administration, frozenset({scope}))
        for method, address, scopes in _NEEDS:
            status, code = 200, ""
            response = program.ask(method, address.format(id=somewhere), {})
            status = response.status_code
            code = content_of(response).decode() if status == 403 else ""
            assert ("scope" in code) == (scope not in scopes), (scope, method, address, status)
        models.ServiceKey.objects.filter(administration_id=administration.id).delete()


def test_every_operation_is_in_that_table(program: Program) -> None:
    described = program.get("/api/openapi.json")
    known = {
        (method, address.replace("/1", "/{id}", 1) if address.startswith("/suppliers") else address)
        for method, address, _ in _NEEDS
    }
    paths = {
        (method.upper(), path.removeprefix("/api").replace("{identifier}", "{id}").replace("{number}", "1"))
        for path, operations in described["paths"].items()
        for method in operations
    }
    assert paths == known | {("GET", "/administrations")}
    assert described["openapi"] == "3.1.0"


def test_a_parameter_that_there_is_not_is_refused_and_so_is_any_other_address_in_json(program: Program) -> None:
    assert program.problem("GET", "/documents?administratoin=x") == (422, "invalid")
    assert program.problem("POST", "/suppliers?limit=1", {"suppliers": [{"name": "x"}]}) == (422, "invalid")
    assert program.problem("GET", "/nothing%0A/here") == (404, "not-here")
    nobody = program.problem("GET", "/documents?administratoin=x", Authorization="Bearer x")
    assert nobody == (401, "key-wrong")
