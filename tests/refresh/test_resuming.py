"""Death at every stage: whatever is lost or cut off, the run ends once, with what one undisturbed run leaves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from dossiers.clients.base import Context, FetchResult, Outcome, Query
from dossiers.models.capture import Capture
from dossiers.models.run import Retrieval, Run, RunStatus, RunTrigger
from dossiers.models.source import Source
from dossiers.models.topic import Topic
from dossiers.refresh.actions import advance_run, advancing, dispatch_retrievals, request_refresh, sweep
from dossiers.research.actions import fetch_retrieval
from tests.refresh.queues import Queues, list_states, pass_time
from tests.research.providers import Scripted, answer, switch_on

pytestmark = pytest.mark.django_db(transaction=True)
LATER = 300.0  # seconds: longer than any lease


class Killed(BaseException):
    """The worker is gone; no code of ours sees it coming."""


@pytest.fixture
def run(topic: Topic) -> Run:
    switch_on("wikipedia", "wikidata", "tavily")
    Scripted.answers |= {"wikipedia": answer("It has three domes."), "tavily": answer("One.", "Two.")}
    return request_refresh(topic, by=None, trigger=RunTrigger.SCHEDULED)


def resume(queues: Queues) -> None:
    """Let leases end, and the sweep and the workers do their work."""
    for _ in range(3):
        pass_time(LATER)
        sweep()
        queues.work()


def assert_finished_once(run: Run) -> None:
    run.refresh_from_db()
    assert (run.status, run.outcome) == (RunStatus.FINISHED, Outcome.OK)
    assert (Run.objects.count(), Retrieval.objects.count(), Source.objects.count()) == (1, 3, 3)
    assert sorted(Capture.objects.values_list("text", flat=True)) == ["It has three domes.", "One.", "Two."]


@pytest.mark.parametrize("losses", range(6))
def test_lost_messages_are_sent_again(run: Run, queues: Queues, losses: int) -> None:
    for _ in range(losses):
        for name, arguments in queues.take()[:1]:
            _carry_out(name, arguments)
        queues.lose()
        pass_time(LATER)
        sweep()
    resume(queues)
    assert_finished_once(run)


def _carry_out(name: str, arguments: list[Any]) -> None:
    from config.celery import app

    app.tasks[name](*arguments)


STAGES = [
    "dossiers.refresh.actions.advancing.plan_wave",
    "dossiers.refresh.actions.advancing.dispatch_retrievals",
    "dossiers.research.actions.fetching.make_provider",
    "dossiers.research.actions.fetching.store_found",
    "dossiers.research.actions.fetching._stop_if_needed",
    "dossiers.refresh.actions.advancing.advance_runs",
    "dossiers.refresh.actions.advancing._begin_extraction",
    "dossiers.refresh.actions.advancing._extract",
    "dossiers.refresh.actions.advancing.prepare_extraction",
    "dossiers.refresh.actions.advancing.extract_topic",
    "dossiers.refresh.actions.advancing.finish_run",
    "dossiers.refresh.actions.finishing.choose_next",
]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
def test_a_worker_killed_at_any_stage_loses_and_repeats_nothing(
    run: Run, queues: Queues, monkeypatch: pytest.MonkeyPatch, stage: str, is_before: bool
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(stage, _kill_at(stage, is_before))
        with pytest.raises(Killed):
            queues.work()
    queues.lose()
    resume(queues)
    assert_finished_once(run)


def _kill_at(stage: str, is_before: bool) -> Callable[..., Any]:
    from django.utils.module_loading import import_string

    real = import_string(stage)

    def die(*arguments: Any, **named: Any) -> Any:
        if not is_before:
            real(*arguments, **named)
        raise Killed

    return die


def test_a_broker_that_is_down_costs_the_request_nothing(topic: Topic, queues: Queues, monkeypatch) -> None:
    from kombu.exceptions import OperationalError

    from dossiers.refresh.actions import sending

    def refuse(*_arguments: Any, **_named: Any) -> None:
        raise OperationalError("Connection refused")

    switch_on("wikipedia")
    with monkeypatch.context() as patch:
        patch.setattr(sending.app, "send_task", refuse)
        run = request_refresh(topic, by=None)
    resume(queues)
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do several things at the same time, each over a connection of its own, as workers do."""
    start = Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(begin, work) for work in works]]


def test_two_workers_with_the_same_message_ask_once(run: Run, queues: Queues) -> None:
    advance_run(run.pk)
    pk = Retrieval.objects.filter(provider="wikipedia").values_list("pk", flat=True).get()
    done = at_once(*[lambda: fetch_retrieval(pk)] * 4)
    assert sum(result is not None for result in done) == 1
    assert len(Scripted.list_asked("wikipedia")) == 1


def test_two_workers_that_advance_the_same_run_plan_once(run: Run, queues: Queues) -> None:
    at_once(*[lambda: advance_run(run.pk)] * 4)
    assert [row[0] for row in list_states(run)] == ["wikipedia", "wikidata", "tavily"]
    assert len([name for name, _ in queues.take() if name.endswith("fetch")]) == 3


def test_two_workers_at_the_end_of_a_run_extract_once(run: Run, queues: Queues, monkeypatch) -> None:
    advance_run(run.pk)
    for pk in Retrieval.objects.values_list("pk", flat=True):
        fetch_retrieval(pk)
    begun: list[int] = []
    real = advancing.extract_topic
    monkeypatch.setattr(advancing, "extract_topic", lambda topic, *, run: begun.append(run.pk) or real(topic, run=run))
    at_once(*[lambda: advance_run(run.pk)] * 4)
    resume(queues)
    assert_finished_once(run)
    assert begun == [run.pk]


def test_the_last_attempt_is_not_taken_for_a_failure_while_it_is_under_way(
    run: Run, queues: Queues, monkeypatch, settings
) -> None:
    def be_overtaken(run: Run) -> None:
        at_once(lambda: advance_run(run.pk))

    Run.objects.update(attempts=settings.RESEARCH_ATTEMPTS - 1)
    monkeypatch.setattr(advancing, "prepare_extraction", be_overtaken)
    queues.work()
    assert_finished_once(run)


def test_two_workers_that_send_at_once_send_each_retrieval_once(run: Run, queues: Queues) -> None:
    advance_run(run.pk)
    queues.lose()
    pass_time(LATER)
    assert sum(at_once(*[dispatch_retrievals] * 4)) == 3
    assert sorted(arguments[0] for _, arguments in queues.take()) == sorted(
        Retrieval.objects.values_list("pk", flat=True)
    )


def test_a_provider_is_not_sent_more_than_it_may_work_on(db: None, queues: Queues) -> None:
    from tests.builders import make_topic

    switch_on("wikipedia")
    runs = [request_refresh(make_topic(), by=None, trigger=RunTrigger.SCHEDULED) for _ in range(10)]
    urgent = request_refresh(make_topic("Urgent"), by=None)
    for run in [*runs, urgent]:
        advance_run(run.pk)
    sent = [arguments[0] for name, arguments in queues.take() if name.endswith("fetch")]
    assert len(sent) == 3, "two of the clock's, one under way and one in hand, and the person's"
    assert Retrieval.objects.get(run=urgent).pk in sent
    fetch_retrieval(sent[-1])
    pass_time(LATER)
    sweep()
    queues.work()
    assert Retrieval.objects.filter(state="done").count() == 11


def test_a_wait_for_ones_turn_keeps_its_place(run: Run, queues: Queues) -> None:
    from dossiers.clients.base import MustWait

    Scripted.answers["wikipedia"] = MustWait(3.0)
    queues.work()
    assert dispatch_retrievals() == 0
    pass_time(4)
    Scripted.answers["wikipedia"] = answer("It has three domes.")
    assert dispatch_retrievals() == 1
    queues.work()
    assert_finished_once(run)


def test_a_cancellation_while_asking_is_harmless(run: Run, queues: Queues) -> None:
    from dossiers.refresh.actions import cancel_run

    def be_cancelled(_query: Query, _context: Context) -> FetchResult:
        cancel_run(run, by=None)
        return answer("What came late.")

    Scripted.answers["wikipedia"] = be_cancelled
    queues.work()
    resume(queues)
    run.refresh_from_db()
    assert (run.status, run.counts) == (RunStatus.CANCELLED, {})
    assert {state for _, state, _ in list_states(run)} <= {"cancelled", "done"}
    assert "What came late." not in Capture.objects.values_list("text", flat=True)
