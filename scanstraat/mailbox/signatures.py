"""The octets files begin with, and the members and streams that tell what a compound file is. Tables only; see `filetype`."""

from __future__ import annotations

from typing import Final

_CAD: Final = "application/acad"
_PROGRAM: Final = "application/x-msdownload"

# Where it begins, the octets that must be there, and what it is then; the first that fits counts.
SIGNATURES: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"II+\x00\x08\x00", "image/tiff"),  # BigTIFF
    (0, b"MM\x00+\x00\x08", "image/tiff"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51\x00", "image/jp2"),  # the codestream alone
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (40, b" EMF\x00\x00\x01\x00", "image/emf"),
    (0, b"\x00\x00\x01\x00\x01\x00", "image/vnd.microsoft.icon"),
    (0, b"{\\rt", "application/rtf"),
    (0, b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (0, b"%!PS", "application/postscript"),
    (0, b"\xc5\xd0\xd3\xc6", "application/postscript"),  # with a preview for the screen
    (0, b"PK\x05\x06", "application/zip"),  # with nothing in it
    (0, b"PK\x07\x08PK", "application/zip"),  # split, in one piece after all
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"),
    (4, b"1AY&SY", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (257, b"ustar", "application/x-tar"),
    (0, b"-----BEGIN PKCS7", "application/pkcs7-mime"),
    (0, b"-----BEGIN CMS", "application/pkcs7-mime"),
    (0, b"-----BEGIN PGP SIGNED MESSAGE", "text/plain"),
    (0, b"-----BEGIN PGP SIGNATURE", "application/pgp-signature"),
    (0, b"-----BEGIN PGP PUBLIC KEY", "application/pgp-keys"),
    (0, b"-----BEGIN PGP", "application/pgp-encrypted"),
    (0, b"-----BEGIN CERTIFICATE", "application/pkix-cert"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"\xef\xbb\xbfBEGIN:VCALENDAR", "text/calendar"),
    (0, b"BEGIN:VCARD", "text/vcard"),
    (0, b"\xef\xbb\xbfBEGIN:VCARD", "text/vcard"),
    (0, b"ActiveMime", "application/x-mso"),  # what Word keeps beside its HTML
    # word processors of another age, and notes
    (0, b"\xffWPC", "application/vnd.wordperfect"),
    (0, b"\xdb\xa5\x2d\x00", "application/x-old-word"),  # Word 2 for Windows
    (0, b"\x9b\xa5\x21\x00", "application/x-old-word"),  # Word 1
    (0, b"\xfe\x37\x00\x23", "application/x-old-word"),  # Word 4 and 5 for Macintosh
    (0, b"\x31\xbe\x00\x00", "application/x-mswrite"),
    (0, b"\x32\xbe\x00\x00", "application/x-mswrite"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "application/onenote"),
    # spreadsheets of before OLE (BIFF 2, 3, 4)
    (0, b"\x09\x00\x04\x00", "application/vnd.ms-excel"),
    (0, b"\x09\x02\x06\x00", "application/vnd.ms-excel"),
    (0, b"\x09\x04\x06\x00", "application/vnd.ms-excel"),
    # sound and film
    (0, b"ID3\x02", "audio/mpeg"),
    (0, b"ID3\x03", "audio/mpeg"),
    (0, b"ID3\x04", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"MThd", "audio/midi"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\x00\x00\x01\xba", "video/mpeg"),
    (0, b"\x00\x00\x01\xb3", "video/mpeg"),
    # drawings of machines and buildings
    (0, b"AutoCAD Binary DXF", _CAD),
    (0, b"  0\nSECTION", _CAD),
    (0, b"  0\r\nSECTION", _CAD),
    (0, b"0\nSECTION", _CAD),
    (0, b"0\r\nSECTION", _CAD),
    (0, b"ISO-10303-21;", "model/step"),
    (0, b"3D Geometry File Format", "model/vnd.3dm"),
    (0, b"\xff\xfe\xff\x0eS\x00k\x00e\x00t\x00c\x00h\x00U\x00p\x00", "model/vnd.sketchup"),
    # programs
    (0, b"\x7fELF", _PROGRAM),
    (0, b"\x4c\x00\x00\x00\x01\x14\x02\x00", _PROGRAM),  # a shortcut of Windows
    (0, b"\xca\xfe\xba\xbe", _PROGRAM),
)

# What begins with letters that a text may begin with too, and is this only where a null follows within these octets.
LETTERED: Final = ((b"MZ", 64, _PROGRAM), (b"AC10", 12, _CAD))

# Brands of ISO base media files (ISO 14496-12; 23008-12 for pictures), by how they begin; those not here are films.
BRANDS: Final = (
    (b"hei", "image/heic"),
    (b"hev", "image/heic"),
    (b"avif", "image/avif"),
    (b"avis", "image/avif"),
    (b"M4A", "audio/mp4"),
    (b"M4B", "audio/mp4"),
    (b"qt  ", "video/quicktime"),
    (b"crx ", "image/x-canon-cr3"),
)

# How the name of a member begins that tells what a file in ZIP is (OPC and others).
ZIP_MEMBERS: Final = (
    ("word/document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    ("xl/workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("FixedDocSeq", "application/oxps"),
    ("FixedDocumentSequence", "application/oxps"),
    ("Index/Document.iwa", "application/vnd.apple.iwork"),
    ("Index/Presentation.iwa", "application/vnd.apple.iwork"),
    ("Index/CalculationEngine", "application/vnd.apple.iwork"),
    ("META-INF/MANIFEST.MF", "application/java-archive"),
    ("AndroidManifest.xml", "application/vnd.android.package-archive"),
)

# What a file in ZIP may say of itself in a first member `mimetype`; templates begin alike.
ZIP_MIMETYPES: Final = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.graphics",
    "application/epub+zip",
)

# The stream that tells what an OLE file is (MS-CFB); names are in UTF-16.
OLE_STREAMS: Final = (
    ("__substg1.0_", "application/vnd.ms-outlook"),  # before those that may be attached to it
    ("EncryptedPackage", "application/x-encrypted-office"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("VisioDocument", "application/vnd.visio"),
)

# What a file without a name is called by.
EXTENSIONS: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/jp2": "jp2",
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "application/xml": "xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/rtf": "rtf",
    "application/zip": "zip",
    "message/rfc822": "eml",
}
