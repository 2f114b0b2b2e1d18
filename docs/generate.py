"""Writes the parts of the documentation that are made from the code: `python docs/generate.py`. A test holds them to it."""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from scanstraat.settings import settings_table

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- settings: written by docs/generate.py -->\n", "<!-- end of settings -->"
FIELDS_BEGIN, FIELDS_END = "<!-- fields: written by docs/generate.py -->\n", "<!-- end of fields -->"


def settings_block() -> str:
    """The table of settings, as README shows it."""
    rows = [f"| `{variable}` | {_shown(default)} | {meaning} |" for variable, default, meaning in settings_table()]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows, ""])


def _shown(default: str) -> str:
    return f"`{default}`" if default else "empty"


def with_settings(readme: str) -> str:
    """README with the table of settings as the code has it."""
    return _replaced(readme, BEGIN, settings_block(), END)


def fields_block() -> str:
    """The table of fields: term and canonical form from the model, the rest from the first paragraph of each field's module."""
    from scanstraat.extractors.recognition import FIELDS
    from scanstraat.model.field import BUSINESS_TERMS, CANONICAL_FORMS

    rows = []
    for field, candidates in FIELDS:
        about = inspect.getdoc(sys.modules[candidates.__module__]) or ""
        paragraph = " ".join(about.split("\n\n")[0].split())
        rows.append(f"| `{field.value}` | {BUSINESS_TERMS[field]} | {CANONICAL_FORMS[field]} | {paragraph} |")
    return "\n".join(["| field | term | canonical value | what it is, and what is looked for |", "|---|---|---|---|", *rows, ""])


def with_fields(page: str) -> str:
    """docs/fields.md with the table of fields as the code has it."""
    return _replaced(page, FIELDS_BEGIN, fields_block(), FIELDS_END)


def api_block(name: str) -> str:
    """A table of docs/api.md: `scopes`, `operations`, `events` or `statuses`."""
    head, rows = API_TABLES[name]()
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows), ""])


Block = tuple[tuple[str, ...], list[tuple[str, ...]]]


def _scopes() -> Block:
    from scanstraat.model.key import SCOPES

    return ("scope", "what the program may do"), [(f"`{scope}`", meaning) for scope, meaning in SCOPES.items()]


def _events() -> Block:
    from scanstraat.model.hook import EVENTS

    return ("event", "what happened"), [(f"`{event}`", meaning) for event, meaning in EVENTS.items()]


def _operations() -> Block:
    from scanstraat.desk.api.service import description

    rows: list[tuple[str, ...]] = [
        (f"`{method.upper()} {path}`", " or ".join(f"`{scope}`" for scope in said["x-scopes"]) or "any", said["summary"])
        for path, operations in description()["paths"].items()
        for method, said in operations.items()
    ]
    return ("operation", "scope", "what it does"), rows


def _statuses() -> Block:
    from scanstraat.desk.api.problems import STATUSES, WHAT

    codes = {status: ", ".join(f"`{code}`" for code, at in STATUSES.items() if at == status) for status in WHAT}
    return ("status", "what it means", "codes"), [(f"{status}", WHAT[status], codes[status]) for status in WHAT]


API_TABLES: dict[str, Callable[[], Block]] = {
    "scopes": _scopes,
    "operations": _operations,
    "events": _events,
    "statuses": _statuses,
}


def with_api(page: str) -> str:
    """docs/api.md with its tables as the code has them."""
    from scanstraat.records import connection

    os.environ.setdefault("SCANSTRAAT_HOME", tempfile.mkdtemp())  # where Django's settings look for a secret
    connection.connect()
    for name in API_TABLES:
        begin, end = f"<!-- {name}: written by docs/generate.py -->\n", f"<!-- end of {name} -->"
        page = _replaced(page, begin, api_block(name), end)
    return page


def _replaced(page: str, begin: str, block: str, end: str) -> str:
    head, _, rest = page.partition(begin)
    _, _, tail = rest.partition(end)
    return f"{head}{begin}{block}{end}{tail}"


def main() -> None:
    """Write README's table of settings, the tables of fields and of the API, and docs/rules.md."""
    from scanstraat.pipeline import rules

    readme = ROOT / "README.md"
    readme.write_text(with_settings(readme.read_text()))
    fields = ROOT / "docs" / "fields.md"
    fields.write_text(with_fields(fields.read_text()))
    (ROOT / "docs" / "rules.md").write_text(rules.as_markdown())
    api = ROOT / "docs" / "api.md"
    api.write_text(with_api(api.read_text()))
    print("written: README.md, docs/fields.md, docs/api.md, docs/rules.md", file=sys.stderr)


if __name__ == "__main__":
    main()
