"""OCR engines behind one protocol: PP-OCR's networks, Tesseract kept alive in the process, or its command for each page."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from scanstraat.errors import Refused, Unavailable
from scanstraat.reading.pictures import OCR_DPI, Gray

_log = logging.getLogger(__name__)
_DATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_PAGE_LAYOUT = 3  # Tesseract's page segmentation: find blocks and lines by itself, expect them upright
_RULES = frozenset("|_¦—–-=~.·:;,'`´‘’\"")  # what ruled lines and dirt are read as


@dataclass(frozen=True, slots=True)
class Seen:
    """One word in pixels of the picture; `line` numbers the engine's own lines, `confidence` is 0 to 1."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    confidence: float
    line: int


class Engine(Protocol):
    """Something that reads a picture; one with fewer dots to the inch than `least_dpi` is to be enlarged first."""

    least_dpi: int

    def words(self, picture: Gray, dpi: int) -> tuple[Seen, ...]:
        """The words on an upright gray picture."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which engine, and Tesseract's languages as it joins them ("script/Latin", "nld+eng"); PP-OCR reads all Latin script."""

    engine: str = "ppocr"
    languages: str = "script/Latin"


@functools.cache
def engine(recipe: Recipe) -> Engine:
    """The engine, loaded once a process; raises `Unavailable` where its data is missing, `Refused` for an unknown name."""
    if recipe.engine not in _ENGINES:
        raise Refused("setting", f"there is no OCR engine {recipe.engine!r}.", f"Choose one of: {', '.join(_ENGINES)}.")
    return _ENGINES[recipe.engine](recipe.languages)


def data_folder() -> Path:
    """Where Tesseract's language data is: TESSDATA_PREFIX, else the usual places; raises `Unavailable`."""
    given = os.environ.get("TESSDATA_PREFIX")
    for name in ([given, f"{given}/tessdata"] if given else []) + list(_DATA_FOLDERS):
        if any(Path(name).rglob("*.traineddata")):
            return Path(name)
    raise Unavailable(
        "ocr-missing", "Tesseract's language data is not on this machine.", "Install Debian's package tesseract-ocr-script-latn."
    )


def installed(languages: str, folder: Path) -> str:
    """The languages by the names their files have here: Debian keeps `script/Latin` as `Latin`; raises `Unavailable`."""
    return "+".join(_installed(name, folder) for name in languages.split("+"))


def _installed(name: str, folder: Path) -> str:
    for known in (name, name.removeprefix("script/")):
        if (folder / f"{known}.traineddata").is_file():
            return known
    package = "tesseract-ocr-script-latn" if name == "script/Latin" else f"tesseract-ocr-{name.replace('_', '-')}"
    raise Unavailable(
        "ocr-language-missing", f"Tesseract's data for {name} is not on this machine.", f"Install Debian's package {package}."
    )


def tesseract(languages: str, layout: int) -> Any:
    """Tesseract as a library with its model loaded, for one page segmentation of its own; raises `Unavailable`."""
    import tesserocr  # loads some 60 MB; only the processes that need it shall

    folder = data_folder()
    try:
        return tesserocr.PyTessBaseAPI(path=f"{folder}", lang=installed(languages, folder), psm=layout)
    except RuntimeError as error:
        raise Unavailable("ocr-missing", f"Tesseract does not start: {error}.", "Reinstall its language data.") from error


class _KeptAlive:
    """Tesseract as a library: the model is loaded once, and forked processes inherit it."""

    least_dpi = OCR_DPI

    def __init__(self, languages: str) -> None:
        import tesserocr

        self._levels = tesserocr.RIL
        self._iterate = tesserocr.iterate_level
        self._api = tesseract(languages, _PAGE_LAYOUT)

    def words(self, picture: Gray, dpi: int) -> tuple[Seen, ...]:
        """The words on an upright gray picture."""
        height, width = picture.shape
        self._api.SetImageBytes(picture.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(dpi)
        try:
            found = tuple(self._found()) if self._api.Recognize() else ()
        finally:
            self._api.Clear()
        return found

    def _found(self) -> Iterator[Seen]:
        word, line, number = self._levels.WORD, self._levels.TEXTLINE, -1
        iterator = self._api.GetIterator()
        if iterator is None:
            return
        for at in self._iterate(iterator, word):
            if at.Empty(word):
                continue
            number += at.IsAtBeginningOf(line)
            seen = _seen(at.GetUTF8Text(word), at.BoundingBox(word), at.Confidence(word), number)
            if seen:
                yield seen


class _Command:
    """Tesseract's own command, run for each page."""

    least_dpi = OCR_DPI

    def __init__(self, languages: str) -> None:
        self._folder = data_folder()
        self._languages = installed(languages, self._folder)

    def words(self, picture: Gray, dpi: int) -> tuple[Seen, ...]:
        """The words on an upright gray picture."""
        import pytesseract
        from PIL import Image

        options = f'--psm {_PAGE_LAYOUT} --dpi {dpi} --tessdata-dir "{self._folder}"'
        try:
            table = pytesseract.image_to_data(
                Image.fromarray(picture), lang=self._languages, config=options, output_type=pytesseract.Output.DICT
            )
        except pytesseract.TesseractNotFoundError as error:
            raise Unavailable(
                "program-missing", "the program tesseract is not on this machine.", "Install Debian's package tesseract-ocr."
            ) from error
        except pytesseract.TesseractError as error:
            raise Refused("ocr-failed", f"Tesseract cannot read this page: {error}.", "Look at the page.") from error
        return tuple(_rows(table))


def _rows(table: dict[str, list[Any]]) -> Iterator[Seen]:
    lines: dict[tuple[int, int, int], int] = {}
    for row, text in enumerate(table["text"]):
        place = (table["block_num"][row], table["par_num"][row], table["line_num"][row])
        x0, y0 = table["left"][row], table["top"][row]
        box = (x0, y0, x0 + table["width"][row], y0 + table["height"][row])
        if table["level"][row] == _WORD_LEVEL:
            seen = _seen(text, box, float(table["conf"][row]), lines.setdefault(place, len(lines)))
            if seen:
                yield seen


def _seen(text: str | None, box: tuple[int, int, int, int], confidence: float, line: int) -> Seen | None:
    """The word, unless it is nothing, or a ruled line read as letters."""
    text = (text or "").strip()
    x0, y0, x1, y1 = box
    if not text or confidence < 0 or x1 <= x0 or y1 <= y0 or (confidence < _DOUBTFUL and _RULES.issuperset(text)) or text == "|":
        return None
    return Seen(text, x0, y0, x1, y1, min(confidence / 100, 1.0), line)


_WORD_LEVEL = 5  # of Tesseract's table: page, block, paragraph, line, word
_DOUBTFUL = 60.0


def _networks(languages: str) -> Engine:  # noqa: ARG001  one reader for all of Latin script
    from scanstraat.reading.ppocr import ppocr  # loads some 60 MB; only the processes that need it shall

    return ppocr()


_ENGINES: dict[str, Callable[[str], Engine]] = {"ppocr": _networks, "tesserocr": _KeptAlive, "pytesseract": _Command}
