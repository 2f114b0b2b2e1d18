"""Mail addresses in narrow columns."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_BREAK = SafeString("@<wbr>")


@register.filter
def breakable(address: str) -> SafeString:
    """The address, escaped, with leave to break the line behind its `@` and nothing added for who copies it.

    >>> breakable("a&b@example.com")
    'a&amp;b@<wbr>example.com'
    """
    return format_html_join(_BREAK, "{}", ((piece,) for piece in address.split("@")))
