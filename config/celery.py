"""The Celery application: tasks are found in each stage's tasks.py, and each worker says that it lives."""

import json
import logging
import os
import time
from typing import Any

from celery import Celery
from celery.signals import celeryd_after_setup, heartbeat_sent, worker_shutdown
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("dossiers")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["dossiers.refresh", "dossiers.publish"])

logger = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 15  # a worker that was silent for so long is gone
_worker: dict[str, Any] = {}  # this process' worker, where it is one


@celeryd_after_setup.connect
def remember_worker(sender: str, instance: Any, **_rest: Any) -> None:
    """Remember what this worker is, for its heartbeats."""
    _worker.update(hostname=sender, pid=os.getpid(), concurrency=instance.concurrency)


@heartbeat_sent.connect
def write_heartbeat(**_rest: Any) -> None:
    """Say that this worker lives, in a key that ends by itself: dossiers.refresh.queries.workers reads it."""
    from dossiers.clients.limiter import connect_redis

    if not _worker:
        return
    said = {**_worker, "queues": list(app.amqp.queues.consume_from), "at": time.time()}
    try:
        connect_redis().set(f"worker:{_worker['hostname']}", json.dumps(said), ex=HEARTBEAT_SECONDS)
    except RedisError as error:
        logger.warning("The heartbeat was not written: %s", type(error).__name__)


@worker_shutdown.connect
def remove_heartbeat(**_rest: Any) -> None:
    """Take the key away: a worker that was told to stop is not missed."""
    from dossiers.clients.limiter import connect_redis

    try:
        connect_redis().delete(f"worker:{_worker.get('hostname')}")
    except RedisError:
        logger.info("The heartbeat ends by itself in %d s", HEARTBEAT_SECONDS)
