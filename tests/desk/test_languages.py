"""The pages speak five languages, whole."""

from __future__ import annotations

import ast
import re
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils import translation

from scanstraat.desk import sentences
from scanstraat.desk.spoken import spoken
from scanstraat.model.document import Kind
from scanstraat.model.field import FieldName
from scanstraat.pipeline import routing
from scanstraat.pipeline.boundaries import Sign

ROOT = Path(__file__).resolve().parent.parent.parent
TOOL = runpy.run_path(str(ROOT / "docs" / "catalogues.py"))
LANGUAGES = TOOL["LANGUAGES"]
HOLE = re.compile(r"%\(\w+\)s|\{\w*\}|%s")


def _texts(catalogue: Path) -> dict[Any, Any]:
    with catalogue.open("rb") as file:
        return {(message.context, message.id): message for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the desk with catalogues gathered anew."""
    copy = tmp_path_factory.mktemp("catalogues") / "desk"
    shutil.copytree(TOOL["DESK"], copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    TOOL["gather"](copy)
    return copy


@pytest.mark.xdist_group("catalogues")
@pytest.mark.parametrize("at", range(len(LANGUAGES)), ids=LANGUAGES)
def test_every_text_of_the_desk_is_in_the_catalogue_and_no_other(gathered: Path, at: int) -> None:
    assert set(_texts(TOOL["catalogues"]()[at])) == set(_texts(TOOL["catalogues"](gathered)[at]))


@pytest.mark.parametrize("at", range(len(LANGUAGES)), ids=LANGUAGES)
def test_every_text_is_translated_and_keeps_its_holes(at: int) -> None:
    for message in _texts(TOOL["catalogues"]()[at]).values():
        ids, strings = (message.id, message.string) if message.pluralizable else ((message.id,), (message.string,))
        assert not message.fuzzy, message.id
        assert all(strings), message.id
        for string in strings:
            assert sorted(set(HOLE.findall(string))) in [sorted(set(HOLE.findall(one))) for one in ids], (message.id, string)


@pytest.mark.parametrize("at", range(len(LANGUAGES)), ids=LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_readable_one(at: int) -> None:
    readable = TOOL["catalogues"]()[at]
    with readable.with_suffix(".mo").open("rb") as file:
        compiled = {(message.context, _key(message.id)): _key(message.string) for message in read_mo(file) if message.id}
    assert compiled == {key: message.string for key, message in _texts(readable).items()}


def _key(identifier: Any) -> Any:
    return tuple(identifier) if isinstance(identifier, list) else identifier


def _written(module: Any) -> Iterator[str]:
    """The sentences that a module writes as reasons, with `1` for each value."""
    for call in ast.walk(ast.parse(Path(module.__file__).read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Reason" and len(call.args) > 1:
            yield from _plain(call.args[1])


def _plain(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(piece.value) if isinstance(piece, ast.Constant) else _sample(piece) for piece in node.values)


SAMPLES = {"name": "IBAN", "_in_words(field)": "IBAN", "_in_words(reading.field)": "IBAN", "document.kind": "invoice"}
SAMPLES |= {"case.document.kind": "invoice", "fields": "a credit note"}


def _sample(piece: ast.expr) -> str:
    return SAMPLES.get(ast.unparse(piece.value) if isinstance(piece, ast.FormattedValue) else "", "1")


def test_every_reason_of_the_line_has_its_sentence() -> None:
    unknown = [text for text in _written(routing) if not _is_known(text)]
    assert unknown == []


def _is_known(text: str) -> bool:
    from scanstraat.desk import spoken as module

    return any(sentence.pattern.fullmatch(text) for sentence in module._sentences())


def test_the_words_of_signs_kinds_and_fields_are_those_of_the_line() -> None:
    assert set(sentences.SIGNS) == {sign.value for sign in Sign}
    assert set(sentences.KIND_WORDS) == {kind.value for kind in Kind}
    assert {routing._in_words(field) for field in FieldName} <= set(sentences.FIELD_WORDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_said_in_the_language_with_its_values(language: str) -> None:
    english = "page 2: it begins a document, since a heading names a document, though it bears the same date"
    with translation.override(language):
        said = spoken(english)
        assert said != english
        assert "2" in said
        assert "{" not in said
        doubt = spoken("IBAN NL91ABNA0417164300: the check digits of NL91ABNA0417164300 do not hold")
        assert doubt.count("NL91ABNA0417164300") == 2
        assert "do not hold" not in doubt
        assert spoken("nobody ever wrote this sentence") == "nobody ever wrote this sentence"
    assert spoken(english) == english


def test_what_the_mail_log_says_has_its_sentence() -> None:
    from scanstraat.mailbox.roles import RULES
    from scanstraat.model.letter import LetterState

    unknown = [text for text in (*(rule.name for rule in RULES), *LetterState, *_logged()) if not _is_known(text)]
    assert unknown == []


def _logged() -> Iterator[str]:
    """The events that the package writes into the mail log by name."""
    for path in (ROOT / "scanstraat").rglob("*.py"):
        yield from re.findall(r'mails\.log\([^"\n]*?, "([a-z-]+)"', path.read_text())
