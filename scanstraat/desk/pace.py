"""How often one program may upload: so many a minute with one key, over all threads of this process."""

from __future__ import annotations

import threading
import time
from functools import cache

from django.conf import settings

from scanstraat.mailbox.limits import Buckets, Rate

WAIT_SECONDS = 60  # what who goes too fast is told to wait; there is room for a minute's worth then
_lock = threading.Lock()


def has_room(key: int) -> bool:
    """Whether this key may upload now; it counts as done."""
    with _lock:
        return _buckets().take(f"{key}", time.monotonic())


@cache
def _buckets() -> Buckets:
    a_minute = float(settings.SCANSTRAAT.uploads_a_minute)
    return Buckets(Rate(a_minute, a_minute))
