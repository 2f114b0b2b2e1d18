"""What a page shows of the document it belongs to: page numbers, its own number and date, sums carried over, whose it is (B4)."""

from __future__ import annotations

import re

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.invoice_number import candidates as number_candidates
from scanstraat.extractors.fields.supplier_places import domains
from scanstraat.extractors.folding import fold, plain
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.pagekind import listing_row
from scanstraat.extractors.parties import Side
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.weights import score
from scanstraat.model.document import WEB, PageTraits

# A number counts where its label says that it is the document's; a general label ("no.") must stand at the top.
_STRONG = frozenset({Signal.LABEL_BESIDE, Signal.LABEL_ABOVE, Signal.TITLE_BESIDE, Signal.LABEL_IN_SENTENCE})
_WEAK = frozenset({Signal.WEAK_LABEL_BESIDE, Signal.LABEL_IN_SENTENCE})
# No VAT number is longer, prefix and all.
LONGEST_VAT = 15
# Head and foot of a page: these parts of its height. A word of them counts from so many letters on.
HEAD_PART, FOOT_PART, SHORTEST_WORD = 0.16, 0.9, 4
# The day of a document stands in this upper part of a page.
DAY_PART = 0.55
_SUMS = frozenset({LabelKind.TOTAL_DUE, LabelKind.TOTAL_GROSS, LabelKind.VAT_TOTAL, LabelKind.NET_TOTAL})
_CARRIED = frozenset(
    fold(words)
    for words in (
        *("transport", "over te brengen", "overgebracht", "transporteren"),
        *("carried forward", "brought forward", "carry forward", "c/f", "b/f", "balance forward"),
        *("übertrag", "zwischensumme übertrag", "vortrag", "à reporter", "report", "sous-total à reporter", "report antérieur"),
        *("siirto", "siirretään", "a riportare", "riporto", "suma y sigue", "suma anterior", "a transportar", "transporte"),
        *("overført", "overføres", "at overføre", "do przeniesienia", "z przeniesienia", "k převodu", "převod", "přenos"),
        *("átvitel", "áthozat", "de reportat"),
    )
)
# How letters open, as `folding.plain` gives it: matches "Geachte heer", refuses "Dear parts".
_GREETING = re.compile(
    r"""^(?: dear\ (?:sir|madam|mr|ms|mrs|customer|client|[a-z]+,) | geachte | beste\ (?:heer|mevrouw|klant|relatie|[a-z]+,)
        | sehr\ geehrte | liebe[rs]?\ kund | madame,?\ monsieur | (?:cher|chere)s?\ client | monsieur, | madame,
        | hyva\ (?:asiakas|vastaanottaja) | arvoisa | basta\ kund | hej[,!] | gentil[ei]\ | egregi | spett
        | (?:muy\ )?(?:estimad|senor)[oa]?s?\b | (?:ex\.mo|exmo|caro|prezad[oa])s?\b | kaere\ | kjaere\ | szanown | stimat[ei]?\b
        | tisztelt | vazen[iya] | dobry\ den )""",
    re.VERBOSE,
)
# "2 of 3" and "2 (3)" after the word for page: matches "Seite 2 von 3", refuses "Seite 0".
_PAGE = re.compile(
    r"""[\s:.]*(?:/\ ?[^\W\d]{3,8}[\s:.]+)?(?P<page>\d{1,3})\b
        (?:\s*(?:/|of|van|von|de|sur|av|af|di|din|z|ze|\(|total|:|ud\ af|yht)\s*(?P<pages>\d{1,3})\b)?""",
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE_WORD = re.compile(
    r"^(?P<page>\d{1,3})\.?\s*(?:oldal|strana|lap|sivu)\b\s*/?\s*(?P<pages>\d{1,3})?", re.VERBOSE | re.IGNORECASE
)
_BARE_PAGE = re.compile(
    r"^[-–\s]*(?P<page>\d{1,2})\s?(?:/|of|van|von|de|sur|av|af|di|z|din)\s?(?P<pages>\d{1,2})[-–\s]*$", re.VERBOSE | re.IGNORECASE
)


def printed_page(seen: DocumentView) -> tuple[int | None, int | None]:
    """The page number printed, and of how many; None where there is none."""
    labelled = [_counted(_PAGE.match(seen.row(h.span).text, h.span.end)) for h in seen.of_kind(LabelKind.PAGE) if h.leading]
    found = sorted((one for one in labelled if one), key=lambda one: one[1] is None)
    if found:
        return found[0]
    rows = seen.sheets[0].rows
    for row in (*rows[-2:], *rows[:1]):
        for segment in row.segments:
            bare = _counted(_BARE_PAGE.match(segment.text) or _BEFORE_WORD.match(segment.text))
            if bare:
                return bare
    return None, None


def _counted(match: re.Match[str] | None) -> tuple[int, int | None] | None:
    """Page and pages of a match, where they can be: page 3 of 2 cannot."""
    if match is None or int(match["page"]) == 0:
        return None
    page, pages = int(match["page"]), int(match["pages"]) if match["pages"] else None
    return (page, pages) if pages is None or page <= pages else None


def number_of(seen: DocumentView) -> str | None:
    """The document number printed on the page, where it is sure."""
    limit = _list_begins(seen)
    found = (c for c in number_candidates(seen) if c.evidence and c.evidence.box.y0 < limit and _is_own(seen, c))
    best = max(found, key=score, default=None)
    return best.value if best else None


def _list_begins(seen: DocumentView) -> float:
    """How far down the page a list of invoices begins; the page's height where there is none."""
    listing = listing_row(seen)
    return seen.sheets[0].rows[listing].box.y0 if listing is not None else seen.sheets[0].height


def _is_own(seen: DocumentView, candidate: Candidate) -> bool:
    """Whether a number with no more than a general label ("no.") has it at the start of its line, unlike "Main Street no. 7"."""
    if not _STRONG.intersection(candidate.signals) and not {Signal.ON_TOP, Signal.WELL_FORMED}.issubset(candidate.signals):
        return False
    if not _WEAK.intersection(candidate.signals) or candidate.evidence is None:
        return True
    box, raw = candidate.evidence.box, candidate.evidence.raw
    for row in seen.sheets[0].rows:
        for segment in row.segments if abs(row.box.y0 - box.y0) < row.em else ():
            at = segment.text.find(raw)
            if at > 0 and segment.box.x0 - 1 <= box.x0 <= segment.box.x1:
                return len(segment.text[:at].split()) <= 1
    return True


def traits(seen: DocumentView, titled: bool) -> PageTraits:
    """What else the page shows."""
    carried = _carried(seen)
    middle = seen.sheets[0].height / 2
    return PageTraits(
        titled=titled,
        addressed=any(r.side is Side.BUYER for r in seen.regions),
        day=_day(seen),
        summed=any(_SUMS.intersection(p.kinds) for a in seen.amounts if a.text.has_decimals for p in a.pointers[:1]),
        carried_in=any(y < middle for y in carried),
        carried_out=any(y >= middle for y in carried),
        headed=bool(seen.heads),
        greets=any(_GREETING.match(plain(segment.text)) for row in seen.sheets[0].rows for segment in row.segments[:1]),
        identities=_identities(seen),
        running=_running(seen),
    )


def _carried(seen: DocumentView) -> list[float]:
    """How far down the page rows stand that carry a sum from or to another page: the words alone with one amount."""
    found = []
    for row in seen.sheets[0].rows:
        if (
            len(row.segments) == 2
            and fold(row.segments[0].text.strip(" :")) in _CARRIED
            and any(c.isdigit() for c in row.segments[1].text)
        ):
            found.append(row.box.y0)
    return found


def _day(seen: DocumentView) -> str:
    """The document's own date: the first whose nearest label says so, high on the page."""
    wanted = {LabelKind.INVOICE_DATE, LabelKind.DATE}
    limit = min(DAY_PART * seen.sheets[0].height, _list_begins(seen))
    high = (d for d in seen.days if d.span.box.y0 < limit and d.pointers and wanted.intersection(d.pointers[0].kinds))
    return next((d.value.isoformat() for d in high), "")


def _identities(seen: DocumentView) -> tuple[str, ...]:
    """VAT numbers, accounts and web addresses, without those of the addressee."""
    numbers = [(n.text, n.span) for n in seen.vat_numbers if not _is_buyers(n.label) and len(n.text) <= LONGEST_VAT]
    places = [*((i.text, i.span) for i in seen.ibans), *numbers, *((f"{WEB}{w.letters}", w.span) for w in domains(seen))]
    return tuple(sorted({text.upper() for text, span in places if not seen.within(span, Side.BUYER, Side.DELIVERY)}))


def _is_buyers(label: LabelHit | None) -> bool:
    return label is not None and LabelKind.YOUR_VAT_NUMBER in label.kinds


def _running(seen: DocumentView) -> tuple[str, ...]:
    """The words of head and foot, without those of the addressee and without numbers that change from page to page."""
    sheet = seen.sheets[0]
    head, foot = HEAD_PART * sheet.height, FOOT_PART * sheet.height
    words: set[str] = set()
    for row in sheet.rows:
        if head < row.box.y0 < foot:
            continue
        for segment in row.segments:
            if not seen.within(segment, Side.BUYER, Side.DELIVERY):
                words.update(w for w in plain(segment.text).replace(",", " ").split() if len(w) >= SHORTEST_WORD)
    return tuple(sorted(words))
