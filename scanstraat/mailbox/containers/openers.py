"""The table of openers: by the type told from the content, what opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from scanstraat.errors import Refused
from scanstraat.mailbox.containers.opened import Budget, Inner, Opened, Opener
from scanstraat.model.mail import Problem

OPENERS: dict[str, Opener] = {}


def opened(content: bytes, media_type: str, budget: Budget, openers: Mapping[str, Opener] = OPENERS) -> Opened:
    """What is in a content of that type, and the problem where not all of it could be had; nothing where none opens it."""
    row = openers.get(media_type)
    return Opened(()) if row is None else taken(lambda: row.open(content, budget), budget)


def taken(files: Callable[[], Iterator[Inner]], budget: Budget) -> Opened:
    """The files up to where it breaks. Parsers of foreign octets may raise anything; only lack of memory is passed on."""
    found: list[Inner] = []
    try:
        for inner in files():
            budget.spend_file()
            found.append(inner)
    except Refused as error:
        return Opened(tuple(found), Problem(error.code, f"{error.message} {error.next_step}".rstrip()))
    except MemoryError:
        raise
    except Exception as error:
        text = f"The file is broken: opening it failed ({type(error).__name__}: {str(error)[:200]})."
        return Opened(tuple(found), Problem("container-broken", text))
    return Opened(tuple(found))
