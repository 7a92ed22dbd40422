"""Fixtures for clients: an empty limiter, settings that reach 127.0.0.1, and little patience."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from pytest_django import Settings

from dossiers.clients.base import Context, FetchResult, Policy, Query
from dossiers.clients.limiter import PREFIX, connect_redis
from dossiers.clients.wikidata import Wikidata
from tests.clients.lamps import make_lamp
from tests.stubs.server import StubServer
from tests.stubs.wikidata import WikidataStub, hit


@pytest.fixture(autouse=True)
def _own_network(request: pytest.FixtureRequest, redis_url: str, settings: Settings) -> Iterator[None]:
    """Let requests reach stand-ins, wait for nothing long, and leave no count behind."""
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    settings.RESEARCH_PATIENCE = 0.8
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


@pytest.fixture
def base() -> Iterator[WikidataStub]:
    labels = {"Q20": "Ada Brook", "Q21": "Nobody", "Q30": "Northford", "Q31": "Eastmere"}
    hits = {
        "Mercury": [hit("Q50", "Mercury", "planet"), hit("Q51", "mercury", "metal"), hit("Q52", "Mercury Records")],
        "Quicksilver": [hit("Q51", "mercury", "metal", "alias", "Quicksilver")],
        "Lone": [hit("Q7", "Lone", "only one"), hit("Q8", "Lone Ranger")],
        "Bare": [{"id": "Q9"}, {"id": "not an item"}, "nonsense", {"display": {"label": {"value": "x"}}}],
        "Shown": [{"id": "Q10", "display": {"label": {"value": "shown"}, "description": {"value": "here"}}}],
    }
    with WikidataStub([make_lamp()], labels=labels, merged={"Q70": "Q7"}, hits=hits) as stub:
        yield stub


@pytest.fixture
def fetch(base: WikidataStub, make_policy: Callable[..., Policy]) -> Callable[..., FetchResult]:
    policy = make_policy(
        base.api, name="wikidata", grade="verbatim", licence="CC0 1.0", attribution="Wikidata contributors"
    )

    def ask(text: str = "", kind: Any = "entity", *, is_urgent: bool = False, **fields: Any) -> FetchResult:
        return Wikidata(policy).fetch(Query(kind, text, **fields), Context(text or "T", is_urgent=is_urgent))

    return ask
