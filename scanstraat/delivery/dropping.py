"""Drops: a PDF and its XML written to staging, then moved into the drop folder, PDF first and XML last (F4, F8)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from scanstraat import durable, failpoint
from scanstraat.delivery.names import checked_name, checked_token
from scanstraat.errors import Inconsistent, Refused
from scanstraat.model.delivery import Drop, StagedDrop


def staged_drop(folder: str, stem: str, token: str) -> StagedDrop:
    """The names of a drop staged under `token`; raises `Inconsistent` for names that could lead elsewhere.

    >>> staged_drop("bakker", "20261121-17", "t1").staged_pdf
    't1.20261121-17.pdf'
    """
    name = f"{checked_token(token)}.{checked_name(stem)}"
    return StagedDrop(checked_name(folder), stem, f"{name}.pdf", f"{name}.xml")


class Outbox:
    """The way out: a staging folder and, on the same file system, a folder with one drop folder an administration.

    Names in staging are `TOKEN.STEM.pdf` and `TOKEN.STEM.xml`, where the token is that of the claimed task, so that a late
    worker never touches the files of another. Raises `Inconsistent` where the two folders are on different file systems.
    """

    def __init__(self, staging: Path, drops: Path) -> None:
        self._staging, self._drops = staging, drops
        for folder in (staging, drops):
            durable.make_folder(folder)
        self._same_file_system(drops)

    def stage(self, folder: str, drop: Drop, token: str) -> StagedDrop:
        """Write both files to staging, synced; nothing shows in the drop folder yet. The same call twice leaves one pair.

        `folder` is the administration's drop name. Raises `Inconsistent` for names that could lead elsewhere and
        `Unavailable` where the disk is full.
        """
        staged = staged_drop(folder, drop.stem, token)
        target = self._drops / folder
        durable.make_folder(target)
        self._same_file_system(target)
        durable.write(self._staging / staged.staged_pdf, drop.pdf)
        durable.write(self._staging / staged.staged_xml, drop.xml)
        return staged

    def publish(self, staged: StagedDrop) -> None:
        """Move a staged drop into its folder: PDF, sync, XML, sync. Safe to repeat after a crash at any moment.

        A staged file that is gone was moved before. An existing name is never overwritten: `Inconsistent` with code
        `name-taken`, and no PDF is shown without its XML because of it.
        """
        folder = self._drops / checked_name(staged.folder)
        pdf, xml = (self._staging / checked_name(name) for name in (staged.staged_pdf, staged.staged_xml))
        target = folder / checked_name(staged.stem)
        durable.make_folder(folder)
        _refuse_taken(xml, target.with_name(f"{staged.stem}.xml"))
        failpoint.reach("delivery.pdf-rename")
        self._move(pdf, target.with_name(f"{staged.stem}.pdf"))
        failpoint.reach("delivery.xml-rename")
        self._move(xml, target.with_name(f"{staged.stem}.xml"))

    def check_again(self, staged: StagedDrop) -> None:
        """Raise `Refused` (`name-taken`) where a file of a staged drop's name is in its folder with another content."""
        for source, target in self._places(staged):
            if source.exists() and target.exists() and source.read_bytes() != target.read_bytes():
                raise Refused(
                    "name-taken",
                    f"{target.name} is in the drop folder, but is not what was delivered.",
                    "Move it away, and ask once more.",
                )

    def publish_again(self, staged: StagedDrop) -> None:
        """As `publish`, for a drop that was there before: a file that still is, unchanged, is replaced by its equal.

        Raises `Refused` (`name-taken`) as `check_again` does, before anything is moved.
        """
        durable.make_folder(self._drops / checked_name(staged.folder))
        self.check_again(staged)
        for source, target in self._places(staged):
            failpoint.reach("delivery.again-rename")
            try:
                if source.exists():
                    os.replace(source, target)
                durable.sync_folder(target.parent)
            except OSError as error:
                raise durable.disk_error(error, target) from error

    def _places(self, staged: StagedDrop) -> tuple[tuple[Path, Path], ...]:
        """Where the PDF and then the XML are and go."""
        folder, stem = self._drops / checked_name(staged.folder), checked_name(staged.stem)
        return (
            (self._staging / checked_name(staged.staged_pdf), folder / f"{stem}.pdf"),
            (self._staging / checked_name(staged.staged_xml), folder / f"{stem}.xml"),
        )

    def sweep(self, keep: frozenset[str], minimum_age: float = 3600.0) -> int:
        """Remove staged files whose token is not in `keep`; how many.

        `minimum_age` in seconds: younger files stay, since a worker may have claimed a task and staged its drop after `keep`
        was read. It must be longer than any lease.
        """
        newest = time.time() - minimum_age
        orphans = [path for path in self._staged_files() if _token(path.name) not in keep and _changed(path) <= newest]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)

    def _staged_files(self) -> Iterator[Path]:
        return (path for path in self._staging.iterdir() if path.is_file())

    def _move(self, source: Path, target: Path) -> None:
        durable.move_new(source, target)
        # Also where it was moved before: a process killed between rename and sync left that sync to us.
        try:
            durable.sync_folder(target.parent)
        except OSError as error:
            raise durable.disk_error(error, target) from error

    def _same_file_system(self, folder: Path) -> None:
        if os.stat(folder).st_dev != os.stat(self._staging).st_dev:
            raise Inconsistent(
                "drop-file-system",
                f"{folder} is not on the file system of {self._staging}, so that a drop cannot appear in one move.",
                "Put staging and drops on one file system.",
            )


def _refuse_taken(source: Path, target: Path) -> None:
    if source.exists() and target.exists():
        raise Inconsistent(
            "name-taken", f"{target} exists already.", "Move the foreign file out of the drop folder, then replay."
        )


def _token(name: str) -> str:
    """The token in a staged name, or in that of a half-written file (which begins with a dot).

    >>> _token("t1.20261121-17.pdf"), _token(".t1.20261121-17.pdf.0a1b.tmp")
    ('t1', 't1')
    """
    return name.lstrip(".").split(".")[0]


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
