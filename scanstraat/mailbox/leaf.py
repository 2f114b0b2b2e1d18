"""The leaves of a mail, as they come out of its walk."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scanstraat.model.mail import Problem

MAX_DEPTH = 50  # entities and containers within one another


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the mail something is.

    `depth` counts entities and containers around it, `nested` the containers that were opened (ZIP and the like), `message` the
    forwarded mails (0: the mail itself). `alternatives` numbers the multipart/alternative it is one of the choices of (0: of
    none), counted by `number`, that of the leaf to come. `container` is the number of the leaf that it came out of.
    """

    depth: int = 0
    nested: int = 0
    message: int = 0
    alternatives: int = 0
    container: int | None = None
    number: int = 0

    def of_multipart(self, kind: str) -> Place:
        """That of the parts of a multipart here."""
        alternatives = self._own if kind == "multipart/alternative" else self.alternatives
        return replace(self, depth=self.depth + 1, alternatives=alternatives)

    def within(self, message: int = 0, is_choice: bool = False, nested: int = 1) -> Place:
        """That of what is in the container here, whose number is `number`; `message`: so many mails further in."""
        return Place(
            depth=self.depth + 1,
            nested=self.nested + nested,
            message=self.message + message,
            alternatives=self._own if is_choice else 0,
            container=self.number,
        )

    @property
    def _own(self) -> int:
        """A number that no other alternatives have: leaves before it, and depth (an alternative may begin with another)."""
        return self.number * (MAX_DEPTH + 2) + self.depth + 1


TOP = Place()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part, decoded: one that holds no further ones, or a container of those that follow it.

    `told` is the type told from the content. The content of a mail within the mail is its header only. `is_lumber` marks what
    programs put beside files for themselves; `reason` tells of a container how it was opened.
    """

    declared: str
    charset: str = ""
    name: str = ""
    disposition: str = ""
    content_id: str = ""
    content: bytes = b""
    told: str = ""
    place: Place = TOP
    is_container: bool = False
    is_lumber: bool = False
    problem: Problem | None = None
    reason: str = ""

    def of(self, content: bytes) -> Leaf:
        """With that content."""
        return replace(self, content=content)

    def as_container(self, content: bytes, name: str, declared: str) -> Leaf:
        """As a container with that content."""
        return replace(self, content=content, name=name, declared=declared, told=declared, is_container=True, problem=None)

    @property
    def message(self) -> int:
        """How deep in forwarded mails it is."""
        return self.place.message

    @property
    def alternatives(self) -> int:
        """The choice it belongs to."""
        return self.place.alternatives

    @property
    def container(self) -> int | None:
        """The number of the leaf it came out of."""
        return self.place.container
