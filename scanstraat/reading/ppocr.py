"""PP-OCR's two networks: where text stands on a picture, and what a crop of one line says, letter by letter.

The models come with the package rapidocr and are run by onnxruntime directly: detection on a small copy of the picture, then
each line at 48 pixels of height. They read faint, small and rough print that Tesseract does not, at no more than its cost a page.
"""

from __future__ import annotations

import functools
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scanstraat.errors import Unavailable
from scanstraat.reading import network
from scanstraat.reading.engines import Seen
from scanstraat.reading.pictures import Gray
from scanstraat.reading.spelling import Letter, spelled_words

Floats = npt.NDArray[np.float32]

_DETECTOR, _RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
_LONGEST, _SHORTEST = 960, 640  # pixels of the copy that is searched: its longer side, and at least the shorter
_STEP = 32  # pixels of a network's grid
_INK, _SURE = 0.3, 0.5  # of the map of text: what belongs to a line, and the mean a line needs
_GROWN = 1.6  # how far a line is widened, by its area over its circumference: the network marks the heart of a line
_MARGIN = 0.05  # of a line's height, added at both ends, where the network stops a little early
_OVER = 0.12  # of a line's height, above and below: descenders that the network leaves out
_THINNEST = 3.0  # pixels of the searched copy
_AROUND, _DARKER = 31, 20  # pixels of that copy around a place, and gray values by which print is darker than their mean
_NEAR, _LEAST = 5, 0.2  # print has so many pixels of ink within a square of this side; specks have fewer
_EDGE = 16  # pixels of paper left around the print that is searched
_HEIGHT = 48  # pixels of a line as the recogniser takes it
_WIDEST = 3200  # pixels of a line as read; longer ones are squeezed
_NARROWEST = 64
_SIGNS = frozenset("€£¥§°²³–—‘’“”„«»•·…№±½¼¡¿ªº™®©")  # beside ASCII and Latin letters


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on the picture: its middle, size and slant in pixels (x to the right, y down, degrees clockwise)."""

    x: float
    y: float
    width: float
    height: float
    slant: float


class PpOcr:
    """Reads pictures, or crops of single lines, with the two networks; one thread."""

    least_dpi = 120  # each line is brought to one height by itself, so enlarging the page only blurs it

    def __init__(self, folder: Path) -> None:
        self._detector, self._afterwards = _session((folder / _DETECTOR).read_bytes(), keeps_memory=True), _giving_back()
        reader = (folder / _RECOGNISER).read_bytes()
        letters = ["", *network.metadata(reader, "character").splitlines(), " "]
        kept = np.flatnonzero([_is_ours(letter) for letter in letters])
        self._letters = [letters[place] for place in kept]
        self._recogniser = _session(network.narrowed(reader, len(letters), kept), keeps_memory=False)

    def words(self, picture: Gray, dpi: int) -> tuple[Seen, ...]:  # noqa: ARG002  the networks take any resolution
        """The words on an upright gray picture, in lines from top to bottom."""
        lines = self.lines(picture)
        crops = [_cut(picture, line) for line in lines]
        found = zip(lines, crops, self.texts([_heart(crop) for crop in crops]), strict=True)
        return tuple(seen for number, (line, crop, letters) in enumerate(found) for seen in _seen(line, crop, letters, number))

    def lines(self, picture: Gray) -> list[Line]:
        """Where lines of text stand on a gray picture, top to bottom."""
        height, width = picture.shape
        scale = min(1.0, max(_LONGEST / max(width, height), _SHORTEST / min(width, height)))
        size = (_on_grid(width * scale), _on_grid(height * scale))
        small = _gray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
        left, top, right, bottom = _printed(small)
        printed = _normal(small[top:bottom, left:right])
        found = self._detector.run(None, {self._detector.get_inputs()[0].name: printed}, self._afterwards)[0][0, 0]
        marked = (replace(line, x=line.x + left, y=line.y + top) for line in _marked(found))
        lines = [_stretched(line, width / size[0], height / size[1]) for line in marked]
        return sorted(lines, key=lambda line: (line.y, line.x))

    def texts(self, crops: Sequence[Gray]) -> Iterator[tuple[Letter, ...]]:
        """What each crop of one line says; empty for one without text.

        One at a time: lines read together are padded to the widest, which costs a third more time and twice the memory.
        """
        name = self._recogniser.get_inputs()[0].name
        for crop in crops:
            odds = self._recogniser.run(None, {name: _normal(_as_read(crop))})[0]
            yield tuple(self._spelled(odds[0]))

    def _spelled(self, odds: Floats) -> Iterator[Letter]:
        """The likeliest letter of each step, a letter told in several steps only once (connectionist temporal classification)."""
        best, steps, before = odds.argmax(1), len(odds), 0
        for step, letter in enumerate(best):
            if letter and letter != before:
                yield Letter(self._letters[letter], float(odds[step, letter]), (step + 0.5) / steps)
            before = letter


@functools.cache
def ppocr() -> PpOcr:
    """The networks, loaded once a process; raises `Unavailable` where the models are missing."""
    found = find_spec("rapidocr")
    folder = Path(found.origin).parent / "models" if found and found.origin else None
    if folder is None or not (folder / _RECOGNISER).is_file():
        raise Unavailable(
            "ocr-missing", "the models of PP-OCR are not on this machine.", "Install the locked requirements again."
        )
    return PpOcr(folder)


def _is_ours(letter: str) -> bool:
    """Whether a letter of the model occurs on invoices in Latin script; it knows thousands of others that look alike.

    >>> _is_ours("é"), _is_ours("€"), _is_ours(""), _is_ours("木"), _is_ours("×")
    (True, True, True, False, False)
    """
    return letter == "" or letter in _SIGNS or letter.isascii() or unicodedata.name(letter[0], "").startswith("LATIN ")


def _session(model: bytes, *, keeps_memory: bool) -> Any:
    """A network ready to run. One that keeps memory between its layers is spared touching new pages, a third of a search."""
    import onnxruntime  # loads some 40 MB; only the processes that need it shall

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a forked process has one thread only
    options.enable_cpu_mem_arena = keeps_memory
    options.enable_mem_pattern = False  # worked out anew for each size of picture, and a child sees few of one size
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _giving_back() -> Any:
    """How to run a network such that what it kept is given back at the end."""
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _gray(picture: Any) -> Gray:
    return np.asarray(picture, np.uint8)


def _on_grid(side: float) -> int:
    return max(1, round(side / _STEP)) * _STEP


def _printed(small: Gray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is printed, on the network's grid: margins cost as much to search as print."""
    dark = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _AROUND, _DARKER)
    print_on = cv2.blur(dark, (_NEAR, _NEAR)) > 255 * _LEAST
    left, right = _span(np.asarray(print_on.any(0)))
    top, bottom = _span(np.asarray(print_on.any(1)))
    return left, top, right, bottom


def _span(printed: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """From before the first place to behind the last, a whole number of steps of the grid; all of it where there is none."""
    places = np.flatnonzero(printed)
    if not len(places):
        return 0, len(printed)
    start, end = max(0, int(places[0]) - _EDGE), min(len(printed), int(places[-1]) + _EDGE)
    length = math.ceil((end - start) / _STEP) * _STEP
    start = min(start, len(printed) - length)
    return start, start + length


def _normal(picture: Gray) -> Floats:
    """A gray picture as the networks take it: three like channels from -1 to 1."""
    scaled = picture.astype(np.float32) / 127.5 - 1.0
    return np.broadcast_to(scaled, (1, 3, *scaled.shape))


def _marked(text: Floats) -> Iterator[Line]:
    """The lines of a map of text (0 to 1 a pixel)."""
    mask = cv2.dilate((text > _INK).astype(np.uint8), np.ones((2, 2), np.uint8))
    for contour in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
        line = _level(cv2.minAreaRect(contour))
        if min(line.width, line.height) < _THINNEST or _mean(text, contour) < _SURE:
            continue
        grown = line.width * line.height * _GROWN / (2 * (line.width + line.height))
        height = line.height + 2 * grown
        yield Line(line.x, line.y, line.width + 2 * grown + 2 * _MARGIN * height, height, line.slant)


def _mean(text: Floats, contour: Any) -> float:
    x, y, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [contour - (x, y)], 0, 1, -1)
    return float(cv2.mean(text[y : y + height, x : x + width], inside)[0])


def _level(found: tuple[Sequence[float], Sequence[float], float]) -> Line:
    """A line by its middle, the longer way across, slant between -45 and 45 degrees."""
    (x, y), (width, height), slant = found
    if abs(slant) > 45:
        width, height, slant = height, width, slant - 90 if slant > 0 else slant + 90
    return Line(x, y, width, height, slant)


def _stretched(line: Line, across: float, down: float) -> Line:
    """The line on the whole picture."""
    return Line(line.x * across, line.y * down, line.width * across, line.height * down, line.slant)


def _cut(picture: Gray, line: Line) -> Gray:
    """The line's own pixels, level, with a margin above and below for what hangs out of it."""
    size = (max(1, round(line.width)), max(1, round(line.height)) + 2 * _over(line.height))
    turn = cv2.getRotationMatrix2D((line.x, line.y), line.slant, 1.0)
    turn[0, 2] += size[0] / 2 - line.x
    turn[1, 2] += size[1] / 2 - line.y
    return _gray(cv2.warpAffine(picture, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _over(height: float) -> int:
    return round(height * _OVER)


def _heart(crop: Gray) -> Gray:
    """A crop without its margins."""
    over = _over(crop.shape[0] / (1 + 2 * _OVER))
    return crop[over : crop.shape[0] - over]


def _as_read(crop: Gray) -> Gray:
    width = min(_WIDEST, max(_NARROWEST, round(crop.shape[1] * _HEIGHT / crop.shape[0])))
    return _gray(cv2.resize(crop, (width, _HEIGHT)))


def _seen(line: Line, crop: Gray, letters: tuple[Letter, ...], number: int) -> Iterator[Seen]:
    """The words of a line where they stand on the picture, upright."""
    slope = math.tan(math.radians(line.slant))
    left, top = line.x - crop.shape[1] / 2, line.y - crop.shape[0] / 2
    for word in spelled_words(crop, letters):
        x0, x1 = left + word.x0, left + word.x1
        down = top + slope * ((x0 + x1) / 2 - line.x)
        y0, y1 = round(down + word.y0), round(down + word.y1)
        yield Seen(word.text, round(x0), y0, max(round(x0) + 1, round(x1)), max(y0 + 1, y1), word.confidence, number)
