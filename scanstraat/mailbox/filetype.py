"""What a file is, told from its content (B2); neither its name nor what the mail declares counts."""

from __future__ import annotations

import io
import re
import zipfile

from scanstraat.mailbox.signatures import BRANDS, LETTERED, OLE_STREAMS, SIGNATURES, ZIP_MEMBERS, ZIP_MIMETYPES

PDF, JPEG, PNG, GIF = "application/pdf", "image/jpeg", "image/png", "image/gif"
TIFF, WEBP, HEIC, AVIF, BMP, JP2 = "image/tiff", "image/webp", "image/heic", "image/avif", "image/bmp", "image/jp2"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC, ODT, RTF = "application/msword", "application/vnd.oasis.opendocument.text", "application/rtf"
ENCRYPTED_OFFICE = "application/x-encrypted-office"
MAIL, XML, HTML, TEXT, OCTETS = "message/rfc822", "application/xml", "text/html", "text/plain", "application/octet-stream"
SVG = "image/svg+xml"

WORD_TYPES = frozenset({DOCX, DOC, ODT, RTF})
PICTURE_TYPES = frozenset({JPEG, PNG, GIF, TIFF, WEBP, HEIC, AVIF, BMP, JP2})
SHEET_TYPES = frozenset(
    {
        "application/vnd.ms-excel",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
SLIDE_TYPES = frozenset(
    {
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.presentation",
    }
)

_PDF_WITHIN = 1_024  # octets of rubbish that readers accept before a PDF
_PDF_LATER = 65_536
_PDF_BEGIN = re.compile(
    rb"^ %PDF- \d \. \d \s [^\n]{0,200} [\r\n] .{0,200}? \d \s{1,9} \d \s{1,9} obj", re.VERBOSE | re.MULTILINE | re.DOTALL
)
_ZIP, _OLE, _PKCS7_OID = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
# That object identifier in base64, which takes three octets together, behind two or more others.
_PKCS7_TEXT = re.compile(rb"MI [A-Za-z0-9+/]{0,8} (?: BgkqhkiG9w0BBw | YJKoZIhvcNAQc | GCSqGSIb3DQEH )", re.VERBOSE)
# Where RIFF files (Microsoft, IBM 1991) say what is in them, and what it is then.
_RIFF = {b"WEBP": WEBP, b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
_ANY_PICTURE = frozenset({b"mif1", b"msf1"})  # brands that say "a picture" and not how it is packed
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})  # octets of the second header, one for each version of BMP
_ODF_MIMETYPE = re.compile(rb"mimetype (?P<type> application/ [\w.+-]+ )", re.VERBOSE)
_TEXT_HEAD = 4_096
_WIDE = 0.4  # of the octets are null where Latin text is written in UTF-16 without saying so
_STRAY = 0.01  # of a text may be control characters
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]", re.VERBOSE)
_MARKUP = re.compile(
    r"""
    (?: \s | (?> <!-- .*? --> ) )*+    # what is passed is not tried another way, or many remarks would take for ever
    (?:
        (?P<svg> (?: <\?xml [^>]* > \s* )? (?: <!doctype \s+ svg [^>]* > \s* )? <svg [\s>] )
      | (?P<xml> <\?xml | < [a-z][\w.-]* : [\w.-]+ \s+ xmlns | < [a-z][\w.-]* \s+ xmlns (?: : \w+ )? = ["'] (?! http://www\.w3\.org/1999/xhtml ) )
      | (?P<html> <!doctype \s+ html
          | < (?: html | head | body | meta | title | style | table | div | center | font | span | p | h[1-6] ) [\s>] )
    )
    """,  # noqa: E501
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
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
    >>> told_type(b"PK\\x03\\x04a stored file: %PDF-1.7"), told_type(b"<p>Factuur</p>"), told_type(b"\\xff\\xfeF\\x00a\\x00")
    ('application/zip', 'text/html', 'text/plain')
    """
    if content.startswith(b"%PDF-"):
        return PDF
    for at, octets, media_type in SIGNATURES:
        if content.startswith(octets, at):
            return media_type
    if content.startswith(_ZIP):
        return _zip_type(content)
    if content.startswith(_OLE):
        return _ole_type(content)
    if (content[:1] == b"\x30" and _PKCS7_OID in content[:32]) or _PKCS7_TEXT.match(content):
        return "application/pkcs7-mime"
    if _holds_pdf(content):
        return PDF
    return _family_type(content) or _text_type(content)


def is_mail(content: bytes) -> bool:
    r"""Whether `content` begins like a mail: with two fields that mails begin with.

    >>> is_mail(b"From: a@b.example\nSubject: x\n\nhello"), is_mail(b"From: here to there\nwe go")
    (True, False)
    """
    first = _MAIL_FIELD.match(content)
    return bool(first and _MAIL_FIELD.match(content[first.end() : first.end() + 65_536]))


def _holds_pdf(content: bytes) -> bool:
    """Whether a PDF begins behind some rubbish; behind much of it, more than the name of the format has to be there."""
    if b"%PDF-" not in content[:_PDF_LATER] or is_mail(content):
        return False
    return b"%PDF-" in content[:_PDF_WITHIN] or bool(_PDF_BEGIN.search(content, 0, _PDF_LATER) and b"endobj" in content)


def _family_type(content: bytes) -> str:
    """Of formats that their first octets alone do not tell, such as RIFF and the boxes of ISO 14496-12; empty where none."""
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12], OCTETS)
    if content[4:8] == b"ftyp":
        return _boxed_type(content)
    is_bitmap = content.startswith(b"BM") and content[6:10] == bytes(4)
    if is_bitmap and int.from_bytes(content[14:18], "little") in _BMP_HEADERS:
        return BMP
    found = (kind for octets, within, kind in LETTERED if content.startswith(octets) and b"\x00" in content[:within])
    return next(found, "")


def _boxed_type(content: bytes) -> str:
    """By the major brand, and where that says only how it is built, by the ones it is compatible with."""
    length = min(int.from_bytes(content[:4], "big"), 256)
    brands = (content[8:12], *(content[at : at + 4] for at in range(16, length - 3, 4)))
    found = (media_type for brand in brands for start, media_type in BRANDS if brand.startswith(start))
    return next(found, HEIC if _ANY_PICTURE.intersection(brands) else "video/mp4")


def _zip_type(content: bytes) -> str:
    if (said := _ODF_MIMETYPE.match(content, 30)) and (media_type := _mimetype(said["type"].decode())):
        return media_type
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "application/zip"
    return next((kind for start, kind in ZIP_MEMBERS if any(name.startswith(start) for name in names)), "application/zip")


def _mimetype(said: str) -> str:
    """What a file in ZIP says of itself in its first member (ODF 1.2, part 3, 3.3); templates are what they are made for."""
    return next((kind for kind in ZIP_MIMETYPES if said.startswith(kind)), "")


def _ole_type(content: bytes) -> str:
    found = (media_type for stream, media_type in OLE_STREAMS if stream.encode("utf-16-le") in content)
    return next(found, "application/x-ole-storage")


def _text_type(content: bytes) -> str:
    head = content[:_TEXT_HEAD]
    text = head.decode(encoding_of(head), errors="replace").lstrip("\ufeff")
    if "\x00" in text or len(_CONTROLS.findall(text)) > _STRAY * len(text):
        return OCTETS
    found = _MARKUP.match(text)
    if not found:
        return TEXT
    if found["svg"]:
        return SVG
    return HTML if found["html"] or _XHTML.search(text) else XML


def encoding_of(head: bytes) -> str:
    """The encoding of a text by how it begins: UTF-16 where a mark or every other octet, a null, says so; else UTF-8.

    >>> encoding_of(b"<\\x00p\\x00>\\x00"), encoding_of(b"\\x00a\\x00b"), encoding_of(b"ab"), encoding_of(b"\\x00\\x01\\x00\\x02")
    ('utf-16-le', 'utf-16-be', 'utf-8-sig', 'utf-8-sig')
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding, nulls in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if (
            len(head) >= 4
            and nulls.count(b"\x00") > _WIDE * len(head)
            and not _CONTROLS.search(head.decode(encoding, errors="replace"))
        ):
            return encoding
    return "utf-8-sig"
