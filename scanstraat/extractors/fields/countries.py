"""Which countries a document may be of: what its identities say, else its language. For numbers whose check depends on it."""

from __future__ import annotations

from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.parties import Side
from scanstraat.extractors.values.iban import checks
from scanstraat.extractors.values.vat_number import country_of

# Countries where a language is written, the likeliest first.
OF_LANGUAGE: dict[str, tuple[str, ...]] = {
    "nl": ("NL", "BE"),
    "en": ("GB", "IE", "AU"),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH", "LU"),
    "fi": ("FI",),
    "sv": ("SE", "FI"),
    "it": ("IT", "CH"),
    "es": ("ES",),
    "pt": ("PT",),
    "da": ("DK", "NO"),
    "no": ("NO", "DK"),
    "pl": ("PL",),
    "cs": ("CZ", "SK"),
    "hu": ("HU",),
    "ro": ("RO",),
}


def countries(view: DocumentView) -> tuple[str, ...]:
    """The countries of the supplier's identities as printed, then those of the document's language."""
    ibans = [p.text[:2] for p in view.ibans if checks(p.text) and not view.within(p.span, Side.BUYER)]
    numbers = [country_of(p.text) for p in view.vat_numbers if not view.within(p.span, Side.BUYER)]
    return tuple(dict.fromkeys(c for c in (*ibans, *numbers, *OF_LANGUAGE.get(view.language, ())) if c))
