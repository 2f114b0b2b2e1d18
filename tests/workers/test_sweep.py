"""The sweep of staging removes what no claim and no committed delivery owns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from scanstraat.delivery.dropping import Outbox
from scanstraat.model.administration import Administration
from scanstraat.model.delivery import Drop, StagedDrop
from scanstraat.model.document import Document, Kind
from scanstraat.model.mail import Channel, Envelope, Refusal
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.steps.compose_drop import token_of
from scanstraat.records import documents, mails, models, refusals
from scanstraat.records.tasks import TaskTable
from scanstraat.workers.sweep import forget_refusals, sweep_staging

NOW = datetime(2026, 3, 31, tzinfo=UTC)


def _document(administration: Administration) -> UUID:
    digest = uuid4().hex * 2
    mail = mails.receive(administration.id, Envelope("a@supplier.example", "b@c.example", NOW), digest, digest, 1)
    return documents.add(mail, administration.id, (Document(0, Kind.INVOICE, 1.0, ()),))[0]


@pytest.mark.rule("F8")
def test_only_what_interrupted_work_left_is_swept_away(administration: Administration, tmp_path: Path) -> None:
    outbox, table = Outbox(tmp_path / "staging", tmp_path / "drops"), TaskTable()
    claimed, committed, delivered, orphan = (_document(administration) for _ in range(4))

    def staged(document: UUID, token: str) -> StagedDrop:
        return outbox.stage("drop", Drop(document.hex, b"pdf", b"xml"), token)

    table.add((NewTask("compose", claimed),), NOW)
    claim = table.claim(NewTask("compose", claimed).id, "me", NOW, NOW + timedelta(minutes=5))
    assert claim is not None
    kept = staged(claimed, token_of(claim))
    waiting = staged(committed, token_of(Claim(NewTask("compose", committed), 7, 1, 0)))
    documents.keep_staged(committed, waiting, "", "", NOW)
    documents.keep_staged(delivered, staged(delivered, "gone-1"), "", "", NOW)
    documents.keep_delivered(delivered, NOW)
    staged(orphan, token_of(Claim(NewTask("compose", orphan), 1, 1, 0)))
    (tmp_path / "staging" / ".half-1.stem.pdf.0a1b.tmp").write_bytes(b"p")

    assert sweep_staging(outbox, table, minimum_age=3600) == 0, "a claim may have been made a moment ago"
    assert sweep_staging(outbox, table, minimum_age=0) == 5
    left = {path.name for path in (tmp_path / "staging").iterdir()}
    assert left == {kept.staged_pdf, kept.staged_xml, waiting.staged_pdf, waiting.staged_xml}


@pytest.mark.rule("A9", "I1")
def test_what_was_turned_away_is_forgotten_after_three_months(database: None) -> None:
    now = datetime.now(UTC)
    old, young = (Refusal(now - timedelta(days=days), Channel.SMTP, "192.0.2.9", "", "", "550") for days in (100, 80))
    refusals.keep((old, young))
    assert forget_refusals() >= 1
    assert [row.at for row in models.Refusal.objects.filter(peer="192.0.2.9")] == [young.at]
