"""The text of a mail's body: for its overview page (F2) and for what the sender says of its invoices (G3)."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable
from html import unescape
from itertools import groupby
from urllib.parse import unquote

from lxml import etree

from scanstraat.mailbox.charsets import decoded, storable
from scanstraat.mailbox.filetype import encoding_of
from scanstraat.mailbox.leaf import Leaf

LONGEST_TEXT = 100_000
LONGEST_BODY = 2_500_000  # octets of one body looked at
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BLOCKS = frozenset({"br", "p", "div", "tr", "li", "table", "hr", "blockquote", "ul", "ol", "pre", "address", "section"})
_BREAKING = _BLOCKS | {"h1", "h2", "h3", "h4", "h5", "h6", "article", "header", "footer"}
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[^\S\n\t]+", re.VERBOSE)
# A tag, and all of what shows none of its text.
_TAG = re.compile(
    r"""
    <!-- .*? (?: --> | \Z )
    | < (?P<silent> script | style | head | title ) \b .*? (?: </ (?P=silent) \s* > | \Z )
    | < [^<>]* >?
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CELL_ENDS = re.compile(r"[ ]* \t [ \t]*", re.VERBOSE)
_META_CHARSET = re.compile(
    rb"<(?: meta | \?xml) [^>]{0,200}? (?: charset | encoding ) \s* = \s* [\"']? (?P<charset> [\w-]+ )", re.X | re.I
)
# The words for an invoice or a credit note, in the languages of the suppliers, and an amount with cents.
_INVOICE_WORD = re.compile(
    r"""
    \b (?: e- )? (?: invoice | factuur | rechnung | facture | faktu?ra | faktur | fattura | factura | fatura | lasku | számla | račun | arve
      | creditnota | credit \s note | gutschrift | avoir | hyvityslasku | kreditnota ) (?: s | en | nummer | number | numero | snr | nr )? \b
    """,  # noqa: E501
    re.VERBOSE | re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?<! [\d.,] ) \d{1,3} (?: [.,'\s]? \d{3} )* [.,] \d{2} (?! [\d.,]? \d )", re.VERBOSE)
_SEPARATORS = ";\t|,"
_TABLE_ROWS = 200  # looked at
_CID = re.compile(r"\b cid: (?P<id> [^\s\"'<>)]+ )", re.VERBOSE | re.IGNORECASE)


def mail_text(bodies: Iterable[Leaf]) -> str:
    """The text of the mail itself, or where it says nothing, of the first forwarded mail that does.

    Of alternatives the plain one counts, unless it is blank.
    """
    for _, own in groupby(sorted(bodies, key=_message), key=_message):
        texts = (_best(tuple(choices)) for _, choices in groupby(own, key=_Choice()))
        text = "\n\n".join(filter(None, texts))
        if text:
            return text[:LONGEST_TEXT]
    return ""


def _message(leaf: Leaf) -> int:
    return leaf.message


class _Choice:
    """Groups the choices of one multipart/alternative; a body that is no choice is a group of its own."""

    def __init__(self) -> None:
        self._single = 0

    def __call__(self, leaf: Leaf) -> int:
        self._single -= 1
        return leaf.alternatives or self._single


def _best(choices: tuple[Leaf, ...]) -> str:
    ordered = sorted(choices, key=lambda leaf: leaf.declared == "text/html")
    return next(filter(None, map(body_text, ordered)), "")


def body_text(leaf: Leaf) -> str:
    """The text of one body, without layout."""
    text = markup_of(leaf)
    if leaf.declared == "text/html":
        text = html_text(text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def markup_of(leaf: Leaf) -> str:
    """One body as it was written."""
    return decoded(leaf.content[:LONGEST_BODY], leaf.charset)


def file_text(content: bytes) -> str:
    """The text of a file that nothing was said of: UTF-16 by its marks, else as HTML says itself, else UTF-8 or Windows-1252.

    >>> file_text("Prijs: € 5".encode("utf-16")), file_text(b'<meta charset="iso-8859-15"><p>\\xa4')
    ('Prijs: € 5', '<meta charset="iso-8859-15"><p>€')
    """
    encoding = encoding_of(content[:4_096])
    if encoding.startswith("utf-16"):
        return storable(content[:LONGEST_BODY].decode(encoding, errors="replace").lstrip("\ufeff"))
    said = _META_CHARSET.search(content[:4_096])
    return decoded(content[:LONGEST_BODY].removeprefix(b"\xef\xbb\xbf"), said["charset"].decode() if said else "")


def html_text(markup: str) -> str:
    """HTML as text: a line for each block and row of a table, nothing of scripts and styles.

    >>> html_text("<p>Factuur&nbsp;<b>5</b></p><style>p {}</style><div>Totaal: &euro; 3</div>")
    'Factuur 5\\nTotaal: € 3'
    >>> html_text("<table><tr><td>Totaal</td><td> 3,00</td></tr></table>")
    'Totaal  3,00'
    >>> html_text("<div>" * 2000 + "<script>x<y</script>Factuur &amp; bon")
    'Factuur & bon'
    """
    words = _Words()
    parser = etree.HTMLParser(target=words, encoding="utf-8", huge_tree=False)  # type: ignore[arg-type]  # comments are not asked for
    with contextlib.suppress(etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        etree.HTML(markup.encode(), parser)
    text = words.said.getvalue()
    if not text.strip():  # such as tags nested deeper than the parser goes
        text = unescape(_TAG.sub("\n", markup))
    lines = (_CELL_ENDS.sub("  ", _SPACES.sub(" ", line)).strip() for line in text.split("\n"))
    return storable("\n".join(line for line in lines if line))


def tells_invoice(text: str) -> bool:
    """Whether a text has the words of an invoice: what it is called, and an amount.

    >>> tells_invoice("Factuurnummer 5, totaal 1.210,00"), tells_invoice("Groet, afdeling facturatie"), tells_invoice("Bon 3,50")
    (True, False, False)
    """
    return bool(_INVOICE_WORD.search(text) and _AMOUNT.search(text))


def is_table(text: str) -> bool:
    """Whether a text is a table of values (CSV): every line cut by the same sign into as many cells, at least two lines.

    >>> is_table("code;uren\\nA;3\\nB;4\\n"), is_table("Beste klant,\\nhierbij uw factuur,\\ngroet"), is_table("a;b")
    (True, False, False)
    """
    lines = [line for line in text.splitlines() if line.strip()][:_TABLE_ROWS]
    if len(lines) < 2:
        return False
    counts = ({line.count(sign) for line in lines} for sign in _SEPARATORS)
    return any(min(found) >= 1 and (len(found) == 1 or min(found) >= 3) for found in counts)


class _Words:
    """Takes down what is said while the markup is read, so that no tree of it is ever in memory."""

    def __init__(self) -> None:
        self._silent = 0
        self.said = io.StringIO()

    def start(self, tag: str, _: object) -> None:
        """An element begins."""
        self._silent += tag in _SILENT
        if tag in _BREAKING:
            self.said.write("\n")

    def end(self, tag: str) -> None:
        """An element ends."""
        self._silent -= tag in _SILENT
        if tag in _BREAKING or tag in _CELLS:
            self.said.write("\n" if tag in _BREAKING else "\t")

    def data(self, text: str) -> None:
        """A text, or a piece of one."""
        if not self._silent:
            self.said.write(_flowing(text))

    def close(self) -> None:
        """The markup ends."""


def _flowing(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def referenced_ids(bodies: Iterable[Leaf]) -> frozenset[str]:
    """The Content-IDs that HTML bodies show in place (RFC 2392)."""
    shown = (leaf for leaf in bodies if leaf.declared == "text/html")
    texts = (decoded(leaf.content[:LONGEST_BODY], leaf.charset) for leaf in shown)
    return frozenset(unquote(found["id"]) for text in texts for found in _CID.finditer(text))
