"""Schemathesis at every operation: what the description says is what is answered, and nothing makes the server fail.

The requests go through Django in this process; ids in addresses are those of real things as often as not.
"""

from __future__ import annotations

import copy
from typing import Any
from uuid import UUID
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode

from scanstraat.desk.api.service import description
from scanstraat.desk.wsgi import application
from scanstraat.model.administration import Administration
from tests.desk import mailroom
from tests.desk.api.program import Program, dropped, in_review

EXAMPLES = 12
# What JSON Schema cannot say (check digits, a cursor that a page gave, a state that something is in) is answered by 409 and 422.
_BY_MEANING = [checks.positive_data_acceptance]

pytestmark = pytest.mark.xdist_group("api-schema")


class Things:
    """What there is at the addresses, renewed for each operation."""

    def __init__(self, administration: Administration) -> None:
        self.program = Program(administration)
        made = [dropped(administration, "een"), in_review(administration, "twee"), mailroom.deliver(administration, "drie")]
        supplier = self.program.post("/suppliers", {"suppliers": [{"name": "Bakker"}]})["items"][0]["id"]
        hook = self.program.post("/webhooks", {"url": "https://example.com/in"})["id"]
        self.program.post(f"/webhooks/{hook}/test")
        self.ids: dict[str, list[UUID | int | str]] = {
            "mails": [each.mail for each in made],
            "documents": [each.documents[0] for each in made],
            "drops": [made[0].documents[0], made[2].documents[0]],
            "suppliers": [supplier],
            "webhooks": [hook],
        }

    def fill(self, case: schemathesis.Case) -> None:
        """Real ids in an address, for three cases of four."""
        known = self.ids.get(case.path.split("/")[2], [])
        place = crc32(repr((case.query, case.body, case.headers)).encode())
        if _is_negative(case):
            return
        if known and "identifier" in case.path_parameters and place % 4:
            case.path_parameters["identifier"] = f"{known[place % len(known)]}"
        if "number" in case.path_parameters and place % 3:
            case.path_parameters["number"] = 1 + place % 2


def _is_negative(case: schemathesis.Case) -> bool:
    """Whether the ids in its address are wrong on purpose."""
    path = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
    return path is not None and path.mode is GenerationMode.NEGATIVE


def _is_mended(case: schemathesis.Case) -> bool:
    """Whether what is wrong with it is not so on the wire: forms have no types, and the key is added to every request."""
    header = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    return (case.method, case.path) == ("POST", "/api/mails") or (header is not None and header.mode is GenerationMode.NEGATIVE)


@schemathesis.serializer("application/pdf", "message/rfc822")
def _octets(context: schemathesis.SerializationContext, value: object) -> object:
    return value if isinstance(value, bytes) else f"{value}".encode("utf-8", "replace")


def _whole(environ: dict[str, Any], start: Any) -> list[bytes]:
    """The desk, its answers read to their end, as a server does."""
    answer = application(environ, start)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


@pytest.fixture
def things(administration: Administration) -> Things:
    return Things(administration)


def _schema() -> Any:
    config = SchemathesisConfig()
    found = schemathesis.openapi.from_dict(copy.deepcopy(description()), config=config)
    found.app = _whole
    return found


schema = _schema()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_was_described(case: schemathesis.Case, things: Things) -> None:
    things.fill(case)
    headers = {"Authorization": f"Bearer {things.program.key}", "Host": "localhost"}
    excluded = [*_BY_MEANING, *([checks.negative_data_rejection] if _is_mended(case) else [])]
    case.call_and_validate(base_url="http://localhost", headers=headers, excluded_checks=excluded)
