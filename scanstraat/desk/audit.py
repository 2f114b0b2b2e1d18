"""What a person reads and changes on the pages goes into the audit log (I4); each view tells it before it answers."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

from django.db import transaction
from django.http import HttpRequest

from scanstraat.records import audit

QUIET_SECONDS = 600  # one entry a person, act and subject in this time: turning the pages of a document is one reading
_MOST_KEPT = 20_000
_Read = tuple[object, str, int | None, str]
_lately: OrderedDict[_Read, float] = OrderedDict()
_lock = Lock()


def read(request: HttpRequest, act: str, administration: int | None, subject: str) -> None:
    """Record that the person signed in saw this, at most once in ten minutes a process; `subject` as "document UUID".

    `administration` is the id of the one it belongs to, None for what belongs to none. Raises what the database raises: what
    cannot be recorded is not shown.
    """
    read_by(request.user.get_username(), act, administration, subject)


def read_by(actor: str, act: str, administration: int | None, subject: str) -> None:
    """As `read`, for whoever it is: a person's name, or "key NAME"."""
    key = (actor, act, administration, subject)
    if _is_lately(key):
        return
    audit.append(administration, actor, act, subject)
    transaction.on_commit(lambda: _remember(key))  # an entry that was rolled back is none


def _remember(key: _Read) -> None:
    with _lock:
        _lately[key] = time.monotonic()
        _lately.move_to_end(key)
        while len(_lately) > _MOST_KEPT:
            _lately.popitem(last=False)


def changed(request: HttpRequest, act: str, administration: int | None, subject: str, detail: str = "") -> None:
    """Record what the person signed in did to this; in the transaction of the change where there is one."""
    audit.append(administration, request.user.get_username(), act, subject, detail)


def _is_lately(key: _Read) -> bool:
    with _lock:
        return time.monotonic() - _lately.get(key, -QUIET_SECONDS) < QUIET_SECONDS
