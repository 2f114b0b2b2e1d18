"""A home with thousands of documents for `benchmarks.desk`: real ones that went down the line, and copies of them around.

Real invoices come by SMTP into administrations that ask for certainty beyond all reason, so that they come into review; two
fields of each are then left in doubt, the others made sure. Copies of their rows, with the same readings and pages, fill the
database; some wait too, less urgent than the real ones, the others were delivered.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from fixtures.generator.catalogue import plain
from fixtures.generator.layouts import invoice_pdf
from scanstraat.codec import from_json, to_json
from scanstraat.mailbox.sending import deliver
from scanstraat.model.administration import Administration, Instructions, OwnIdentity
from scanstraat.model.field import FieldName, Reading, Readings
from scanstraat.model.people import Post, Role
from scanstraat.model.reasons import HOLDING
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.verdict import Action, Reason, Verdict

PASSWORD = "four words make one"
DOUBTFUL = (FieldName.INVOICE_NUMBER, FieldName.TOTAL)
LAYOUTS = ("letterhead-left", "letterhead-right", "info-table", "boxed-totals")
OFFICES, EACH = 10, 20
_AT_ONCE = 200
_PATIENCE = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class Size:
    """How many documents there are, how many of them wait, and how many of these are real."""

    documents: int
    waiting: int
    real: int


def open_administrations() -> tuple[Administration, ...]:
    """Several offices with their administrations."""
    from scanstraat.records.offices import open_administration

    strict = Instructions(deliver_threshold=1.0)
    opened = []
    for number in range(OFFICES * EACH):
        own = OwnIdentity((f"Klant {number} B.V.",))
        new = Administration(0, f"Klant {number} B.V.", own, f"klant-{number}", instructions=strict)
        opened.append(open_administration(f"Kantoor {number // EACH}", new, (f"klant-{number}@desk.example",)))
    return tuple(opened)


def open_person() -> str:
    """The name of an operator who may review everything."""
    from scanstraat.records import staff

    staff.ensure("olga", PASSWORD, (Post(Role.OPERATOR),), date(2026, 1, 1), once=False, at=datetime.now(UTC))
    return "olga"


def send_real(smtp: str, administrations: tuple[Administration, ...], count: int) -> None:
    """Send real invoices, each to the next administration, and wait until the line has none left."""
    from scanstraat.records.tasks import TaskTable

    for number in range(count):
        deliver(
            _mail(number),
            "supplier@supplier.example",
            [f"{administrations[number % len(administrations)].drop}@desk.example"],
            smtp,
        )
    until = time.monotonic() + _PATIENCE
    while TaskTable().open_count() and time.monotonic() < until:
        time.sleep(0.2)


def leave_two_doubts(most: int) -> int:
    """Leave two fields of each real document in doubt and have the others sure; how many there are to review."""
    from scanstraat.records import models

    rows = models.Document.objects.filter(state=DocumentState.IN_REVIEW).order_by("created_at")
    usable = [row for row in rows if _is_whole(from_json(row.completed, Readings))]
    models.Document.objects.exclude(id__in=[row.id for row in usable[:most]]).update(
        queued_at=None, state=DocumentState.DISCARDED
    )
    first = datetime.now(UTC) - timedelta(hours=1)
    for place, row in enumerate(usable[:most]):
        row.readings, row.completed = (
            to_json(_doubted(from_json(text, Readings))).decode() for text in (row.readings, row.completed)
        )
        row.verdict = to_json(Verdict(Action.REVIEW, _doubts(from_json(row.completed, Readings)))).decode()
        row.reason, row.due_at = "doubt", first + timedelta(seconds=place)
        row.save()
    return len(usable[:most])


def copy_around(size: Size) -> None:
    """Fill the database with copies of what is there."""
    from scanstraat.records import models

    chance = random.Random(4711)
    patterns = list(models.Document.objects.filter(state=DocumentState.IN_REVIEW).select_related("mail")[:60])
    parts = {row.mail_id: list(models.Part.objects.filter(mail_id=row.mail_id)) for row in patterns}
    administrations = list(models.Administration.objects.values_list("id", flat=True))
    waiting, left = size.waiting - size.real, size.documents - models.Document.objects.count()
    for start in range(0, left, _AT_ONCE):
        batch = [
            _Copy(chance.choice(patterns), chance.choice(administrations), n < waiting, n)
            for n in range(start, min(start + _AT_ONCE, left))
        ]
        models.Mail.objects.bulk_create(copy.mail for copy in batch)
        models.Part.objects.bulk_create(part for copy in batch for part in copy.parts(parts[copy.pattern.mail_id]))
        models.Document.objects.bulk_create(copy.document(chance) for copy in batch)


class _Copy:
    """A copy of a document with its mail, in another administration."""

    def __init__(self, pattern: Any, administration: int, waits: bool, number: int) -> None:
        from scanstraat.records import models

        self.pattern, self.administration, self.waits, self.number = pattern, administration, waits, number
        self.mail: Any = _again(
            models.Mail,
            pattern.mail,
            id=uuid4(),
            administration_id=administration,
            fingerprint=uuid4().hex,
            state=MailState.DISPATCHED,
        )

    def parts(self, patterns: list[Any]) -> Iterator[Any]:
        """Its parts, as files of their own: no document is to be taken for one that came before (E8)."""
        from scanstraat.records import models

        return (_again(models.Part, part, id=None, mail_id=self.mail.id, sha256=uuid4().hex * 2) for part in patterns)

    def document(self, chance: random.Random) -> Any:
        """Its document, waiting for one reason or another, or delivered."""
        from scanstraat.records import models

        now = datetime.now(UTC)
        ends = {"state": DocumentState.DELIVERED, "queued_at": None, "reason": "", "action": Action.DELIVER, "ended_at": now}
        waits = {"due_at": now + timedelta(minutes=1 + chance.randrange(60 * 72)), "reason": chance.choice(HOLDING[1:])}
        named = {
            "number": f"{self.number}",
            "supplier_id": None,
            "mail_id": self.mail.id,
            "administration_id": self.administration,
        }
        return _again(models.Document, self.pattern, id=uuid4(), **named, **(waits if self.waits else ends))


def _again(model: Any, row: Any, **changed: Any) -> Any:
    return model(**{field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields} | changed)


def _is_whole(readings: Readings) -> bool:
    read = (readings.get(field) for field in (*DOUBTFUL, FieldName.SUPPLIER_NAME, FieldName.INVOICE_DATE))
    has_account = readings.get(FieldName.IBAN) is not None and not readings.get(FieldName.IBAN).rule  # type: ignore[union-attr]  # it is there
    return has_account and all(reading is not None and not reading.rule for reading in read)


def _doubted(readings: Readings) -> Readings:
    return replace(readings, readings=tuple(_sure_or_not(reading) for reading in readings.readings))


def _sure_or_not(reading: Reading) -> Reading:
    if reading.field in DOUBTFUL:
        return replace(reading, confidence=0.42, doubts=())
    return replace(reading, confidence=1.0, doubts=())


def _doubts(readings: Readings) -> tuple[Reason, ...]:
    return tuple(
        Reason("doubt", f"{field.replace('_', ' ')} {readings.value(field)} is only 42% sure", "C7") for field in DOUBTFUL
    )


def _mail(number: int) -> bytes:
    spec = replace(
        plain("nl", LAYOUTS[number % len(LAYOUTS)], number % 7), number=f"{2026_400_000 + number}", name=f"desk-{number}"
    )
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Leverancier <supplier@supplier.example>", f"Factuur {spec.number}"
    mail["Message-ID"], mail["Date"] = f"<desk-{number}@supplier.example>", "Tue, 31 Mar 2026 10:00:00 +0200"
    mail.set_content("Bijgaand onze factuur.\n")
    mail.add_attachment(invoice_pdf(spec), maintype="application", subtype="pdf", filename=f"{spec.number}.pdf")
    return mail.as_bytes().replace(b"\n", b"\r\n")
