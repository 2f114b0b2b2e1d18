"""Narrowing the list of documents; mails are found as the commands find them (`records.search`)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from scanstraat.records.models import Document
from scanstraat.records.search import words


def narrow_documents(rows: QuerySet[Document], text: str) -> QuerySet[Document]:
    """Documents where every word of `text` is in the supplier, the number, or the mail's subject or sender."""
    for word in words(text):
        rows = rows.filter(
            Q(supplier_name__icontains=word)
            | Q(number__icontains=word)
            | Q(mail__subject__icontains=word)
            | Q(mail__header_sender__icontains=word)
            | Q(mail__envelope_sender__icontains=word)
        )
    return rows
