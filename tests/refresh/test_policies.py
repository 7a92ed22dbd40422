"""Switching providers, clearing their stops, and setting how often topics are refreshed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dossiers.models.provider import ProviderPolicy, RefreshPolicy
from dossiers.models.topic import Topic
from dossiers.refresh.actions import (
    IntervalNotPossible,
    ProviderNotReady,
    clear_stop,
    set_interval,
    set_topic_interval,
    switch_provider,
)
from dossiers.refresh.queries.timing import choose_first
from tests.builders import make_topic
from tests.refresh.queues import hours_ago

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def read_policy(name: str) -> ProviderPolicy:
    return ProviderPolicy.objects.get(name=name)


def test_a_provider_is_switched_on_only_with_all_it_needs() -> None:
    ProviderPolicy.objects.update(client="scripted")
    with pytest.raises(ProviderNotReady, match=r"Wikipedia cannot be switched on.*needs a contact"):
        switch_provider(read_policy("wikipedia"), is_enabled=True, by=None)
    ProviderPolicy.objects.filter(name="wikipedia").update(contact="desk@example.org", client="scripted")
    assert switch_provider(read_policy("wikipedia"), is_enabled=True, by=None).is_enabled
    assert not switch_provider(read_policy("wikipedia"), is_enabled=False, by=None).is_enabled


def test_a_stop_is_cleared() -> None:
    ProviderPolicy.objects.filter(name="tavily").update(
        stopped_at=timezone.now(), stopped_reason="The key was refused."
    )
    policy = clear_stop(read_policy("tavily"), by=None)
    assert (policy.stopped_at, policy.stopped_reason) == (None, "")


def test_an_interval_makes_topics_of_its_kind_due_as_one_by_one(django_assert_max_num_queries) -> None:
    times = [None, hours_ago(1), hours_ago(1000)]
    topics = [make_topic(f"P{n}", kind="person", research_retrieved_at=times[n % 3]) for n in range(9)]
    topics.append(make_topic("failed", kind="person", refresh_failures=2, next_refresh_at=hours_ago(-7)))
    others = [
        make_topic("place", kind="place"),
        make_topic("own", kind="person", refresh_interval=3 * DAY, next_refresh_at=hours_ago(-50)),
        make_topic("moved", kind="person", redirect_to=topics[0], redirect_reason="Merged."),
    ]
    before = [topic.next_refresh_at for topic in others]
    with django_assert_max_num_queries(6):
        set_interval(RefreshPolicy.objects.get(kind="person"), interval=DAY, by=None)
    now = timezone.now()
    for topic in topics[:-1]:
        topic.refresh_from_db()
        assert abs(topic.next_refresh_at - choose_first(topic, now)) < timedelta(seconds=2)
    assert Topic.objects.get(pk=topics[-1].pk).next_refresh_at == topics[-1].next_refresh_at
    assert [Topic.objects.get(pk=topic.pk).next_refresh_at for topic in others] == before
    set_interval(RefreshPolicy.objects.get(kind="person"), interval=None, by=None)
    assert not Topic.objects.filter(kind="person", refresh_interval=None, next_refresh_at__isnull=False).exists()


def test_a_topics_own_interval_goes_before_its_kinds() -> None:
    set_interval(RefreshPolicy.objects.get(kind="topic"), interval=DAY, by=None)
    topic = make_topic(research_retrieved_at=hours_ago(1))
    assert 6 * DAY < set_topic_interval(topic, interval=7 * DAY, by=None).next_refresh_at - timezone.now() < 8 * DAY
    assert set_topic_interval(topic, interval=timedelta(), by=None).next_refresh_at is None
    back = set_topic_interval(topic, interval=None, by=None)
    assert timedelta(hours=22) < back.next_refresh_at - timezone.now() < timedelta(hours=26)


def test_a_topic_that_was_never_researched_is_due_at_once() -> None:
    assert set_topic_interval(make_topic(), interval=DAY, by=None).next_refresh_at <= timezone.now()


@pytest.mark.parametrize("interval", [timedelta(seconds=-1), timedelta(seconds=30)])
def test_an_interval_that_cannot_be_is_refused(interval: timedelta) -> None:
    with pytest.raises(IntervalNotPossible):
        set_interval(RefreshPolicy.objects.get(kind="topic"), interval=interval, by=None)
    with pytest.raises(IntervalNotPossible):
        set_topic_interval(make_topic(), interval=interval, by=None)
