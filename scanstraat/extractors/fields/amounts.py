"""What the total, net and VAT fields have in common: labelled amounts as candidates, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView, PrintedAmount
from scanstraat.extractors.labelled import label_signals
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

LARGEST_MONEY = Decimal(10) ** 9


def canonical(value: Decimal) -> str:
    """An amount as canonical text, two decimals.

    >>> canonical(Decimal("1974")), canonical(Decimal("-0.5"))
    ('1974.00', '-0.50')
    """
    return str(value.quantize(Decimal("0.01")))


def is_money(amount: PrintedAmount) -> bool:
    """Whether a number is printed as money is: two decimals or a currency."""
    return amount.text.has_decimals or bool(amount.text.currency)


def labelled_amounts(
    view: DocumentView, field: FieldName, strong: frozenset[LabelKind], weak: frozenset[LabelKind]
) -> Iterator[tuple[PrintedAmount, Candidate]]:
    """The amounts that a label of the field points at, with their signals."""
    for amount in view.amounts:
        signals = list(label_signals(amount.pointers, strong, weak))
        if {Signal.NO_LABEL, Signal.OTHER_LABEL} & set(signals) or abs(amount.value) >= LARGEST_MONEY:
            continue
        signals.append(Signal.MONEY_FORM if is_money(amount) else Signal.BARE_NUMBER)
        if not is_money(amount) and Signal.LABEL_IN_SENTENCE in signals:
            continue
        yield amount, Candidate(field, canonical(amount.value), view.evidence(amount.span), tuple(signals))
