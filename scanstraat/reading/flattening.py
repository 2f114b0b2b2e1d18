"""A page photographed on a table: found by its four edges and laid flat, as if it had been scanned.

The page is the largest bright quadrangle that is brighter than what lies around it along every one of its sides; where there is
none, nothing is done. Measured on photographs of invoices: words right 75 → 94%.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanstraat.model.page import Box
from scanstraat.reading.affine import Affine
from scanstraat.reading.pictures import Gray, Picture

Matrix = npt.NDArray[np.float64]  # 3 by 3, a projective mapping of the plane
Corners = npt.NDArray[np.float32]  # 4 by 2: top left, top right, bottom right, bottom left

_POINTS = 72.0
_SMALL_SIDE = 600  # pixels of the longer side of the picture that is searched
_LEAST = 0.25  # share of the picture that the page covers
_MOST = 0.97  # a page that covers more needs no cutting out
_DARKER = 0.8  # the rim of a photograph is darker than this share of its paper, on two sides at least
_RIM = 0.02  # of each side
_STEP = 12  # gray values between paper and table
_ALONG = 0.7  # share of the places along a side where that step is seen
_AT = np.linspace(0.04, 0.96, 24)  # places along a side
_NEAR = 6  # pixels of the small picture: how far inside and outside of a side is looked
_A4_SIDE, _A4_SHAPE, _SHAPE_SLACK = 11.69, 1.414, 0.12  # inches of the longer side, ratio of the sides, and how far off it may be
_SIMPLER = (0.01, 0.02, 0.04)  # of a contour's length: how far a side may bulge
_ELONGATED = 3.5  # ratio of the sides; a till's receipt is still more slender, but not in a photograph that shows it whole


@dataclass(frozen=True, slots=True)
class Flat:
    """The page laid flat as a picture of its own, and the mapping of its points to points of the page as displayed."""

    picture: Picture
    back: Matrix

    def box(self, box: Box) -> Box:
        """The upright box, on the page as displayed, around where a box of the flat page lies."""
        corners = np.array([[(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)]], np.float64)
        (points,) = cv2.perspectiveTransform(corners, self.back)
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        return Box(float(x0), float(y0), float(x1), float(y1))


def flattened(picture: Picture) -> Flat | None:
    """The page in the picture laid flat; None where the picture is not of a page on a darker table."""
    height, width = picture.pixels.shape
    scale = min(1.0, _SMALL_SIDE / max(height, width))
    small = cv2.resize(picture.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    soft = np.asarray(cv2.medianBlur(small, 5), np.uint8)
    if not _has_dark_rim(soft):
        return None
    corners = _page(soft)
    return None if corners is None else _laid_flat(picture, corners / np.float32(scale))


def _has_dark_rim(small: Gray) -> bool:
    """Whether two sides at least of the picture are darker than what is light in it."""
    height, width = small.shape
    down, across = max(2, int(height * _RIM)), max(2, int(width * _RIM))
    light = float(np.percentile(small, 80))
    rims = (small[:down], small[-down:], small[:, :across], small[:, -across:])
    return sum(float(np.median(rim)) < _DARKER * light for rim in rims) >= 2


def _page(small: Gray) -> Corners | None:
    """The corners of the largest quadrangle that looks like a page."""
    best, largest = None, _LEAST * small.size
    for corners in itertools.chain.from_iterable(map(_quadrangles, _outlines(small))):
        area = float(cv2.contourArea(corners))
        if largest < area < _MOST * small.size and _is_page(small, corners):
            best, largest = corners, area
    return best


def _outlines(small: Gray) -> Iterator[Gray]:
    """Pictures in black and white whose contours may be the page's."""
    square = np.ones((5, 5), np.uint8)
    filled = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))  # print is not part of an outline
    otsu, _ = cv2.threshold(filled, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    for level in (otsu, otsu * 0.85, otsu * 1.15):
        yield np.asarray(np.where(filled > level, 255, 0), np.uint8)
    around = cv2.GaussianBlur(filled, (0, 0), _SMALL_SIDE / 8)
    yield np.asarray(np.where(filled > around.astype(np.int16) + 4, 255, 0), np.uint8)
    for low in (20, 50):
        edges = cv2.Canny(filled, low, 3 * low)
        yield np.asarray(cv2.bitwise_not(cv2.dilate(edges, square)), np.uint8)


def _quadrangles(outline: Gray) -> Iterator[Corners]:
    contours, _ = cv2.findContours(outline, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
        if cv2.contourArea(contour) < _LEAST * outline.size:
            return
        hull = cv2.convexHull(contour)
        for bulge in _SIMPLER:
            simple = cv2.approxPolyDP(hull, bulge * cv2.arcLength(hull, True), True)
            if len(simple) == 4:
                yield _ordered(simple.reshape(4, 2).astype(np.float32))
                break


def _ordered(corners: Corners) -> Corners:
    """From the top left, clockwise."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    clockwise = corners[np.argsort(angles)]
    return np.asarray(np.roll(clockwise, -int(np.argmin(clockwise.sum(axis=1))), axis=0), np.float32)


def _is_page(small: Gray, corners: Corners) -> bool:
    """Whether each side has paper within and something darker without, or lies at the edge of the picture."""
    sides = [float(np.linalg.norm(b - a)) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    if max(sides) > _ELONGATED * max(min(sides), 1.0):
        return False
    middle = corners.mean(axis=0)
    return all(_is_edge(small, a, b, middle) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True))


def _is_edge(small: Gray, start: npt.NDArray[np.float32], end: npt.NDArray[np.float32], middle: npt.NDArray[np.float32]) -> bool:
    along = end - start
    inward = np.array([-along[1], along[0]]) / max(float(np.linalg.norm(along)), 1.0)
    if float(np.dot(middle - start, inward)) < 0:
        inward = -inward
    places = start + _AT[:, None] * along
    height, width = small.shape

    def seen(points: npt.NDArray[np.float64]) -> npt.NDArray[np.int16]:
        columns = np.clip(points[:, 0].round().astype(int), 0, width - 1)
        rows = np.clip(points[:, 1].round().astype(int), 0, height - 1)
        return np.asarray(small[rows, columns], np.int16)

    beyond = places - _NEAR * inward
    outside = (beyond[:, 0] < 0) | (beyond[:, 1] < 0) | (beyond[:, 0] > width - 1) | (beyond[:, 1] > height - 1)
    stepped = np.maximum(seen(places + _NEAR * inward), seen(places + 3 * _NEAR * inward)) - seen(beyond) > _STEP
    return bool(np.mean(outside | stepped) >= _ALONG)


def _laid_flat(picture: Picture, corners: Corners) -> Flat:
    """The quadrangle as a rectangle; one as slender as A4 is taken for A4, which tells the size of its print."""
    top, right, bottom, left = (float(np.linalg.norm(b - a)) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True))
    width, height = max(top, bottom), max(left, right)
    longer, shape = max(width, height), max(width, height) / min(width, height)
    dpi = longer / _A4_SIDE if abs(shape - _A4_SHAPE) < _SHAPE_SLACK else picture.dpi
    size = (max(1, round(width)), max(1, round(height)))
    square = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    pixels = cv2.warpPerspective(
        picture.pixels,
        cv2.getPerspectiveTransform(corners, square),
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    # the flat page is displayed as the picture is: turned by as many quarters
    upright = _turned(picture.display.quarter_turns or 0, *size)
    display = upright.then(Affine(_POINTS / dpi, 0, 0, _POINTS / dpi))
    shown = picture.display
    to_display = np.array([[shown.a, shown.c, shown.e], [shown.b, shown.d, shown.f], [0, 0, 1]])
    flat = display.inverse()
    from_flat = np.array([[flat.a, flat.c, flat.e], [flat.b, flat.d, flat.f], [0, 0, 1]])
    back = to_display @ cv2.getPerspectiveTransform(square, corners) @ from_flat
    return Flat(Picture(np.asarray(pixels, np.uint8), display), np.asarray(back, np.float64))


def _turned(turns: int, width: float, height: float) -> Affine:
    """Clockwise quarter turns of a rectangle, back into the first quadrant."""
    return (
        Affine(),
        Affine(0, 1, -1, 0, height, 0),
        Affine(-1, 0, 0, -1, width, height),
        Affine(0, -1, 1, 0, 0, width),
    )[turns]
