"""What tests of research share: the scripted client, and a topic to ask about."""

import pytest

from dossiers.models.run import Run, RunKind, RunStatus, RunTrigger
from dossiers.models.topic import Topic
from tests.builders import make_topic
from tests.research.providers import Scripted


@pytest.fixture(autouse=True)
def _scripted(settings) -> None:
    settings.RESEARCH_CLIENTS = {"scripted": "tests.research.providers.Scripted"}
    Scripted.answers.clear()
    Scripted.calls.clear()
    Scripted.policies.clear()


@pytest.fixture
def topic(db: None) -> Topic:
    return make_topic("Sample Observatory")


@pytest.fixture
def run(topic: Topic) -> Run:
    return make_research_run(topic)


def make_research_run(topic: Topic, trigger: str = RunTrigger.SCHEDULED) -> Run:
    return Run.objects.create(topic=topic, kind=RunKind.RESEARCH, status=RunStatus.QUEUED, trigger=trigger)
