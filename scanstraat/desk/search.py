"""Narrowing the lists: words to look for, an administration, a state."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from scanstraat.records.models import Document, Mail

_MOST_WORDS = 8  # each word is a condition of its own


def _words(text: str) -> list[str]:
    return text.replace("\x00", "").split()[:_MOST_WORDS]


def narrow_mails(rows: QuerySet[Mail], text: str) -> QuerySet[Mail]:
    """Mails where every word of `text` is in the subject, the sender, or a document's supplier or number."""
    for word in _words(text):
        documents = Document.objects.filter(Q(supplier_name__icontains=word) | Q(number__icontains=word), mail=OuterRef("pk"))
        rows = rows.filter(
            Q(subject__icontains=word) | Q(header_sender__icontains=word) | Q(envelope_sender__icontains=word) | Exists(documents)
        )
    return rows


def narrow_documents(rows: QuerySet[Document], text: str) -> QuerySet[Document]:
    """Documents where every word of `text` is in the supplier, the number, or the mail's subject or sender."""
    for word in _words(text):
        rows = rows.filter(
            Q(supplier_name__icontains=word)
            | Q(number__icontains=word)
            | Q(mail__subject__icontains=word)
            | Q(mail__header_sender__icontains=word)
            | Q(mail__envelope_sender__icontains=word)
        )
    return rows
