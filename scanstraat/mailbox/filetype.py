"""What a file is, told from its content (B2); neither its name nor what the mail declares counts."""

from __future__ import annotations

import io
import re
import zipfile

PDF, JPEG, PNG, GIF = "application/pdf", "image/jpeg", "image/png", "image/gif"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC, ODT, RTF = "application/msword", "application/vnd.oasis.opendocument.text", "application/rtf"
ENCRYPTED_OFFICE = "application/x-encrypted-office"
MAIL, XML, HTML, TEXT, OCTETS = "message/rfc822", "application/xml", "text/html", "text/plain", "application/octet-stream"

WORD_TYPES = frozenset({DOCX, DOC, ODT, RTF})

# Where it begins, the octets that must be there, and what it is then; the first that fits counts.
_SIGNATURES = (
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"GIF8", GIF),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftyphev", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyp", "video/mp4"),
    (0, b"{\\rt", RTF),
    (0, b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (0, b"%!PS", "application/postscript"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"-----BEGIN PGP SIGNATURE", "application/pgp-signature"),
    (0, b"-----BEGIN PGP", "application/pgp-encrypted"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"BEGIN:VCARD", "text/vcard"),
)
_PDF_WITHIN = 1_024  # octets of rubbish that readers accept before a PDF
_ZIP, _OLE, _PKCS7_OID = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
# The member that tells what an office file in ZIP is (OPC, ODF).
_ZIP_MEMBERS = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
# The stream that tells what an OLE file is (MS-CFB); names are in UTF-16.
_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("__substg1.0_", "application/vnd.ms-outlook"),
    ("WordDocument", DOC),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_TEXT_HEAD = 4_096
_MARKUP = re.compile(
    r"""
    \s* (?: (?P<xml> <\?xml | < [a-z][\w.-]* : [\w.-]+ \s+ xmlns ) | (?P<html> <!doctype \s+ html | <html | <head | <body ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_XHTML = re.compile(r"< (?: !doctype \s+ )? html [\s>]", re.VERBOSE | re.IGNORECASE)
_MAIL_FIELD = re.compile(
    rb"""
    ^ (?P<name> return-path | received | from | to | subject | date | message-id | mime-version | content-type | delivered-to
      | dkim-signature | authentication-results | reply-to | x-[a-z0-9-]+ ) [ \t]* : [^\n]* \n (?: [ \t] [^\n]* \n )*
    """,
    re.VERBOSE | re.IGNORECASE,
)


def told_type(content: bytes) -> str:
    """The media type of a file's content.

    >>> told_type(b"junk\\n%PDF-1.7"), told_type(b"\\xff\\xd8\\xff\\xe0"), told_type(b"caf\\xc3\\xa9"), told_type(b"\\x00\\x01")
    ('application/pdf', 'image/jpeg', 'text/plain', 'application/octet-stream')
    """
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return PDF
    for at, octets, media_type in _SIGNATURES:
        if content.startswith(octets, at):
            return media_type
    if content.startswith(_ZIP):
        return _zip_type(content)
    if content.startswith(_OLE):
        return _ole_type(content)
    if content[:1] == b"\x30" and _PKCS7_OID in content[:32]:
        return "application/pkcs7-mime"
    return _text_type(content)


def is_mail(content: bytes) -> bool:
    r"""Whether `content` begins like a mail: with two fields that mails begin with.

    >>> is_mail(b"From: a@b.example\nSubject: x\n\nhello"), is_mail(b"From: here to there\nwe go")
    (True, False)
    """
    first = _MAIL_FIELD.match(content)
    return bool(first and _MAIL_FIELD.match(content[first.end() : first.end() + 65_536]))


def _zip_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "application/zip"
    if "mimetype" in names and ODT.encode() in content[:256]:
        return ODT
    return next((media_type for member, media_type in _ZIP_MEMBERS if member in names), "application/zip")


def _ole_type(content: bytes) -> str:
    found = (media_type for stream, media_type in _OLE_STREAMS if stream.encode("utf-16-le") in content)
    return next(found, "application/x-ole-storage")


def _text_type(content: bytes) -> str:
    head = content[:_TEXT_HEAD]
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, errors="replace")
    if "\x00" in text:
        return OCTETS
    found = _MARKUP.match(text)
    if not found:
        return TEXT
    return HTML if found["html"] or _XHTML.search(text) else XML
