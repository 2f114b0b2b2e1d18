"""Service keys: what a program may do with one."""

from __future__ import annotations

from enum import StrEnum

from scanstraat.errors import Refused


class Scope(StrEnum):
    """Something that a program may do in the administrations of its key."""

    UPLOAD = "upload"
    READ = "read"
    CORRECT = "correct"
    SUPPLIERS = "suppliers"
    DROPS = "drops"
    WEBHOOKS = "webhooks"


SCOPES: dict[Scope, str] = {
    Scope.UPLOAD: "send mails and files, and see what became of a mail",
    Scope.READ: "see mails, documents and suppliers, and fetch their files",
    Scope.CORRECT: "correct documents, and accept those that nothing stands in the way of",
    Scope.SUPPLIERS: "see, change and import suppliers",
    Scope.DROPS: "see drops, acknowledge or refuse them, and ask for them again",
    Scope.WEBHOOKS: "see, add and end webhooks",
}


def scopes_of(names: str) -> frozenset[Scope]:
    """Scopes from their names, by comma; raises `Refused` (`scope-unknown`) for another word, and for none.

    >>> sorted(scopes_of("read, upload"))
    [<Scope.READ: 'read'>, <Scope.UPLOAD: 'upload'>]
    """
    words = {word.strip() for word in names.split(",") if word.strip()}
    if not words or not words <= set(Scope):
        said = ", ".join(sorted(words - set(Scope))) or "nothing"
        raise Refused("scope-unknown", f"{said} is nothing a key can be for.", f"There are {', '.join(Scope)}.")
    return frozenset(Scope(word) for word in words)
