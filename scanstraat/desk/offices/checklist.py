"""What must hold before an administration is handed to its customer (K1): one row a point, each looked at when the page is."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from scanstraat import durable
from scanstraat.delivery.dropping import Outbox
from scanstraat.desk.offices import trial
from scanstraat.desk.offices.form import said
from scanstraat.desk.offices.trial import Stage, Story
from scanstraat.desk.spoken import spoken
from scanstraat.desk.wording import Tone
from scanstraat.errors import ScanstraatError, Unavailable
from scanstraat.mailbox.sending import asked
from scanstraat.model.administration import Administration
from scanstraat.model.people import Role
from scanstraat.records import models, offices, opening


@dataclass(frozen=True, slots=True)
class Case:
    """An administration with what its points are looked at by."""

    administration: Administration
    office: int
    opened: opening.Opened | None
    story: Story


@dataclass(frozen=True, slots=True)
class Point:
    """How a point of the list stands: good, asking for something to be done, or bad; `text` says why."""

    name: str
    title: str
    tone: Tone
    text: str

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.tone is Tone.GOOD

    @property
    def told(self) -> str:
        """In a line, for the acceptance record."""
        return f"{'✓' if self.is_done else '–'} {self.title}: {self.text}"


Look = Callable[[Case], tuple[Tone, str]]


def case_of(identifier: int) -> Case:
    """What there is to look at."""
    office = models.Administration.objects.values_list("office_id", flat=True).get(id=identifier)
    return Case(offices.administration(identifier), office, opening.opened(identifier), trial.story(identifier))


def points(case: Case) -> tuple[Point, ...]:
    """All of them, in the order in which one goes through them."""
    return tuple(Point(name, gettext(title), *look(case)) for name, title, look in POINTS)


def _identity(case: Case) -> tuple[Tone, str]:
    own = case.administration.own
    known = ", ".join((*own.vat_numbers, *own.ibans))
    if known:
        return Tone.GOOD, gettext("%(known)s never count as the supplier's.") % {"known": known}
    return Tone.ASKING, gettext(
        "No VAT number and no IBAN of its own is known; on an invoice they could be taken for the supplier's."
    )


def _address(case: Case) -> tuple[Tone, str]:
    rows = models.Address.objects.filter(administration_id=case.administration.id, ended_at=None).order_by("id")
    addresses = tuple(rows.values_list("address", flat=True))
    if not addresses:
        return Tone.BAD, gettext("It has no address in use, so no mail is taken.")
    server = settings.SCANSTRAAT.smtp_listen
    if not server:
        taken = all(offices.of_address(address, datetime.now(UTC))[1] for address in addresses)
        told = gettext("Mail to %(addresses)s is taken; SMTP is not served by this service itself.")
        return (
            (Tone.GOOD, told % {"addresses": ", ".join(addresses)}) if taken else (Tone.BAD, gettext("The contract has ended."))
        )
    try:
        answers = {address: asked(address, server) for address in addresses}
    except Unavailable as error:
        return Tone.BAD, said(error)
    wrong = [f"{address}: {answer.code} {answer.text}" for address, answer in answers.items() if not answer.is_accepted]
    if wrong:
        return Tone.BAD, "; ".join(wrong)
    return Tone.GOOD, gettext("The mail server takes mail to %(addresses)s.") % {"addresses": ", ".join(addresses)}


def _instructions(case: Case) -> tuple[Tone, str]:
    if case.opened is None or case.opened.instructed_at is None:
        return Tone.ASKING, gettext("Go through thresholds, phrases and receipts with the customer.")
    told = {"by": case.opened.instructed_by, "at": f"{case.opened.instructed_at:%Y-%m-%d %H:%M} UTC"}
    return Tone.GOOD, gettext("Looked at by %(by)s, %(at)s.") % told


def _drop(case: Case) -> tuple[Tone, str]:
    home = settings.SCANSTRAAT.home_path
    folder = home / "drops" / case.administration.drop
    try:
        Outbox(home / "staging", home / "drops")
        durable.make_folder(folder)
    except ScanstraatError as error:
        return Tone.BAD, said(error)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Tone.BAD, gettext("The service may not write to drops/%(drop)s; set its rights.") % {"drop": folder.name}
    return Tone.GOOD, gettext("Invoices are delivered to drops/%(drop)s.") % {"drop": folder.name}


def _contact(case: Case) -> tuple[Tone, str]:
    contacts = case.administration.instructions.contacts
    if not contacts:
        return Tone.ASKING, gettext("Nobody is told when papers go to the archive or a mail is too large.")
    return Tone.GOOD, gettext("Messages go to %(contacts)s.") % {"contacts": ", ".join(contacts)}


def _main_user(case: Case) -> tuple[Tone, str]:
    rows = User.objects.filter(memberships__office_id=case.office, memberships__role=Role.OFFICE_MAIN_USER, is_active=True)
    users = dict(rows.order_by("id").values_list("username", "last_login"))
    if not users:
        return Tone.BAD, gettext("The office has no main user; add one under Users.")
    if any(users.values()):
        signed_in = ", ".join(name for name, last in users.items() if last)
        return Tone.GOOD, gettext("%(names)s has signed in.") % {"names": signed_in}
    return Tone.GOOD, gettext("%(names)s can sign in, and has not yet.") % {"names": ", ".join(users)}


def _trial(case: Case) -> tuple[Tone, str]:
    story = case.story
    told = {
        Stage.NOT_SENT: gettext("No test mail was sent yet."),
        Stage.UNDER_WAY: gettext("The test mail is on its way."),
        Stage.DELIVERED: gettext("Test invoice %(number)s was delivered after %(seconds).1f seconds."),
        Stage.IN_REVIEW: gettext("Test invoice %(number)s waits for a person: %(why)s."),
        Stage.STUCK: gettext("Test invoice %(number)s did not arrive: %(why)s."),
    }
    text = told[story.stage] % {"number": story.number, "seconds": story.seconds, "why": spoken(story.why)}
    return _TONES[story.stage], text


def _acceptance(case: Case) -> tuple[Tone, str]:
    accepted = opening.accepted(case.administration.id)
    if accepted is None:
        return Tone.ASKING, gettext("Not accepted by the customer yet.")
    told = {"who": accepted.accepted_by, "at": f"{accepted.at:%Y-%m-%d %H:%M} UTC", "by": accepted.by}
    return Tone.GOOD, gettext("Accepted by %(who)s, %(at)s; recorded by %(by)s.") % told


_TONES = {
    Stage.NOT_SENT: Tone.ASKING,
    Stage.UNDER_WAY: Tone.MOVING,
    Stage.DELIVERED: Tone.GOOD,
    Stage.IN_REVIEW: Tone.ASKING,
    Stage.STUCK: Tone.BAD,
}
POINTS: tuple[tuple[str, str, Look], ...] = (
    ("identity", _("Own identity"), _identity),
    ("address", _("Address answers"), _address),
    ("instructions", _("Instructions looked at"), _instructions),
    ("drop", _("Drop folder can be written to"), _drop),
    ("contact", _("Contact named"), _contact),
    ("main-user", _("Main user active"), _main_user),
    ("trial", _("Test mail through the whole line"), _trial),
    ("acceptance", _("Accepted by the customer"), _acceptance),
)
