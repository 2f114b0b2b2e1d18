"""The text of a mail's body: for its overview page (F2) and for what the sender says of its invoices (G3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import groupby
from urllib.parse import unquote

from lxml import etree, html

from scanstraat.mailbox.charsets import decoded, storable
from scanstraat.mailbox.filetype import encoding_of
from scanstraat.mailbox.leaf import Leaf

LONGEST_TEXT = 100_000
_LONGEST_BODY = 800_000  # octets of one body looked at
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BLOCKS = frozenset({"br", "p", "div", "tr", "li", "table", "hr", "blockquote", "ul", "ol", "pre", "address", "section"})
_BREAKING = _BLOCKS | {"h1", "h2", "h3", "h4", "h5", "h6", "article", "header", "footer"}
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
    return decoded(leaf.content[:_LONGEST_BODY], leaf.charset)


def file_text(content: bytes) -> str:
    """The text of a file that nothing was said of: UTF-16 by its marks, else as HTML says itself, else UTF-8 or Windows-1252.

    >>> file_text("Prijs: € 5".encode("utf-16")), file_text(b'<meta charset="iso-8859-15"><p>\\xa4')
    ('Prijs: € 5', '<meta charset="iso-8859-15"><p>€')
    """
    encoding = encoding_of(content[:4_096])
    if encoding.startswith("utf-16"):
        return storable(content[:_LONGEST_BODY].decode(encoding, errors="replace").lstrip("\ufeff"))
    said = _META_CHARSET.search(content[:4_096])
    return decoded(content[:_LONGEST_BODY].removeprefix(b"\xef\xbb\xbf"), said["charset"].decode() if said else "")


def html_text(markup: str) -> str:
    """HTML as text: a line for each block and row of a table, nothing of scripts and styles.

    >>> html_text("<p>Factuur&nbsp;<b>5</b></p><style>p {}</style><div>Totaal: &euro; 3</div>")
    'Factuur 5\\nTotaal: € 3'
    >>> html_text("<table><tr><td>Totaal</td><td> 3,00</td></tr></table>")
    'Totaal  3,00'
    >>> html_text("<div>" * 2000 + "<script>x<y</script>Factuur &amp; bon")
    'Factuur & bon'
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(markup.encode(), parser=parser)
        text = "".join(_pieces(root))
    except (etree.ParserError, ValueError, AssertionError):
        text = ""
    if not text.strip():  # such as tags nested deeper than the parser goes
        text = unescape(_TAG.sub("\n", markup))
    text = _CELL_ENDS.sub("  ", _SPACES.sub(" ", text))
    lines = (line.strip() for line in text.split("\n"))
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


def _pieces(root: etree._Element) -> Iterator[str]:
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_silent = element.tag in _SILENT
        if event == "start":
            silent += is_silent
            yield "\n" if element.tag in _BREAKING else ""
            yield "" if silent else _flowing(element.text)
            continue
        silent -= is_silent
        yield "\n" if element.tag in _BREAKING else "\t" if element.tag in ("td", "th") else ""
        yield "" if silent else _flowing(element.tail)


def _flowing(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ").replace("\t", " ")


def referenced_ids(bodies: Iterable[Leaf]) -> frozenset[str]:
    """The Content-IDs that HTML bodies show in place (RFC 2392)."""
    shown = (leaf for leaf in bodies if leaf.declared == "text/html")
    texts = (decoded(leaf.content[:_LONGEST_BODY], leaf.charset) for leaf in shown)
    return frozenset(unquote(found["id"]) for text in texts for found in _CID.finditer(text))
