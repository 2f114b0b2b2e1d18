"""A post in a process of its own that ends when nothing is due: `python -m tests.workers.posting HOLDER`; parsers run inside."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from scanstraat import failpoint
from scanstraat.bounded import Limits
from scanstraat.records import connection

connection.connect()

from scanstraat.records import letters  # noqa: E402
from scanstraat.settings import Settings  # noqa: E402
from scanstraat.workers.post import Post, clock  # noqa: E402


class Inside:
    """In place of `bounded.Child`: calls the function here."""

    def call(self, function: Callable[..., Any], limits: Limits, *args: Any) -> Any:
        return function(*args)


def main(holder: str) -> None:
    logging.basicConfig(level=logging.CRITICAL)
    failpoint.install_from_environment()
    post = Post(Settings.from_environment(), holder, Inside())  # type: ignore[arg-type]
    place, _, _ = holder.rpartition(":")
    letters.release(f"{place}:", clock(), but=holder)
    while post.turn():
        pass


if __name__ == "__main__":
    main(sys.argv[1])
