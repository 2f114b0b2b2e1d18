"""Drops acknowledged, refused and asked for again (F8)."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from scanstraat import failpoint
from scanstraat.delivery.dropping import Outbox
from scanstraat.model.state import DocumentState
from scanstraat.records import documents, models
from scanstraat.workers import sweep
from tests.desk.api.program import Program, dropped

pytestmark = pytest.mark.rule("F8")


def _files(document: UUID) -> tuple[Path, Path]:
    staged = documents.staged(document)
    folder = settings.SCANSTRAAT.home_path / "drops" / staged.folder
    return folder / f"{staged.stem}.pdf", folder / f"{staged.stem}.xml"


def _document(program: Program) -> UUID:
    return dropped(program.administration).documents[0]


def test_a_drop_waits_until_it_is_acknowledged_once(program: Program) -> None:
    made = [dropped(program.administration, subject) for subject in ("een", "twee")]
    waiting = program.get("/drops")["items"]
    assert [(item["id"], item["state"]) for item in waiting] == [(str(m.documents[0]), "waiting") for m in made]
    drop = waiting[0]
    assert _files(made[0].documents[0])[0].name == drop["pdf"]
    first, again = (program.post(f"/drops/{drop['id']}/acknowledge") for _ in range(2))
    assert first == again
    assert (first["state"], first["acknowledged_at"] is None) == ("acknowledged", False)
    assert [item["id"] for item in program.get("/drops")["items"]] == [str(made[1].documents[0])]
    assert [item["id"] for item in program.get("/drops?state=acknowledged")["items"]] == [drop["id"]]
    assert program.audited == [("acknowledge", f"document {drop['id']}")]
    assert program.problem("POST", f"/drops/{drop['id']}/refuse", {"reason": "te laat"}) == (409, "was-acknowledged")
    assert program.problem("GET", "/drops?state=lost") == (422, "invalid")


def test_a_refused_drop_is_laid_before_a_person_with_the_reason(program: Program) -> None:
    document = _document(program)
    for _ in range(2):
        answer = program.post(f"/drops/{document}/refuse", {"reason": " verkeerde administratie "})
        assert (answer["state"], answer["refusal"]) == ("refused", "verkeerde administratie")
    shown = program.get(f"/documents/{document}")
    assert shown["document"]["state"] == DocumentState.IN_REVIEW
    assert "verkeerde administratie" in shown["document"]["reason"]
    assert program.problem("POST", f"/drops/{document}/acknowledge") == (409, "was-refused")
    assert program.problem("POST", f"/drops/{document}/again", **{"Idempotency-Key": "1"}) == (409, "was-refused")
    assert [act for act, _ in program.audited][:1] == ["refuse"]
    assert (program.get("/drops")["items"], len(program.get("/drops?state=refused")["items"])) == ([], 1)


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 1001}, {"reason": "x", "more": 1}, None])
def test_a_refusal_has_a_reason(program: Program, body: object) -> None:
    assert program.problem("POST", f"/drops/{_document(program)}/refuse", body) == (422, "invalid")


@pytest.mark.rule("F4")
def test_a_drop_is_put_into_its_folder_again_once_a_request(program: Program) -> None:
    document = _document(program)
    pdf, xml = _files(document)
    was = pdf.read_bytes(), xml.read_bytes()
    for path in (pdf, xml):
        path.unlink()
    assert program.post(f"/drops/{document}/again", **{"Idempotency-Key": "one"})["asked_again"] == 1
    assert (pdf.read_bytes(), xml.read_bytes()) == was
    xml.unlink()  # consumed once more: the same request brings nothing back
    assert program.post(f"/drops/{document}/again", **{"Idempotency-Key": "one"})["asked_again"] == 1
    assert not xml.exists()
    inode = pdf.stat().st_ino
    assert program.post(f"/drops/{document}/again", **{"Idempotency-Key": "two"})["asked_again"] == 2
    assert (pdf.read_bytes(), xml.read_bytes()) == was
    assert pdf.stat().st_ino != inode
    assert [act for act, _ in program.audited] == ["drop-again"] * 2
    staging = settings.SCANSTRAAT.home_path / "staging"
    assert not [path for path in staging.iterdir() if path.name.startswith(document.hex)]


def test_another_file_of_that_name_is_left_alone(program: Program) -> None:
    document = _document(program)
    _, xml = _files(document)
    xml.write_bytes(b"<Other/>")
    assert program.problem("POST", f"/drops/{document}/again", **{"Idempotency-Key": "1"}) == (409, "name-taken")
    assert xml.read_bytes() == b"<Other/>"
    xml.unlink()
    assert program.post(f"/drops/{document}/again", **{"Idempotency-Key": "1"})["asked_again"] == 1


@pytest.mark.parametrize("key", [None, "", "x" * 201])
def test_who_asks_again_names_his_request(program: Program, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    assert program.problem("POST", f"/drops/{_document(program)}/again", **headers) == (422, "idempotency-key")


def test_what_is_not_delivered_is_no_drop(program: Program) -> None:
    document = _document(program)
    models.Delivery.objects.filter(document_id=document).update(delivered_at=None)
    assert program.problem("GET", f"/drops/{document}") == (404, "unknown-id")
    assert program.problem("POST", f"/drops/{document}/acknowledge") == (404, "unknown-id")


class _Cut(Exception):
    pass


@pytest.mark.parametrize("place", ["drops.asked", "delivery.again-rename", "drops.done"])
@pytest.mark.parametrize("finisher", ["the same request", "the sweep"])
def test_a_request_cut_off_anywhere_is_finished_once(
    program: Program, monkeypatch: pytest.MonkeyPatch, place: str, finisher: str
) -> None:
    document = _document(program)
    pdf, xml = _files(document)
    was = pdf.read_bytes(), xml.read_bytes()
    for path in (pdf, xml):
        path.unlink()

    def cut(name: str) -> None:
        if name == place:
            raise _Cut

    with monkeypatch.context() as patched:
        patched.setattr(failpoint, "reach", cut)
        assert program.problem("POST", f"/drops/{document}/again", **{"Idempotency-Key": "1"}) == (500, "unexpected")
    home = settings.SCANSTRAAT.home_path
    assert xml.exists() is (place == "drops.done")
    names = documents.staged_names()
    assert any(name.startswith(document.hex) for name in names)  # the sweep of staging leaves them alone
    if finisher == "the sweep":
        assert sweep.finish_asked(Outbox(home / "staging", home / "drops"), sweep.timedelta(0)) >= 1
    else:
        program.post(f"/drops/{document}/again", **{"Idempotency-Key": "1"})
    assert (pdf.read_bytes(), xml.read_bytes()) == was
    assert program.get(f"/drops/{document}")["asked_again"] == 1
