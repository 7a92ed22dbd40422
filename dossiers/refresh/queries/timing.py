"""When a topic is refreshed next: by its own interval or its kind's, later after runs that reached nobody."""

from datetime import datetime, timedelta

from dossiers.models.provider import RefreshPolicy
from dossiers.models.topic import Topic

FIRST_BACKOFF, LONGEST_BACKOFF = timedelta(minutes=15), timedelta(days=2)
# Topics that were refreshed together do not come back together: up to a tenth later, by their id.
SPREAD, SPREAD_STEPS, SPREAD_FACTOR = 0.1, 1000, 7919


def read_interval(topic: Topic) -> timedelta | None:
    """Return how often a topic is refreshed; None: never by itself."""
    own = topic.refresh_interval
    if own is None:
        own = RefreshPolicy.objects.filter(kind=topic.kind).values_list("interval", flat=True).first()
    return own if own is not None and own > timedelta() else None


def choose_next(topic: Topic, now: datetime) -> datetime | None:
    """Return when a topic that was just tried is due next; None: never by itself."""
    interval = read_interval(topic)
    if interval is None:
        return None
    wait = interval
    if topic.refresh_failures:
        wait = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** min(topic.refresh_failures - 1, 20))
    return now + wait * (1 + spread(topic.pk))


def choose_first(topic: Topic, now: datetime) -> datetime | None:
    """Return when a topic whose interval was just set is due: counted from its last run, at once where it had none."""
    last = now if topic.refresh_failures else topic.research_retrieved_at
    due = choose_next(topic, last or now)
    if due is None:
        return None
    return max(now, due) if last else now


def spread(topic_id: int) -> float:
    """Return the share of its interval by which a topic comes later, from 0 to SPREAD, always the same for it."""
    return SPREAD * (topic_id * SPREAD_FACTOR % SPREAD_STEPS) / SPREAD_STEPS
