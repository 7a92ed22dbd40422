"""Send tasks by name once the transaction is committed; a broker that is down costs nothing but time: the sweep sends
again."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from celery.exceptions import OperationalError as CeleryError
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from config.celery import app
from dossiers.models.run import RunTrigger

logger = logging.getLogger(__name__)

ADVANCE, FETCH, DISPATCH = (f"dossiers.refresh.tasks.{name}" for name in ("advance_runs", "fetch", "dispatch"))
SWEEP = "dossiers.refresh.tasks.sweep"
REFRESH_PUBLIC_STATUS = "dossiers.publish.tasks.refresh_public_status"


def choose_queue(trigger: str) -> str:
    """Return the queue of a run's tasks: what a person waits for goes before what is due."""
    return settings.INTERACTIVE if trigger == RunTrigger.REQUESTED else settings.SCHEDULED


def send_after_commit(name: str, *arguments: Any, queue: str, after: float = 0.0) -> None:
    """Send a task when the transaction is committed, `after` seconds later at the earliest."""
    transaction.on_commit(partial(_send, name, arguments, queue, after))


def _send(name: str, arguments: Sequence[Any], queue: str, after: float) -> None:
    try:
        app.send_task(name, args=arguments, queue=queue, countdown=after or None, retry=False)
    except (OperationalError, CeleryError, RedisError, OSError) as error:
        logger.warning("%s was not sent, the sweep will: %s", name, type(error).__name__)
