from __future__ import annotations

from enum import StrEnum

import pytest

from scanstraat.desk import wording
from scanstraat.desk.shown.readings import ORDER
from scanstraat.model.document import Kind
from scanstraat.model.ends import End
from scanstraat.model.field import FieldName, Method
from scanstraat.model.mail import Channel, PartRole
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.supplier import MatchOutcome


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        (wording.MAIL_STATES, MailState),
        (wording.DOCUMENT_STATES, DocumentState),
        (wording.KINDS, Kind),
        (wording.FIELDS, FieldName),
        (wording.METHODS, Method),
        (wording.ROLES, PartRole),
        (wording.ENDS, End),
        (wording.CHANNELS, Channel),
        (wording.OUTCOMES, MatchOutcome),
    ],
)
def test_the_model_has_a_word_for_each_of_its_members(table: dict[StrEnum, object], kind: type[StrEnum]) -> None:
    assert set(table) == set(kind)


def test_every_field_has_its_place_on_the_page() -> None:
    assert sorted(field for field, _ in ORDER) == sorted(FieldName)
