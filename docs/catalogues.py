"""Gathers what is to be translated into the catalogues of the desk, and compiles them: `python docs/catalogues.py`.

Needs gettext's programs. New texts come out untranslated, texts that are gone are dropped, and nothing is guessed; the tests fail
until each text stands in each language.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESK = ROOT / "scanstraat" / "desk"
LANGUAGES = ("nl", "fi", "sv", "de")
HEADER = """# The pages of Scanstraat in another language; `python docs/catalogues.py` keeps this file up to date with them.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""
# What tools write into the heads of catalogues, and nobody reads.
_UNREAD = re.compile(
    r'^"(?:Project-Id-Version|Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By).*\n', re.MULTILINE
)


def gather(desk: Path = DESK) -> None:
    """Bring the catalogues under `desk` up to date with its templates and modules; no place and no time is written into them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scanstraat.records.django_settings")
    os.environ.setdefault("SCANSTRAAT_HOME", tempfile.gettempdir())
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command

    class Gather(Command):
        msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]

    for language, catalogue in zip(LANGUAGES, catalogues(desk), strict=True):
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        if not catalogue.exists():
            catalogue.write_text(HEADER.format(language=language))
    django.setup()
    options = {"no_location": True, "no_wrap": True, "no_obsolete": True, "extensions": ["py", "html"], "verbosity": 0}
    with chdir(desk):
        call_command(Gather(), locale=list(LANGUAGES), **options)
    for catalogue in catalogues(desk):
        catalogue.write_text(_UNREAD.sub("", catalogue.read_text()))


def compile_all(desk: Path = DESK) -> None:
    """Write the compiled catalogue beside each."""
    for catalogue in catalogues(desk):
        subprocess.run(["msgfmt", "--check-format", "-o", str(catalogue.with_suffix(".mo")), str(catalogue)], check=True)


def catalogues(desk: Path = DESK) -> tuple[Path, ...]:
    """The catalogue of each language."""
    return tuple(desk / "locale" / language / "LC_MESSAGES" / "django.po" for language in LANGUAGES)


if __name__ == "__main__":
    gather()
    compile_all()
