"""Fields of the forms of the administration pages: label, value as it was sent, what is wrong with it, and a hint."""

from __future__ import annotations

from django import template

from scanstraat.desk.offices.form import Form

register = template.Library()


@register.inclusion_tag("desk/offices/_field.html")
def field(
    form: Form,
    name: str,
    label: str,
    hint: str = "",
    rows: int = 0,
    kind: str = "text",
    most: int = 320,
    required: bool = False,
    optional: bool = False,
) -> dict[str, object]:
    """A line to type in, or with `rows` a field of several lines; `most` characters go into a line."""
    said = " ".join(f"{what}_{name}" for what, is_there in (("hint", hint), ("error", form.errors.get(name))) if is_there)
    shown = {"name": name, "label": label, "hint": hint, "rows": rows, "kind": kind, "most": most}
    told = {"value": form.values.get(name, ""), "error": form.errors.get(name, ""), "described_by": said}
    return {**shown, **told, "required": required, "optional": optional}


@register.inclusion_tag("desk/offices/_tick.html")
def tick(form: Form, name: str, label: str, hint: str = "") -> dict[str, object]:
    """A box to tick."""
    return {"name": name, "label": label, "hint": hint, "is_ticked": form.is_ticked(name), "error": form.errors.get(name, "")}
