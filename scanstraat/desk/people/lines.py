"""Persons in a list: what each is there, whether he has a second factor, and what he did today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from scanstraat.desk.people.roles import Held, held
from scanstraat.desk.wording import Label, Tone
from scanstraat.model.people import CONFIDENTIAL, Person
from scanstraat.model.review import Act, Actor
from scanstraat.records import people
from scanstraat.records.authority import Authority
from scanstraat.records.models import Membership, ReviewAct
from scanstraat.records.passwords import with_second_factor
from scanstraat.records.search import words

_ACTS = {
    Act.ACCEPT: _("accepted"),
    Act.ARCHIVE: _("archived"),
    Act.REJECT: _("rejected"),
    Act.DISCARD: _("discarded"),
    Act.KIND: _("of another kind"),
    Act.SPLIT: _("split"),
    Act.MERGE: _("merged"),
    Act.REORDER: _("reordered"),
    Act.TURN: _("turned"),
    Act.BRING_BACK: _("brought back"),
    Act.REPLAY: _("replayed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A person as the lists show him; `roles` are those the reader may know of, `has_others` tells that there are more."""

    id: int
    name: str
    full_name: str
    email: str
    roles: tuple[Held, ...]
    has_others: bool
    state: Label
    has_factor: bool
    last_seen: datetime | None
    confidential_since: date | None
    acts_today: int
    acts: str


def actor(request: HttpRequest) -> Actor:
    """The person signed in."""
    return Actor(request.user.pk or 0, request.user.get_username())


def crew() -> QuerySet[Membership]:
    """The roles that operators' persons are known by: those under confidentiality, and those held everywhere."""
    return Membership.objects.filter(Q(role__in=CONFIDENTIAL) | Q(office=None, administration=None))


def found(rows: QuerySet[User], text: str) -> QuerySet[User]:
    """The persons in whose names or address each word of `text` stands, by name; those who were ended last."""
    for word in words(text):
        named = Q(username__icontains=word) | Q(profile__full_name__icontains=word) | Q(email__icontains=word)
        rows = rows.filter(named)
    return rows.select_related("profile").prefetch_related("memberships").order_by("-is_active", "username")


def lines(rows: Iterable[User], authority: Authority) -> tuple[Line, ...]:
    """These persons, as one with this authority may see them."""
    users = tuple(rows)
    ids = frozenset(row.pk for row in users)
    factors, acts = with_second_factor(ids), acts_today(ids)
    return tuple(_line(row, authority, row.pk in factors, acts.get(row.pk, Counter())) for row in users)


def acts_today(users: frozenset[int]) -> dict[int, Counter[str]]:
    """How often each person did what today (UTC), acts that were undone left out."""
    today = datetime.combine(datetime.now(UTC).date(), time(), UTC)
    rows = ReviewAct.objects.filter(user__in=users, at__gte=today, undone_at=None).order_by()
    counts: dict[int, Counter[str]] = {}
    for user, act, times in rows.values_list("user", "act").annotate(Count("id")):
        counts.setdefault(user, Counter())[act] = times
    return counts


def state(person: Person) -> Label:
    """Whether a person may sign in and act."""
    if not person.is_active:
        return Label(gettext("Ended"), Tone.QUIET)
    if any(post.role in CONFIDENTIAL for post in person.posts):
        since = person.confidential_since
        if since is None or since > datetime.now(UTC).date():
            return Label(gettext("Waits for confidentiality"), Tone.ASKING)
    return Label(gettext("Active"), Tone.GOOD)


def _line(row: User, authority: Authority, has_factor: bool, acts: Counter[str]) -> Line:
    person = people.value(row)
    foreign = authority.outside(person.posts)
    return Line(
        id=row.pk,
        name=row.username,
        full_name=person.full_name,
        email=row.email,
        roles=held(post for post in person.posts if post not in foreign),
        has_others=bool(foreign),
        state=state(person),
        has_factor=has_factor,
        last_seen=row.last_login,
        confidential_since=person.confidential_since,
        acts_today=acts.total(),
        acts=", ".join(f"{times} {gettext(_ACTS[Act(act)])}" for act, times in acts.most_common()),
    )
