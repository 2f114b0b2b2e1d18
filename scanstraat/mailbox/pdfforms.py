"""Forms in PDFs: whether their values show, and drawing them into the pages where they would not (B3).

A program that fills in a form may leave it to the reader to draw the values (ISO 32000-1, 12.7.2, NeedAppearances).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium_c
from pikepdf import Array, Dictionary, Name

_MOST_WIDGETS = 20_000
_DEEPEST = 50  # fields within one another


@dataclass(frozen=True, slots=True)
class Form:
    """What the form of a PDF asks for: `is_dynamic` where the pages are not in it; `is_undrawn` where values would not show."""

    is_dynamic: bool = False
    is_undrawn: bool = False


def form_of(pdf: pikepdf.Pdf) -> Form:
    """The form of a PDF; one without asks for nothing."""
    form = pdf.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary):
        return Form()
    widgets = tuple(_widgets(pdf))
    is_dynamic = Name.XFA in form and (bool(pdf.Root.get(Name.NeedsRendering, False)) or not widgets)
    fields = [widget for widget in widgets if _inherited(widget, Name.FT) != Name.Sig]
    is_undrawn = bool(fields) and (bool(form.get(Name.NeedAppearances, False)) or any(map(_is_undrawn, fields)))
    return Form(is_dynamic, is_undrawn)


def with_values_drawn(content: bytes) -> bytes:
    """The PDF with the values of its form drawn into its pages. Errors of pdfium and qpdf come as they are."""
    document = pypdfium2.PdfDocument(content)
    try:
        document.init_forms()  # makes what is to be drawn; must come before any page is loaded
        for number in range(len(document)):
            page = document[number]
            pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
            page.close()
        target = io.BytesIO()
        document.save(target, flags=pdfium_c.FPDF_REMOVE_SECURITY)
    finally:
        document.close()
    return _without_form(target.getvalue())


def _without_form(content: bytes) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if Name.AcroForm in pdf.Root:
            del pdf.Root.AcroForm
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _widgets(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """The fields on the pages, as far as anybody fills in."""
    seen = 0
    for page in pdf.pages:
        annotations = page.obj.get(Name.Annots)
        for annotation in annotations.as_list() if isinstance(annotations, Array) else ():
            if seen >= _MOST_WIDGETS:
                return
            if isinstance(annotation, Dictionary) and annotation.get(Name.Subtype) == Name.Widget:
                seen += 1
                yield annotation


def _is_undrawn(widget: pikepdf.Object) -> bool:
    """Whether a field has a value and no picture of it."""
    value = _inherited(widget, Name.V)
    has_value = value is not None and value != Name.Off and len(str(value)) > 0
    appearance = widget.get(Name.AP)
    return has_value and not (isinstance(appearance, Dictionary) and Name.N in appearance)


def _inherited(widget: pikepdf.Object, name: Name) -> object:
    """An entry of a field, or of the field it is part of (ISO 32000-1, 12.7.3.2)."""
    field: object = widget
    for _ in range(_DEEPEST):
        if not isinstance(field, Dictionary):
            return None
        if name in field:
            return field[name]
        field = field.get(Name.Parent)
    return None
