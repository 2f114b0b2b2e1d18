"""All that a composed PDF is made from: the document, its pages, and the overview of its mail where it carries that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanstraat.delivery.attaching import Annex
from scanstraat.delivery.pdf import SourcePages
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
from scanstraat.records import mails, offices


@dataclass(frozen=True, slots=True)
class Papers:
    """A document about to become a PDF; `sent_at` is when it was sent first, where its mail forwards it (A5)."""

    stored: StoredDocument
    mail: StoredMail
    administration: Administration
    sources: tuple[SourcePages, ...]
    annexes: tuple[Annex, ...]
    overview: Overview | None
    sent_at: datetime

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
    sources = sources_of(mail, parts, stored.document.pages, tools)
    annexes = annexes_of(mail, parts, stored.document.annexes, tools)
    overview = overview_of(mail, parts) if stored.carries_overview else None
    sent_at = date_sent(mail, origin_of(stored.document, parts))
    return Papers(stored, mail, offices.administration(stored.administration), sources, annexes, overview, sent_at)
