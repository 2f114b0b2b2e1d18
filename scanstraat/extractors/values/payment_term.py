r"""Payment terms: the canonical form the `payment_term` field holds, and the due date it gives (D4).

canonical text               due date for invoice date d
"0 days"                     d (payable at once)
"30 days"                    d + 30 days
"end of month"               last day of d's month
"30 days end of month"       last day of the month of d + 30 days
"end of month + 30 days"     last day of d's month, + 30 days
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_CANONICAL = re.compile(
    r"(?:(?P<days>\d{1,3})\ days)?\ ?(?P<month>end\ of\ month)?(?:\ \+\ (?P<after>\d{1,3})\ days)?",
    re.VERBOSE,
)

# Words for "day" and "end of month" as printed, lower case without accents.
_DAY = (
    r"(?:days?|dagen|dgn|dgr|dag|tagen?|tg|jours?|jrs|j|paivaa|pv|pvm|vrk|dagar|dage|dager|giorni|gg|dias?|dni|dniowy|dnu|dny|nap(?:os|on)?"
    r"|zile|kalendertagen?|werktagen?)"
)
_MONTH_END = (
    r"(?:end\ of\ (?:the\ )?month|eom|einde\ (?:van\ de\ )?maand|eind\ maand|monatsende|ende\ (?:des\ )?monats?|ultimo"
    r"|fin\ (?:de\ |du\ )?mois|fdm|fine\ mese|d\.?f\.?f\.?m\.?|f\.m\.|fin\ de\ mes|fim\ d[eo]\ mes|sfarsitul\ lunii"
    r"|kon(?:iec|ca)\ miesiaca|kon(?:ec|ce)\ mesice|honap\ vege|(?:kuukauden|kuun)\ lop(?:ussa|usta|puun)|manadens\ slut"
    r"|manedens\ slut(?:t|ning)?|(?:lopende|lobende)\ maned|lb\.?\ ?md\.?)"
)
# Days that count from the end of the month of delivery.
_FREE_MONTH = re.compile(rf"(?P<after>\d{{1,3}})\ ?{_DAY},?\ fri\ lever(?:ans|ings)man(?:ad|ed)", re.VERBOSE)
_DAYS = re.compile(
    rf"""
    (?<![\d.,/-]) (?P<days>\d{{1,3}}) (?:\ ?\((?:[a-z]+)\))? \ ?
    (?:-|de\ |calendar\ |kalender|werk|working\ |bank\ )?\ ? {_DAY}\b
    (?:\ (?:netto|net|nto))? (?:\ ?(?:,|\+|-)?\ ?(?P<month>{_MONTH_END}))?
    """,
    re.VERBOSE,
)
# Days that count from the end of the month: "30 days from end of month", "30 dagar efter månadens slut".
_FROM_END = re.compile(
    rf"(?P<after>\d{{1,3}})\ ?{_DAY}\ (?:from|after|past|efter|fran|nach|ab|na|vanaf)\ (?:the\ |het\ |dem\ )?{_MONTH_END}"
    rf"|(?P<finnish>\d{{1,3}})\ ?{_DAY}\ (?:kuukauden|kuun)\ lopusta",
    re.VERBOSE,
)
_NET = re.compile(r"\b(?:net|netto|nto\.?)\ ?(?P<days>\d{1,3})\b(?![.,%]\d|\ ?%)", re.VERBOSE)
_END = re.compile(rf"(?P<month>{_MONTH_END})(?:\ ?(?:\+|plus|le)?\ ?(?P<after>\d{{1,3}})\ ?{_DAY}?)?", re.VERBOSE)
_AT_ONCE = re.compile(
    r"""\b(?: sofort|umgehend|vorkasse|zahlbar\ nach\ erhalt|immediate(?:ly)?|(?:up)?on\ receipt|due\ now|in\ advance|prepaid|cash
      | per\ (?:direct|omgaande?)|direct\ te\ betalen|direkte?\ betaling|contante?n?|bij\ ontvangst|vooruit\w*
      | comptant|a\ reception|immediat|d'avance|heti|kateinen|kateisella|kontant|omgaende|straks|forskud\w*|forskott
      | a\ vista|vista\ fattura|rimessa\ diretta|anticipato|contanti|(?:al\ )?contado|a\ la\ (?:vista|recepcion)
      | (?:a\ )?pronto(?:\ pagamento)?|gotowka|natychmiast\w*|przedplata|hotove|ihned|predem|v\ hotovosti|azonnal|keszpenz\w*
      | numerar|imediat|la\ vedere )\b""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """A payment term: days after the invoice date; the end of that month; then days again."""

    days: int = 0
    month_end: bool = False
    after: int = 0

    def __str__(self) -> str:
        """The canonical text.

        >>> [str(PaymentTerm(*t)) for t in ((30,), (0, True), (30, True), (0, True, 10))]
        ['30 days', 'end of month', '30 days end of month', 'end of month + 10 days']
        """
        days = f"{self.days} days" if self.days or not self.month_end else ""
        month = "end of month" if self.month_end else ""
        return " ".join(filter(None, (days, month, f"+ {self.after} days" if self.after else "")))

    def due(self, issued: date) -> date:
        """The due date for an invoice of that date (D4).

        >>> PaymentTerm(30, True).due(date(2024, 1, 15))
        datetime.date(2024, 2, 29)
        """
        day = issued + timedelta(days=self.days)
        if self.month_end:
            day = day.replace(day=monthrange(day.year, day.month)[1])
        return day + timedelta(days=self.after)


def parse_term(canonical: str) -> PaymentTerm | None:
    """The term a `payment_term` reading holds; None where the text is not in canonical form.

    >>> parse_term("30 days"), parse_term("within a month")
    (PaymentTerm(days=30, month_end=False, after=0), None)
    """
    match = _CANONICAL.fullmatch(canonical)
    if not match or not (match["days"] or match["month"]):
        return None
    return PaymentTerm(int(match["days"] or 0), bool(match["month"]), int(match["after"] or 0))


def term_in(text: str) -> tuple[PaymentTerm, int, int] | None:
    """The first payment term printed in a text (lower case without accents), with its place; None where there is none.

    >>> str(term_in("zahlbar innerhalb von 14 tagen netto")[0]), str(term_in("30 jours fin de mois")[0]), term_in("2 stuks")
    ('14 days', '30 days end of month', None)
    >>> [str(term_in(text)[0]) for text in ("30 dagar efter manadens slut", "30 paivaa kuun lopusta", "30 tage nach monatsende")]
    ['end of month + 30 days', 'end of month + 30 days', 'end of month + 30 days']
    >>> [str(term_in(text)[0]) for text in ("30 tage nach rechnungsdatum", "30 dagen na factuurdatum")]
    ['30 days', '30 days']
    """
    free = _FREE_MONTH.search(text)
    if free:
        return PaymentTerm(0, True, int(free["after"])), *free.span()
    from_end = _FROM_END.search(text)
    if from_end:
        return PaymentTerm(0, True, int(from_end["after"] or from_end["finnish"])), *from_end.span()
    days, end = _DAYS.search(text), _END.search(text)
    first = (_END,) if end and end["after"] and (days is None or end.start() < days.start()) else ()
    for pattern in (*first, _DAYS, _NET, _END, _AT_ONCE):
        match = pattern.search(text)
        if match:
            groups = match.groupdict()
            term = PaymentTerm(int(groups.get("days") or 0), bool(groups.get("month")), int(groups.get("after") or 0))
            return term, *match.span()
    return None
