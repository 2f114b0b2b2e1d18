"""The words of rich text (RTF 1.9), and the HTML that Outlook wraps in it (MS-OXRTFEX)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scanstraat.mailbox.charsets import decoded

_TOKEN = re.compile(
    rb"""
    \\ (?P<word> [a-zA-Z]{1,32} ) (?P<number> -? [0-9]{1,10} )? [ ]?
    | \\ ' (?P<hex> [0-9a-fA-F]{2} )
    | \\ (?P<symbol> [^a-zA-Z'] )
    | (?P<brace> [{}] )
    | (?P<text> [^\\{}\r\n]+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_HTML = re.compile(rb"\\ fromhtml1? (?! [0-9a-z] )", re.VERBOSE)
_SILENT = frozenset({b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"listtable"})
_CHARACTERS = {
    **dict.fromkeys((b"par", b"line", b"row", b"sect", b"page"), "\r\n"),
    **dict.fromkeys((b"tab", b"cell"), "\t"),
    **dict.fromkeys((b"emspace", b"enspace"), " "),
    b"lquote": "\u2018",
    b"rquote": "\u2019",
    b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
    b"bullet": "\u2022",
    b"endash": "\u2013",
    b"emdash": "\u2014",
}
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\r\n", b"\r": "\r\n"}
# Character sets of fonts, and the code pages they mean: of the Far East, Greek to Hebrew, and the rest.
_CHARSETS = {
    **dict(zip((128, 129, 134, 136), ("cp932", "cp949", "cp936", "cp950"), strict=True)),
    **dict(zip((161, 162, 163, 177), ("cp1253", "cp1254", "cp1258", "cp1255"), strict=True)),
    **dict(zip((178, 186, 204, 222, 238), ("cp1256", "cp1257", "cp1251", "cp874", "cp1250"), strict=True)),
}


@dataclass(frozen=True, slots=True)
class Rich:
    """What a rich text says."""

    text: str
    is_html: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds between two braces. `is_tag`: what stands here is HTML; `is_shadow`: it is there for readers of RTF alone."""

    is_silent: bool = False
    is_tag: bool = False
    is_shadow: bool = False
    is_fonts: bool = False
    skip: int = 1  # letters behind a Unicode one, for readers who know none
    font: int = -1


class _Reader:
    """Reads tokens in order; letters of one character set are decoded together, since some take two octets."""

    def __init__(self, is_html: bool) -> None:
        self._is_html = is_html
        self._group = _Group()
        self._outer: list[_Group] = []
        self._is_star = False
        self._skip = 0
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._waiting, self._waiting_page = bytearray(), ""
        self.pieces: list[str] = []

    def read(self, found: re.Match[bytes]) -> None:
        """One token."""
        is_star, self._is_star = self._is_star, False
        if found["brace"]:
            self._brace(found["brace"])
        elif found["word"]:
            self._word(found["word"], int(found["number"] or 0), found["number"] is not None, is_star)
        elif found["symbol"]:
            self._is_star = found["symbol"] == b"*"
            self._say(_SYMBOLS.get(found["symbol"], ""))
        else:
            self._octets(bytes.fromhex(found["hex"].decode()) if found["hex"] else found["text"])

    def text(self) -> str:
        """All that was said."""
        self._flush()
        return "".join(self.pieces)

    def _brace(self, brace: bytes) -> None:
        if brace == b"{":
            self._outer.append(self._group)
        elif self._outer:
            self._group = self._outer.pop()
        self._skip = 0

    def _word(self, word: bytes, number: int, is_numbered: bool, is_star: bool) -> None:
        group = self._group
        if word == b"htmltag":
            self._group = replace(group, is_tag=True, is_silent=False)
        elif word in _SILENT or is_star:
            self._group = replace(group, is_silent=True, is_fonts=word == b"fonttbl")
        elif word == b"htmlrtf":
            self._group = replace(group, is_shadow=not is_numbered or number != 0)
        elif word == b"ansicpg":
            self._page = f"cp{number}"
        elif word == b"f":
            self._group = replace(group, font=number)
        elif word == b"fcharset" and group.is_fonts:
            self._fonts[group.font] = _CHARSETS.get(number, "")
        elif word == b"uc":
            self._group = replace(group, skip=min(max(number, 0), 10))
        elif word == b"u":
            self._unicode(number)
        else:
            self._say(_CHARACTERS.get(word, ""))

    def _unicode(self, number: int) -> None:
        self._say(chr(number % 65_536))
        self._skip = self._group.skip

    def _octets(self, octets: bytes) -> None:
        skipped = min(self._skip, len(octets))
        self._skip -= skipped
        octets = octets[skipped:]
        if not octets or not self._is_heard:
            return
        page = self._fonts.get(self._group.font) or self._page
        if page != self._waiting_page:
            self._flush()
        self._waiting_page = page
        self._waiting += octets

    def _say(self, text: str) -> None:
        if text and self._is_heard:
            self._flush()
            self.pieces.append(text)

    @property
    def _is_heard(self) -> bool:
        if self._group.is_silent or (self._is_html and self._group.is_shadow):
            return False
        return self._is_html or not self._group.is_tag

    def _flush(self) -> None:
        if self._waiting:
            self.pieces.append(decoded(bytes(self._waiting), self._waiting_page))
            self._waiting.clear()


def text_of(rich: bytes) -> Rich:
    r"""The HTML in a rich text where Outlook put some there, else its words.

    >>> text_of(rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 caf\'e9\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}}")
    Rich(text='<p>café</p>', is_html=True)
    >>> text_of(rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\b Factuur} \u8364?5\par}")
    Rich(text='Factuur €5\r\n', is_html=False)
    """
    is_html = bool(_HTML.search(rich, 0, 2_000))
    reader = _Reader(is_html)
    for found in _TOKEN.finditer(rich):
        reader.read(found)
    text = reader.text()
    # Letters beyond the first 65,536 come as two halves.
    return Rich(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), is_html)
