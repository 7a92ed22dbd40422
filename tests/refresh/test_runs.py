"""A run from request to end: what is asked, stored, extracted and said, and that each task may be run twice."""

from datetime import timedelta

import pytest
from django.db import connection

from dossiers.clients.base import Outcome
from dossiers.extract import actions as extraction
from dossiers.models.capture import Capture
from dossiers.models.provider import ProviderPolicy
from dossiers.models.resolution import EntityResolution
from dossiers.models.run import Retrieval, Run, RunStatus, RunTrigger
from dossiers.models.topic import Topic
from dossiers.refresh.actions import request_refresh, sweep
from tests.builders import make_user
from tests.refresh.queues import Queues, list_states, pass_time
from tests.research.providers import Scripted, answer, refuse, switch_on

pytestmark = pytest.mark.django_db(transaction=True)


def refresh(topic: Topic, queues: Queues, trigger: str = RunTrigger.REQUESTED) -> Run:
    """Request a run, carry out everything that comes of it, and return it as it ended."""
    run = request_refresh(topic, by=None, trigger=trigger)
    queues.work()
    run.refresh_from_db()
    topic.refresh_from_db()
    return run


def test_a_requested_run_is_asked_stored_extracted_and_ended(topic: Topic, queues: Queues) -> None:
    switch_on("wikipedia", "wikidata", "tavily")
    Scripted.answers["wikipedia"] = answer("It has three domes.")
    editor = make_user("asker")
    run = request_refresh(topic, by=editor)
    assert (run.status, run.requested_by) == (RunStatus.QUEUED, editor)
    queues.work()
    run.refresh_from_db()
    topic.refresh_from_db()
    assert (run.status, run.outcome, run.attempts) == (RunStatus.FINISHED, Outcome.OK, 1)
    assert run.message == "Wikipedia: OK, Wikidata: nothing found, Tavily: nothing found."
    assert topic.research_retrieved_at == run.finished_at
    assert Capture.objects.get().text == "It has three domes."
    assert list_states(run) == [("wikipedia", "done", "ok"), ("wikidata", "done", "empty"), ("tavily", "done", "empty")]
    assert all(context.is_urgent for _, _, context in Scripted.calls)


def test_every_task_run_twice_leaves_the_same(topic: Topic, queues: Queues) -> None:
    switch_on("wikipedia", "tavily")
    Scripted.answers |= {"wikipedia": answer("It has three domes."), "tavily": refuse(Outcome.AUTH)}
    run = request_refresh(topic, by=None)
    queues.work(twice=True)
    run.refresh_from_db()
    assert (run.status, run.outcome, run.attempts) == (RunStatus.FINISHED, Outcome.PARTIAL, 1)
    assert (Run.objects.count(), Retrieval.objects.count(), Capture.objects.count()) == (1, 2, 1)
    assert len(Scripted.calls) == 2


def test_a_second_request_joins_the_run_under_way(topic: Topic, queues: Queues) -> None:
    switch_on("wikipedia")
    first = request_refresh(topic, by=None)
    assert request_refresh(topic, by=make_user()) == first
    queues.work()
    assert request_refresh(topic, by=None) != first


def test_the_second_wave_follows_from_the_first(topic: Topic, queues: Queues) -> None:
    switch_on("wikidata", "nominatim")
    topic.kind = "place"
    topic.save()
    run = refresh(topic, queues)
    assert [(row.provider, row.wave) for row in Retrieval.objects.order_by("id")] == [("wikidata", 1), ("nominatim", 2)]
    assert (run.status, run.wave, run.outcome) == (RunStatus.FINISHED, 2, Outcome.EMPTY)


def test_a_run_without_any_provider_says_what_to_do(topic: Topic, queues: Queues) -> None:
    run = refresh(topic, queues)
    assert (run.status, run.outcome) == (RunStatus.FINISHED, Outcome.UNAVAILABLE)
    assert run.message == "No research service is switched on. Switch one on under Research, providers."
    ProviderPolicy.objects.filter(name="wikipedia").update(is_enabled=True)
    assert "Wikipedia cannot be asked. It still needs" in refresh(topic, queues).message


def test_a_run_whose_providers_were_all_ruled_out_says_so(topic: Topic, queues: Queues) -> None:
    switch_on("wikipedia")
    fields = {"candidates": [{"key": "x"}], "choice": "none", "editor": make_user()}
    EntityResolution.objects.create(topic=topic, provider="encyclopedia", **fields)
    assert "editors ruled them out" in refresh(topic, queues).message
    assert Scripted.calls == []


@pytest.fixture
def extractions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the extractions that are begun."""
    begun: list[int] = []

    def note(topic: Topic, *, run: Run) -> extraction.Extracted:
        begun.append(run.pk)
        return extraction.extract_topic(topic, run=run)

    monkeypatch.setattr("dossiers.refresh.actions.advancing.extract_topic", note)
    return begun


def test_where_nobody_answers_nothing_but_the_next_time_changes(
    topic: Topic, queues: Queues, extractions: list[int]
) -> None:
    switch_on("wikipedia", "tavily", "brave")
    Scripted.answers |= {"wikipedia": refuse(Outcome.UNAVAILABLE), "tavily": refuse(Outcome.AUTH, needs_person=True)}
    Scripted.answers["brave"] = refuse(Outcome.QUOTA)
    Topic.objects.update(refresh_interval=timedelta(days=30))
    run = request_refresh(topic, by=None)
    for _ in range(5):
        pass_time(61)
        sweep()
        queues.work()
    run.refresh_from_db()
    topic.refresh_from_db()
    assert (run.status, run.outcome, run.counts) == (RunStatus.FINISHED, Outcome.UNAVAILABLE, {})
    assert run.message == "Nobody answered. Wikipedia: not reached, Brave Search: quota used up, Tavily: key refused."
    assert (topic.research_retrieved_at, topic.refresh_failures, extractions) == (None, 1, [])
    assert Capture.objects.count() == 0


def test_an_extraction_that_breaks_is_tried_again_and_then_fails_the_run(
    topic: Topic, queues: Queues, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    switch_on("wikipedia")
    Scripted.answers["wikipedia"] = answer("It has three domes.")

    def break_down(topic: Topic, *, run: Run) -> None:
        Topic.objects.filter(pk=topic.pk).update(description="half done")
        raise ValueError("broken")

    monkeypatch.setattr("dossiers.refresh.actions.advancing.extract_topic", break_down)
    run = request_refresh(topic, by=None)
    for _ in range(settings.RESEARCH_ATTEMPTS + 1):
        queues.work()
        pass_time(settings.RESEARCH_LEASE + 1)
        sweep()
    run.refresh_from_db()
    topic.refresh_from_db()
    assert (run.status, run.attempts) == (RunStatus.FAILED, settings.RESEARCH_ATTEMPTS)
    assert run.message.startswith("Extraction broke 4 times; nothing was changed.")
    assert (topic.description, topic.research_retrieved_at, topic.refresh_failures) == ("", None, 1)
    assert len(Scripted.calls) == 1


def test_an_extraction_that_breaks_once_leaves_a_finished_run(
    topic: Topic, queues: Queues, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    switch_on("wikipedia")
    run = request_refresh(topic, by=None)
    with monkeypatch.context() as patch:
        patch.setattr("dossiers.refresh.actions.advancing.extract_topic", lambda *_a, **_k: 1 / 0)
        queues.work()
    pass_time(settings.RESEARCH_LEASE + 1)
    sweep()
    queues.work()
    run.refresh_from_db()
    assert (run.status, run.attempts) == (RunStatus.FINISHED, 2)


def test_a_provider_that_is_slow_to_recover_is_asked_again_by_the_wakes_and_the_sweep(
    topic: Topic, queues: Queues
) -> None:
    switch_on("wikipedia")
    Scripted.answers["wikipedia"] = [refuse(Outcome.RATE_LIMITED, retry_after=40.0), answer("It has three domes.")]
    run = request_refresh(topic, by=None)
    assert "dossiers.refresh.tasks.dispatch" in queues.work()
    pass_time(41)
    sweep()
    queues.work()
    run.refresh_from_db()
    assert (run.outcome, Retrieval.objects.get().attempts) == (Outcome.OK, 2)


def test_word_goes_to_the_readers_pages_only_where_something_was_extracted(
    topic: Topic, queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on("wikipedia")
    name = "dossiers.publish.tasks.refresh_public_status"
    request_refresh(topic, by=None)
    assert name not in queues.work()
    seen = extraction.Extracted(sightings=1)
    monkeypatch.setattr("dossiers.refresh.actions.advancing.extract_topic", lambda *_a, **_k: seen)
    run = request_refresh(topic, by=None)
    assert name in queues.work()
    run.refresh_from_db()
    assert run.counts["sightings"] == 1


def test_the_clocks_runs_use_their_own_queue(topic: Topic, queues: Queues, settings) -> None:
    switch_on("wikipedia")
    request_refresh(topic, by=None, trigger=RunTrigger.SCHEDULED)
    assert Queues(settings.INTERACTIVE).take() == []
    assert [name for name, _ in Queues(settings.SCHEDULED).take()] == ["dossiers.refresh.tasks.advance_runs"]
    pass_time(100)
    sweep()
    queues.work()
    assert [context.is_urgent for _, _, context in Scripted.calls] == [False]


@pytest.mark.parametrize("cost", [1, 40])
def test_a_run_costs_as_many_queries_for_many_texts_as_for_one(
    topic: Topic, queues: Queues, cost: int, django_assert_max_num_queries
) -> None:
    switch_on("wikipedia", "tavily")
    Scripted.answers["tavily"] = answer(*[f"Text {number}." for number in range(cost)])
    request_refresh(topic, by=None)
    with django_assert_max_num_queries(150):
        queues.work()


def test_a_model_is_asked_while_no_transaction_is_open(
    topic: Topic, queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on("wikipedia")
    seen: list[tuple[int, bool]] = []
    monkeypatch.setattr(
        "dossiers.refresh.actions.advancing.prepare_extraction",
        lambda run: seen.append((run.pk, connection.in_atomic_block)),
    )
    run = refresh(topic, queues)
    assert seen == [(run.pk, False)]
