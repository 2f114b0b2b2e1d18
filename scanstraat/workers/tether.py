"""Becomes a command that dies with its parent; a script that needs the standard library only, so that it starts at once.

The kernel takes the end of the thread that started it for the end of the parent: start it from one that stays.
"""

from __future__ import annotations

import os
import sys


def main(arguments: list[str]) -> None:
    """Arguments: the parent's process number, then the command."""
    import kernel  # type: ignore[import-not-found]  # of the room `bounded`, which is not run as part of a package

    parent, *command = arguments
    kernel.die_with(int(parent))
    os.execvp(command[0], command)  # noqa: S606  the command is ours, no shell reads it


if __name__ == "__main__":
    sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bounded"))
    main(sys.argv[1:])
