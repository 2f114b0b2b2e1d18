"""Nothing is lost and nothing is in two places, and the proof of it fails wherever that is not so (A9, B3, F8)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given

from scanstraat.bounded import Child, Limits
from scanstraat.codec import from_json, to_json
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.conservation import CHECKS, Balance, Counts
from scanstraat.model.ends import CountedPart, End, ToldDocument, ends_of
from scanstraat.model.field import Readings
from scanstraat.model.mail import PartRole, StoredPart
from scanstraat.model.recorded import MailFacts
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.verdict import Action
from scanstraat.pipeline.conserving import PRELOAD, Audited, Auditor
from scanstraat.pipeline.overview import carrier
from scanstraat.pipeline.routing import decide
from scanstraat.pipeline.splitting import SplitPart, split
from scanstraat.records import conservation, mails, models
from scanstraat.records.search import MailFilter
from tests.desk.mailroom import invoice_pdf
from tests.pipeline.kept_mail import RECEIVED, REVIEW, Kept, blobs, keep
from tests.pipeline.test_splitting import PARTS

Break = Callable[[Kept], object]
LIMITS = Limits(1_000_000_000, 20.0)


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    warm = Child(PRELOAD)
    yield warm
    warm.close()


def _audited(owner: Administration, child: Child, wanted: MailFilter | None = None) -> tuple[Audited, ...]:
    return tuple(Auditor(blobs(), child, LIMITS).audited(conservation.mails_of(wanted or MailFilter(owner.drop))))


@pytest.mark.rule("A9", "B3", "F8")
def test_a_mail_as_the_line_leaves_it_balances(administration: Administration, child: Child) -> None:
    keep(administration)
    (audited,) = _audited(administration, child)
    assert audited.violations == ()
    balance = audited.balance
    assert balance.is_even
    assert (balance.mails, balance.taken) == (1, Counts(4, 2, 2))
    assert balance.at(End.DELIVERED) == Counts(1, 2, 1)
    assert balance.at(End.IN_REVIEW) == Counts(1, 0, 1)
    assert balance.at(End.KEPT) == Counts(2, 0, 0)


def _document(kept: Kept, **columns: object) -> None:
    models.Document.objects.filter(id=kept.invoice).update(**columns)


def _delivery(kept: Kept, **columns: object) -> None:
    models.Delivery.objects.filter(document_id=kept.invoice).update(**columns)


def _refused(kept: Kept, state: str, **columns: object) -> None:
    """Its consumer refused the drop, and it is in this state since."""
    _delivery(kept, **({"refused_at": RECEIVED, "refusal": "the number is wrong"} | columns))
    _document(kept, state=state, pdf_sha256="", xml_sha256="", verdict=to_json(REVIEW).decode())


def _value(kept: Kept, old: str, new: str) -> None:
    row = models.Document.objects.get(id=kept.invoice)
    assert old in row.value
    _document(kept, value=row.value.replace(old, new))


def _renumber(kept: Kept) -> None:
    row = models.Document.objects.get(id=kept.locked)
    models.Document.objects.filter(id=kept.locked).update(value=row.value.replace('"ordinal":1', '"ordinal":7'))


def _part(kept: Kept, index: int, **columns: object) -> None:
    models.Part.objects.filter(mail_id=kept.mail, index=index).update(**columns)


def _pages(kept: Kept, *numbers: int) -> None:
    row = models.Part.objects.get(mail_id=kept.mail, index=1)
    page = from_json(zlib.decompress(bytes(row.pages)), tuple[dict[str, object], ...])[0]
    _part(kept, 1, pages=zlib.compress(to_json(tuple({**page, "number": number} for number in numbers))))


def _lose(kept: Kept, sha256: str) -> None:
    blobs().path(kept.administration, sha256).unlink()


def _damage(kept: Kept, sha256: str) -> None:
    path = blobs().path(kept.administration, sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])


def _recompose(kept: Kept, pages: int) -> None:
    sha256 = blobs().put(kept.administration, invoice_pdf(pages))
    xml = blobs().put(kept.administration, sha256.encode())
    _document(kept, pdf_sha256=sha256, xml_sha256=xml)


BREAKS: tuple[tuple[str, Break, str], ...] = (
    ("received", lambda k: models.MailEvent.objects.filter(mail_id=k.mail, event="received").delete(), "was received"),
    ("contents", lambda k: _lose(k, k.raw), "the mail (blob"),
    ("contents", lambda k: _damage(k, k.raw), "blob-changed"),
    ("contents", lambda k: _lose(k, k.body), "part 1 (blob"),
    ("contents", lambda k: _damage(k, k.pdf), "the PDF of part 2 (blob"),
    ("contents", lambda k: _lose(k, k.composed), "the composed PDF of document 1"),
    ("contents", lambda k: _lose(k, k.xml), "the XML of document 1"),
    ("parts", lambda k: models.Part.objects.filter(mail_id=k.mail, index=3).delete(), "tells of 4 parts, there are 3"),
    ("parts", lambda k: models.Part.objects.filter(mail_id=k.mail, index=2).delete(), "the numbers of its parts have gaps"),
    ("parts", lambda k: models.MailEvent.objects.filter(mail_id=k.mail, event="opened").delete(), "tells of no number of parts"),
    ("pages", lambda k: _part(k, 1, pages=b""), "tells of 2 pages, there are 0"),
    ("pages", lambda k: _pages(k, 1), "part 2 has 2 pages, 1 of them were read"),
    ("pages", lambda k: _pages(k, 1, 3), "the numbers of the pages of part 2 have gaps"),
    ("documents", lambda k: models.Document.objects.filter(id=k.locked).delete(), "tells of 2 documents, there are 1"),
    ("documents", lambda k: _renumber(k), "the numbers of its documents have gaps"),
    ("one-end", lambda k: models.Document.objects.filter(id=k.locked).delete(), "part 4: no document holds it"),
    ("one-end", lambda k: _value(k, '{"part":1,"page":2}', '{"part":1,"page":1}'), "page 2 of part 2 is in no document"),
    ("one-end", lambda k: _value(k, '{"part":1,"page":2}', '{"part":1,"page":1}'), "page 1 of part 2 is in 2 documents"),
    ("one-end", lambda k: _value(k, '"annexes":[]', '"annexes":[3]'), "part 4 has no pages, and is in 2 documents"),
    ("reasons", lambda k: models.Document.objects.filter(id=k.locked).update(verdict=""), "document 2 is in-review without"),
    ("own-pages", lambda k: _value(k, '{"part":1,"page":2}', '{"part":9,"page":2}'), "document 1 holds 1 pages or parts"),
    ("goes-on", lambda k: _document(k, state="staged"), "document 1 is staged, but nobody"),
    ("goes-on", lambda k: models.Mail.objects.filter(id=k.mail).update(state="read"), "it is read, but nobody"),
    ("goes-on", lambda k: models.Mail.objects.filter(id=k.mail).update(state="sorted"), "it is sorted, but nobody"),
    ("delivered-once", lambda k: models.Delivery.objects.filter(document_id=k.invoice).delete(), "no delivery of it is recorded"),
    ("delivered-once", lambda k: _delivery(k, staged_xml=""), "lacks a name"),
    ("delivered-once", lambda k: _delivery(k, delivered_at=None), "does not say when"),
    ("delivered-once", lambda k: _document(k, state="archived"), "in the drop folder and archived at once"),
    ("delivered-once", lambda k: _document(k, category="Reminders / Reminders"), "delivered and filed in the archive at once"),
    ("delivered-once", lambda k: _delivery(k, refused_at=RECEIVED), "which is delivered, was refused without another after it"),
    ("delivered-once", lambda k: _refused(k, "staged"), "which is staged, was refused without another after it"),
    ("delivered-once", lambda k: _refused(k, "in-review", delivered_at=None), "was refused without another after it"),
    ("composed", lambda k: _document(k, xml_sha256=""), "its PDF or XML was not kept"),
    ("composed", lambda k: _document(k, state="archived", pdf_sha256=""), "archived, but its PDF was not kept"),
    ("composed", lambda k: _recompose(k, 1), "has 1 pages, the document has 2"),
    ("composed", lambda k: _recompose(k, 2), "its PDF has no page for that"),
    ("composed", lambda k: _document(k, carries_overview=False), "has 3 pages, the document has 2"),
    ("composed", lambda k: _document(k, xml_sha256=k.body), "does not name the PDF"),
    ("composed", lambda k: models.Document.objects.filter(id=k.locked).update(carries_overview=True), "several of its documents"),
    ("rows", lambda k: _document(k, value="{"), "cannot be read"),
    ("rows", lambda k: _part(k, 1, pages=b"not zlib"), "cannot be read"),
)


@pytest.mark.rule("A9", "B3", "F8")
@pytest.mark.parametrize(("check", "breaks", "says"), BREAKS, ids=[f"{check}-{says[:30]}" for check, _, says in BREAKS])
def test_whatever_breaks_is_named(administration: Administration, child: Child, check: str, breaks: Break, says: str) -> None:
    whole = keep(administration, subject="whole")
    broken = keep(administration, RECEIVED + timedelta(hours=1), "broken")
    blobs().put(administration.id, b"logo")  # shared by both mails, as contents are
    breaks(broken)
    audited = _audited(administration, child)
    wrong = [violation for each in audited for violation in each.violations]
    assert {violation.mail for violation in wrong} <= ({broken.mail} if check != "contents" else {broken.mail, whole.mail})
    assert any(violation.check == check and says in violation.text for violation in wrong), wrong


@pytest.mark.rule("F8")
@pytest.mark.parametrize("state", ["in-review", "archived", "discarded", "rejected"])
def test_what_its_consumer_refused_may_be_somewhere_else(administration: Administration, child: Child, state: str) -> None:
    kept = keep(administration)
    _refused(kept, state)
    if state == "archived":
        _document(kept, pdf_sha256=kept.composed)
    else:
        _document(kept, carries_overview=False)
    (audited,) = _audited(administration, child)
    assert audited.violations == ()
    assert audited.balance.is_even


@pytest.mark.rule("B4", "A9")
def test_what_a_person_cut_anew_is_counted_by_the_last_line_of_the_log(administration: Administration, child: Child) -> None:
    kept = keep(administration)
    mails.log(kept.mail, RECEIVED, "sorted", "invoice, unreadable, invoice")
    (audited,) = _audited(administration, child)
    assert [violation.check for violation in audited.violations] == ["documents"]
    mails.log(kept.mail, RECEIVED, "sorted", "invoice, unreadable")
    (audited,) = _audited(administration, child)
    assert audited.violations == ()


def test_every_check_has_been_seen_to_fail() -> None:
    assert {check.name for check in CHECKS} == {check for check, _, _ in BREAKS} - {"rows"}


@pytest.mark.rule("A9")
def test_what_belongs_to_no_mail_is_named(administration: Administration) -> None:
    kept = keep(administration)
    assert tuple(conservation.orphans()) == ()
    with connection.constraint_checks_disabled():
        models.MailEvent.objects.filter(mail_id=kept.mail, event="received").update(mail_id=kept.invoice)
        (orphan,) = conservation.orphans()
        models.MailEvent.objects.filter(mail_id=kept.invoice).update(mail_id=kept.mail)
    assert (orphan.mail, orphan.check) == (None, "orphans")
    assert "records_mailevent" in orphan.text


@pytest.mark.rule("A9")
def test_a_period_is_looked_through_in_the_order_of_receipt_a_few_at_a_time(
    administration: Administration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conservation, "AT_ONCE", 3)
    made = [keep(administration, RECEIVED + timedelta(minutes=n % 4), f"no. {n}").mail for n in range(10)]
    facts = [mail for mail in conservation.mails_of(MailFilter(administration.drop)) if isinstance(mail, MailFacts)]
    assert sorted(mail.id for mail in facts) == sorted(made)
    assert [mail.received_at for mail in facts] == sorted(mail.received_at for mail in facts)
    some = MailFilter(administration.drop, RECEIVED + timedelta(minutes=1), RECEIVED + timedelta(minutes=3))
    assert len(tuple(conservation.mails_of(some))) == 5


@pytest.mark.rule("A8", "A9")
def test_a_mail_that_came_twice_is_counted_twice_and_is_there_once(administration: Administration, child: Child) -> None:
    kept = keep(administration)
    mails.log(kept.mail, RECEIVED, "received", "again, from 192.0.2.7: the same mail, processed once (A8)")
    (audited,) = _audited(administration, child)
    assert (audited.balance.mails, audited.balance.times_received, audited.violations) == (1, 2, ())


def test_balances_add_up() -> None:
    balance = Balance(1, 1, Counts(3, 2, 1), (Counts(), *(Counts(),) * 6, Counts(3, 2, 1)))
    assert balance.is_even
    assert (balance + balance).taken == Counts(6, 4, 2)
    assert not Balance(1, 1, Counts(3, 2, 1)).is_even
    assert not Balance(1, 1, Counts(1, 0, 0), (Counts(1, 0, 0), *(Counts(),) * 7)).is_even


def _without_annex_pages(part: SplitPart) -> SplitPart:
    return replace(part, pages=(), classes=()) if part.role is PartRole.ANNEX else part


def _stored(part: SplitPart) -> CountedPart:
    stored = StoredPart(part.index, part.name, "", part.role, "")
    return CountedPart(stored, tuple(page.number for page in part.pages))


@pytest.mark.rule("A9", "B3", "B4", "B5")
@given(PARTS.map(lambda drawn: tuple(map(_without_annex_pages, drawn))))
def test_any_documents_cut_of_any_parts_conserve_parts_and_pages(parts: tuple[SplitPart, ...]) -> None:
    counted = tuple(map(_stored, parts))
    told = tuple(ToldDocument(document, DocumentState.ARCHIVED, "because") for document in split(parts))
    ends = ends_of(MailState.DISPATCHED, "", counted, told)
    assert len(ends) == len(parts)
    assert all(end.reason for end in ends)
    for end, part in zip(ends, parts, strict=True):
        assert end.end is (End.ARCHIVED if end.documents else End.KEPT)
        assert end.documents or part.role in (PartRole.BODY, PartRole.DECORATION, PartRole.CONTAINER)
        assert all(len(page.documents) == 1 for page in end.pages) or not end.documents
        assert len(end.pages) == len(part.pages)


@pytest.mark.rule("B6", "A9")
@pytest.mark.parametrize("role", [PartRole.DECORATION, PartRole.CONTAINER, PartRole.BODY])
def test_a_mail_of_nothing_but_decoration_has_one_document_without_pages_and_keeps_its_parts(role: PartRole) -> None:
    (document,) = split((SplitPart(0, "logo.png", role),))
    told = (ToldDocument(document, DocumentState.ARCHIVED, "it is not an invoice"),)
    (end,) = ends_of(MailState.DISPATCHED, "", (CountedPart(StoredPart(0, "logo.png", "image/png", role, "")),), told)
    assert (document.pages, document.part, end.end) == ((), None, End.KEPT)
    demo = Administration(1, "Demo", OwnIdentity(), "demo")
    verdict = decide(document, Readings(), None, demo, "", "")  # archived, as one page: the overview of its mail
    assert (verdict.action, carrier((verdict.action,))) == (Action.ARCHIVE, 0)
