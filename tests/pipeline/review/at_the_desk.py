"""Mails on the real line, in this process, up to the review desk and on from it; and the people who sit there."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from scanstraat.bounded import Limits
from scanstraat.delivery.dropping import Outbox
from scanstraat.mailbox.opening import Opener
from scanstraat.model.administration import Administration, Instructions
from scanstraat.model.conservation import Violation
from scanstraat.model.document import Kind
from scanstraat.model.mail import Envelope
from scanstraat.model.review import Actor, Entry, Looked
from scanstraat.model.task import NewTask
from scanstraat.pipeline import line
from scanstraat.pipeline.conserving import Auditor
from scanstraat.pipeline.review import acts, holding
from scanstraat.pipeline.runner import Runner
from scanstraat.pipeline.stage import Tools
from scanstraat.reading.crops import Looker
from scanstraat.reading.reader import Reader
from scanstraat.records import conservation, mails, models, offices
from scanstraat.records.blobs import Blobs
from scanstraat.records.search import MailFilter
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings

NOW = datetime(2026, 4, 1, 10, tzinfo=UTC)
UNDO = timedelta(seconds=10)
HOLD = timedelta(minutes=2)
LATER = NOW + timedelta(seconds=11)
TASKS = TaskTable()
LIMITS = Limits(1_000_000_000, 20.0)
# A threshold that nothing that was only read reaches: every invoice comes to the desk.
SHY = Instructions(deliver_threshold=1.0)
_WIDTH, HEIGHT = A4


class Inside:
    """In place of `bounded.Child`: calls the function here."""

    def call(self, function: Callable[..., Any], limits: Limits, *args: Any) -> Any:
        return function(*args)

    def close(self) -> None:
        pass


@cache
def tools() -> Tools:
    """Those of a worker, on this process's home, all in this process."""
    settings, child = Settings.from_environment(), Inside()
    home, any_child = settings.home_path, child
    return Tools(
        child=any_child,  # type: ignore[arg-type]  # here and below: what a `Child` does, without a process
        words=any_child,  # type: ignore[arg-type]
        pictures=any_child,  # type: ignore[arg-type]
        limits=LIMITS,
        opener=Opener(any_child, settings),  # type: ignore[arg-type]
        reader=Reader(any_child, settings, light=any_child),  # type: ignore[arg-type]
        looker=Looker(any_child, settings),  # type: ignore[arg-type]
        blobs=Blobs(home),
        outbox=Outbox(home / "staging", home / "drops"),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an invoice as it is printed."""

    number: str = ""
    total: str = ""
    supplier: str = "Bakkerij De Korenaar B.V."
    iban: str = "NL91 ABNA 0417 1643 00"
    vat: str = "NL004495445B01"
    title: str = "FACTUUR"


def pdf_of(pages: tuple[Page, ...]) -> bytes:
    """A PDF; a page without a number goes on with the page before."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    for place, page in enumerate(pages):
        for x, y, text in _printed(page, place):
            canvas.setFont("Helvetica-Bold" if text == page.title else "Helvetica", 11)
            canvas.drawString(x, HEIGHT - y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _printed(page: Page, place: int) -> tuple[tuple[int, int, str], ...]:
    if not page.number:
        return ((60, 80, f"Bijlage, bladzijde {place + 1}"), (60, 120, "Specificatie van de leveringen"))
    return (
        (60, 80, page.title),
        (60, 110, page.supplier),
        (60, 126, "Molenstraat 12, 3511 AB Utrecht"),
        (300, 110, "Factuurnummer"),
        (420, 110, page.number),
        (300, 126, "Factuurdatum"),
        (420, 126, "30 maart 2026"),
        (300, 142, "BTW-nummer"),
        (420, 142, page.vat),
        (60, 250, "Zuurdesembrood"),
        (330, 372, "Totaal EUR"),
        (430, 372, page.total),
        (60, 414, "Gaarne betalen op"),
        (60, 430, page.iban),
    )


def person(name: str = "") -> Actor:
    """Somebody who sits at the desk."""
    user = User.objects.create(username=name or f"user-{uuid4().hex[:10]}")
    return Actor(user.pk, user.username)


def shy(owner: Administration, **instructions: object) -> Administration:
    """The administration with every invoice of it coming to the desk."""
    wanted = replace(SHY, **instructions)  # type: ignore[arg-type]  # names of its fields
    offices.instruct(owner.id, wanted)
    return replace(owner, instructions=wanted)


def sent(owner: Administration, *files: bytes, subject: str = "Factuur", text: str = "Zie bijlage.") -> UUID:
    """A mail with these PDFs, received and not yet opened."""
    message = EmailMessage()
    message["From"], message["To"] = "Bakker <info@korenaar.example>", f"{owner.drop}@invoices.example"
    message["Subject"], message["Message-ID"] = subject, f"<{uuid4()}@korenaar.example>"
    message["Date"] = "Tue, 31 Mar 2026 11:12:40 +0200"
    message.set_content(text)
    for place, file in enumerate(files):
        message.add_attachment(file, maintype="application", subtype="pdf", filename=f"factuur {place + 1}.pdf")
    raw, at = message.as_bytes(), NOW - timedelta(days=1)
    sha256 = tools().blobs.put(owner.id, raw)
    envelope = Envelope("info@korenaar.example", f"{owner.drop}@invoices.example", at)
    mail = mails.receive(owner.id, envelope, sha256, hashlib.sha256(raw).hexdigest(), len(raw))
    mails.log(mail, at, "received", f"smtp, {len(raw)} octets")
    TASKS.add((NewTask("open", mail),), at)
    return mail


def of_mail(mail: UUID) -> tuple[models.Document, ...]:
    """Its documents, in mail order."""
    return tuple(models.Document.objects.filter(mail_id=mail).order_by("ordinal"))


def run(mail: UUID, now: datetime = NOW, most: int = 1_000) -> int:
    """Do what is due of a mail and its documents on the real line; returns how many stages were done."""
    runner = Runner(TASKS, line.steps(tools()), "desk:1", lambda: now, lambda _: None)
    done = 0
    while done < most and (due := _due(mail, now)):
        done += sum(runner.run(task) for task in due)
    return done


def _due(mail: UUID, now: datetime) -> tuple[str, ...]:
    subjects = (mail, *(document.id for document in of_mail(mail)))
    rows = models.Task.objects.filter(subject__in=subjects, state="waiting", next_at__lte=now)
    return tuple(rows.values_list("id", flat=True))


def in_review(owner: Administration, *files: tuple[Page, ...]) -> tuple[UUID, tuple[UUID, ...]]:
    """A mail with a PDF for each of `files`, run down the line; its id and those of its documents, all of them at the desk."""
    mail = sent(owner, *(pdf_of(pages) for pages in files))
    run(mail)
    found = of_mail(mail)
    assert {document.state for document in found} == {"in-review"}, [(d.kind, d.state, d.verdict, d.error) for d in found]
    return mail, tuple(document.id for document in found)


def taken(document: UUID, by: Actor, now: datetime = NOW) -> None:
    """Have somebody hold it."""
    assert holding.hold(document, by, now, now + HOLD)


def accepted(
    document: UUID,
    by: Actor,
    entries: tuple[Entry, ...] = (),
    kind: Kind = Kind.INVOICE,
    answered: tuple[str, ...] = (),
    now: datetime = NOW,
) -> Looked:
    """Accept it with these entries; what was read is confirmed with all its fields as they stand."""
    row = models.Document.objects.get(id=document)
    named = {entry.field for entry in entries}
    rest = tuple(Entry(r.field, r.value) for r in shown(row) if r.field not in named)
    return acts.accept(document, by, (*entries, *rest), kind, answered, now, now + UNDO, TASKS)


def shown(row: models.Document) -> tuple[Any, ...]:
    """The readings as the desk shows them."""
    from scanstraat.records import documents

    completed = documents.value(row).completed
    return completed.readings if completed else ()


def violations(owner: Administration) -> list[Violation]:
    """What is wrong with the mails of an administration."""
    auditor = Auditor(tools().blobs, Inside(), LIMITS)  # type: ignore[arg-type]  # as above
    return [each for audited in auditor.audited(conservation.mails_of(MailFilter(owner.drop))) for each in audited.violations]


def is_balanced(owner: Administration) -> bool:
    """Whether as much came out of its mails as went in."""
    auditor = Auditor(tools().blobs, Inside(), LIMITS)  # type: ignore[arg-type]  # as above
    return all(audited.balance.is_even for audited in auditor.audited(conservation.mails_of(MailFilter(owner.drop))))


def state_of(document: UUID) -> str:
    """Where it is."""
    return models.Document.objects.get(id=document).state


def drops(owner: Administration) -> list[str]:
    """The names in its drop folder."""
    folder = Settings.from_environment().home_path / "drops" / owner.drop
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
