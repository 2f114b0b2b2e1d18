"""Finding mails: by words, administration, time and state; one way for the commands and the pages (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from scanstraat.errors import Refused
from scanstraat.model.ends import END_OF_STATE, End
from scanstraat.model.state import RESTING_MAILS, DocumentState, MailState
from scanstraat.records.models import Administration, Document, Mail, MailEvent, Part

_MOST_WORDS = 8  # each word is a condition of its own
_MOVING = set(MailState) - RESTING_MAILS
_MAIL_COLUMNS = ("subject", "header_sender", "envelope_sender", "recipient", "message_id")


@dataclass(frozen=True, slots=True)
class MailFilter:
    """Which mails: of an administration (its name or drop folder), received from `since` on and before `until`.

    `search`: every word of it stands in subject, sender, recipient, Message-ID, a file's name, the mail that was forwarded, or a
    document's supplier or number. `state`: of the mail or of one of its documents, or `again` for mails received more than once.
    """

    administration: str = ""
    since: datetime | None = None
    until: datetime | None = None
    search: str = ""
    state: str = ""


AGAIN = "again"
EVERY_MAIL = MailFilter()


def words(text: str) -> list[str]:
    """The words to look for."""
    return text.replace("\x00", "").split()[:_MOST_WORDS]


def narrow_mails(rows: QuerySet[Mail], text: str) -> QuerySet[Mail]:
    """Mails in which every word of `text` stands somewhere people would look for it."""
    for word in words(text):
        parts = Part.objects.filter(Q(name__icontains=word) | Q(origin__icontains=word), mail=OuterRef("pk"))
        documents = Document.objects.filter(Q(supplier_name__icontains=word) | Q(number__icontains=word), mail=OuterRef("pk"))
        found = Q(Exists(parts)) | Q(Exists(documents))
        for column in _MAIL_COLUMNS:
            found |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(found)
    return rows


def narrowed(wanted: MailFilter) -> QuerySet[Mail]:
    """The mails that are wanted. Raises `Refused` (`unknown-administration`, `unknown-state`)."""
    rows = narrow_mails(Mail.objects.all(), wanted.search)
    if wanted.administration:
        rows = rows.filter(administration__in=administrations(wanted.administration))
    if wanted.since:
        rows = rows.filter(received_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(received_at__lt=wanted.until)
    return in_state(rows, wanted.state) if wanted.state else rows


def administrations(name: str) -> tuple[int, ...]:
    """The administrations of this name or drop folder; raises `Refused` where there is none."""
    found = tuple(Administration.objects.filter(Q(name__iexact=name) | Q(drop=name)).values_list("id", flat=True))
    if not found:
        known = ", ".join(Administration.objects.order_by("name").values_list("drop", flat=True)[:20])
        raise Refused("unknown-administration", f"there is no administration {name!r}.", f"Known by drop folder: {known}.")
    return found


def in_state(rows: QuerySet[Mail], state: str) -> QuerySet[Mail]:
    """The mails that are in this state, or have a document that is or that ended so. Raises `Refused` (`unknown-state`)."""
    if state == AGAIN:
        received = MailEvent.objects.order_by().filter(event="received").values("mail").annotate(times=Count("id"))
        return rows.filter(id__in=received.filter(times__gt=1).values("mail"))
    of_documents = {s for s in DocumentState if state in (s, END_OF_STATE[s])}
    of_mails = {s for s in MailState if state == s} | (_MOVING if state == End.UNDER_WAY else set())
    if not of_documents and not of_mails:
        known = dict.fromkeys((*MailState, *(end for end in End if end in END_OF_STATE.values()), AGAIN))
        raise Refused("unknown-state", f"there is no state {state!r}.", f"There are {', '.join(map(str, known))}.")
    documents = Document.objects.filter(mail=OuterRef("pk"), state__in=of_documents)
    return rows.filter(Q(state__in=of_mails) | Q(Exists(documents)))
