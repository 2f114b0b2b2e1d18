"""How much waits, for the frame of the review pages."""

from __future__ import annotations

from typing import Any

from django import template

from scanstraat.records import queues

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_documents(context: dict[str, Any]) -> int:
    """How many documents wait for the person signed in; as the page has counted them already, else asked for."""
    counted = context.get("waiting")
    return counted if isinstance(counted, int) else queues.waiting(context["request"].user.pk)
