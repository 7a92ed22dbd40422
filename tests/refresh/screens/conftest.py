"""A topic, and research that no memory of an earlier test's workers reaches."""

import json
import os
import re

import pytest
from django.utils import timezone

from dossiers.clients.limiter import connect_redis
from dossiers.models.topic import Topic
from dossiers.refresh.queries.screens import forget_look
from tests.builders import make_topic


@pytest.fixture(autouse=True)
def _look_anew():
    forget_look()
    yield
    forget_look()


@pytest.fixture(autouse=True)
def _own_redis(settings, redis_url):
    """Give this process a database of its own: workers that another test lets live are not heard of here."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    settings.RESEARCH_REDIS_URL = re.sub(r"2$", str(4 + int(number) % 12), settings.RESEARCH_REDIS_URL)
    connect_redis().flushdb()


@pytest.fixture(autouse=True)
def _scripted_clients(queues, settings):
    """Let every policy of the migrations have a client, a scripted one."""
    names = ("mediawiki", "wikidata", "tavily", "brave", "searxng", "nominatim")
    settings.RESEARCH_CLIENTS = dict.fromkeys(names, "tests.research.providers.Scripted")


@pytest.fixture
def topic(db: None) -> Topic:
    return make_topic("Sample Observatory")


@pytest.fixture
def worker(redis_url):
    """Let a worker have been heard of just now."""
    said = {"hostname": "sample-host", "pid": 7, "queues": ["interactive", "scheduled"], "concurrency": 3}
    said["at"] = timezone.now().timestamp()
    connect_redis().set("worker:sample-host", json.dumps(said), ex=60)
    yield "sample-host"
    connect_redis().delete("worker:sample-host")
