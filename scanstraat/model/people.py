"""Persons: what each role may do, and how far it reaches (I3, I5, I6). Two tables; every page and the API go by them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Right(StrEnum):
    """Something a person may do in the administrations he has the right for.

    SEE mails, documents and suppliers; UPLOAD; REVIEW documents; ASSIGN: take work out of another's hands, and replay what was
    laid aside; INSTRUCT: change what an administration asked for; OPEN offices, administrations and addresses; USERS of an
    office; OPERATORS; KEYS of programs and webhooks; AUDIT: read the audit log; HEALTH of the service.
    """

    SEE = "see"
    UPLOAD = "upload"
    REVIEW = "review"
    ASSIGN = "assign"
    INSTRUCT = "instruct"
    OPEN = "open"
    USERS = "users"
    OPERATORS = "operators"
    KEYS = "keys"
    AUDIT = "audit"
    HEALTH = "health"


class Role(StrEnum):
    """What a person is to an administration, an office, or all of them."""

    OPERATOR = "operator"
    LEAD = "lead"
    OFFICE_MAIN_USER = "office-main-user"
    OFFICE_USER = "office-user"
    ADMINISTRATION_USER = "administration-user"
    AUDITOR = "auditor"


class Reach(StrEnum):
    """How far a role reaches: every office, one office with all its administrations, or one administration."""

    EVERYWHERE = "everywhere"
    OFFICE = "office"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A row of the table of roles: what it may do, how far it can reach, and whether it asks for a confidentiality date (I3)."""

    rights: frozenset[Right]
    reaches: frozenset[Reach]
    is_confidential: bool = False


_OPERATOR = frozenset({Right.SEE, Right.UPLOAD, Right.REVIEW})
_WIDE = frozenset({Reach.EVERYWHERE, Reach.OFFICE})

ROLES: dict[Role, RoleRow] = {
    Role.OPERATOR: RoleRow(_OPERATOR, _WIDE, is_confidential=True),
    Role.LEAD: RoleRow(frozenset(Right), _WIDE, is_confidential=True),
    Role.OFFICE_MAIN_USER: RoleRow(
        frozenset({Right.SEE, Right.UPLOAD, Right.INSTRUCT, Right.USERS, Right.KEYS, Right.AUDIT}), frozenset({Reach.OFFICE})
    ),
    Role.OFFICE_USER: RoleRow(frozenset({Right.SEE, Right.UPLOAD}), frozenset({Reach.OFFICE})),
    Role.ADMINISTRATION_USER: RoleRow(frozenset({Right.SEE}), frozenset({Reach.ADMINISTRATION})),
    Role.AUDITOR: RoleRow(frozenset({Right.SEE, Right.AUDIT}), _WIDE | {Reach.ADMINISTRATION}),
}
CONFIDENTIAL = frozenset(role for role, row in ROLES.items() if row.is_confidential)


def roles_with(right: Right) -> frozenset[Role]:
    """The roles that have this right.

    >>> sorted(roles_with(Right.REVIEW))
    [<Role.LEAD: 'lead'>, <Role.OPERATOR: 'operator'>]
    """
    return frozenset(role for role, row in ROLES.items() if right in row.rights)


@dataclass(frozen=True, slots=True)
class Post:
    """A role of a person and where he holds it: an office, an administration, or (neither) everywhere; ids of the database."""

    role: Role
    office: int | None = None
    administration: int | None = None

    @property
    def reach(self) -> Reach:
        """How far it reaches."""
        if self.administration is not None:
            return Reach.ADMINISTRATION
        return Reach.EVERYWHERE if self.office is None else Reach.OFFICE


@dataclass(frozen=True, slots=True)
class Person:
    """Who may sign in: `name` to sign in with, one a person; `confidential_since`: from then on an operator is active (I3)."""

    id: int
    name: str
    full_name: str
    email: str
    language: str
    confidential_since: date | None
    is_active: bool
    posts: tuple[Post, ...]
