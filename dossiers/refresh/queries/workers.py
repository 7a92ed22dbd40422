"""Read which workers are alive, from the heartbeats that they leave in Redis."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from redis.exceptions import RedisError

from dossiers.clients.limiter import connect_redis

PATTERN = "worker:*"


@dataclass(frozen=True)
class Worker:
    """One worker that was heard of in the last seconds."""

    hostname: str
    pid: int
    concurrency: int
    at: datetime
    queues: tuple[str, ...] = field(default=())


def list_workers() -> list[Worker]:
    """List the workers that are alive, by name; none where Redis does not answer, as none can work then."""
    redis = connect_redis()
    try:
        keys = list(redis.scan_iter(match=PATTERN, count=500))
        values = redis.mget(keys) if keys else []
    except RedisError:
        return []
    found = [_read_worker(value) for value in values if value]
    return sorted((worker for worker in found if worker), key=lambda worker: worker.hostname)


def _read_worker(text: str) -> Worker | None:
    try:
        said = json.loads(text)
        at = datetime.fromtimestamp(float(said["at"]), UTC)
        queues = tuple(map(str, said["queues"]))
        return Worker(str(said["hostname"]), int(said["pid"]), int(said["concurrency"]), at, queues)
    except (ValueError, KeyError, TypeError):
        return None
