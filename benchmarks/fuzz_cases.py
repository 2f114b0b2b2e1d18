"""What the fuzzer damages: fixture and torture mails, mails made for it with invoices of their own, and files of every format."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.mutations import OF_FILES, OF_MAILS, mutated
from fixtures.generator.mails.mime import file_part
from fixtures.generator.outlook import msg_file, tnef_file
from fixtures.generator.smime import indefinite
from fixtures.torture import archives, nested, office, outlook, pdfs, pictures, shapes, texts
from fixtures.torture.good import OCTETS, good, invoice_of, mail
from fixtures.torture.row import Row
from fixtures.torture.table import MAILS as TORTURE
from fixtures.torture.table import ROWS, file_of

MAILS, FILES = "mail", "file"
_FIXTURES = Path(__file__).parent.parent / "fixtures" / "mails"
_LARGEST = 60_000  # octets of a mail taken for damage
_DEAR = ("picture-", "office-", "photo", "jpeg", "png", "scan", "word", "html")  # they take a recogniser or a program
_DEAR_SHARE = 0.02
_OWN_SHARE = 0.6  # of mails that are made for the occasion, with a number of their own
_SIDE = (640, 480)


@dataclass(frozen=True, slots=True)
class Case:
    """One mail to send: its name, which is its sender too, its octets, and what was done to it."""

    name: str
    content: bytes
    done: str


def cases(seed: int, mails: int, files: int) -> Iterator[Case]:
    """So many damaged mails, and mails with a damaged file, mixed; the same ones for a seed each time."""
    order = [MAILS] * mails + [FILES] * files
    random.Random(f"{seed}-order").shuffle(order)
    seen = {MAILS: 0, FILES: 0}
    for kind in order:
        yield case(seed, kind, seen[kind])
        seen[kind] += 1


def case(seed: int, kind: str, index: int) -> Case:
    """The case of this number."""
    chance = random.Random(f"{seed}-{kind}-{index}")
    name = f"{kind}-{seed}-{index}"
    return (_mail if kind == MAILS else _file)(name, chance)


def _mail(name: str, chance: random.Random) -> Case:
    sound, dear = _stored()
    if chance.random() < _OWN_SHARE:
        origin, make = chance.choice(OWN)
        content = make(name)
    else:
        origin, content = chance.choice(dear if chance.random() < _DEAR_SHARE else sound)
    content, done = mutated(content, OF_MAILS, chance, [other for _, other in sound])
    return Case(name, content, f"{origin}: {done}")


def _file(name: str, chance: random.Random) -> Case:
    drawer = _dear_files() if chance.random() < _DEAR_SHARE else FILE_KINDS
    shown, make = chance.choice(drawer)
    others = [invoice_of("fuzz-other"), drawn("JPEG")]
    content, done = mutated(make(name), OF_FILES, chance, others)
    return Case(name, mail(name, file_part(content, OCTETS, shown)), f"{shown}: {done}")


@cache
def _stored() -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
    """The mails of fixtures and torture suite, those that are cheap to read and those that are not."""
    mails = [(path.stem, path.read_bytes()) for path in sorted(_FIXTURES.glob("*.eml"))]
    mails += [
        (row.name, (TORTURE / file_of(place, row)).read_bytes()) for place, row in enumerate(ROWS, 1) if _is_for_damage(row)
    ]
    mails = [(name, content) for name, content in mails if len(content) < _LARGEST]
    dear = [one for one in mails if any(word in one[0] for word in _DEAR)]
    return [one for one in mails if one not in dear], dear


def _is_for_damage(row: Row) -> bool:
    return row.kept and row.answer == 250 and not row.again and "bomb" not in row.name


@cache
def drawn(kind: str, pages: int = 1) -> bytes:
    """A small picture with next to nothing on it."""
    picture = Image.new("L", _SIDE, 255)
    ImageDraw.Draw(picture).text((40, 40), "Factuur 5", fill=0)
    out = io.BytesIO()
    more = {"save_all": True, "append_images": [picture] * (pages - 1)} if pages > 1 else {}
    picture.save(out, kind, **more)
    return out.getvalue()


@cache
def _heic() -> bytes:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(Image.open(io.BytesIO(drawn("PNG"))).convert("RGB")).save(out, quality=30)
    return out.getvalue()


def _two(name: str) -> bytes:
    return mail(name, good(name), good(f"{name} second"))


def _zipped(name: str) -> bytes:
    return archives.zipped((("factuur.pdf", invoice_of(name)), ("brief.txt", b"Zie factuur.\n")))


def _tnef(name: str) -> bytes:
    return tnef_file(outlook.written(name))


def _msg(name: str) -> bytes:
    return msg_file(outlook.written(name))


def _as_file(make: Callable[[str], bytes], shown: str, name: str) -> bytes:
    return pdfs.only(name, make(name), shown, OCTETS)


# Mails with a number of their own, so that what damage spares is delivered.
OWN: tuple[tuple[str, Callable[[str], bytes]], ...] = (
    ("plain", lambda name: mail(name, good(name))),
    ("two", _two),
    ("forwarded", partial(nested.forwarded, depth=1)),
    ("forwarded thrice", partial(nested.forwarded, depth=3)),
    ("alternative", shapes.in_alternative),
    ("apple", shapes.apple),
    ("logo", pictures.decorated),
    ("text", texts.text_body),
    ("zip", partial(_as_file, _zipped, "a.zip")),
    ("zip in zip", partial(_as_file, partial(archives.nested, depth=2), "a.zip")),
    ("tnef", partial(_as_file, _tnef, "winmail.dat")),
    ("msg", partial(_as_file, _msg, "mail.msg")),
    ("sheet", lambda name: mail(name, good(name), file_part(office.xlsx(office.HOURS), OCTETS, "uren.xlsx"))),
)
FILE_KINDS: tuple[tuple[str, Callable[[str], bytes]], ...] = (
    ("a.pdf", invoice_of),
    ("b.pdf", invoice_of),
    ("c.pdf", invoice_of),
    ("form.pdf", pdfs.filled_form),
    ("signed.pdf", pdfs.signed),
    ("attached.pdf", lambda name: pdfs.with_files(name, {"a.pdf": invoice_of(f"{name} in")})),
    ("xfa.pdf", pdfs.xfa),
    ("a.jpg", lambda _: drawn("JPEG")),
    ("a.png", lambda _: drawn("PNG")),
    ("a.tif", lambda _: drawn("TIFF", 2)),
    ("a.gif", lambda _: drawn("GIF")),
    ("a.bmp", lambda _: drawn("BMP")),
    ("a.webp", lambda _: drawn("WEBP")),
    ("a.heic", lambda _: _heic()),
    ("a.zip", _zipped),
    ("a.msg", _msg),
    ("winmail.dat", _tnef),
    ("a.p7m", lambda name: indefinite(invoice_of(name))),
    ("a.xlsx", lambda _: office.xlsx(office.HOURS)),
    ("a.txt", lambda name: texts.as_text(name).encode()),
)


@cache
def _dear_files() -> tuple[tuple[str, Callable[[str], bytes]], ...]:
    return (("a.docx", office.docx), ("a.odt", office.odt), ("a.rtf", office.rtf), ("a.html", texts.as_html))
