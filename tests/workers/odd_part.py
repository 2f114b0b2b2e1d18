"""A small program for the supervisor's tests: says who it is, then does what its argument says."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path


def main(notes: Path, behaviour: str, holder: str = "") -> None:
    """Notes who it is in a file named by its process number."""
    (notes / f"{os.getpid()}").write_text(f"{behaviour} {holder}")
    print(f"{behaviour} says hello", flush=True)
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if behaviour == "dies-early":
        sys.exit(3)
    if behaviour == "finishes":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("finished in order", flush=True)))
    while True:
        time.sleep(0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
