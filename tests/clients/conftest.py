"""Fixtures for clients: an empty limiter, settings that reach 127.0.0.1, and little patience."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pytest
import redis
from pytest_django import Settings

from dossiers.clients.base import Policy
from dossiers.clients.limiter import PREFIX, connect_redis
from tests.stubs.server import StubServer


@pytest.fixture(autouse=True)
def _own_network(request: pytest.FixtureRequest, redis_url: str, settings: Settings) -> Iterator[None]:
    """Let requests reach stand-ins, wait for nothing long, and leave no count behind."""
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    settings.RESEARCH_PATIENCE = 0.3
    # Tests that run side by side count in databases of their own.
    number = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 8
    settings.RESEARCH_REDIS_URL = re.sub(r"\d+$", str(number), settings.RESEARCH_REDIS_URL)
    forget_counts(kept := connect_redis())
    yield
    forget_counts(kept)


def forget_counts(connection: redis.Redis) -> None:
    """Remove what the limiter counted, and the labels that were kept."""
    keys = [*connection.scan_iter(f"{PREFIX}:*"), *connection.scan_iter("labels:*")]
    if keys:
        connection.delete(*keys)


@pytest.fixture
def stub() -> Iterator[StubServer]:
    """Serve nothing until a test says what."""
    with StubServer() as server:
        yield server


@pytest.fixture
def make_policy() -> Callable[..., Policy]:
    """Return a maker of policies that wait for nothing."""

    def make(base_url: str = "", **fields: object) -> Policy:
        values = {"name": "service", "role": "web_search", "spacing": 0.0, "in_flight": 8, "timeout": 5.0, **fields}
        return Policy(base_url=base_url, **values)  # type: ignore[arg-type]

    return make
