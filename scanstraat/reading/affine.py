"""Plane mappings: from a PDF's own space, or from the pixels of a picture, to points on the page as displayed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scanstraat.model.page import Box


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a·x + c·y + e and y' = b·x + d·y + f, the six numbers in the order PDF writes them."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where the point goes.

        >>> Affine(2, 0, 0, -2, 1, 10).point(3, 4)
        (7, 2)
        """
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The upright box around where the rectangle goes; x0 <= x1 and y0 <= y1.

        >>> Affine(0, 1, -1, 0, 10, 0).box(1.0, 2.0, 3.0, 4.0)
        Box(x0=6.0, y0=1.0, x1=8.0, y1=3.0)
        """
        left, right = (self.a * x0, self.a * x1) if self.a > 0 else (self.a * x1, self.a * x0)
        lower, upper = (self.c * y0, self.c * y1) if self.c > 0 else (self.c * y1, self.c * y0)
        top, bottom = (self.b * x0, self.b * x1) if self.b > 0 else (self.b * x1, self.b * x0)
        above, below = (self.d * y0, self.d * y1) if self.d > 0 else (self.d * y1, self.d * y0)
        return Box(left + lower + self.e, top + above + self.f, right + upper + self.e, bottom + below + self.f)

    def then(self, after: Affine) -> Affine:
        """This mapping first, then the other.

        >>> Affine(e=1).then(Affine(a=3)).point(2, 5)
        (9.0, 5.0)
        """
        a, b = after.a * self.a + after.c * self.b, after.b * self.a + after.d * self.b
        c, d = after.a * self.c + after.c * self.d, after.b * self.c + after.d * self.d
        e, f = after.point(self.e, self.f)
        return Affine(a, b, c, d, e, f)

    def inverse(self) -> Affine:
        """The way back; raises `ZeroDivisionError` where everything was mapped onto a line.

        >>> Affine(2, 0, 0, 4, 6, 8).inverse().point(8, 12)
        (1.0, 1.0)
        """
        by = 1 / self.determinant
        a, b, c, d = self.d * by, -self.b * by, -self.c * by, self.a * by
        return Affine(a, b, c, d, -(a * self.e + c * self.f), -(b * self.e + d * self.f))

    @property
    def determinant(self) -> float:
        """Signed area of the mapped unit square; negative where left and right are exchanged."""
        return self.a * self.d - self.b * self.c

    @property
    def quarter_turns(self) -> int | None:
        """Clockwise quarter turns (y downward) this mapping makes, 0 to 3; None where it mirrors, slants or turns otherwise.

        >>> Affine(0, 2, -2, 0, 10, 0).quarter_turns
        1
        """
        if self.determinant <= 0:
            return None
        turned = math.degrees(math.atan2(self.b, self.a)) / 90
        across = self.a * self.c + self.b * self.d
        upright = abs(across) < _UPRIGHT * self.determinant and abs(turned - round(turned)) < _UPRIGHT
        return round(turned) % 4 if upright else None


_UPRIGHT = 0.01
