"""The sweep: what is due in which order, how much at once, several at a time, and back-off after failures."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from dossiers.clients.base import Outcome
from dossiers.models.provider import RefreshPolicy
from dossiers.models.run import Run, RunKind, RunStatus, RunTrigger
from dossiers.models.topic import Topic
from dossiers.refresh.actions import request_refresh, sweep
from dossiers.refresh.actions.sweeping import BATCH
from dossiers.refresh.queries.timing import LONGEST_BACKOFF, choose_next
from tests.builders import make_topic
from tests.refresh.queues import Queues, hours_ago, pass_time
from tests.refresh.test_resuming import at_once
from tests.research.providers import Scripted, answer, refuse, switch_on

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def make_due(count: int, **fields: object) -> list[Topic]:
    """Make topics that are due, the last one for the longest time."""
    return [
        make_topic(f"Due {n}", next_refresh_at=hours_ago(n + 1), **{"refresh_interval": DAY} | fields)
        for n in range(count)
    ]


def test_the_longest_due_are_begun_first_and_no_more_than_may_be_under_way(queues: Queues, settings) -> None:
    switch_on("wikipedia")
    topics = make_due(6)
    settings.RESEARCH_IN_FLIGHT = 4
    assert (sweep(), sweep()) == (4, 0)
    runs = list(Run.objects.order_by("id"))
    assert [run.topic_id for run in runs] == [topic.pk for topic in reversed(topics[2:])]
    assert {(run.kind, run.status, run.trigger) for run in runs} == {("research", "queued", "scheduled")}
    queues.work()
    assert Run.objects.filter(status=RunStatus.FINISHED).count() == 4
    assert (sweep(), Run.objects.count()) == (2, 6)


def test_what_is_not_due_or_moved_or_under_way_is_left_alone(queues: Queues) -> None:
    switch_on("wikipedia")
    make_topic("Later", next_refresh_at=timezone.now() + DAY)
    make_topic("Never")
    target = make_topic("Target", refresh_interval=timedelta())
    make_topic("Moved", next_refresh_at=hours_ago(1), redirect_to=target, redirect_reason="Merged.")
    request_refresh(make_due(1)[0], by=None)
    assert (sweep(), Run.objects.count()) == (0, 1)


def test_one_message_carries_a_batch(queues: Queues, settings) -> None:
    switch_on("wikipedia")
    make_due(BATCH + 3)
    queues.lose()
    sweep()
    sent = queues.take()
    assert [(name.rpartition(".")[2], len(arguments[0])) for name, arguments in sent] == [
        ("advance_runs", BATCH),
        ("advance_runs", 3),
    ]


def test_several_sweeps_at_once_begin_each_topic_once(queues: Queues, settings) -> None:
    switch_on("wikipedia")
    make_due(30)
    settings.RESEARCH_IN_FLIGHT = 20
    assert sum(at_once(*[sweep] * 4)) == 20
    assert Run.objects.count() == 20
    assert sum(len(arguments[0]) for _, arguments in queues.take()) == 20


def test_a_sweep_and_requests_at_once_begin_each_topic_once(queues: Queues) -> None:
    switch_on("wikipedia")
    topics = make_due(8)
    at_once(sweep, *[lambda topic=topic: request_refresh(topic, by=None) for topic in topics[:4]])
    assert sorted(Run.objects.values_list("topic_id", flat=True)) == sorted(topic.pk for topic in topics)


def test_nothing_is_begun_while_no_provider_can_be_asked(queues: Queues) -> None:
    make_due(2)
    assert (sweep(), Run.objects.count()) == (0, 0)


def test_a_finished_run_says_when_the_topic_is_due_next(queues: Queues) -> None:
    switch_on("wikipedia")
    (topic,) = make_due(1)
    sweep()
    queues.work()
    topic.refresh_from_db()
    assert DAY <= topic.next_refresh_at - topic.research_retrieved_at < 1.11 * DAY
    assert sweep() == 0


def test_runs_that_reach_nobody_come_back_later_each_time(queues: Queues, settings) -> None:
    switch_on("wikipedia")
    settings.RESEARCH_ATTEMPTS = 1
    Scripted.answers["wikipedia"] = refuse(Outcome.UNAVAILABLE)
    (topic,) = make_due(1, refresh_interval=7 * DAY)
    waits = []
    for _ in range(12):
        assert sweep() == 1
        queues.work()
        topic.refresh_from_db()
        waits.append(topic.next_refresh_at - timezone.now())
        Topic.objects.update(next_refresh_at=hours_ago(1))
    assert topic.refresh_failures == 12
    assert all(before < after for before, after in pairwise(waits[:8]))
    assert waits[0] < timedelta(minutes=20)
    assert waits[-1] < 1.11 * LONGEST_BACKOFF
    Scripted.answers["wikipedia"] = answer("It has three domes.")
    sweep()
    queues.work()
    topic.refresh_from_db()
    assert (topic.refresh_failures, topic.next_refresh_at > timezone.now() + 6 * DAY) == (0, True)


def test_topics_refreshed_together_come_back_apart() -> None:
    now = timezone.now()
    times = {choose_next(Topic(pk=pk, refresh_interval=DAY), now) for pk in range(1, 101)}
    assert len(times) == 100
    assert max(times) - min(times) > timedelta(hours=2)


def test_topics_that_come_after_an_interval_was_set_are_due_too(queues: Queues) -> None:
    switch_on("wikipedia")
    RefreshPolicy.objects.filter(kind="person").update(interval=DAY)
    person = make_topic("A person", kind="person")
    make_topic("A place", kind="place")
    make_topic("Never", kind="person", refresh_interval=timedelta())
    assert sweep() == 1
    assert Run.objects.get().topic == person


def test_a_run_that_stands_still_is_sent_again_and_one_that_moves_is_not(
    topic: Topic, queues: Queues, settings
) -> None:
    switch_on("wikipedia")
    run = request_refresh(topic, by=None)
    queues.lose()
    sweep()
    assert queues.take() == []
    pass_time(settings.RESEARCH_LEASE + 1)
    sweep()
    sweep()
    assert queues.take() == [("dossiers.refresh.tasks.advance_runs", [[run.pk]])]


def test_an_import_is_no_run_under_way(topic: Topic, queues: Queues) -> None:
    switch_on("wikipedia")
    Run.objects.create(topic=topic, kind=RunKind.IMPORT)
    Topic.objects.update(next_refresh_at=hours_ago(1), refresh_interval=DAY)
    assert sweep() == 1
    assert Run.objects.filter(trigger=RunTrigger.SCHEDULED).count() == 1


@pytest.mark.parametrize("count", [1, 40])
def test_a_sweep_costs_the_same_for_one_topic_and_for_many(
    queues: Queues, count: int, django_assert_max_num_queries
) -> None:
    switch_on("wikipedia")
    make_due(count)
    with django_assert_max_num_queries(20):
        sweep()
