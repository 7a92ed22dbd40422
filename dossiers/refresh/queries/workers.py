"""Read which workers are alive: each keeps a key in Redis that ends by itself soon after its last heartbeat."""

import json
from dataclasses import dataclass
from datetime import datetime

from dossiers.clients.limiter import connect_redis

PREFIX = "worker:"


@dataclass(frozen=True)
class Worker:
    """A worker that was alive at `at`: which queues it takes from, and how many tasks it works on at once."""

    hostname: str
    pid: int
    queues: tuple[str, ...]
    concurrency: int
    at: datetime


def list_workers() -> list[Worker]:
    """List the workers that are alive, by host name. Raises redis.RedisError where Redis does not answer."""
    connection = connect_redis()
    keys = sorted(connection.scan_iter(f"{PREFIX}*", count=500))
    told = connection.mget(keys) if keys else []
    return [_read(text) for text in told if text]


def _read(text: str) -> Worker:
    said = json.loads(text)
    at = datetime.fromisoformat(said["at"])
    return Worker(said["hostname"], said["pid"], tuple(said["queues"]), said["concurrency"], at)
