"""The signs by which one sees how the service is: one row a sign, in plain words, with what to do where it is wrong (I8)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from scanstraat.desk.offices.form import said
from scanstraat.desk.spoken import spoken
from scanstraat.desk.wording import Tone
from scanstraat.errors import Unavailable
from scanstraat.mailbox.sending import greeting
from scanstraat.records import health
from scanstraat.records.health import Outgoing, Source, Waiting

_LONG = timedelta(minutes=1)  # a due task that waits longer than this is taken by nobody
_SLOW = timedelta(minutes=30)  # so long may letters and calls wait for another try
_FULL, _FILLING = 0.05, 0.15  # of the disk is free


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign: how it is, the lines that say so, and what to do, "" for nothing."""

    name: str
    title: str
    tone: Tone
    state: str
    lines: tuple[str, ...] = ()
    to_do: str = ""


Told = tuple[Tone, str, tuple[str, ...], str]
Look = Callable[[int, datetime], Told]


def signs(user: int, now: datetime) -> tuple[Sign, ...]:
    """All signs, as this person may see them."""
    return tuple(Sign(name, gettext(title), *look(user, now)) for name, title, look in SIGNS)


def _mail_server(_user: int, _now: datetime) -> Told:
    server = settings.SCANSTRAAT.smtp_listen
    if not server:
        return Tone.QUIET, gettext("not served here"), (gettext("SMTP is not served by this service."),), ""
    try:
        answer = greeting(server)
    except Unavailable as error:
        step = gettext("Senders try again by themselves, for days; nothing is lost if it is back by then.")
        return Tone.BAD, gettext("does not answer"), (said(error),), step
    return Tone.GOOD, gettext("answers"), (gettext("At %(server)s: %(answer)s") % {"server": server, "answer": answer},), ""


def _work(_user: int, now: datetime) -> Told:
    tasks = health.tasks(now)
    at_work = ngettext(
        "%(n)d worker is busy with %(tasks)d tasks.", "%(n)d workers are busy with %(tasks)d tasks.", tasks.holders
    )
    lines = [
        at_work % {"n": tasks.holders, "tasks": tasks.claimed},
        gettext("%(due)s due now, %(later)d for later.") % {"due": _waiting(tasks.due, now), "later": tasks.later},
    ]
    if tasks.abandoned:
        lines.append(gettext("%(n)d were left by workers that died, and are taken up again.") % {"n": tasks.abandoned})
    if _older(tasks.due, now, _LONG) and not tasks.claimed:
        step = gettext("Nobody takes tasks: start the workers (scanstraat run or scanstraat work). Nothing is lost meanwhile.")
        return Tone.BAD, gettext("nobody works"), tuple(lines), step
    if _older(tasks.due, now, 10 * _LONG):
        step = gettext("More comes in than is done: have more workers (SCANSTRAAT_WORKERS), or wait for the peak to pass.")
        return Tone.ASKING, gettext("behind"), tuple(lines), step
    return Tone.GOOD, gettext("keeps up"), tuple(lines), ""


def _review(user: int, now: datetime) -> Told:
    found = health.review(user, now)
    lines = (
        gettext("%(waiting)s before a person.") % {"waiting": _waiting(found.waiting, now)},
        gettext("%(overdue)d past their clock of two working days.") % {"overdue": found.overdue.count},
    )
    if found.overdue.count:
        return Tone.BAD, gettext("overdue"), lines, gettext("Put more people on the queue, the overdue first.")
    return Tone.GOOD, gettext("in time"), lines, ""


def _laid_aside(user: int, now: datetime) -> Told:
    found = health.review(user, now)
    lines = (
        gettext("Mails: %(mails)d, documents: %(documents)d.")
        % {"mails": found.parked_mails, "documents": found.parked_documents},
    )
    if found.parked_mails or found.parked_documents:
        step = gettext(
            "See why in the mail log under “Laid aside”; once the cause is gone, have them replayed: scanstraat replay."
        )
        return Tone.BAD, gettext("some"), lines, step
    return Tone.GOOD, gettext("none"), lines, ""


def _sources(user: int, now: datetime) -> Told:
    found = health.sources(user, now)
    if not found:
        return Tone.QUIET, gettext("none"), (gettext("No mailbox and no folder is looked after."),), ""
    lines = tuple(_of_source(source, now) for source in found)
    if not any(source.is_held for source in found):
        return Tone.BAD, gettext("not looked after"), lines, gettext("Start the service (scanstraat run or scanstraat collect).")
    if any(source.error for source in found):
        step = gettext(
            "See the error: a changed password is set anew with scanstraat mailbox-secret; a server that is away comes back."
        )
        return Tone.BAD, gettext("trouble"), lines, step
    return Tone.GOOD, gettext("looked after"), lines, ""


def _letters(user: int, now: datetime) -> Told:
    found = health.letters(user, now)
    step = gettext("Look at scanstraat letters: the relay may be away (SCANSTRAAT_RELAY) or refuse them.")
    if found.waiting.count and not settings.SCANSTRAAT.relay:
        step = gettext("Set SCANSTRAAT_RELAY, so that letters can be sent.")
    return _of_outgoing(found, now, step)


def _hooks(user: int, now: datetime) -> Told:
    step = gettext("See the page of keys for the addresses that fail, and tell whoever runs them.")
    return _of_outgoing(health.hook_calls(user, now), now, step)


def _disk(_user: int, _now: datetime) -> Told:
    usage = shutil.disk_usage(settings.SCANSTRAAT.home_path)
    sizes = {"free": filesizeformat(usage.free), "total": filesizeformat(usage.total)}
    line = (gettext("%(free)s of %(total)s free.") % sizes,)
    if usage.free < _FULL * usage.total:
        step = gettext("Make room now: with a full disk mails are refused for a time, and come again later.")
        return Tone.BAD, gettext("almost full"), line, step
    if usage.free < _FILLING * usage.total:
        return Tone.ASKING, gettext("filling"), line, gettext("Make room, or give it a larger disk, in the next days.")
    return Tone.GOOD, gettext("has room"), line, ""


def _database(_user: int, _now: datetime) -> Told:
    found = health.database()
    line = f"{found.kind} {found.version}, {filesizeformat(found.octets)}"
    return Tone.GOOD, gettext("answers"), (line,), ""


def _of_outgoing(found: Outgoing, now: datetime, step: str) -> Told:
    lines = (
        gettext("%(waiting)s to go out.") % {"waiting": _waiting(found.waiting, now)},
        gettext("%(failed)d failed in the last seven days.") % {"failed": found.failed},
    )
    if found.failed:
        return Tone.BAD, gettext("some failed"), lines, step
    if _older(found.waiting, now, _SLOW):
        return Tone.ASKING, gettext("waiting"), lines, step
    return Tone.GOOD, gettext("go out"), lines, ""


def _of_source(source: Source, now: datetime) -> str:
    seen = gettext("seen %(ago)s ago") % {"ago": _ago(source.seen_at, now)} if source.seen_at else gettext("not seen yet")
    nobody = gettext("looked after by nobody")
    held = "" if source.is_held else f", {nobody}"
    error = f": {spoken(source.error)}" if source.error else ""
    return f"{source.name}, {seen}{held}{error}"


def _waiting(waiting: Waiting, now: datetime) -> str:
    """How many wait, and since when."""
    if not waiting.count or waiting.oldest is None:
        return f"{waiting.count}"
    return gettext("%(n)d (the oldest for %(ago)s)") % {"n": waiting.count, "ago": _ago(waiting.oldest, now)}


def _older(waiting: Waiting, now: datetime, limit: timedelta) -> bool:
    return waiting.oldest is not None and now - waiting.oldest > limit


def _ago(moment: datetime, now: datetime) -> str:
    return timesince(moment, now, depth=1).replace("\xa0", " ")


SIGNS: tuple[tuple[str, str, Look], ...] = (
    ("mail-server", _("Mail server"), _mail_server),
    ("work", _("Work on the line"), _work),
    ("review", _("Review"), _review),
    ("laid-aside", _("Laid aside"), _laid_aside),
    ("sources", _("Mailboxes and folders"), _sources),
    ("letters", _("Letters"), _letters),
    ("hooks", _("Webhooks"), _hooks),
    ("disk", _("Disk"), _disk),
    ("database", _("Database"), _database),
)
