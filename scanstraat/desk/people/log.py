"""The audit log (I4): who saw and did what, in the administrations a person may audit, and whether its chains still hold."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from scanstraat.desk import audit as told
from scanstraat.desk import visibility
from scanstraat.desk.narrowing import Period, chosen_period, page_of
from scanstraat.desk.people.lines import actor
from scanstraat.desk.rights import may
from scanstraat.model.people import Right
from scanstraat.records import audit, authority, people
from scanstraat.records.models import Administration, AuditEntry

PAGE_LENGTH = 100
_LONGEST_FILTER = 120
_PAGES = {"mail": "mail", "document": "document"}  # kinds of subjects that have a page


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the page shows it; `link` leads to its subject where it has a page.

    `detail` is left out for who reads of the installation what was done to his own users: it may name other offices.
    """

    row: AuditEntry
    detail: str
    administration: str
    link: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; `chain` None: all that he may read."""

    chain: int | None
    person: str
    act: str
    subject: str
    period: Period


@may(Right.AUDIT)
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Entries, newest first; `?administration=` (0: the installation), `?person=`, `?act=`, `?subject=`, `?since=`, `?until=`,
    and `?check=yes`, which looks through the chains of what is shown."""
    seen = visibility.administrations(request, Right.AUDIT)
    reads_all = people.has_everywhere(request.user.pk, Right.AUDIT)
    wanted = _wanted(request, seen, reads_all)
    told.read(request, "see-audit-log", wanted.chain or None, "audit log")
    page = page_of(request, _narrowed(_readable(request, seen, reads_all), wanted), PAGE_LENGTH)
    names = dict(seen.filter(id__in={row.chain for row in page}).values_list("id", "name"))
    shown = {
        "here": "audit",
        "page": page,
        "lines": [
            Line(row, row.detail if reads_all or row.chain else "", names.get(row.chain, ""), _link(row.subject)) for row in page
        ],
        "wanted": wanted,
        "is_narrowed": any((wanted.chain is not None, wanted.person, wanted.act, wanted.subject, wanted.period)),
        "administrations": seen,
        "administration": wanted.chain,
        "reads_all": reads_all,
        "period": wanted.period,
        "checked": _checked(seen, reads_all, wanted.chain) if request.GET.get("check") == "yes" else None,
    }
    return render(request, "desk/people/audit.html", shown)


def _wanted(request: HttpRequest, seen: QuerySet[Administration], reads_all: bool) -> Wanted:
    person, act, subject = (
        request.GET.get(name, "").replace("\x00", "").strip()[:_LONGEST_FILTER] for name in ("person", "act", "subject")
    )
    return Wanted(_chosen_chain(request, seen, reads_all), person, act, subject, chosen_period(request))


def _chosen_chain(request: HttpRequest, seen: QuerySet[Administration], reads_all: bool) -> int | None:
    """The chain asked for; 404 for one that is not this person's to read."""
    asked = request.GET.get("administration", "")
    if not asked:
        return None
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 18:
        raise Http404
    chain = int(asked)
    if reads_all if chain == audit.INSTALLATION else seen.filter(id=chain).exists():
        return chain
    raise Http404


def _readable(request: HttpRequest, seen: QuerySet[Administration], reads_all: bool) -> QuerySet[AuditEntry]:
    """All there is for who audits everywhere; for others their administrations, and what was done to persons they decide over."""
    if reads_all:
        return AuditEntry.objects.all()
    own = Q(chain__in=seen.order_by().values("id"))
    if Right.USERS not in people.rights(request.user.pk):
        return AuditEntry.objects.filter(own)
    names = [f"user {row.username}" for row in _decided_over(request)]
    return AuditEntry.objects.filter(own | Q(chain=audit.INSTALLATION, subject__in=names))


def _decided_over(request: HttpRequest) -> list[User]:
    """The persons that he decides over as a whole: what is told of others may name what is not his to know."""
    over = authority.of(actor(request))
    rows = authority.persons(actor(request)).select_related("profile").prefetch_related("memberships")
    return [row for row in rows if over.is_over(people.value(row))]


def _narrowed(rows: QuerySet[AuditEntry], wanted: Wanted) -> QuerySet[AuditEntry]:
    if wanted.chain is not None:
        rows = rows.filter(chain=wanted.chain)
    if wanted.person:
        rows = rows.filter(actor__icontains=wanted.person)
    if wanted.act:
        rows = rows.filter(act__icontains=wanted.act)
    if wanted.subject:
        rows = rows.filter(subject__icontains=wanted.subject)
    return wanted.period.of(rows, "at").order_by("-id")


def _checked(seen: QuerySet[Administration], reads_all: bool, chain: int | None) -> dict[str, object]:
    """The chains of what is shown, looked through: how many, how many entries, and the first broken one of each."""
    if chain is not None:
        found = tuple(audit.check(chain))
    elif reads_all:
        found = tuple(audit.check())
    else:
        found = tuple(each for number in seen.values_list("id", flat=True) for each in audit.check(number))
    broken = [each.broken for each in found if each.broken]
    return {"chains": len(found), "entries": sum(each.entries for each in found), "broken": broken}


def _link(subject: str) -> str:
    kind, _, rest = subject.partition(" ")
    try:
        return reverse(_PAGES[kind], args=[UUID(rest.split(" ")[0])])
    except (KeyError, ValueError):
        return ""
