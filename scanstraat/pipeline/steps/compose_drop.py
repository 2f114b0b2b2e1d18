"""Stage `compose`: a decided invoice becomes PDF and XML in staging (F1, F2, F3, F5); nothing shows in the drop folder yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat import __version__
from scanstraat.delivery.dropping import staged_drop
from scanstraat.delivery.facts import PageRole, XmlFacts, document_source
from scanstraat.delivery.invoice_xml import invoice_xml
from scanstraat.delivery.names import make_stem
from scanstraat.model.delivery import Drop
from scanstraat.model.field import FieldName
from scanstraat.model.invoice import Invoice
from scanstraat.model.state import DocumentState
from scanstraat.model.supplier import MatchOutcome
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.composing import ComposedPdf
from scanstraat.pipeline.papers import Papers, composed_from, papers_of, refuse_changed
from scanstraat.pipeline.stage import Stage, Tools
from scanstraat.records import documents
from scanstraat.records.blobs import sha256_of

_TRUE = "true"


@dataclass(frozen=True, slots=True)
class Composed:
    """A drop, and what its files are called in staging under this claim's token."""

    drop: Drop
    pdf_sha256: str
    xml_sha256: str


def load(subject: UUID, tools: Tools) -> Papers:
    """The document, its pages, and the overview where it carries one."""
    return papers_of(documents.get(subject), tools)


def work(taken: Papers, tools: Tools) -> Composed:
    """PDF first, since the XML names its sha256 and the role of each of its pages."""
    invoice = _invoice(taken)
    pdf = composed_from(taken, f"{invoice.supplier_name} {invoice.number}", tools)
    facts = _facts(taken, pdf)
    xml = invoice_xml(invoice, facts)
    return Composed(Drop(facts.stem, pdf.content, xml), facts.pdf_sha256, sha256_of(xml))


def file(taken: Papers, given: Composed, claim: Claim, tools: Tools) -> None:
    """Keep both for the desk and for asking again (F8), and stage them."""
    tools.blobs.put(taken.administration.id, given.drop.pdf)
    tools.blobs.put(taken.administration.id, given.drop.xml)
    tools.outbox.stage(taken.administration.drop, given.drop, token_of(claim))


def keep(taken: Papers, given: Composed, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record the names of the staged files; publishing comes next."""
    refuse_changed(taken)
    staged = staged_drop(taken.administration.drop, given.drop.stem, token_of(claim))
    documents.keep_staged(taken.stored.id, staged, given.pdf_sha256, given.xml_sha256, now)
    return (NewTask("publish", taken.stored.id),)


def token_of(claim: Claim) -> str:
    """What marks this claim's files in staging, so that a late worker never touches those of another."""
    return f"{claim.task.subject.hex}-{claim.token}"


def _invoice(taken: Papers) -> Invoice:
    completed = taken.completed
    return Invoice(completed, completed.value(FieldName.IS_CREDIT_NOTE) == _TRUE)


def _facts(taken: Papers, pdf: ComposedPdf) -> XmlFacts:
    own_pages = len(taken.stored.document.pages)
    match = taken.stored.match
    return XmlFacts(
        stem=make_stem(taken.mail.envelope.received_at.date(), str(taken.stored.id), taken.drop_number),
        engine_version=__version__,
        pages=(PageRole.INVOICE,) * own_pages + (PageRole.MAIL_OVERVIEW,) * (pdf.pages - own_pages),
        pdf_sha256=sha256_of(pdf.content),
        source=document_source(tuple(page for source in taken.sources for page in source.pages)),
        administration_name=taken.administration.name,
        administration_vat=next(iter(taken.administration.own.vat_numbers), ""),
        document_id=str(taken.stored.id),
        match=match.outcome if match else None,
        supplier_is_new=match is not None and match.outcome is MatchOutcome.NEW,
        new_account=match is not None and match.new_account is not None,
    )


STAGE = Stage("compose", DocumentState.DECIDED, DocumentState.STAGED, load, work, file, keep)
