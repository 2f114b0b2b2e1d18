"""What holds further files, and how each kind is opened: one table, one module a format (B1, B9).

An opener is a function from a content to the files in it, one after the other, so that those found before something broke are
had. It raises `Refused` where there is no going on; what it cannot have is an `Inner` with a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scanstraat.errors import Refused
from scanstraat.model.mail import Problem

# Of one mail, all that is packed in it at any depth together; its own transfer encodings do not count.
MAX_OCTETS = 150_000_000
MAX_FILES = 900
MAX_RICH = 8_000_000  # octets of rich text read for its words, which takes a second for each million
MAX_NESTED = 12  # containers within one another


@dataclass(frozen=True, slots=True)
class Inner:
    """One file out of a container. `declared` is what the container said of its type.

    `is_entity`: it is a part of the mail itself, with a header of its own (RFC 2045), rather than a file. `within` opens what
    came along with it where it is a message whose header is its content. `is_choice`: it says the same as other texts of this
    container. `is_lumber`: programs keep it beside files for themselves. `problem` tells why the content could not be had.
    """

    name: str
    declared: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False
    charset: str = ""
    is_entity: bool = False
    within: Callable[[Budget], Iterator[Inner]] | None = None
    is_choice: bool = False
    is_lumber: bool = False
    problem: Problem | None = None


class Budget:
    """What may still come out of the containers of one mail; raises `Refused` once it is spent, so that no bomb goes off."""

    def __init__(self, octets: int = MAX_OCTETS, files: int = MAX_FILES) -> None:
        self._octets, self._files, self._rich = octets, files, MAX_RICH

    @property
    def octets(self) -> int:
        """How many may still come."""
        return self._octets

    def spend(self, octets: int) -> None:
        """Count octets that came out, before they are kept. Raises `Refused`: `container-too-large`."""
        self._octets -= octets
        if self._octets < 0:
            text = f"What is packed in this mail is over {MAX_OCTETS // 1_000_000} MB once unpacked."
            raise Refused("container-too-large", text, "Ask the sender for the files one by one.")

    def spend_file(self) -> None:
        """Count a file that came out. Raises `Refused`: `container-too-many`."""
        self._files -= 1
        if self._files < 0:
            text = f"More than {MAX_FILES} files are packed in this mail."
            raise Refused("container-too-many", text, "Ask the sender for the files one by one.")

    def may_read_rich(self, octets: int) -> bool:
        """Whether so much more rich text may be read; counted where it may."""
        may = octets <= self._rich
        self._rich -= octets if may else 0
        return may


@dataclass(frozen=True, slots=True)
class Opener:
    """A row of the table. `stays`: the content remains what it is for its own sake, such as a PDF with files attached.

    `reason` tells people how it was opened. `message`: its texts are those of a mail so many further in. `is_wrapping`: the one
    file in it is called like itself without its ending, where it says no other name.
    """

    open: Callable[[bytes, Budget], Iterator[Inner]]
    reason: str = ""
    stays: bool = False
    message: int = 0
    is_wrapping: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """What came out of a container, and why not all of it did."""

    inner: tuple[Inner, ...]
    problem: Problem | None = None


def refusing(code: str, text: str, step: str) -> Opener:
    """The opener of what is never opened: it says why."""

    def refused(*_: object) -> Iterator[Inner]:
        raise Refused(code, text, step)

    return Opener(refused)
