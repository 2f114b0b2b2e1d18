"""Every rule of the service by number: what it says, which code carries it, and (from the tests' marks) what proves it.

`docs/rules.md` and the command `scanstraat rules` are made from this table. A rule that nothing carries is not built yet.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = "scanstraat."


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its number, a few words of it, the objects that carry it ("module:object" within the package), and what lacks."""

    number: str
    quote: str
    carried_by: tuple[str, ...] = ()
    lacks: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The full names of what carries it."""
        return tuple(_PACKAGE + name for name in self.carried_by)


_FALLBACKS = ("pipeline.fallbacks:FALLBACKS",)
_MATCH = ("supplier_registry.matching:match",)

RULES = (
    Rule("A1", "mail belongs to the administration of the address it came to", ("pipeline.intake:StoredIntake",)),
    Rule("A2", "one mail, two of our recipients: processed for each, apart", ("pipeline.intake:StoredIntake",)),
    Rule(
        "A3",
        "a mail over 30 MB is not processed",
        (
            "mailbox.reception:Reception",
            "mailbox.commands:sender_refusal",
            "mailbox.imap.taking:Taker",
            "pipeline.telling:tell_too_large",
        ),
    ),
    Rule("A4", "an unknown recipient is refused with 550 5.1.1", ("mailbox.session:Session", "mailbox.guard:Guard")),
    Rule(
        "A5",
        "customers forward mails they got themselves",
        ("mailbox.walking:Walk", "mailbox.containers.openers:OPENERS", "mailbox.forwarded:with_origins"),
    ),
    Rule(
        "A6",
        "SMTP, LMTP, IMAP, watched folder, upload",
        (
            "mailbox.server:Listeners",
            "pipeline.collecting:mailbox_looking",
            "pipeline.watching:FolderWatch",
            "desk.views.upload:upload",
            "desk.api.mails:send_mail",
        ),
    ),
    Rule(
        "A7",
        "acknowledged only once it is stored durably",
        ("mailbox.storing:Storing", "mailbox.imap.taking:Taker", "pipeline.intake:StoredIntake"),
    ),
    Rule("A8", "the same mail twice is processed once and logged twice", ("pipeline.intake:StoredIntake",)),
    Rule(
        "A9",
        "every mail is findable in a log, with what became of it",
        (
            "records.mails:log",
            "mailbox.turning_away:TurnedAway",
            "records.refusals:keep",
            "model.ends:ends_of",
            "records.ends:mail_story",
            "model.conservation:CHECKS",
            "desk.views.mails:log",
        ),
    ),
    Rule("A10", "mail is still processed for 14 days after a contract ends", ("records.offices:in_contract",)),
    Rule(
        "B1",
        "PDF is the normal form; pictures, Word and text are converted",
        (
            "mailbox.opening:Opener",
            "mailbox.containers.openers:OPENERS",
            "mailbox.pictures:picture_pdf",
            "mailbox.webpage:web_pdf",
        ),
    ),
    Rule("B2", "a file's type is told from its content", ("mailbox.filetype:told_type",)),
    Rule("B3", "all pages are kept, read and delivered", ("pipeline.splitting:split", "delivery.pdf:compose_pdf")),
    Rule(
        "B4",
        "several invoices are split, annexes stay with theirs",
        (
            "pipeline.boundaries:WEIGHTS",
            "pipeline.splitting:split",
            "pipeline.review.recutting:split",
            "pipeline.review.recutting:merge",
        ),
    ),
    Rule(
        "B5",
        "an annex follows the invoice it names, else the one before it",
        ("pipeline.splitting:FOLLOWERS", "pipeline.annexes:with_annexes"),
    ),
    Rule("B6", "logos, pixels and decoration are no documents", ("mailbox.roles:RULES", "mailbox.covers:without_covers")),
    Rule("B7", "each document is classified by itself", ("extractors.pageclass:classify", "pipeline.cutting:cut")),
    Rule(
        "B8",
        "advertising is deleted",
        ("pipeline.routing:KINDS", "pipeline.review.sending:discard", "pipeline.review.changing:bring_back"),
    ),
    Rule(
        "B9",
        "encrypted or broken files go to review, neighbours go on",
        (
            "mailbox.containers.openers:opened",
            "mailbox.pdfrepair:repaired",
            "mailbox.settling:unreadable",
            "pipeline.routing:decide",
        ),
    ),
    Rule("C1", "eight fields", ("extractors.recognition:recognise",)),
    Rule("C2", "extra fields by agreement", ("delivery.invoice_xml:invoice_xml",), "agreements, own patterns, metering"),
    Rule("C3", "credit notes are recognised as such", ("pipeline.routing:CHECKS", "delivery.invoice_xml:invoice_xml")),
    Rule("C4", "an invoice of 0.00 is processed", ("pipeline.routing:decide", "pipeline.fallbacks:complete")),
    Rule("C5", "foreign accounts as printed, with BIC", ("supplier_registry.facts:gather", "delivery.invoice_xml:invoice_xml")),
    Rule("C6", "the customer's own data never counts as the supplier's", ("extractors.recognition:recognise", *_MATCH)),
    Rule(
        "C7", "what contradicts itself is a doubt, not a guess", ("supplier_registry.matching:CHECKS", "pipeline.routing:FIELDS")
    ),
    Rule("D1", "no number: the invoice date is the number", _FALLBACKS),
    Rule("D2", "no date: the date the mail was sent", (*_FALLBACKS, "model.mail:StoredMail", "pipeline.datesent:date_sent")),
    Rule("D3", "neither number nor date: the date sent in both", _FALLBACKS),
    Rule("D4", "a payment term gives the due date", _FALLBACKS),
    Rule("D5", "neither due date nor term: due on the invoice date", _FALLBACKS),
    Rule("D6", "no account: the supplier's name in its field", _FALLBACKS),
    Rule("D7", "no VAT number: the supplier's name in its field", _FALLBACKS),
    Rule(
        "D8",
        "a fallback never overwrites, identifies or counts as duplicate",
        ("supplier_registry.facts:gather", "model.correction:applied", "pipeline.review.accepting:accept"),
    ),
    Rule("D9", "no name or amount: review; no currency: the administration's", (*_FALLBACKS, "pipeline.routing:CHECKS")),
    Rule("E1", "a supplier is identified by bank account", ("supplier_registry.matching:STEPS",)),
    Rule("E2", "then by VAT number, then by name", ("supplier_registry.matching:STEPS",)),
    Rule("E3", "an unknown supplier is added", (*_MATCH, "records.suppliers:add")),
    Rule("E4", "new supplier data goes with the invoice", ("delivery.invoice_xml:invoice_xml",)),
    Rule("E5", "the account is added, the company code replaced", ("pipeline.learning:learn",)),
    Rule(
        "E6",
        "a new account on a known supplier waits for a person",
        (*_MATCH, "pipeline.routing:CHECKS", "pipeline.routing:ANSWERABLE", "pipeline.registering:register"),
    ),
    Rule(
        "E7",
        "corrections made downstream come back and are learned",
        ("pipeline.learning:learn", "pipeline.learning:replace_supplier", "pipeline.correcting:correct"),
    ),
    Rule("E8", "the same invoice twice is held", ("pipeline.routing:CHECKS", "records.documents:same_invoice")),
    Rule("F1", "each invoice is one XML and one PDF", ("delivery.invoice_xml:invoice_xml", "delivery.pdf:compose_pdf")),
    Rule(
        "F2",
        "an overview page of the mail is part of the PDF",
        ("pipeline.overview:overview_of", "delivery.overview_page:overview_pdf"),
    ),
    Rule("F3", "the overview page goes with the last invoice", ("pipeline.overview:carrier", "pipeline.overview:carrier_among")),
    Rule("F4", "a drop appears whole or not at all; XML last", ("delivery.dropping:Outbox",)),
    Rule("F5", "PDFs have a text layer", ("delivery.text_layer:add_text_layers",)),
    Rule("F6", "size limits are met by recompression"),
    Rule("F7", "the administration gets a mail when invoices arrive"),
    Rule(
        "F8",
        "delivered exactly once",
        (
            "delivery.dropping:Outbox",
            "records.tasks:TaskTable",
            "pipeline.review.refusing:take_back",
            "pipeline.drops:acknowledge",
            "pipeline.drops:again",
        ),
    ),
    Rule(
        "G1",
        "reminders and other documents go to the archive",
        ("pipeline.routing:KINDS", "archive.filing:CATEGORIES", "pipeline.telling:tell_archived"),
    ),
    Rule("G2", "invoices in the same mail still go to the workflow", ("pipeline.routing:KINDS",)),
    Rule(
        "G3", "a reminder is an invoice if the mail says so", ("pipeline.phrases:PHRASES", "mailbox.forwardtext:without_answered")
    ),
    Rule("G4", "other material has a folder of its own", ("archive.filing:CATEGORIES", "pipeline.clock:due_at"), "an alarm"),
    Rule("G5", "archive: search, categories, rights, notices", ("archive.filing:category",), "search, rights, notices"),
    Rule("G6", "photos, video and very large material are not archived"),
    Rule("H1", "e-invoices go straight through"),
    Rule("H2", "all incoming forms become the one XML"),
    Rule("H3", "no PDF came: one is rendered from the data"),
    Rule("H4", "XML and PDF of one invoice are one document"),
    Rule("I1", "kept three months, then deleted"),
    Rule("I2", "a contract goes from active over its tail to closed"),
    Rule(
        "I3",
        "only identified persons handle documents",
        ("records.people:in_force", "records.staff:add", "records.passwords:give", "desk.signing.owed:Owed"),
    ),
    Rule(
        "I4", "every handling is in an append-only audit log", ("records.audit:append", "records.audit:check", "desk.audit:read")
    ),
    Rule(
        "I5",
        "a user sees the administrations he may see",
        ("records.people:visible_administrations", "records.authority:Authority", "records.kept:kept", "records.staff:end"),
    ),
    Rule("I6", "all companies in one view for those who may", ("records.people:visible_administrations", "records.queues:lines")),
    Rule("I7", "all traffic encrypted", ("mailbox.certificate:Certificate", "delivery.relay:Relay")),
    Rule("I8", "watched around the clock", ("desk.views.health:health", "desk.offices.signs:signs"), "metrics and alarms"),
    Rule("J1", "an append-only usage ledger"),
    Rule("J2", "counted by the month of creation"),
    Rule("J3", "a monthly statement"),
    Rule("J4", "a statement recomputed is the same, byte for byte"),
    Rule(
        "K1",
        "a new administration is opened in a few minutes",
        ("desk.offices.opening:open_administration", "desk.offices.checklist:points", "pipeline.trial:Trial"),
    ),
)


def tests_of(root: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(rule number, ids of its tests) for every rule that a test under the folder `root` is marked with, in order of rules.

    Marks on functions, classes, modules and single parameters count; ids are as pytest takes them, from the folder above `root`.
    """
    marked = tuple(found for path in sorted(root.rglob("test_*.py")) for found in _marked_in(path, root.parent))
    numbers = (rule.number for rule in RULES)
    by_rule = ((number, tuple(test for found, test in marked if found == number)) for number in numbers)
    return tuple((number, tests) for number, tests in by_rule if tests)


def _marked_in(path: Path, above: Path) -> Iterator[tuple[str, str]]:
    """(number, test id) of each mark in one file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    of_module = tuple(n for node in tree.body if _is_pytestmark(node) for n in _numbers(node))
    yield from _marked_under(tree.body, str(path.relative_to(above)), of_module)


def _marked_under(body: list[ast.stmt], prefix: str, outer: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        numbers = (*outer, *(number for decorator in node.decorator_list for number in _numbers(decorator)))
        if isinstance(node, ast.ClassDef):
            yield from _marked_under(node.body, f"{prefix}::{node.name}", numbers)
        elif node.name.startswith("test_"):
            yield from ((number, f"{prefix}::{node.name}") for number in dict.fromkeys(numbers))


def _is_pytestmark(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else ()
    return any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in targets)


def _numbers(node: ast.AST) -> tuple[str, ...]:
    """The arguments of every `pytest.mark.rule(...)` in a piece of code."""
    calls = (n for n in ast.walk(node) if isinstance(n, ast.Call) and ast.unparse(n.func) == "pytest.mark.rule")
    return tuple(str(argument.value) for call in calls for argument in call.args if isinstance(argument, ast.Constant))


def as_markdown() -> str:
    """The page `docs/rules.md`."""
    head = (
        "# Rules\n\nWhat the service promises, rule by rule, and the code that carries it (within `scanstraat`). Made from\n"
        "`scanstraat/pipeline/rules.py`; `scanstraat rules` shows the tests too.\n\n"
        "| no. | rule | carried by | not yet |\n|---|---|---|---|\n"
    )
    return head + "".join(f"| {rule.number} | {rule.quote} | {_listed(rule)} | {_lacking(rule)} |\n" for rule in RULES)


def _listed(rule: Rule) -> str:
    return "<br>".join(f"`{name}`" for name in rule.carried_by)


def _lacking(rule: Rule) -> str:
    return rule.lacks or ("" if rule.carried_by else "not built yet")


if __name__ == "__main__":
    print(as_markdown(), end="")
