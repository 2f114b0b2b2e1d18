"""All that a composed PDF is made from: the document, its pages, and the overview of its mail where it carries that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanstraat.delivery.attaching import Annex
from scanstraat.delivery.pdf import SourcePages
from scanstraat.errors import Unavailable
from scanstraat.model.administration import Administration
from scanstraat.model.delivery import Overview
from scanstraat.model.document import StoredDocument
from scanstraat.model.field import Readings
from scanstraat.model.mail import StoredMail
from scanstraat.pipeline.composing import ComposedPdf, compose
from scanstraat.pipeline.datesent import date_sent, origin_of
from scanstraat.pipeline.overview import overview_of
from scanstraat.pipeline.pages import annexes_of, sources_of
from scanstraat.pipeline.stage import Tools
from scanstraat.records import documents, mails, offices


@dataclass(frozen=True, slots=True)
class Papers:
    """A document about to become a PDF; `sent_at` is when it was sent first, where its mail forwards it (A5).

    `drop_number` counts its drops, where its consumer refused earlier ones (F8).
    """

    stored: StoredDocument
    mail: StoredMail
    administration: Administration
    sources: tuple[SourcePages, ...]
    annexes: tuple[Annex, ...]
    overview: Overview | None
    sent_at: datetime
    drop_number: int = 1

    @property
    def completed(self) -> Readings:
        """The readings after the fallback rules; none where the document was never decided."""
        return self.stored.completed or Readings()


def composed_from(papers: Papers, title: str, tools: Tools) -> ComposedPdf:
    """The PDF of these papers, made in a bounded child."""
    return tools.child.call(compose, tools.limits, papers.sources, papers.annexes, papers.overview, title)


def papers_of(stored: StoredDocument, tools: Tools) -> Papers:
    """Gather them."""
    mail, parts = mails.get(stored.mail), mails.parts(stored.mail)
    sources = sources_of(mail, parts, stored.document.pages, tools, stored.document.turns)
    annexes = annexes_of(mail, parts, stored.document.annexes, tools)
    overview = overview_of(mail, parts) if stored.carries_overview else None
    sent_at = date_sent(mail, origin_of(stored.document, parts))
    administration, number = offices.administration(stored.administration), documents.drop_number(stored.id)
    return Papers(stored, mail, administration, sources, annexes, overview, sent_at, number)


def refuse_changed(papers: Papers) -> None:
    """Within the transaction that records the PDF: raise `Unavailable` where the overview page went to another meanwhile (F3).

    That happens where a person decides about another document of the mail; the PDF is then made again.
    """
    if documents.carries_overview(papers.stored.id) != papers.stored.carries_overview:
        raise Unavailable("changed-meanwhile", "the overview page went to another document while this one was composed.")
