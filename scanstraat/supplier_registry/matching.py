"""Who sent a document: its account, VAT number and name compared with the suppliers of the register (E1-E3, E6).

The steps of `STEPS` are asked in order; the first that knows a supplier decides, the later ones break ties. The rows of
`CHECKS` then look for what speaks against it. Values that a fallback rule filled, and the customer's own, take no part (D8, C6).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz

from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import Readings
from scanstraat.model.supplier import Account, MatchOutcome, Supplier, SupplierMatch
from scanstraat.supplier_registry import normalise
from scanstraat.supplier_registry.facts import Facts, LookupKeys, gather, lookup_keys

__all__ = ["LookupKeys", "lookup_keys", "match", "name_likeness"]

# Letters of the shorter name, and from there on how alike (0 to 1) two must be: one letter makes a short name another company.
NAME_THRESHOLDS = ((16, 0.92), (8, 0.94), (0, 1.0))
_BIC_WITHOUT_BRANCH = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A supplier of the register; `alike` has one likeness a step of `STEPS`: 0 (another, or not known) to 1 (the same)."""

    supplier: Supplier
    alike: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The document's facts, the supplier that fits best and the others that fit in something."""

    facts: Facts
    best: Candidate
    others: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One way to know a supplier: `read` is what the document says, `registered` what the register has, `compare` how alike."""

    rule: str
    outcome: MatchOutcome
    label: str
    read: Callable[[Facts], str]
    registered: Callable[[Supplier], str]
    compare: Callable[[Facts, Supplier], float]


def match(readings: Readings, register: tuple[Supplier, ...], own: OwnIdentity) -> SupplierMatch:
    """The supplier of a document, with the compared values as reasons. Never raises; what contradicts itself is a doubt (C7).

    >>> from scanstraat.model.field import FieldName, Reading
    >>> bakker = Supplier(7, "Bakker BV", accounts=(Account("NL91ABNA0417164300"),))
    >>> found = match(Readings((Reading(FieldName.IBAN, "NL91ABNA0417164300", 1.0),)), (bakker,), OwnIdentity())
    >>> found.outcome.value, found.reasons
    ('by-account', ('E1: account NL91ABNA0417164300, in the register NL91ABNA0417164300: the same',))
    """
    facts = gather(readings, own)
    candidates = tuple(Candidate(supplier, tuple(step.compare(facts, supplier) for step in STEPS)) for supplier in register)
    fitting = sorted((c for c in candidates if any(c.alike)), key=lambda c: (c.alike, -c.supplier.id), reverse=True)
    if not fitting:
        return _not_found(facts)
    best = fitting[0]
    doubts = tuple(filter(None, (check(Comparison(facts, best, tuple(fitting[1:]))) for check in CHECKS)))
    return SupplierMatch(
        outcome=next(step.outcome for step, alike in zip(STEPS, best.alike, strict=True) if alike),
        supplier=best.supplier,
        new_account=None if best.alike[_ACCOUNT] else facts.account,
        reasons=_compared(facts, best),
        doubts=facts.doubts + doubts,
    )


def name_likeness(one: str, other: str) -> float:
    """How alike two company names are, 0 to 1, and 0 below the threshold for their length; numbers in them must be equal.

    >>> name_likeness("Bakker Installatiebedrijf B.V.", "Bakker lnstallatiebedrijf") > 0.92
    True
    >>> name_likeness("Jansen BV", "Hansen BV"), name_likeness("Filiaal Noord 12", "Filiaal Noord 13")
    (0.0, 0.0)
    """
    left, right = normalise.name(one), normalise.name(other)
    if not left or not right or _digits(left) != _digits(right):
        return 0.0
    glued = fuzz.ratio(left.replace(" ", ""), right.replace(" ", ""))
    score = max(fuzz.token_sort_ratio(left, right), glued) / 100
    needed = next(threshold for length, threshold in NAME_THRESHOLDS if min(len(left), len(right)) >= length)
    return score if score >= needed else 0.0


def _digits(text: str) -> list[str]:
    return sorted(word for word in text.split() if word.isdigit())


def _same_account(facts: Facts, supplier: Supplier) -> float:
    return float(facts.account is not None and any(_is_same(facts.account, known) for known in supplier.accounts))


def _is_same(one: Account, other: Account) -> bool:
    """An IBAN says all; a number as printed is of one bank only, so that two BICs must not disagree (E1)."""
    if normalise.bban(other.number) != one.number:
        return False
    bics = one.bic[:_BIC_WITHOUT_BRANCH], other.bic[:_BIC_WITHOUT_BRANCH]
    return one.scheme == "IBAN" or not all(bics) or bics[0] == bics[1]


def _same_vat_number(facts: Facts, supplier: Supplier) -> float:
    return float(bool(facts.vat_number) and facts.vat_number == normalise.vat_number(supplier.vat_number))


def _alike_name(facts: Facts, supplier: Supplier) -> float:
    return name_likeness(facts.name, supplier.name)


def _account_numbers(supplier: Supplier) -> str:
    return ", ".join(account.number for account in supplier.accounts)


def _vat_number(supplier: Supplier) -> str:
    return supplier.vat_number


def _name(supplier: Supplier) -> str:
    return supplier.name


STEPS = (
    Step("E1", MatchOutcome.BY_ACCOUNT, "account", lambda facts: facts.account_number, _account_numbers, _same_account),
    Step("E2", MatchOutcome.BY_VAT_NUMBER, "VAT number", lambda facts: facts.vat_number, _vat_number, _same_vat_number),
    Step("E2", MatchOutcome.BY_NAME, "name", lambda facts: facts.name, _name, _alike_name),
)
_ACCOUNT, _VAT_NUMBER, _NAME = range(len(STEPS))


def _compared(facts: Facts, candidate: Candidate) -> tuple[str, ...]:
    """One sentence for each step that had something to compare."""
    return tuple(
        f"{step.rule}: {step.label} {step.read(facts)}, in the register "
        f"{step.registered(candidate.supplier) or 'none'}: {_in_words(alike)}"
        for step, alike in zip(STEPS, candidate.alike, strict=True)
        if step.read(facts)
    )


def _in_words(alike: float) -> str:
    if alike == 1:
        return "the same"
    return f"{alike:.0%} alike" if alike else "not the same"


def _not_found(facts: Facts) -> SupplierMatch:
    """A supplier to be added, with the real values read (E3, D8); nothing can be added without a name."""
    tried = tuple(f"{step.rule}: {step.label} {step.read(facts)} is not in the register" for step in STEPS if step.read(facts))
    if not facts.name:
        reasons = tried or ("E2: nothing on the document tells who sent it",)
        return SupplierMatch(MatchOutcome.UNKNOWN, reasons=reasons, doubts=facts.doubts)
    iban = facts.account_number if facts.account and facts.account.scheme == "IBAN" else ""
    country = normalise.country_of(facts.vat_number) or normalise.country_of(iban)
    accounts = (facts.account,) if facts.account else ()
    return SupplierMatch(
        MatchOutcome.NEW, Supplier(0, facts.name, facts.vat_number, country, accounts), reasons=tried, doubts=facts.doubts
    )


def _names(candidates: tuple[Candidate, ...], step: int) -> str:
    return ", ".join(candidate.supplier.name for candidate in candidates if candidate.alike[step])


def _account_has_two_owners(seen: Comparison) -> str:
    owners = _names(seen.others, _ACCOUNT)
    return f"the account {seen.facts.account_number} is on {seen.best.supplier.name} and on {owners}" if owners else ""


def _vat_number_says_another(seen: Comparison) -> str:
    named = "" if seen.best.alike[_VAT_NUMBER] else _names(seen.others, _VAT_NUMBER)
    return f"it fits {seen.best.supplier.name}, but the VAT number {seen.facts.vat_number} is that of {named}" if named else ""


def _name_says_another(seen: Comparison) -> str:
    alike = seen.best.alike
    named = "" if alike[_NAME] or (alike[_ACCOUNT] and alike[_VAT_NUMBER]) else _names(seen.others, _NAME)
    return f"it fits {seen.best.supplier.name}, but the name {seen.facts.name} is that of {named}" if named else ""


def _only_the_name_fits(seen: Comparison) -> str:
    read, known = seen.facts.vat_number, seen.best.supplier.vat_number
    if seen.best.alike[_ACCOUNT] or seen.best.alike[_VAT_NUMBER] or not (read and known):
        return ""
    return f"the name is that of {seen.best.supplier.name}, whose VAT number is {known}, not {read}"


def _several_fit_alike(seen: Comparison) -> str:
    if seen.best.alike[_ACCOUNT]:
        return ""
    equals = ", ".join(other.supplier.name for other in seen.others if other.alike == seen.best.alike)
    return f"{seen.best.supplier.name} fits no better than {equals}" if equals else ""


# What may speak against the best candidate (C7): each gives its sentence, or nothing.
CHECKS: tuple[Callable[[Comparison], str], ...] = (
    _account_has_two_owners,
    _vat_number_says_another,
    _name_says_another,
    _only_the_name_fits,
    _several_fit_alike,
)
