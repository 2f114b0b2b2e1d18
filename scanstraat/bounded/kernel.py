"""What is asked of Linux: die with the parent, limits on resources, no network."""

from __future__ import annotations

import ctypes
import errno
import math
import os
import platform
import resource
import signal
import struct
from typing import NamedTuple

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 22, 36, 38
_SECCOMP_MODE_FILTER = 2
_PAGE = resource.getpagesize()
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int, by: int = signal.SIGKILL) -> None:
    """Have the kernel kill this process when its parent ends; ends at once where the parent is gone already."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Have orphans among our descendants become our own children, so that we can find and end them."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def mapped_octets() -> int:
    """Address space of this process now."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * _PAGE


def limit(memory_octets: int, seconds: float, file_octets: int) -> None:
    """Hard limits on this process from here on; each process it starts has the same."""
    cpu = math.ceil(seconds) + 1
    for kind, most in (
        (resource.RLIMIT_AS, memory_octets),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, file_octets),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


class _Architecture(NamedTuple):
    """Numbers of one processor family: the kernel's name for it, and the system call that opens a socket."""

    audit: int
    socket: int


# linux/audit.h and the system call tables; io_uring (425 everywhere) can open sockets too
_ARCHITECTURES = {"x86_64": _Architecture(0xC000003E, 41), "aarch64": _Architecture(0xC00000B7, 198)}
_IO_URING_SETUP = 425
_LOAD, _EQUAL, _ABOVE, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _DENY = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EACCES
_X32 = 0x40000000
_AF_UNIX, _NO_FAMILY = 1, 0xFFFF
_ARCHITECTURE_AT, _CALL_AT, _FIRST_ARGUMENT_AT = 4, 0, 16  # in struct seccomp_data


def _program(machine: _Architecture, local: bool) -> bytes:
    """The filter: another architecture's calls kill, sockets (but local ones, if so wished) are denied, the rest is allowed."""
    rows = (
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _CALL_AT),
        (_ABOVE, 5, 0, _X32),
        (_EQUAL, 4, 0, _IO_URING_SETUP),
        (_EQUAL, 0, 2, machine.socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        (_EQUAL, 0, 1, _AF_UNIX if local else _NO_FAMILY),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    )
    return b"".join(struct.pack("HBBI", *row) for row in rows)


class _FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("rows", ctypes.c_char_p)]


def without_network(local: bool = False) -> bool:
    """Deny this process and those it starts new sockets, except `local` ones (AF_UNIX) if so wished.

    False where this kernel or processor knows no such filter; the other limits hold all the same.
    """
    machine = _ARCHITECTURES.get(platform.machine())
    if machine is None:
        return False
    rows = _program(machine, local)
    program = _FilterProgram(len(rows) // 8, rows)
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
