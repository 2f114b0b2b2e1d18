"""The documentation is held to the code: what is generated is up to date, and what it names exists."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from scanstraat.cli.main import app
from scanstraat.pipeline import rules

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("fixtures/**/README.md")])
LINK = re.compile(r"\]\((?P<target>[^)#:]+)(?:\#[^)]*)?\)")
COMMAND = re.compile(r"^ {4}scanstraat (?P<command>[a-z-]+)", re.MULTILINE)


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    return generate


def test_the_table_of_settings_in_readme_is_that_of_the_code() -> None:
    readme = (ROOT / "README.md").read_text()
    assert _generate().with_settings(readme) == readme, "run: python docs/generate.py"


def test_the_tables_of_the_api_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    assert _generate().with_api(page) == page, "run: python docs/generate.py"


def test_the_page_of_rules_is_that_of_the_code() -> None:
    assert (ROOT / "docs" / "rules.md").read_text() == rules.as_markdown(), "run: python docs/generate.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [match["target"] for match in LINK.finditer(page.read_text())]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_command_that_readme_shows_exists() -> None:
    callbacks = [command.callback for command in app.registered_commands]
    known = {callback.__name__.replace("_", "-") for callback in callbacks if callback}
    shown = set(COMMAND.findall((ROOT / "README.md").read_text()))
    assert shown
    assert shown <= known
