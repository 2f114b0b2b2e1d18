"""An operator clears a queue of twenty documents without a mouse: each wants another act, and each ends where it should."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import override_settings

from scanstraat.codec import from_json
from scanstraat.model.administration import Administration
from scanstraat.model.document import Document, Kind
from scanstraat.model.field import FieldName
from scanstraat.model.people import Post, Role
from scanstraat.model.supplier import Account, Supplier
from scanstraat.model.verdict import Reason
from scanstraat.records import documents, models, people, suppliers
from scanstraat.supplier_registry import normalise
from tests.desk.chromium import launched, opened, served
from tests.desk.conftest import PASSWORD, office_of
from tests.desk.review import papers
from tests.desk.review.operator import Operator, line_at_work
from tests.desk.review.papers import SUPPLIERS, Invoice, dutch, iban_of, vat_number_of
from tests.pipeline.review import at_the_desk

UNDO_SECONDS = 3.0
REST_SECONDS = 60


@dataclass
class Twenty:
    """The documents of the queue in its order, by what each wants."""

    owner: Administration
    by: dict[str, UUID] = field(default_factory=dict)

    def lay(self, name: str, *files: tuple[Invoice, ...], change: papers.Change | None = None, why: Reason | None = None) -> UUID:
        found = papers.laid(self.owner, *files, due=len(self.by))
        if change or why:
            papers.decided(found[0], change or (lambda readings: readings), *((why,) if why else ()))
        self.by |= {name if not place else f"{name} {place + 1}": document for place, document in enumerate(found)}
        return found[0]

    def state(self, name: str) -> str:
        return at_the_desk.state_of(self.by[name])

    def value(self, name: str, wanted: FieldName) -> str:
        completed = documents.get(self.by[name]).completed
        return (completed.value(wanted) if completed else "") or ""


@pytest.fixture
def twenty(administration: Administration) -> Twenty:
    queue = Twenty(administration)
    lay = queue.lay
    total = papers.doubtful(FieldName.TOTAL, "net and VAT do not add up to it", value="1268.99")
    iban = papers.doubtful(FieldName.IBAN, "the check digits do not hold", value="NL91ABNA0417164301")
    lay("undone", (Invoice(0),))
    lay("confirmed", (Invoice(1),), change=papers.doubtful(FieldName.INVOICE_NUMBER, "a letter is hard to read"))
    lay("date", (Invoice(2),), change=papers.doubtful(FieldName.INVOICE_DATE, "it is far back", value="2020-03-30"))
    lay("amount", (Invoice(3),), change=total)
    lay("iban", (Invoice(4),), change=iban)
    lay("runner-up", (Invoice(5),), change=papers.other(FieldName.INVOICE_NUMBER, "2026-41O5", "2026-4105"))
    _duplicate(queue)
    _new_account(queue)
    lay("name", (Invoice(8),), change=papers.without(FieldName.SUPPLIER_NAME))
    lay("reminder", (Invoice(9),))
    lay("archived", (Invoice(10),))
    lay("rejected", (Invoice(11),))
    lay("discarded", (Invoice(12),))
    _one_of_two(queue)
    lay("merged", (Invoice(15),), (Invoice(16, net="80.00"),))
    lay("reordered", (Invoice(17, more=1),))
    lay("credit", (Invoice(18, title="CREDITNOTA"),))
    lay("handed back", (Invoice(19),))
    papers.park(lay("parked", (Invoice(20),)), "the disk was full")
    return queue


def _duplicate(queue: Twenty) -> None:
    """The same invoice came and was delivered before."""
    anna, (before,) = at_the_desk.person(), papers.laid(queue.owner, (Invoice(6),))
    at_the_desk.taken(before, anna)
    at_the_desk.accepted(before, anna)
    at_the_desk.run(models.Document.objects.get(id=before).mail_id, at_the_desk.LATER)
    assert at_the_desk.state_of(before) == "delivered"
    why = Reason("suspected-duplicate", f"it seems to be the same invoice as {before}", "E8")
    queue.lay("duplicate", (Invoice(6),), why=why)


def _new_account(queue: Twenty) -> None:
    """The register knows the supplier with another account."""
    name = SUPPLIERS[7][0]
    known = Supplier(0, name, vat_number_of(7), "NL", (Account(iban_of(21)),))
    suppliers.add(queue.owner.id, known, normalise.name(name))
    queue.lay("new account", (Invoice(7),), why=Reason("new-account", f"account {iban_of(7)} is new for {name}", "E6"))


def _one_of_two(queue: Twenty) -> None:
    """Two invoices that somebody took for one."""
    anna = at_the_desk.person()
    found = papers.laid(queue.owner, (Invoice(13), Invoice(14)), due=len(queue.by))
    at_the_desk.taken(found[0], anna)
    at_the_desk.acts.merge(found[0], anna, found[1], at_the_desk.NOW, at_the_desk.TASKS)
    at_the_desk.run(models.Document.objects.get(id=found[0]).mail_id)
    at_the_desk.holding.hand_back(found[0], anna)
    papers.decided(found[0], lambda readings: readings)
    queue.by["split"] = found[0]


@pytest.fixture
def lead(administration: Administration) -> str:
    """One who may review, and have what was laid aside tried again."""
    name = f"lead-{uuid4().hex[:8]}"
    people.create_user(name, PASSWORD, (Post(Role.LEAD, office=people.office(office_of(administration))),), date(2026, 1, 1))
    return name


@pytest.fixture
def quick() -> Iterator[None]:
    """Little time to undo, so that the line goes on soon."""
    with override_settings(SCANSTRAAT=replace(settings.SCANSTRAAT, undo_seconds=UNDO_SECONDS)):
        yield


def _undone(at: Operator, queue: Twenty) -> None:
    """Accepted as it stands, undone, and accepted again."""
    document = queue.by["undone"]
    at.takes_a_picture("unchanged")
    at.leaves(document, "Enter")
    at.is_told("goes to the workflow")
    at.press("Alt+u")
    at.sees(document)
    at.is_told("Undone")
    at.takes_a_picture("undone")
    at.leaves(document, "Control+Enter")


def _confirmed(at: Operator, queue: Twenty) -> None:
    at.stands_in("value-invoice_number")
    assert at.marked("invoice_number") == "Doubtful"
    at.takes_a_picture("doubtful")
    at.leaves(queue.by["confirmed"], "Enter")


def _date(at: Operator, queue: Twenty) -> None:
    at.stands_in("value-invoice_date")
    at.type("31-3-26")
    at.page.locator("#check-invoice_date").get_by_text("Tue 31 March 2026").wait_for()
    at.takes_a_picture("date")
    at.leaves(queue.by["date"], "Enter")


def _amount(at: Operator, queue: Twenty) -> None:
    _typed_twice(at, "total", dutch(Invoice(3).total))
    at.leaves(queue.by["amount"], "Enter")


def _iban(at: Operator, queue: Twenty) -> None:
    number = iban_of(4)
    _typed_twice(at, "iban", " ".join(number[place : place + 4] for place in range(0, 18, 4)).lower())
    at.leaves(queue.by["iban"], "Enter")


def _typed_twice(at: Operator, name: str, text: str) -> None:
    at.stands_in(f"value-{name}")
    at.type(text)
    at.page.locator(f"#again-{name}").wait_for()
    at.press("Enter")
    at.stands_in(f"again-{name}")
    at.takes_a_picture(f"twice-{name}")
    at.type(text)


def _runner_up(at: Operator, queue: Twenty) -> None:
    at.stands_in("value-invoice_number")
    at.press("Alt+1")
    assert at.page.locator("#value-invoice_number").input_value() == "2026-4105"
    at.leaves(queue.by["runner-up"], "Enter")


def _answered(name: str, code: str) -> Callable[[Operator, Twenty], None]:
    def step(at: Operator, queue: Twenty) -> None:
        at.stands_in(f"answer-{code}")
        at.press("Enter")  # in passing nothing is answered
        assert at.document == queue.by[name]
        at.takes_a_picture(name.replace(" ", "-"))
        at.press("Space")
        at.leaves(queue.by[name], "Enter")

    return step


def _name(at: Operator, queue: Twenty) -> None:
    at.stands_in("value-supplier_name")
    assert at.marked("supplier_name") == "Missing"
    at.type(SUPPLIERS[8][0])
    at.takes_a_picture("missing")
    at.press("Enter")
    at.leaves(queue.by["name"], "Control+Enter")


def _reminder(at: Operator, queue: Twenty) -> None:
    at.press("Alt+k")
    at.stands_in("kind")
    at.type("Rem")
    at.page.get_by_text("Goes to the archive.").wait_for()
    at.leaves(queue.by["reminder"], "Control+Enter")
    at.is_told("goes to the archive")


def _archived(at: Operator, queue: Twenty) -> None:
    at.press("Alt+a")
    at.stands_in("archive-kind")
    at.takes_a_picture("archive")
    at.leaves(queue.by["archived"], "Enter")


def _rejected(at: Operator, queue: Twenty) -> None:
    at.press("Alt+r", "Enter")  # not without a reason
    at.stands_in("reject-why")
    at.type("It is not for this administration.")
    at.takes_a_picture("reject")
    at.leaves(queue.by["rejected"], "Enter")


def _discarded(at: Operator, queue: Twenty) -> None:
    at.press("Alt+x")
    at.leaves(queue.by["discarded"], "Enter")


def _split(at: Operator, queue: Twenty) -> None:
    """Page two begins a document of its own; both are read anew and accepted."""
    document = queue.by["split"]
    at.press("PageDown")
    at.page.wait_for_function("() => Array.from(document.images).every((picture) => picture.complete && picture.naturalWidth)")
    at.press("Alt+s")
    at.takes_a_picture("split")
    at.press("Enter")
    at.page.wait_for_selector("#work.done")
    at.takes_a_picture("waiting")
    at.sees(document)
    at.leaves(document, "Control+Enter")
    queue.by["split off"] = at.document
    at.leaves(at.document, "Control+Enter")


def _merged(at: Operator, queue: Twenty) -> None:
    document = queue.by["merged"]
    at.press("Alt+m")
    at.takes_a_picture("merge")
    at.press("Enter")
    at.page.wait_for_selector("#work.done")
    at.sees(document)
    at.leaves(document, "Control+Enter")


def _reordered(at: Operator, queue: Twenty) -> None:
    document = queue.by["reordered"]
    at.press("Alt+ArrowDown")
    at.takes_a_picture("order")
    at.press("Enter")
    at.page.wait_for_selector("#work.done")
    at.sees(document)
    at.leaves(document, "Control+Enter")


def _credit(at: Operator, queue: Twenty) -> None:
    """Turned for good, and a credit note."""
    at.press("Alt+t")
    at.is_told("turned")
    at.takes_a_picture("turned")
    at.press("Alt+k")
    at.type("Credit")
    at.page.wait_for_function("() => document.querySelector('#value-is_credit_note').value === 'true'")
    at.leaves(queue.by["credit"], "Control+Enter")


def _handed_back(at: Operator, queue: Twenty) -> None:
    """With a note for the next, who is the same: taken up again."""
    document = queue.by["handed back"]
    at.press("Alt+n")
    at.type("Ask the supplier.")
    at.press("Enter")
    at.page.get_by_text("Ask the supplier.").wait_for()
    at.takes_a_picture("note")
    at.leaves(document, "Alt+h")
    at.page.wait_for_selector("#work.done")
    at.takes_a_picture("done")


STEPS: dict[str, Callable[[Operator, Twenty], None]] = {
    "undone": _undone,
    "confirmed": _confirmed,
    "date": _date,
    "amount": _amount,
    "iban": _iban,
    "runner-up": _runner_up,
    "duplicate": _answered("duplicate", "suspected-duplicate"),
    "new account": _answered("new account", "new-account"),
    "name": _name,
    "reminder": _reminder,
    "archived": _archived,
    "rejected": _rejected,
    "discarded": _discarded,
    "split": _split,
    "merged": _merged,
    "reordered": _reordered,
    "credit": _credit,
    "handed back": _handed_back,
}


def _cleared(at: Operator, desk: str, lead: str, queue: Twenty) -> None:
    narrowed = f"administration={queue.owner.id}"
    at.page.goto(f"{desk}/review?{narrowed}")
    at.page.get_by_label("Name").focus()
    at.type(lead)
    at.press("Tab")
    at.type(PASSWORD)
    at.press("Enter")
    at.page.get_by_role("heading", name="Review").wait_for()
    at.takes_a_picture("queue")
    at.press("n")
    for name, step in STEPS.items():
        at.sees(queue.by[name])
        step(at, queue)
    at.page.goto(f"{desk}/review/next?{narrowed}")  # what was handed back is taken up again
    at.sees(queue.by["handed back"])
    at.leaves(queue.by["handed back"], "Control+Enter")
    at.page.goto(f"{desk}/review/{queue.by['parked']}?{narrowed}")
    at.page.get_by_text("This document was laid aside.").wait_for()
    at.takes_a_picture("parked")
    at.leaves(queue.by["parked"], "Alt+l")


@pytest.mark.rule("C7", "D8", "E6", "E8", "G1", "B4", "C3")
@pytest.mark.parametrize(
    ("scheme", "width", "height"), [("light", 1920, 1200), ("dark", 1366, 768)], ids=["light-large", "dark-laptop"]
)
def test_a_queue_of_twenty_is_cleared_by_keyboard_alone(
    twenty: Twenty, lead: str, quick: None, scheme: str, width: int, height: int
) -> None:
    assert models.Document.objects.filter(administration_id=twenty.owner.id, queued_at__isnull=False).count() == 20
    with line_at_work(twenty.owner):
        with served() as desk, launched() as browser:
            seen = opened(browser, scheme, width, height)
            at = Operator(seen.page, f"{scheme}-{width}")
            _cleared(at, desk, lead, twenty)
            seen.page.context.close()
        _come_to_rest(twenty)
    assert set(seen.hosts) == {"127.0.0.1"}
    assert seen.complaints == []
    _ended_well(twenty)
    print(
        f"\nEnter to next document: median {statistics.median(at.waits):.0f} ms, most {max(at.waits):.0f} ms of {len(at.waits)}"
    )


def _come_to_rest(queue: Twenty) -> None:
    until = time.monotonic() + REST_SECONDS
    moving = models.Document.objects.filter(
        administration_id=queue.owner.id, state__in=["sorted", "recognised", "decided", "staged"]
    )
    while moving.exists() and time.monotonic() < until:
        time.sleep(0.1)


def _ended_well(queue: Twenty) -> None:
    elsewhere = {"reminder": "archived", "archived": "archived", "rejected": "rejected", "discarded": "discarded"}
    gone = {"merged 2"}
    states = {name: queue.state(name) for name in queue.by if name not in gone}
    assert states == {name: elsewhere.get(name, "delivered") for name in states}
    assert not models.Document.objects.filter(id=queue.by["merged 2"]).exists()
    assert queue.value("date", FieldName.INVOICE_DATE) == "2026-03-31"
    assert queue.value("amount", FieldName.TOTAL) == f"{Invoice(3).total}"
    assert queue.value("iban", FieldName.IBAN) == iban_of(4)
    assert queue.value("runner-up", FieldName.INVOICE_NUMBER) == "2026-4105"
    assert queue.value("name", FieldName.SUPPLIER_NAME) == SUPPLIERS[8][0]
    assert queue.value("split off", FieldName.INVOICE_NUMBER) == Invoice(14).printed_number
    assert [ref.page for ref in _document(queue, "reordered").pages] == [2, 1]
    assert len(_document(queue, "merged").pages) == 2
    assert (_document(queue, "credit").kind, _document(queue, "credit").turns) == (Kind.CREDIT_NOTE, (90,))
    assert models.Note.objects.get(document=queue.by["handed back"]).text == "Ask the supplier."
    assert at_the_desk.violations(queue.owner) == []
    assert at_the_desk.is_balanced(queue.owner)


def _document(queue: Twenty, name: str) -> Document:
    return from_json(models.Document.objects.get(id=queue.by[name]).value, Document)
