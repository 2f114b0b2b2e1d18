"""Files of a form, written to disk as they come, however small; too many octets end it at once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from scanstraat import durable
from scanstraat.errors import ScanstraatError
from scanstraat.mailbox.wrapping import too_large
from scanstraat.settings import Settings

_FAILURE = "scanstraat_upload_failure"
_CHUNK = 1 << 18


def temporary_file() -> BinaryIO:
    """A file without a name in the spool, so that nothing stays of it, also of a process that is killed."""
    folder = uploads_folder(settings.SCANSTRAAT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return cast(BinaryIO, tempfile.TemporaryFile(dir=folder))
    except OSError as error:
        raise durable.disk_error(error, folder) from error


def uploads_folder(settings: Settings) -> Path:
    """Where octets lie that are on their way in."""
    return settings.home_path / "spool" / "uploads"


def body_of(request: HttpRequest, most: int) -> BinaryIO:
    """The body of a request as a file. Raises `Refused` where it is over `most` octets, `Unavailable` where the disk is full."""
    file, size = temporary_file(), 0
    while chunk := request.read(_CHUNK):
        size += len(chunk)
        if size > most:
            file.close()
            raise too_large(size, most)
        _write(file, chunk)
    return file


class Streaming(FileUploadHandler):
    """Django's handler for all forms. It cannot raise what a view could catch, so it leaves the error with the request.

    Django closes `file` where a form breaks off.
    """

    _seen = 0
    file: BinaryIO

    def new_file(self, *args: object, **kwargs: object) -> None:
        """A file begins; where nobody waits for files, it is passed over."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        if not _are_awaited(self.request):
            raise SkipFile
        try:
            self.file = temporary_file()
        except ScanstraatError as error:
            self._stop(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002  Django's signature
        """Some more of it."""
        most = settings.SCANSTRAAT.max_mail_octets
        self._seen += len(raw_data)
        try:
            if self._seen > most:
                raise too_large(self._seen, most)
            _write(self.file, raw_data)
        except ScanstraatError as error:
            self._stop(error)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """The file is there."""
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra)

    def _stop(self, error: ScanstraatError) -> None:
        if self.request is not None:
            setattr(self.request, _FAILURE, error)
        raise StopUpload(connection_reset=False)


def _are_awaited(request: HttpRequest | None) -> bool:
    """Whether the form is one with files, and a person who may sent it; forms are read before the rights are looked at."""
    match = getattr(request, "resolver_match", None)
    if request is None or match is None:
        return False
    return match.url_name == "api-mails" or (match.url_name == "upload" and request.user.is_authenticated)


def failure_of(request: HttpRequest) -> ScanstraatError | None:
    """Why the files of a form were not taken to their end, if they were not. Ask after `request.FILES`."""
    return cast("ScanstraatError | None", getattr(request, _FAILURE, None))


def _write(file: BinaryIO, octets: bytes) -> None:
    try:
        file.write(octets)
        file.flush()  # here, where a full disk can be told
    except OSError as error:
        raise durable.disk_error(error, uploads_folder(settings.SCANSTRAAT)) from error
