"""The supplier's IBAN (C1): every stretch of print with an IBAN's form, and payment codes. Never the customer's own (C6)."""

from __future__ import annotations

import re

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.folding import plain
from scanstraat.extractors.identities import PrintedIban
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.pointing import Pointer, Relation, pointers
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.iban import checks, has_form, repaired
from scanstraat.extractors.whose import side_signals
from scanstraat.model.field import Evidence, FieldName, Method

# An IBAN whose check fails is told only right beside its label, within this many points.
BESIDE = 60.0

# Stems of words that say an account is debited: the customer's, whichever language says so. Met in text as `plain` gives it.
# Met by "prelevement automatique sur le compte CH16", "lastschrifteinzug am 29.05.25 von NL37"; refused by "unser konto CH16".
_DEBITED = re.compile(
    r"""direct\ debit | debited | incass | afgeschreven | afschrij | abgebucht | abbuch | eingezogen | einzug |
      einziehen | lastschrift | belastet | prelev | debite | addebit | domicilia | \badeud | cargaremos | cargara |
      cargo\ en | debitad | debito\ d | debitar | suoraveloit | veloite | autogiro | debiteras | belastas | \bdras\b
      | haeves | hæves | traekkes | trækkes | trekkes | belastes | avtalegiro | polecenie\ zaplaty | pobran |
      pobierz | obciaz | inkas | strhne | strzen | beszed | leemel | terhel
    """,
    re.VERBOSE,
)
# Stems of words that say it is to be paid: what follows them is the supplier's, also in a sentence that speaks of debits.
_TO_PAY = re.compile(
    r"""uberweis | zahl | betal | overmak | overboek | transfer | virement | virer | payer | siirt | maks | bonific | pagar
      | pagamento | przel | zaplac | uhrad | utal | plat | overfor | insatt | please\ pay | in\ favour
    """,
    re.VERBOSE,
)
_SENTENCE = re.compile(r"(?:(?<=[^\W\d]{3})|(?<=\d{2}))\.\s | ;\s | \t", re.VERBOSE)
# What stands in the row above belongs to a sentence that goes on where it is this long (in characters).
LONG_LINE = 30
SAME_LEFT = 5.0


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every IBAN that may be the supplier's."""
    own = {i.replace(" ", "").upper() for i in view.own.ibans}
    printed = view.ibans
    labels = pointers(tuple(p.span for p in printed), view.hits, view.sheets)
    found = [_candidate(view, p, found) for p, found in zip(printed, labels, strict=True)]
    found.extend(
        Candidate(
            FieldName.IBAN, s.code.iban, Evidence(s.page, s.box, s.code.iban, Method.BARCODE), (Signal.IN_QR, Signal.CHECKS)
        )
        for s in view.codes
        if s.code.iban
    )
    return tuple(c for c in found if c is not None and c.value not in own)


def _candidate(view: DocumentView, printed: PrintedIban, labels: tuple[Pointer, ...]) -> Candidate | None:
    signals, doubts, value = [], [], printed.text
    labelled = any(LabelKind.IBAN in p.kinds for p in labels)
    beside = any(LabelKind.IBAN in p.kinds and p.relation is Relation.LEFT and p.gap < BESIDE for p in labels)
    if checks(value):
        signals.append(Signal.CHECKS)
    elif (better := repaired(value)) and view.method(printed.span.page) is Method.OCR:
        value = better
        signals.extend([Signal.CHECKS, Signal.REPAIRED])
    else:
        if not beside or not has_form(value):
            return None
        signals.append(Signal.FAILS_CHECK)
        doubts.append(f"the check digits of {value} do not hold")
    signals.extend([Signal.LABEL_BESIDE] if labelled else [])
    signals.extend(_whose(view, printed.span, labels))
    return Candidate(FieldName.IBAN, value, view.evidence(printed.span), tuple(signals), tuple(doubts))


def _whose(view: DocumentView, span: Span, labels: tuple[Pointer, ...]) -> list[Signal]:
    named = any(LabelKind.DEBIT in p.kinds for p in labels) or any(_debits(view, h, span) for h in view.of_kind(LabelKind.DEBIT))
    signals = [Signal.DEBIT] if named or _told_debited(view, span) else []
    return [*signals, *side_signals(view, span, Side.BUYER)]


def _told_debited(view: DocumentView, span: Span) -> bool:
    """Whether the sentence that an account stands in says that it is debited, before the account or behind it."""
    before, behind = _sentence(view, span)
    debited = list(_DEBITED.finditer(before))
    if debited:
        return not _TO_PAY.search(before, debited[-1].end())
    return bool(_DEBITED.search(behind)) and not _TO_PAY.search(before + behind)


def _sentence(view: DocumentView, span: Span) -> tuple[str, str]:
    """What stands before and behind a span in its sentence, in its own row and, where the sentence goes on, the rows about it."""
    row = view.row(span)
    start, end = row.segment(span.start)
    before, behind = row.text[start : span.start], row.text[span.end : end]
    rows = view.sheets[span.page - 1].rows
    left = row.span(start, end).box.x0
    if not any(h.leading and h.closed and h.span.start == start for h in view.on_row(span)):
        above = _line(rows[: row.index][-2:][::-1], row, left)
        before = f"{above} {before}" if len(above) >= LONG_LINE and not above.endswith((".", ":")) else before
        below = _line(rows[row.index + 1 : row.index + 3], row, left)
        behind = behind if behind.rstrip().endswith(".") else f"{behind} {below}"
    return _SENTENCE.split(plain(before))[-1], _SENTENCE.split(plain(behind))[0]


def _line(rows: tuple[Row, ...], row: Row, left: float) -> str:
    """The line directly above or below that begins at the same left edge."""
    near = (s for r in rows for s in r.segments if abs(r.box.y0 - row.box.y0) < 2 * row.em and abs(s.box.x0 - left) < SAME_LEFT)
    return next((s.text for s in near), "")


def _debits(view: DocumentView, hit: LabelHit, span: Span) -> bool:
    """Whether a label of the account to be debited means this one: it stands before it, or ends the row above without another."""
    if hit.span.page != span.page or not 0 <= span.row - hit.span.row <= 1:
        return False
    if hit.span.row == span.row:
        return hit.span.end <= span.start
    return not any(p.span.page == span.page and p.span.row == hit.span.row and p.span.start >= hit.span.end for p in view.ibans)
