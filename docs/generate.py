"""Writes the parts of the documentation that are made from the code: `python docs/generate.py`. A test holds them to it."""

from __future__ import annotations

import sys
from pathlib import Path

from scanstraat.settings import settings_table

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- settings: written by docs/generate.py -->\n", "<!-- end of settings -->"


def settings_block() -> str:
    """The table of settings, as README shows it."""
    rows = [f"| `{variable}` | {_shown(default)} | {meaning} |" for variable, default, meaning in settings_table()]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows, ""])


def _shown(default: str) -> str:
    return f"`{default}`" if default else "empty"


def with_settings(readme: str) -> str:
    """README with the table of settings as the code has it."""
    head, _, rest = readme.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}{settings_block()}{END}{tail}"


def main() -> None:
    """Write README's table of settings and docs/rules.md."""
    from scanstraat.pipeline import rules

    readme = ROOT / "README.md"
    readme.write_text(with_settings(readme.read_text()))
    (ROOT / "docs" / "rules.md").write_text(rules.as_markdown())
    print("written: README.md, docs/rules.md", file=sys.stderr)


if __name__ == "__main__":
    main()
