"""Wake-ups by dramatiq: a message carries the id of a task and nothing else. The task table is the truth; a message may be lost.

The embedded default needs no server: each worker process has a broker of its own in memory, fed from the table. With a Redis
address the same actor is called through Redis.
"""

from __future__ import annotations

from collections.abc import Callable

import dramatiq
import redis
from dramatiq.broker import Broker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Retries

from scanstraat.settings import Settings

QUEUE = "tasks"
_ACTOR = "do"
_HEARTBEAT_MS = 10_000  # a killed worker's messages are handed out again after this long
_ALWAYS = 1_000_000  # the look for those is made at every command; at dramatiq's default of one in a thousand it takes hours
_DEAD_MESSAGE_MS = 3_600_000
_ANSWER_SECONDS, _CONNECT_SECONDS = 5, 2


def broker_of(settings: Settings) -> Broker:
    """The broker the settings ask for; Redis need not be there yet. Retries are the task table's, so messages have none."""
    retries = Retries(max_retries=0)
    if not settings.redis_url:
        return StubBroker(middleware=[retries])
    client = redis.Redis.from_url(
        settings.redis_url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_CONNECT_SECONDS, health_check_interval=30
    )
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client,
        middleware=[retries],
        namespace="scanstraat",
        maintenance_chance=_ALWAYS,
        heartbeat_timeout=_HEARTBEAT_MS,
        dead_message_ttl=_DEAD_MESSAGE_MS,
    )


def actor(broker: Broker, do: Callable[[str], None]) -> dramatiq.Actor[[str], None]:
    """Have `do` called with the id of a task in the process where a dramatiq worker runs on `broker`; `send` wakes it."""
    declared: dramatiq.Actor[[str], None] = dramatiq.actor(actor_name=_ACTOR, queue_name=QUEUE, broker=broker, max_retries=0)(do)
    return declared


def elsewhere(task_id: str) -> None:
    """What the actor does in a process that only rings: nothing, since no worker runs there."""
