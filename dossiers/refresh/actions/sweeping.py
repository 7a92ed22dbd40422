"""What the clock does each minute: begin what is due, and take up again what was left lying."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from dossiers.models.provider import RefreshPolicy
from dossiers.models.run import ACTIVE_STATUSES, Retrieval, RetrievalState, Run, RunKind, RunStatus, RunTrigger
from dossiers.refresh.actions.dispatching import dispatch_retrievals
from dossiers.refresh.actions.policies import reschedule_kind
from dossiers.refresh.actions.sending import ADVANCE, choose_queue, send_after_commit
from dossiers.refresh.queries.due import count_scheduled_runs, take_due_topics
from dossiers.research.queries.policies import list_ready_policies

logger = logging.getLogger(__name__)

BATCH = 50
_LOCK = 0x0D055EE9  # of the one sweep that begins runs; further ones only resume


def sweep() -> int:
    """Resume what was left lying and begin runs of topics that are due; return how many were begun."""
    resume_runs()
    dispatch_retrievals()
    schedule_new_topics()
    return begin_due_runs()


@transaction.atomic
def begin_due_runs() -> int:
    """Begin runs of due topics, RESEARCH_IN_FLIGHT under way at most, and send one task for each batch of them."""
    if not _is_only_sweep() or not list_ready_policies():
        return 0
    room = settings.RESEARCH_IN_FLIGHT - count_scheduled_runs()
    topics = take_due_topics(timezone.now(), room) if room > 0 else []
    fields = {"kind": RunKind.RESEARCH, "status": RunStatus.QUEUED, "trigger": RunTrigger.SCHEDULED}
    runs = Run.objects.bulk_create([Run(topic_id=pk, **fields) for pk in topics])
    _send_batches([run.pk for run in runs], settings.SCHEDULED)
    if runs:
        logger.info("%d topics were due; their runs have begun", len(runs))
    return len(runs)


def _is_only_sweep() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def resume_runs() -> int:
    """Send the runs that stood still for a lease's time to a worker again, and return how many.

    A run with open retrievals does not stand still: those are sent for themselves, when their provider has a place.
    """
    now = timezone.now()
    asking = Retrieval.objects.filter(run=OuterRef("pk"), state__in=[RetrievalState.WAITING, RetrievalState.RUNNING])
    old = Run.objects.filter(~Exists(asking), status__in=ACTIVE_STATUSES)
    old = old.filter(touched_at__lt=now - timedelta(seconds=settings.RESEARCH_LEASE))
    # Rows that a worker is at are passed over: they do not stand still.
    rows = list(old.select_for_update(no_key=True, skip_locked=True).values_list("pk", "trigger"))
    Run.objects.filter(pk__in=[pk for pk, _ in rows]).update(touched_at=now)
    for queue in (settings.INTERACTIVE, settings.SCHEDULED):
        _send_batches([pk for pk, trigger in rows if choose_queue(trigger) == queue], queue)
    return len(rows)


def _send_batches(run_ids: list[int], queue: str) -> None:
    for first in range(0, len(run_ids), BATCH):
        send_after_commit(ADVANCE, run_ids[first : first + BATCH], queue=queue)


def schedule_new_topics() -> None:
    """Give topics that came since an interval was set their first time."""
    for kind, interval in RefreshPolicy.objects.filter(interval__isnull=False).values_list("kind", "interval"):
        reschedule_kind(kind, interval, is_new_only=True)
