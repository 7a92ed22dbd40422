"""What tests of refresh share: scripted providers, queues of their own, a topic to refresh."""

import os
from collections.abc import Iterator

import pytest
from kombu import Queue

from config.celery import app
from dossiers.models.topic import Topic
from tests.builders import make_topic
from tests.refresh.queues import Queues
from tests.research.providers import Scripted


@pytest.fixture(autouse=True)
def queues(settings, redis_url: str) -> Iterator[Queues]:
    """Give this test's messages queues that no other test takes from, and the scripted client."""
    own = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.INTERACTIVE, settings.SCHEDULED = f"interactive-{own}", f"scheduled-{own}"
    settings.CELERY_TASK_ROUTES = {}
    settings.RESEARCH_CLIENTS = {"scripted": "tests.research.providers.Scripted"}
    for name in (settings.INTERACTIVE, settings.SCHEDULED):
        app.amqp.queues.add(Queue(name))
    for kept in (Scripted.answers, Scripted.calls, Scripted.policies):
        kept.clear()
    queues = Queues(settings.INTERACTIVE, settings.SCHEDULED)
    queues.lose()
    yield queues
    queues.lose()


@pytest.fixture
def topic(db: None) -> Topic:
    return make_topic("Sample Observatory")
