"""Annexes without pages, such as spreadsheets, inside the PDF of their invoice as files (B3, B5, F1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pikepdf

from scanstraat.delivery.characters import one_line

_LONGEST_NAME = 120
# What a name may not hold on one system or another, and signs that turn the direction of writing to hide an ending.
_UNSAFE = re.compile(r"""[/\\:*?"<>|\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]""", re.VERBOSE)
# The endings a file of each kind may have; the first is added to a name with another, so that nothing else is started by it.
ENDINGS = {
    "application/vnd.ms-excel": (".xls", ".xlt"),
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": (".xlsb",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx", ".xlsm", ".xltx"),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods", ".ots"),
    "application/vnd.ms-powerpoint": (".ppt", ".pps"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx", ".pptm", ".ppsx"),
    "application/vnd.oasis.opendocument.presentation": (".odp", ".otp"),
    "text/plain": (".txt", ".csv", ".tsv", ".log"),
}


@dataclass(frozen=True, slots=True)
class Annex:
    """A file to be put inside: `name` and `media_type` as the mail's part has them."""

    name: str
    media_type: str
    content: bytes


def attach(pdf: pikepdf.Pdf, annexes: tuple[Annex, ...]) -> None:
    """Put the files inside `pdf`, each under a name of its own."""
    taken: set[str] = set()
    for number, annex in enumerate(annexes, 1):
        name = safe_name(annex.name, annex.media_type)
        name = name if name not in taken else f"{number}-{name}"
        taken.add(name)
        said = pikepdf.AttachedFileSpec(
            pdf, annex.content, description="", filename=name, mime_type=annex.media_type, creation_date="", mod_date=""
        )
        pdf.attachments[name] = said


def safe_name(name: str, media_type: str) -> str:
    """`name` fit for any system, with an ending that says what the file is.

    >>> safe_name("uren/maart.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    'uren_maart.xlsx'
    >>> safe_name("uren.xlsx\\u202egnp.exe", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    'uren.xlsx_gnp.exe.xlsx'
    >>> safe_name("..", "application/zip")
    'file.bin'
    """
    endings = ENDINGS.get(media_type, (".bin",))
    plain = _UNSAFE.sub("_", one_line(name)).strip(". ")
    if plain.lower().endswith(endings):
        stem, _, ending = plain.rpartition(".")
        return f"{stem[:_LONGEST_NAME] or 'file'}.{ending}"
    return f"{plain[:_LONGEST_NAME] or 'file'}{endings[0]}"
