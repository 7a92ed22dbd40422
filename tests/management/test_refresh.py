"""The commands `refresh` and `providers`: what they begin, print and refuse."""

import json
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dossiers.clients.base import Health, Outcome
from dossiers.clients.limiter import connect_redis
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Run
from dossiers.refresh.actions import cancel_run
from dossiers.refresh.queries.workers import list_workers
from tests.builders import make_topic
from tests.refresh.conftest import queues  # noqa: F401 - a fixture
from tests.refresh.queues import hours_ago
from tests.research.providers import Scripted, refuse, switch_on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(redis_url: str):
    """Let a worker be alive, as far as Redis knows."""
    said = {"hostname": "main@test", "pid": 1, "concurrency": 2, "queues": ["interactive"], "at": time.time()}
    connect_redis().set("worker:main@test", json.dumps(said), ex=60)
    yield
    connect_redis().delete("worker:main@test")


def call(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_named_topics_are_begun_and_a_missing_worker_is_said(queues) -> None:  # noqa: F811
    topics = [make_topic("One", slug="one"), make_topic("Two", slug="two")]
    printed, warned = call("refresh", "one", "two", "one")
    assert printed == "2 runs are under way.\n"
    assert "No worker is alive" in warned
    assert sorted(Run.objects.values_list("topic_id", flat=True)) == sorted(topic.pk for topic in topics)


def test_unknown_slugs_are_named_and_nothing_is_begun(queues) -> None:  # noqa: F811
    make_topic("One", slug="one")
    with pytest.raises(CommandError, match="There is no topic “two”, “three”"):
        call("refresh", "one", "two", "three")
    assert Run.objects.count() == 0


@pytest.mark.parametrize("arguments", [[], ["one", "--due"]])
def test_either_slugs_or_due(queues, arguments: list[str]) -> None:  # noqa: F811
    with pytest.raises(CommandError, match="Name topics by their slugs, or give --due"):
        call("refresh", *arguments)


def test_due_topics_are_begun_as_the_clock_does(queues, worker) -> None:  # noqa: F811
    switch_on("wikipedia")
    make_topic("Due", next_refresh_at=hours_ago(1))
    make_topic("Not due")
    printed, warned = call("refresh", "--due")
    assert (printed, warned) == ("1 topics are due.\n1 run is under way.\n", "")


def test_waiting_without_a_worker_ends_with_words(queues) -> None:  # noqa: F811
    make_topic("One", slug="one")
    with pytest.raises(CommandError, match="No worker is alive"):
        call("refresh", "one", "--wait")


def test_waiting_shows_how_it_ended(queues, worker, monkeypatch) -> None:  # noqa: F811
    make_topic("One", slug="one")
    monkeypatch.setattr(time, "sleep", lambda _seconds: cancel_run(Run.objects.get(), by=None))
    printed, _ = call("refresh", "one", "--wait")
    assert printed.splitlines()[1:] == [
        "0 of 1 runs over, 0 of 0 retrievals done",
        "1 of 1 runs over, 0 of 0 retrievals done",
        "one: cancelled. Cancelled.",
    ]


def test_workers_are_read_from_their_heartbeats(worker) -> None:
    connect_redis().set("worker:broken@test", "{", ex=60)
    try:
        assert [(found.hostname, found.concurrency) for found in list_workers()] == [("main@test", 2)]
    finally:
        connect_redis().delete("worker:broken@test")


def test_providers_say_their_state_what_they_need_and_whether_they_answer(settings) -> None:
    settings.RESEARCH_CLIENTS = {"scripted": "tests.research.providers.Scripted"}
    ProviderPolicy.objects.update(client="scripted")
    switch_on("wikipedia", "brave")
    ProviderPolicy.objects.filter(name="brave").update(stopped_at=hours_ago(1), stopped_reason="The key was refused.")
    Scripted.answers = {"wikipedia": Health(Outcome.OK), "brave": refuse(Outcome.AUTH, message="No such key.")}
    printed, _ = call("providers")
    lines = printed.splitlines()
    assert "wikipedia: on." in lines
    assert lines[lines.index("wikipedia: on.") + 1] == "    OK (0.00 s)"
    at = lines.index("brave: stopped (The key was refused).")
    assert lines[at + 1] == "    Key refused (0.00 s): No such key."
    assert any(line.startswith("tavily: off. It still needs a key") for line in lines)
    assert "(0.00 s)" not in call("providers", "--offline")[0]
