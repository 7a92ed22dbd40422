"""Takes a topic or a filter; leaves runs: the newest, a page of earlier ones, and the lists of the research page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet

from dossiers.models.claim import Claim, ClaimStatus
from dossiers.models.generation import Generation
from dossiers.models.run import ACTIVE_STATUSES, Run, RunKind
from dossiers.models.source import Source
from dossiers.models.topic import Topic

PAGE = 20


@dataclass(frozen=True)
class RunPage:
    """One page of runs, newest first; `after` is the id to go on from, None at the end."""

    rows: list[Run]
    after: int | None


@dataclass(frozen=True)
class Times:
    """The four times of a topic that are never mixed; None where it has not happened.

    A source changed: its newest text was captured. We checked: a run ended. A fact changed: an editor put the newest
    value in place. A human reviewed: an editor decided anything.
    """

    source_changed: datetime | None
    checked: datetime | None
    fact_changed: datetime | None
    reviewed: datetime | None


def find_run(run_id: int) -> Run | None:
    """Return a run with its topic and who asked for it."""
    return Run.objects.select_related("topic", "requested_by").filter(pk=run_id).first()


def find_newest_run(topic: Topic) -> Run | None:
    """Return a topic's newest research, an active run before all others."""
    runs = Run.objects.filter(topic=topic, kind=RunKind.RESEARCH).select_related("topic", "requested_by")
    return runs.filter(status__in=ACTIVE_STATUSES).first() or runs.order_by("-id").first()


def read_runs(runs: QuerySet[Run], *, after: int | None = None) -> RunPage:
    """Return one page of a list of runs, newest first, in one query."""
    rows = runs.filter(pk__lt=after) if after is not None else runs
    found = list(rows.select_related("topic", "requested_by").defer("notices").order_by("-id")[: PAGE + 1])
    return RunPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def list_topic_runs(topic: Topic) -> QuerySet[Run]:
    """Return every run of a topic, imports too."""
    return Run.objects.filter(topic=topic)


def list_failed(*, since: datetime | None = None) -> QuerySet[Run]:
    """Return the runs that failed or reached nobody; those that ended since a time where one is given."""
    runs = Run.objects.filter(Q(status="failed") | Q(outcome="unavailable"))
    return runs.filter(finished_at__gte=since) if since else runs


def read_times(topic: Topic) -> Times:
    """Return the four times of a topic, in two queries."""
    captured = Source.objects.filter(topic=topic).aggregate(at=Max("captures__retrieved_at"))
    decided = Claim.objects.filter(topic=topic).aggregate(
        fact=Max("standing_decision__at", filter=Q(status=ClaimStatus.APPROVED)), any=Max("standing_decision__at")
    )
    return Times(captured["at"], topic.research_retrieved_at, decided["fact"], decided["any"])


def read_generations(run: Run) -> list[Generation]:
    """Return what a language model was asked in a run, and said."""
    return list(Generation.objects.filter(run=run).order_by("id"))


def sum_generations(rows: list[Generation]) -> dict[str, Any]:
    """Return how many tokens a run's questions took, and what they cost."""
    return {
        "tokens": sum((row.tokens_in or 0) + (row.tokens_out or 0) for row in rows),
        "cost": sum(row.cost for row in rows if row.cost is not None) or None,
    }
