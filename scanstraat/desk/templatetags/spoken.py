"""Sentences of the line in the language of the reader."""

from __future__ import annotations

from django import template

from scanstraat.desk.spoken import spoken

register = template.Library()
register.filter("spoken", spoken)
