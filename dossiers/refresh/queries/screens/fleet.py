"""Takes the name of a list; leaves the research page's lists and counters: each counts the very list it names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from dossiers.models.provider import RefreshPolicy
from dossiers.models.run import Run, RunKind, RunStatus
from dossiers.models.topic import Topic
from dossiers.refresh.queries.counting import Count, count_rows
from dossiers.refresh.queries.due import list_due_topics
from dossiers.refresh.queries.screens.runs import list_failed, read_runs

PAGE = 20
DUE, RUNNING, WAITING, FAILED, FAILURES, ALL = "due", "running", "waiting", "failed", "failures", "all"
COUNTED_LISTS = {DUE: "Due", RUNNING: "Running", WAITING: "Waiting", FAILED: "Failed today"}
LISTS = {**COUNTED_LISTS, FAILURES: "All failures", ALL: "All runs"}
TopicPlace = tuple[datetime, int]


@dataclass(frozen=True)
class Counter:
    """How many rows the list of this name holds."""

    name: str
    words: str
    count: Count


@dataclass(frozen=True)
class FleetList:
    """One page of a list: topics that are due, or runs. `after` ends the address of the next page, "" at the end."""

    name: str
    words: str
    topics: list[Topic]
    runs: list[Run]
    after: str


def filter_list(name: str) -> QuerySet[Any]:
    """Return the rows of a list: its counter and its pages are all this query."""
    if name == DUE:
        return list_due_topics(timezone.now())
    if name in (FAILED, FAILURES):
        return list_failed(since=begin_today() if name == FAILED else None)
    research = Run.objects.filter(kind=RunKind.RESEARCH)
    states = {RUNNING: RunStatus.RUNNING, WAITING: RunStatus.QUEUED}
    return research.filter(status=states[name]) if name in states else research


def read_counters() -> list[Counter]:
    """Count the lists that say how the fleet fares, exactly to 1,000."""
    return [Counter(name, words, count_rows(filter_list(name))) for name, words in COUNTED_LISTS.items()]


def read_list(name: str, *, after: str = "") -> FleetList:
    """Return one page of a list; a place that is none begins at the beginning."""
    if name == DUE:
        return _read_due(_parse_place(after))
    page = read_runs(filter_list(name), after=int(after) if _is_number(after) else None)
    return FleetList(name, LISTS[name], [], page.rows, str(page.after or ""))


def list_intervals() -> list[RefreshPolicy]:
    """Return how often each kind of topic is refreshed."""
    return list(RefreshPolicy.objects.all())


def find_interval(kind: str) -> RefreshPolicy | None:
    """Return the policy of a kind."""
    return RefreshPolicy.objects.filter(kind=kind).first()


def begin_today() -> datetime:
    """Return when the day began, in UTC."""
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


def _read_due(after: TopicPlace | None) -> FleetList:
    topics = filter_list(DUE)
    if after is not None:
        at, pk = after
        topics = topics.filter(Q(next_refresh_at__gt=at) | Q(next_refresh_at=at, pk__gt=pk))
    found = list(topics.order_by("next_refresh_at", "id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return FleetList(DUE, LISTS[DUE], found[:PAGE], [], _spell_place(last) if last else "")


def _spell_place(topic: Topic) -> str:
    assert topic.next_refresh_at is not None  # noqa: S101 - the list holds none without
    return f"{topic.next_refresh_at.isoformat()}~{topic.pk}"


def _parse_place(text: str) -> TopicPlace | None:
    at, _, pk = text.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, int(pk)) if moment.tzinfo and _is_number(pk) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18
