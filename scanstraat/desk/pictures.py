"""Pictures of pages: rendered once in a bounded child process, then kept as files beside the database."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings as django_settings

from scanstraat import durable
from scanstraat.bounded import Child
from scanstraat.reading.reader import Reader
from scanstraat.records.blobs import Blobs
from scanstraat.settings import Settings

DPI = 150  # an A4 page gets 1240 pixels across: sharp in half of a 1920-pixel screen
SIZES = (36, DPI, 300)  # dots to the inch: a thumbnail, a page that fits, and one looked at closely
# What draws a page, without the OCR engine that reading would load: 100 MB less, and half as long to start.
_PRELOAD = ("scanstraat.reading.pictures",)


class Pictures:
    """The cache `cache/pictures` in the home folder: one folder an administration, one in it for each PDF, a file a page.

    It follows the blobs, so that erasing an administration's or a file's pictures is a plain delete too.
    """

    def __init__(self, settings: Settings) -> None:
        self._root = settings.home_path / "cache" / "pictures"
        self._blobs = Blobs(settings.home_path)
        self._child = Child(_PRELOAD)
        self._reader = Reader(self._child, settings)

    def path(self, administration: int, pdf_sha256: str, page: int, dpi: int = DPI) -> Path:
        """The PNG of a page (from 1) of a PDF of this administration, rendered now where it is not there yet.

        `dpi` is one of `SIZES`. Raises `Refused` where the page cannot be rendered, `Inconsistent` where the PDF is gone.
        """
        path = self._root / str(administration) / pdf_sha256 / f"{page}-{dpi}.png"
        if not path.exists():
            durable.write(path, self._reader.picture(self._blobs.get(administration, pdf_sha256), page, dpi))
        return path

    def close(self) -> None:
        """End the child process."""
        self._child.close()


@cache
def pictures() -> Pictures:
    """The one of this process; its child process starts at the first picture."""
    return Pictures(django_settings.SCANSTRAAT)
