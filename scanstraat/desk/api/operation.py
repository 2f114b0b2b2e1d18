"""What all operations have in common: what their key must be for, what they may answer, and the words of their parameters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest
from ninja import Router
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from scanstraat.desk import audit
from scanstraat.desk.api.access import Key, key_of
from scanstraat.desk.shown.answers import Problem
from scanstraat.model.key import SCOPES, Scope
from scanstraat.records import audit as audit_log

F = TypeVar("F", bound=Callable[..., Any])

_ALWAYS = (401, 403, 422, 503)
_OF_A_BODY = (400, 413, 415)
NO_NUL = r"^[^\x00]*$"  # which PostgreSQL has no place for
_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})")
_IN_PATH = re.compile(r"{\w+:(\w+)}")
_WHOLE = re.compile(r"\d{1,18}")
MOST_A_PAGE = 200


def _moment(value: object) -> object:
    if isinstance(value, str) and not _RFC_3339.fullmatch(value):
        raise ValueError("is a date and time with its zone, such as 2026-03-31T09:00:00Z")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("is before or after all times there are") from None


def _whole(value: object) -> object:
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError("is a whole number")
    return value


Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_in_utc)]
Whole = Annotated[int, BeforeValidator(_whole)]
Name = Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=300, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=2_000, pattern=NO_NUL)]
# The parameters of lists.
Cursor = Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9_=-]*$"), Field(description="`next` of a page")]
Limit = Annotated[Whole, Field(ge=1, le=MOST_A_PAGE), Field(description="how many at most")]
Administration = Annotated[Name, Field(description="the drop folder of one administration of the key")]


@dataclass(frozen=True, slots=True)
class Answers:
    """What an operation answers where all went well, by status, and the statuses of its problems beside those of every one.

    `file`: the media type where it answers with a file.
    """

    good: Any = None
    problems: tuple[int, ...] = ()
    file: str = ""
    made: Any = None
    takes_json: bool = False


def operation(router: Router, method: str, path: str, *scopes: Scope, answers: Answers, **more: Any) -> Callable[[F], F]:
    """Make a function of the request and its parameters an operation; the first line of its docstring is its summary."""
    problems = {*_ALWAYS, *answers.problems, *(_OF_A_BODY if answers.takes_json else ())}
    responses: dict[int, Any] = {201: answers.made} if answers.made else {}
    if answers.good or answers.file:
        responses[200] = answers.good
    responses |= dict.fromkeys(sorted(problems), Problem)
    extra = dict(more.pop("openapi_extra", {}))
    extra["x-scopes"] = [f"{scope}" for scope in scopes]
    if answers.file:
        binary = {"content": {answers.file: {"schema": {"type": "string", "format": "binary"}}}}
        extra["responses"] = {200: binary}

    def registered(function: F) -> F:
        head, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
        router.api_operation(
            [method],
            path,
            auth=Key(*scopes, takes=_parameters(function, path)),
            response=responses,
            operation_id=function.__name__,
            summary=" ".join(head.split()),
            description="\n\n".join((rest.strip(), _for(scopes))).strip(),
            openapi_extra=extra,
            **more,
        )(function)
        return function

    return registered


def _parameters(function: Callable[..., Any], path: str) -> frozenset[str]:
    """The query parameters of an operation: what it takes besides the request, its body and what stands in its path."""
    others = {"request", "body", *_IN_PATH.findall(path)}
    return frozenset(inspect.signature(function).parameters) - others


def _for(scopes: tuple[Scope, ...]) -> str:
    named = " or ".join(f"`{scope}` ({SCOPES[scope]})" for scope in scopes)
    return f"For a key with the scope {named}." if scopes else ""


def seen(request: HttpRequest, act: str, administration: int, subject: str) -> None:
    """Record in the audit log that the key saw this, at most once in ten minutes (I4)."""
    audit.read_by(key_of(request).actor, act, administration, subject)


def changed(request: HttpRequest, act: str, administration: int | None, subject: str, detail: str = "") -> None:
    """Record in the audit log what the key did; in the transaction of the change, as the last of it (I4)."""
    audit_log.append(administration, key_of(request).actor, act, subject, detail)
