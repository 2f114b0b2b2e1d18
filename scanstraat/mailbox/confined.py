"""Starts a program that can see its own folder, the system's programs and fonts, and no other file (Landlock, Linux 5.13).

Run as a script with nothing but the standard library: `confined.py FOLDER PROGRAM ARGUMENT…`, both with their whole path.
A document may name files of
this machine to be shown in it; a program that cannot open them cannot show them. Ends with `UNCONFINED` where the kernel
cannot do this, rather than running the program without it.
"""

from __future__ import annotations

import ctypes
import os
import sys

UNCONFINED = 120
# Read, never written: programs, fonts and their settings. Not all of /etc, and nothing of /home, /root, /srv or /var besides.
SYSTEM = (
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/dev/urandom",
    "/dev/zero",
)
SOCKETS = ("/tmp", "/var/tmp")  # noqa: S108  LibreOffice makes a socket there and nowhere else; reading is not allowed

# linux/landlock.h; the three calls have these numbers on every processor.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_FILE, _MAKE_SOCK = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 5, 1 << 9
_RIGHTS_OF_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1}  # later ones: also to truncate
_RIGHTS_SINCE_3 = (1 << 15) - 1
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14)
_PR_SET_NO_NEW_PRIVS = 38
_libc = ctypes.CDLL(None, use_errno=True)


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def confine(folder: str) -> bool:
    """Confine this process, and what it starts, to `folder` and the system's programs; False where the kernel cannot."""
    version = _libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    if version < 1:
        return False
    everything = _RIGHTS_OF_VERSION.get(version, _RIGHTS_SINCE_3)
    rules = _libc.syscall(_CREATE, ctypes.byref(ctypes.c_uint64(everything)), ctypes.c_size_t(8), ctypes.c_uint32(0))
    if rules < 0:
        return False
    for path in SYSTEM:
        _allow(rules, path, _EXECUTE | _READ_FILE | _READ_DIR)
    for path in SOCKETS:
        _allow(rules, path, _MAKE_SOCK | _REMOVE_FILE)
    _allow(rules, "/dev/null", (_READ_FILE | _WRITE_FILE | (1 << 14)) & everything)
    _allow(rules, folder, everything)
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(_libc.syscall(_RESTRICT, rules, ctypes.c_uint32(0)) == 0)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not on this machine, so nothing to allow
    try:
        allowed = rights if os.path.isdir(path) else rights & _OF_FILES
        beneath = _Beneath(allowed, handle)
        _libc.syscall(_ADD, rules, ctypes.c_int(_BENEATH), ctypes.byref(beneath), ctypes.c_uint32(0))
    finally:
        os.close(handle)


def main(arguments: list[str]) -> int:
    """Become the program, confined; `UNCONFINED` where that cannot be."""
    folder, *command = arguments
    if confine(folder):
        os.execv(command[0], command)  # noqa: S606  the command is ours, no shell reads it
    return UNCONFINED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
