"""Over which roles and persons somebody may decide (I5): a main user over the customers' roles in his offices, a lead over all
roles in his reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from scanstraat.errors import Refused
from scanstraat.model.people import CONFIDENTIAL, Person, Post, Right
from scanstraat.model.review import Actor
from scanstraat.records import models
from scanstraat.records.people import has_everywhere, visible_offices


@dataclass(frozen=True, slots=True)
class Authority:
    """The offices (ids) in which somebody gives customers' roles, and `crews`, in which he gives operators'; or all there are."""

    is_everywhere: bool
    offices: frozenset[int] = frozenset()
    crews: frozenset[int] = frozenset()

    def outside(self, posts: Iterable[Post]) -> tuple[Post, ...]:
        """Those of the roles he has no say over; all that are held in an office or administration there is none of."""
        asked = tuple(posts)
        offices = _offices_of(asked)
        return tuple(post for post in asked if not self._covers(post, offices))

    def is_over(self, person: Person) -> bool:
        """Whether he decides if and how this person signs in: over all his roles. Over one without a role only a lead does."""
        return self.is_everywhere or (bool(person.posts) and not self.outside(person.posts))

    def require(self, posts: Iterable[Post]) -> None:
        """Raise `Refused` (`not-yours`) where a role is not his to give or to take."""
        if outside := self.outside(posts):
            roles = ", ".join(post.role for post in outside)
            raise Refused("not-yours", f"this role is not yours to give or take: {roles}.", "Ask a lead.")

    def require_all_of(self, person: Person) -> None:
        """Raise `Refused` (`not-yours`) where he does not decide over all of this person."""
        if not self.is_over(person):
            text = f"{person.name} also has roles that you do not decide over."
            raise Refused("not-yours", text, "Take away his roles in your office, or ask a lead.")

    @property
    def keeps_confidentiality(self) -> bool:
        """Whether he records from when on confidentiality was agreed (I3)."""
        return self.is_everywhere or bool(self.crews)

    def _covers(self, post: Post, offices: dict[Post, int]) -> bool:
        place = post.office is not None or post.administration is not None
        if place and post not in offices:
            return False
        if self.is_everywhere:
            return True
        return offices.get(post) in (self.crews if post.role in CONFIDENTIAL else self.offices)


def of(by: Actor | None) -> Authority:
    """What this person decides over; None, the one at the command line, decides over all."""
    if by is None or has_everywhere(by.user, Right.OPERATORS):
        return Authority(True)
    offices = frozenset(visible_offices(by.user, Right.USERS).values_list("id", flat=True))
    return Authority(False, offices, frozenset(visible_offices(by.user, Right.OPERATORS).values_list("id", flat=True)))


def persons(by: Actor) -> QuerySet[User]:
    """The persons he decides something over, ended ones too: those with a role he could take or give."""
    authority = of(by)
    if authority.is_everywhere:
        return User.objects.all()
    in_offices = Q(office__in=authority.offices) | Q(administration__office__in=authority.offices)
    customers = models.Membership.objects.filter(in_offices).exclude(role__in=CONFIDENTIAL)
    crews = models.Membership.objects.filter(office__in=authority.crews, role__in=CONFIDENTIAL)
    return User.objects.filter(Q(id__in=customers.values("user")) | Q(id__in=crews.values("user")))


def _offices_of(posts: tuple[Post, ...]) -> dict[Post, int]:
    """The office each role is held in or under, for those held where there is one."""
    wanted = {post.administration for post in posts if post.administration is not None}
    owners = dict(models.Administration.objects.filter(id__in=wanted).values_list("id", "office_id"))
    named = {post.office for post in posts if post.office is not None}
    known = set(models.Office.objects.filter(id__in=named).values_list("id", flat=True))
    held = ((post, post.office if post.administration is None else owners.get(post.administration)) for post in posts)
    return {post: office for post, office in held if office is not None and (office in known or post.administration is not None)}
