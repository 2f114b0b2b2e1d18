"""A supervisor of odd parts in a process of its own; its home, its notes and the parts' behaviours are the arguments."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(home: str, *behaviours: str) -> None:
    os.environ["SCANSTRAAT_HOME"] = home
    from scanstraat.records import connection

    connection.connect()
    connection.migrate()
    connection.disconnect()
    from scanstraat.settings import Settings
    from scanstraat.workers.part import HOLDER, Part
    from scanstraat.workers.supervisor import supervise

    odd = (sys.executable, str(Path(__file__).with_name("odd_part.py")), str(Path(home, "notes")))
    supervise(Settings.from_environment(), tuple(Part(behaviour, (*odd, behaviour, HOLDER)) for behaviour in behaviours))


if __name__ == "__main__":
    main(*sys.argv[1:])
