"""The keys of the review page, one row a key: the overlay shows this table, and the buttons carry the same keys."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Key:
    """A key, or several that do the same, and what it does."""

    combinations: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that belong together."""

    title: str
    keys: tuple[Key, ...]


_GROUPS = (
    Group(
        _("Fields"),
        (
            Key(("Enter",), _("it is right: on to the next that wants an eye, after the last one accept")),
            Key(("Shift Enter",), _("back to the one before")),
            Key(("Tab", "Shift Tab"), _("to the next or last input, as everywhere")),
            Key(("Alt 1", "…", "Alt 9"), _("take another reading of this field")),
            Key(("Space",), _("tick what you have looked at")),
            Key(("Alt O",), _("more fields")),
        ),
    ),
    Group(
        _("Document"),
        (
            Key(("Ctrl Enter",), _("accept as it stands")),
            Key(("Alt K",), _("say what it is")),
            Key(("Alt A",), _("to the archive")),
            Key(("Alt R",), _("reject with a reason")),
            Key(("Alt X",), _("discard as advertising")),
            Key(("Alt N",), _("write a note")),
            Key(("Alt H",), _("hand back, for others to take")),
            Key(("Alt J",), _("skip, and keep for later")),
            Key(("Alt U",), _("undo what you did last")),
            Key(("Alt G",), _("take it over from another person")),
            Key(("Alt L",), _("have what was laid aside tried again")),
            Key(("Alt I",), _("what the administration asked for")),
        ),
    ),
    Group(
        _("Pages"),
        (
            Key(("PageUp", "PageDown"), _("page before, next page")),
            Key(("Alt +", "Alt −", "Ctrl wheel"), _("larger, smaller")),
            Key(("Alt 0",), _("fit the width, then the whole page")),
            Key(("Alt V",), _("rotate the view")),
            Key(("Alt T",), _("turn the page for good")),
            Key(("Alt S",), _("split: a new document begins with this page")),
            Key(("Alt M",), _("merge with another document of the mail")),
            Key(("Alt ↑", "Alt ↓"), _("move the page up or down")),
        ),
    ),
    Group(
        _("Everywhere"),
        (
            Key(("F1", "?"), _("these keys")),
            Key(("Esc",), _("close what is open")),
        ),
    ),
)


def groups() -> tuple[Group, ...]:
    """The table in the language of the reader."""
    return tuple(
        Group(gettext(group.title), tuple(Key(key.combinations, gettext(key.text)) for key in group.keys)) for group in _GROUPS
    )
