"""Pages made for the tests of this room: drawn, scanned, spoilt; nothing here is a test."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from scanstraat.model.page import Box, Page

A4 = (595.0, 842.0)
_FILE = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
pdfmetrics.registerFont(TTFont("Sans", _FILE))


@dataclass(frozen=True)
class Text:
    """Text to be drawn with its baseline at `y` points from the bottom."""

    x: float
    y: float
    words: str
    size: float = 11


INVOICE = (
    Text(60, 780, "Bakkerij De Korenaar B.V.", 16),
    Text(60, 755, "Molenstraat 12, 3511 BR Utrecht"),
    Text(60, 740, "IBAN NL91ABNA0417164300 BIC ABNANL2A"),
    Text(60, 690, "Factuurnummer: 2026-00417"),
    Text(340, 690, "Factuurdatum: 31-03-2026"),
    Text(60, 672, "Vervaldatum: 30-04-2026"),
    Text(340, 672, "BTW-nummer: NL001234567B01"),
    Text(60, 610, "Omschrijving"),
    Text(340, 610, "Aantal"),
    Text(470, 610, "Bedrag"),
    Text(60, 590, "Volkorenbrood"),
    Text(340, 590, "120"),
    Text(470, 590, "€ 354,00"),
    Text(60, 572, "Krentenbollen"),
    Text(340, 572, "80"),
    Text(470, 572, "€ 96,00"),
    Text(340, 530, "Totaal"),
    Text(470, 530, "€ 490,50"),
    Text(60, 120, "Wij verzoeken u het bedrag binnen dertig dagen over te maken.", 9),
)
LINES = [
    "Bakkerij De Korenaar B.V.",
    "Molenstraat 12, 3511 BR Utrecht",
    "IBAN NL91ABNA0417164300 BIC ABNANL2A",
    "Factuurnummer: 2026-00417 Factuurdatum: 31-03-2026",
    "Vervaldatum: 30-04-2026 BTW-nummer: NL001234567B01",
    "Omschrijving Aantal Bedrag",
    "Volkorenbrood 120 € 354,00",
    "Krentenbollen 80 € 96,00",
    "Totaal € 490,50",
    "Wij verzoeken u het bedrag binnen dertig dagen over te maken.",
]


def drawn(
    *pages: tuple[Text, ...],
    size: tuple[float, float] = A4,
    hidden: bool = False,
    under: Image.Image | None = None,
) -> bytes:
    """A PDF with these texts on its pages; `under` fills each page below the text, `hidden` text is not shown."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=size, invariant=True)
    for texts in pages:
        if under is not None:
            canvas.drawImage(ImageReader(under), 0, 0, *size)
        for text in texts:
            line = canvas.beginText(text.x, text.y)
            line.setFont("Sans", text.size)
            line.setTextRenderMode(3 if hidden else 0)
            line.textOut(text.words)
            canvas.drawText(line)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def changed(pdf: bytes, **entries: object) -> bytes:
    """The same PDF with these entries set on each page."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            for name, value in entries.items():
                page[f"/{name}"] = pikepdf.Array(value) if isinstance(value, list) else value
        content = io.BytesIO()
        document.save(content)
    return content.getvalue()


def without_mapping(texts: tuple[Text, ...], says: str = "") -> bytes:
    """A PDF whose font numbers its glyphs and does not say what they mean, or `says` it wrongly (as a range of a CMap)."""
    face = pdfmetrics.getFont("Sans").face
    with pikepdf.new() as document:
        name = pikepdf.Name("/DejaVuSans")
        file = document.make_stream(Path(_FILE).read_bytes())
        descriptor = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.FontDescriptor, FontName=name, Flags=4, FontBBox=[0, -300, 1000, 1000], FontFile2=file
            )
        )
        widths: list[object] = []
        for code, glyph in sorted(face.charToGlyph.items(), key=lambda pair: pair[1]):
            widths += [glyph, [round(face.charWidths[code])]]
        inner = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=descriptor,
            CIDToGIDMap=pikepdf.Name.Identity,
            W=widths,
        )
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[document.make_indirect(inner)],
        )
        if says:
            font.ToUnicode = document.make_stream(_CMAP.format(says).encode())
        page = document.add_blank_page(page_size=A4)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=document.make_indirect(font)))
        shown = (
            f"BT /F {t.size} Tf {t.x} {t.y} Td <{''.join(f'{face.charToGlyph[ord(c)]:04x}' for c in t.words)}> Tj ET"
            for t in texts
        )
        page.Contents = document.make_stream("\n".join(shown).encode())
        content = io.BytesIO()
        document.save(content)
    return content.getvalue()


# what a font says its codes mean
_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def
1 begincodespacerange <0000> <ffff> endcodespacerange
1 beginbfrange {0} endbfrange
endcmap end end"""


def picture(pdf: bytes, dpi: float = 200, page: int = 0) -> Image.Image:
    """A page as a gray picture."""
    document = pdfium.PdfDocument(pdf)
    opened = document[page]
    result = opened.render(scale=dpi / 72, grayscale=True).to_pil().copy()
    opened.close()
    document.close()
    return result


def scanned(*pictures: Image.Image, dpi: float = 200, quality: int = 85) -> bytes:
    """A PDF whose pages are these pictures and nothing else, as JPEG (PNG's codec for `quality` 0)."""
    content = io.BytesIO()
    first = pictures[0]
    canvas = Canvas(content, invariant=True)
    for one in pictures:
        size = (one.width / dpi * 72, one.height / dpi * 72)
        canvas.setPageSize(size)
        stored: Image.Image | io.BytesIO = one
        if quality:
            stored = io.BytesIO()
            one.save(stored, "JPEG", quality=quality)
            stored.seek(0)
        canvas.drawImage(ImageReader(stored), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    assert first.width
    return content.getvalue()


def skewed(paper: Image.Image, degrees: float) -> Image.Image:
    """As it comes off a scanner when the sheet lies askew."""
    return paper.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)


def spoilt(paper: Image.Image, specks: float = 0.0, shade: float = 1.0) -> Image.Image:
    """With black and white specks on a share of its pixels, and light that falls to `shade` of itself across the page."""
    pixels = np.asarray(paper, np.float32) * np.linspace(1, shade, paper.width, dtype=np.float32)
    chance = np.random.default_rng(1).random(pixels.shape)
    pixels[chance < specks / 2] = 0
    pixels[chance > 1 - specks / 2] = 255
    return Image.fromarray(pixels.astype(np.uint8))


def lines(page: Page) -> list[str]:
    """The page's text, a line a printed line."""
    return page.text.split("\n") if page.words else []


def ink(pdf: bytes, page: int = 0, scale: float = 4) -> np.ndarray:
    """Where something is printed on the page as displayed, `scale` pixels to the point."""
    return np.asarray(picture(pdf, 72 * scale, page)) < 110


def misfits(pdf: bytes, page: Page, slack: float = 2.0, scale: float = 4) -> list[str]:
    """Words whose box is not around the ink of a word (within `slack` points), and "ink" where some lies outside all boxes."""
    printed = ink(pdf, page.number - 1, scale)
    left = printed.copy()
    wrong = []
    for word in page.words:
        rows, columns = _slices(word.box, slack, scale)
        around = np.argwhere(printed[rows, columns])
        inner = printed[_slices(word.box, -slack, scale)]
        left[rows, columns] = False
        if not len(around) or (min(word.box.width, word.box.height) > 3 * slack and not inner.any()):
            wrong.append(word.text)
            continue
        (y0, x0), (y1, x1) = around.min(0) / scale, around.max(0) / scale
        offsets = (x0 - slack, y0 - slack, word.box.width - x1 + slack, word.box.height - y1 + slack)
        if any(abs(offset) > slack for offset in offsets):
            wrong.append(word.text)
    return wrong + ["ink"] * bool(left.sum() > 20)


def _slices(box: Box, grown: float, scale: float) -> tuple[slice, slice]:
    y0, y1, x0, x1 = (round(max(v, 0) * scale) for v in (box.y0 - grown, box.y1 + grown, box.x0 - grown, box.x1 + grown))
    return slice(y0, y1), slice(x0, x1)
