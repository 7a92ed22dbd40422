"""Read which topics are due, and take them: rows that somebody else works on are passed over."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from dossiers.models.run import ACTIVE_STATUSES, Run, RunKind, RunTrigger
from dossiers.models.topic import Topic


def list_due_topics(now: datetime) -> QuerySet[Topic]:
    """List the topics that are due and not being refreshed: what the sweep takes from."""
    active = Run.objects.filter(topic=OuterRef("pk"), status__in=ACTIVE_STATUSES)
    return Topic.objects.filter(next_refresh_at__lte=now, redirect_to__isnull=True).exclude(Exists(active))


def take_due_topics(now: datetime, limit: int) -> list[int]:
    """Lock up to `limit` topics that are due and not being refreshed, the longest due first; return their ids.

    Call it inside a transaction; it waits for nobody.
    """
    due = list_due_topics(now)
    rows = due.order_by("next_refresh_at", "id").select_for_update(no_key=True, skip_locked=True)
    taken = list(rows.values_list("pk", flat=True)[:limit])
    # A run that was committed while the rows were being locked was not in the picture that the query saw.
    busy = Run.objects.filter(topic__in=taken, status__in=ACTIVE_STATUSES)
    begun = set(busy.values_list("topic_id", flat=True)) if taken else set()
    return [pk for pk in taken if pk not in begun]


def count_scheduled_runs() -> int:
    """Count the clock's runs under way."""
    return Run.objects.filter(status__in=ACTIVE_STATUSES, kind=RunKind.RESEARCH, trigger=RunTrigger.SCHEDULED).count()


def count_due_topics(now: datetime) -> int:
    """Count the topics that are due."""
    return Topic.objects.filter(next_refresh_at__lte=now, redirect_to__isnull=True).count()
