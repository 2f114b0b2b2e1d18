"""A caller of webhooks in a process of its own that ends when nothing is due: `python -m tests.workers.hooking HOLDER`."""

from __future__ import annotations

import logging
import sys
from concurrent.futures import ThreadPoolExecutor

from scanstraat import failpoint
from scanstraat.records import connection

connection.connect()

from scanstraat.records import hooks  # noqa: E402
from scanstraat.settings import Settings  # noqa: E402
from scanstraat.workers.hooks import Hooks, clock  # noqa: E402


def main(holder: str) -> None:
    logging.basicConfig(level=logging.CRITICAL)
    failpoint.install_from_environment()
    place, _, _ = holder.rpartition(":")
    hooks.release(f"{place}:", clock(), but=holder)
    caller = Hooks(Settings.from_environment(), holder)
    with ThreadPoolExecutor(4) as threads:
        while caller.turn(threads):
            pass


if __name__ == "__main__":
    main(sys.argv[1])
