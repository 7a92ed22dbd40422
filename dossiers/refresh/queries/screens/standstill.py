"""Takes nothing; leaves whether research stands still, and what waits in the workers' queues."""

import time
from dataclasses import dataclass

import redis
from django.conf import settings
from kombu.exceptions import OperationalError

from config.celery import app
from dossiers.clients.limiter import connect_redis
from dossiers.refresh.queries.workers import Worker, list_workers

KEPT = 5.0  # seconds that a look at the workers is good for, so that a page costs no more than that
NOBODY = "No worker is running, so nothing is researched until one is started."
NO_REDIS = "Redis does not answer, so nothing is researched until it does."
_looked: tuple[float, str] = (float("-inf"), "")


@dataclass(frozen=True)
class QueueRow:
    """A queue and how many tasks wait in it; None where the broker does not answer."""

    name: str
    length: int | None


@dataclass(frozen=True)
class Workforce:
    """Who works now; `problem` says in a sentence why nothing moves, empty while all is well."""

    workers: list[Worker]
    queues: list[QueueRow]
    problem: str


def explain_standstill() -> str:
    """Return why research stands still, empty where it does not; one look at Redis serves all pages for a moment."""
    global _looked
    if time.monotonic() > _looked[0] + KEPT:
        problem = _look()[1]
        _looked = time.monotonic(), problem  # from the end on: a Redis that hangs delays no second page
    return _looked[1]


def forget_look() -> None:
    """Look again at the next page."""
    global _looked
    _looked = float("-inf"), ""


def read_workforce() -> Workforce:
    """Return the workers that are alive and what waits for them."""
    workers, problem = _look()
    return Workforce(workers, _read_queues(), problem)


def _look() -> tuple[list[Worker], str]:
    workers = list_workers()
    return workers, "" if workers else NOBODY if _has_redis() else NO_REDIS


def _has_redis() -> bool:
    try:
        return bool(connect_redis().ping())
    except redis.RedisError:
        return False


def _read_queues() -> list[QueueRow]:
    """Ask the broker how long each queue is."""
    names = (settings.INTERACTIVE, settings.SCHEDULED)
    try:
        with app.connection_for_read(connect_timeout=2) as connection:
            client = connection.default_channel.client
            return [QueueRow(name, int(client.llen(name))) for name in names]
    except (redis.RedisError, OperationalError, OSError):
        return [QueueRow(name, None) for name in names]
