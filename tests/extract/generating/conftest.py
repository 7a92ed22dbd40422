"""A stand-in for a language model, the settings that name it, and a run to ask about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from dossiers.clients.limiter import PREFIX, connect_redis
from dossiers.models.capture import Capture
from dossiers.models.run import Run
from dossiers.models.topic import Topic
from tests.extract.generating.runs import KEY, make_research
from tests.stubs import llm
from tests.stubs.server import StubServer


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with StubServer(llm.good) as server:
        yield server


@pytest.fixture(autouse=True)
def _model(settings: Settings, stub: StubServer, redis_url: str) -> Iterator[None]:
    settings.EXTRACTOR, settings.LLM_MODEL = "llm", "sample-model"
    settings.LLM_URL, settings.LLM_KEY, settings.LLM_TIMEOUT = f"{stub.url}/v1", KEY, 5.0
    settings.LLM_PATIENCE = settings.RESEARCH_PATIENCE = 0.1
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    settings.LLM_PRICE_IN, settings.LLM_PRICE_OUT = 2.0, 10.0
    yield
    if keys := list(connect_redis().scan_iter(f"{PREFIX}:*")):
        connect_redis().delete(*keys)


@pytest.fixture
def run(topic: Topic, captures: list[Capture]) -> Run:
    return make_research(topic, captures)
