"""What each signal is worth for each field, in log-odds: 2.2 more makes nine in ten of even odds, and so on.

One table, read by `score` alone; set by hand on labelled documents and checked with `benchmarks/accuracy.py`. A signal that
is not in a field's row is worth nothing for it.
"""

from __future__ import annotations

from math import exp

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.signals import Signal as S
from scanstraat.model.field import FieldName as F

# A doubtful value is never taken for certain (C7): this is the most it can have, and the least that counts as certain is 0.9.
DOUBTFUL = 0.85

WEIGHTS: dict[F, tuple[float, dict[S, float]]] = {
    F.IBAN: (
        0.5,
        {
            S.CHECKS: 2.6,
            S.FAILS_CHECK: -2.5,
            S.REPAIRED: -1.6,
            S.LABEL_BESIDE: 0.8,
            S.SAME_COUNTRY: 0.6,
            S.IN_QR: 2.0,
            S.AGAINST_QR: -2.5,
            S.DEBIT: -6.0,
            S.BUYERS: -3.5,
            S.SELLERS: 1.0,
            S.FIRST: 0.3,
        },
    ),
    F.BIC: (
        0.3,
        {
            S.LABEL_BESIDE: 2.4,
            S.LABEL_ABOVE: 1.6,
            S.NEXT_TO_IBAN: 0.7,
            S.FITS_IBAN: 0.8,
            S.ODD_FORM: -2.5,
            S.BUYERS: -3.0,
            S.IN_QR: 3.0,
            S.POOR_PRINT: -1.5,
        },
    ),
    F.ACCOUNT: (
        -1.4,
        {
            S.LABEL_BESIDE: 1.4,
            S.LABEL_ABOVE: 0.6,
            S.BANK_NEAR: 1.8,
            S.BUYERS: -3.0,
            S.POOR_PRINT: -1.5,
        },
    ),
    F.VAT_NUMBER: (
        0.6,
        {
            S.CHECKS: 1.4,
            S.FAILS_CHECK: -0.4,
            S.ODD_FORM: -1.4,
            S.REPAIRED: -1.8,
            S.LABEL_BESIDE: 1.4,
            S.NO_LABEL: -1.8,
            S.BUYER_LABEL: -6.0,
            S.BUYERS: -3.5,
            S.SELLERS: 1.2,
            S.SAME_COUNTRY: 0.7,
            S.OTHER_COUNTRY: -0.8,
            S.FIRST: 0.5,
            S.FOOTER: 0.3,
            S.PREFIX_ADDED: -0.7,
            S.POOR_PRINT: -0.8,
        },
    ),
    F.INVOICE_NUMBER: (
        -0.4,
        {
            S.LABEL_BESIDE: 3.4,
            S.LABEL_ABOVE: 2.9,
            S.LABEL_IN_SENTENCE: 1.0,
            S.TITLE_BESIDE: 1.8,
            S.WEAK_LABEL_BESIDE: 0.7,
            S.WEAK_LABEL_ABOVE: -0.6,
            S.REPEATED: 0.7,
            S.WELL_FORMED: 0.4,
            S.SHORT: -1.0,
            S.ON_TOP: 0.5,
            S.POOR_PRINT: -1.6,
        },
    ),
    F.INVOICE_DATE: (
        -1.2,
        {
            S.LABEL_BESIDE: 5.0,
            S.LABEL_ABOVE: 4.4,
            S.LABEL_IN_SENTENCE: 2.5,
            S.LABEL_FAR: 2.0,
            S.WEAK_LABEL_BESIDE: 2.8,
            S.WEAK_LABEL_ABOVE: 2.6,
            S.TITLE_BESIDE: 2.6,
            S.TITLE_NEAR: 1.3,
            S.OTHER_LABEL: -1.6,
            S.NO_LABEL: 0.3,
            S.ON_TOP: 0.8,
            S.FIRST: 0.5,
            S.FOOTER: -0.8,
            S.REPEATED: 0.3,
            S.ONLY_ONE: 1.2,
            S.DUE_BEFORE_DATE: -1.8,
            S.DUE_AFTER_DATE: 0.2,
            S.FITS_TERM: 1.0,
            S.SENTENCE: -0.8,
            S.AMBIGUOUS_DAY: -0.5,
            S.POOR_PRINT: -1.2,
        },
    ),
    F.DUE_DATE: (
        -0.6,
        {
            S.LABEL_BESIDE: 3.4,
            S.LABEL_ABOVE: 3.0,
            S.LABEL_IN_SENTENCE: 2.0,
            S.LABEL_FAR: 0.8,
            S.WEAK_LABEL_BESIDE: 0.3,
            S.WEAK_LABEL_ABOVE: -0.3,
            S.OTHER_LABEL: -3.0,
            S.REPEATED: 0.3,
            S.DUE_BEFORE_DATE: -1.8,
            S.DUE_AFTER_DATE: 0.5,
            S.FITS_TERM: 1.2,
            S.POOR_PRINT: -1.2,
        },
    ),
    F.TOTAL: (
        -1.6,
        {
            S.LABEL_BESIDE: 3.0,
            S.LABEL_ABOVE: 2.6,
            S.LABEL_FAR: 1.6,
            S.LABEL_IN_SENTENCE: 0.6,
            S.WEAK_LABEL_BESIDE: 1.5,
            S.WEAK_LABEL_ABOVE: 0.9,
            S.DUE_LABEL: -0.4,
            S.MONEY_FORM: 0.5,
            S.BARE_NUMBER: -0.9,
            S.LARGEST: 0.9,
            S.SMALLER: -0.3,
            S.LAST: 0.4,
            S.REPEATED: 0.4,
            S.ADDS_UP: 2.2,
            S.RATE_FITS: 0.4,
            S.IN_QR: 2.5,
            S.AGAINST_QR: -1.5,
            S.POOR_PRINT: -1.8,
        },
    ),
    F.NET_TOTAL: (
        -1.4,
        {
            S.LABEL_BESIDE: 2.4,
            S.LABEL_ABOVE: 2.0,
            S.LABEL_FAR: 1.2,
            S.LABEL_IN_SENTENCE: 0.3,
            S.WEAK_LABEL_BESIDE: 0.8,
            S.WEAK_LABEL_ABOVE: 0.2,
            S.MONEY_FORM: 0.3,
            S.BARE_NUMBER: -1.0,
            S.ADDS_UP: 3.0,
            S.RATE_FITS: 0.4,
            S.POOR_PRINT: -1.6,
        },
    ),
    F.VAT_TOTAL: (
        -1.4,
        {
            S.LABEL_BESIDE: 2.4,
            S.LABEL_ABOVE: 2.0,
            S.LABEL_FAR: 1.0,
            S.LABEL_IN_SENTENCE: 0.6,
            S.MONEY_FORM: 0.3,
            S.BARE_NUMBER: -1.2,
            S.ADDS_UP: 3.0,
            S.RATE_FITS: 0.4,
            S.RATE_OF_BASE: 0.6,
            S.SUM_OF_RATES: 1.5,
            S.POOR_PRINT: -1.6,
        },
    ),
    F.CURRENCY: (
        0.5,
        {
            S.SYMBOL: 0.9,
            S.LABELLED_CURRENCY: 2.8,
            S.AT_TOTAL: 1.0,
            S.REPEATED: 0.9,
            S.ONLY_ONE: 1.0,
            S.IN_QR: 3.0,
        },
    ),
    F.IS_CREDIT_NOTE: (
        2.3,
        {
            S.TITLE: 1.6,
            S.NEGATIVE_TOTAL: 0.6,
        },
    ),
    F.PAYMENT_TERM: (
        0.3,
        {
            S.LABEL_BESIDE: 2.0,
            S.LABEL_ABOVE: 1.4,
            S.LABEL_IN_SENTENCE: 1.2,
        },
    ),
    F.SUPPLIER_NAME: (
        -1.8,
        {
            S.LEGAL_FORM: 1.6,
            S.LETTERHEAD: 1.1,
            S.LARGE_PRINT: 1.0,
            S.SENDER_LINE: 1.8,
            S.FOOTER: 0.7,
            S.SELLER_LABEL: 2.6,
            S.ACCOUNT_HOLDER: 0.9,
            S.NEAR_IDENTITY: 1.0,
            S.NEAR_CONTACT: 0.5,
            S.DOMAIN: 1.7,
            S.REPEATED: 0.6,
            S.BUYERS: -3.6,
            S.SELLERS: 1.0,
            S.BANK_NAME: -1.6,
            S.SENTENCE: -0.9,
            S.SHORT: -0.7,
            S.IN_QR: 2.5,
            S.FIRST: 0.6,
            S.POOR_PRINT: -1.0,
        },
    ),
}


def score(candidate: Candidate) -> float:
    """The log-odds of a candidate: its field's bias and the worth of its signals."""
    bias, worth = WEIGHTS[candidate.field]
    return bias + sum(worth.get(signal, 0.0) for signal in candidate.signals)


def odds_to_confidence(log_odds: float) -> float:
    """A log-odds as a confidence from 0 to 1.

    >>> odds_to_confidence(0.0), round(odds_to_confidence(2.2), 2)
    (0.5, 0.9)
    """
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, log_odds))))
