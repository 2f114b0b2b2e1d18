"""Pages of foreign PDFs, taken over without anything that acts: no scripts, launches, attachments or forms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf
from pikepdf import Array, Dictionary, Name

from scanstraat.errors import Refused

# What makes up the picture of a page (ISO 32000-1, table 30); the rest stays behind: actions, private data, thumbnails.
_KEPT_PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox"}
    | {"/ArtBox", "/Contents", "/Rotate", "/Group", "/Annots", "/UserUnit"}
)
# Annotations that are marks on paper (ISO 32000-1, table 169); form fields are drawn into the page before this.
_KEPT_ANNOTATIONS = frozenset(
    {"/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine"}
    | {"/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink"}
)
_DROPPED_ANNOTATION_KEYS = ("/AA", "/A", "/PA", "/Dest", "/Popup", "/Parent", "/P", "/IRT", "/StructParent")
_KEPT_LINKS = ("https:", "http:", "mailto:")
# What objects of another kind than the standard says bring about in pikepdf and in code that trusts them.
_SIGNS_OF_DAMAGE = (pikepdf.PdfError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, ArithmeticError)


@contextmanager
def foreign_bytes() -> Iterator[None]:
    """Whatever goes wrong inside is the fault of the PDF that came in: `Refused` with `pdf-encrypted` or `pdf-broken`."""
    try:
        yield
    except pikepdf.PasswordError as error:
        raise Refused("pdf-encrypted", "the PDF asks for a password.", "Send it without password.") from error
    except _SIGNS_OF_DAMAGE as error:
        raise Refused("pdf-broken", f"the PDF is broken: {error}.", "Send the document again as a PDF.") from error


def draw_forms(source: pikepdf.Pdf) -> None:
    """Draw the filled-in form fields of `source` into its pages, since the form itself stays behind."""
    form = source.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary):  # else there are no fields, whatever stands in its place
        if form.get(Name.NeedAppearances, False):
            source.generate_appearance_streams()
        source.flatten_annotations("screen")


def take_page(source: pikepdf.Pdf, number: int) -> pikepdf.Page:
    """Page `number` (from 1) of `source`, cleaned in place; raises `Refused` with `pdf-page` where there is none."""
    if not 1 <= number <= len(source.pages):
        raise Refused("pdf-page", f"the PDF has no readable page {number}.", "Send the document again as a PDF.")
    page = source.pages[number - 1]
    for key in set(page.obj.keys()) - _KEPT_PAGE_KEYS:
        del page.obj[key]
    if Name.Annots in page.obj:
        page.obj.Annots = Array([_cleaned(annotation) for annotation in _annotations(page) if _is_mark(annotation)])
    return page


def hidden_layers(source: pikepdf.Pdf) -> tuple[pikepdf.Object, pikepdf.Object] | None:
    """The optional content groups of `source` and those that are off, as two arrays; None where it has none.

    Without them a stamp or a second language meant to stay unseen would show (ISO 32000-1, 8.11.4).
    """
    properties = source.Root.get(Name.OCProperties)
    if not isinstance(properties, Dictionary) or not isinstance(properties.get(Name.OCGs), Array):
        return None
    groups, settings = properties.OCGs, properties.get(Name.D, Dictionary())
    if settings.get(Name.BaseState) == Name.OFF:
        shown = {group.objgen for group in settings.get(Name.ON, Array()).as_list()}
        return groups, Array([group for group in groups.as_list() if group.objgen not in shown])
    return groups, Array(settings.get(Name.OFF, Array()).as_list())


def _annotations(page: pikepdf.Page) -> list[pikepdf.Object]:
    annotations = page.obj.Annots
    return list(annotations.as_list()) if isinstance(annotations, Array) else []


def _is_mark(annotation: pikepdf.Object) -> bool:
    return isinstance(annotation, Dictionary) and str(annotation.get(Name.Subtype, "")) in _KEPT_ANNOTATIONS


def _cleaned(annotation: pikepdf.Object) -> pikepdf.Object:
    link = _link(annotation.get(Name.A))
    for key in _DROPPED_ANNOTATION_KEYS:
        if key in annotation:
            del annotation[key]
    if link:
        annotation.A = Dictionary(S=Name.URI, URI=pikepdf.String(link))
    return annotation


def _link(action: object) -> str:
    if not isinstance(action, Dictionary) or action.get(Name.S) != Name.URI:
        return ""
    link = str(action.get(Name.URI, ""))
    return link if link.lower().startswith(_KEPT_LINKS) else ""
