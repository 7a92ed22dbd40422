"""Fixtures for clients: an empty limiter, settings that reach 127.0.0.1, and little patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from dossiers.clients.base import Policy
from dossiers.clients.limiter import PREFIX, connect_redis
from tests.stubs.server import StubServer


@pytest.fixture(autouse=True)
def _own_network(request: pytest.FixtureRequest, redis_url: str, settings: Settings) -> Iterator[None]:
    """Let requests reach stand-ins, wait for nothing long, and leave no count behind."""
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    settings.RESEARCH_PATIENCE = 0.3
    forget_counts()
    yield
    forget_counts()


def forget_counts() -> None:
    """Remove what the limiter counted."""
    keys = list(connect_redis().scan_iter(f"{PREFIX}:*"))
    if keys:
        connect_redis().delete(*keys)


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
