"""What a curator sets: which providers are on, and how often topics are refreshed."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from dossiers.models.provider import ProviderPolicy, RefreshPolicy
from dossiers.models.topic import Topic
from dossiers.refresh.actions.errors import IntervalNotPossible, ProviderNotReady
from dossiers.refresh.queries.timing import SPREAD, SPREAD_FACTOR, SPREAD_STEPS, choose_first
from dossiers.research.queries.policies import describe_lack

SHORTEST_INTERVAL = timedelta(minutes=10)
# The same as timing.choose_first says of one topic: from its last run, a little later by its id; at once where it had
# none. Topics that failed lately keep the time they were told to come back at, if the interval allows one at all.
RESCHEDULE = """
UPDATE dossiers_topic SET next_refresh_at = CASE WHEN %(interval)s::interval IS NULL THEN NULL
    WHEN refresh_failures > 0 AND next_refresh_at IS NOT NULL THEN next_refresh_at
    ELSE greatest(%(now)s, coalesce(research_retrieved_at + %(interval)s::interval
        * (1 + %(spread)s * (id * %(factor)s %% %(steps)s)::float / %(steps)s), %(now)s)) END
WHERE kind = %(kind)s AND refresh_interval IS NULL AND redirect_to_id IS NULL {only}
"""


@transaction.atomic
def switch_provider(policy: ProviderPolicy, *, is_enabled: bool, by: User | None) -> ProviderPolicy:  # noqa: ARG001
    """Switch a provider on or off while everything runs. Raises ProviderNotReady where it lacks what it needs."""
    policy = ProviderPolicy.objects.select_for_update().get(pk=policy.pk)
    if is_enabled and (lack := describe_lack(policy)):
        raise ProviderNotReady(f"{policy.title} cannot be switched on. {lack}")
    policy.is_enabled = is_enabled
    policy.save(update_fields=["is_enabled", "updated_at"])
    return policy


@transaction.atomic
def clear_stop(policy: ProviderPolicy, *, by: User | None) -> ProviderPolicy:  # noqa: ARG001
    """Set a stopped provider going again: whoever does it has seen to the reason."""
    policy = ProviderPolicy.objects.select_for_update().get(pk=policy.pk)
    policy.stopped_at, policy.stopped_reason = None, ""
    policy.save(update_fields=["stopped_at", "stopped_reason", "updated_at"])
    return policy


@transaction.atomic
def set_interval(policy: RefreshPolicy, *, interval: timedelta | None, by: User | None) -> RefreshPolicy:  # noqa: ARG001
    """Set how often topics of a kind are refreshed (None: never by themselves), and when each is due.

    Raises IntervalNotPossible.
    """
    check_interval(interval)
    policy = RefreshPolicy.objects.select_for_update().get(pk=policy.pk)
    policy.interval = interval or None
    policy.save(update_fields=["interval", "updated_at"])
    reschedule_kind(policy.kind, policy.interval)
    return policy


def reschedule_kind(kind: str, interval: timedelta | None, *, is_new_only: bool = False) -> int:
    """Set when the topics of a kind without an interval of their own are due, in one statement; return how many."""
    only = "AND next_refresh_at IS NULL" if is_new_only else ""
    values: dict[str, Any] = {"interval": interval, "kind": kind, "now": timezone.now()}
    values |= {"spread": SPREAD, "factor": SPREAD_FACTOR, "steps": SPREAD_STEPS}
    with connection.cursor() as cursor:
        cursor.execute(RESCHEDULE.format(only=only), values)
        return cursor.rowcount


@transaction.atomic
def set_topic_interval(topic: Topic, *, interval: timedelta | None, by: User | None) -> Topic:  # noqa: ARG001
    """Set how often one topic is refreshed: None as its kind is, zero never by itself. Raises IntervalNotPossible."""
    check_interval(interval)
    topic = Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)
    topic.refresh_interval = interval
    topic.next_refresh_at = choose_first(topic, timezone.now())
    topic.save(update_fields=["refresh_interval", "next_refresh_at"])
    return topic


def check_interval(interval: timedelta | None) -> None:
    """Raise IntervalNotPossible for what cannot be an interval; none and zero can."""
    if interval is not None and interval < timedelta():
        raise IntervalNotPossible("An interval cannot be negative.")
    if interval and interval < SHORTEST_INTERVAL:
        raise IntervalNotPossible(f"Topics are refreshed every {SHORTEST_INTERVAL.seconds // 60} minutes at most.")
