"""What can be set from outside, and what of it is refused."""

from __future__ import annotations

import pytest

from scanstraat.errors import Refused
from scanstraat.settings import Settings

PROVIDER = {"SCANSTRAAT_OIDC_CLIENT_ID": "us", "SCANSTRAAT_OIDC_CLIENT_SECRET": "a secret"}


@pytest.mark.parametrize(
    "environment",
    [
        {"SCANSTRAAT_SECOND_FACTOR": "some"},
        {"SCANSTRAAT_SIGN_IN_TRIES": "30"},
        {"SCANSTRAAT_SIGN_IN_TRIES": "0"},
        {"SCANSTRAAT_OIDC_ISSUER": "https://login.example.com"},
        {"SCANSTRAAT_OIDC_ISSUER": "http://login.example.com", **PROVIDER},
    ],
)
def test_what_would_let_the_wrong_ones_in_is_refused_at_the_start(environment: dict[str, str]) -> None:
    with pytest.raises(Refused, match=r"setting: SCANSTRAAT_\w+ .*\. Correct it and start again\."):
        Settings.from_environment(environment)


@pytest.mark.parametrize("issuer", ["https://login.example.com/tenant", "http://localhost:9400", ""])
def test_a_provider_is_taken_over_https_or_on_this_machine(issuer: str) -> None:
    assert Settings.from_environment({"SCANSTRAAT_OIDC_ISSUER": issuer, **PROVIDER}).oidc_issuer == issuer
