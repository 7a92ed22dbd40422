"""What a person does with runs: ask for one, cancel it, try one of its retrievals again."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import (
    ACTIVE_STATUSES,
    Outcome,
    Retrieval,
    RetrievalState,
    Run,
    RunKind,
    RunStatus,
    RunTrigger,
)
from dossiers.models.topic import Topic
from dossiers.refresh.actions.errors import RetrievalNotRetryable, RunIsOver
from dossiers.refresh.actions.finishing import end_run
from dossiers.refresh.actions.sending import ADVANCE, choose_queue, send_after_commit
from dossiers.research.queries.policies import describe_refusal


@transaction.atomic
def request_refresh(topic: Topic, *, by: User | None, trigger: str = RunTrigger.REQUESTED) -> Run:
    """Begin a research run of a topic; one that is under way already is returned as it is."""
    Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)
    active = Run.objects.filter(topic=topic, status__in=ACTIVE_STATUSES).first()
    if active is not None:
        return active
    run = Run.objects.create(
        topic=topic, kind=RunKind.RESEARCH, status=RunStatus.QUEUED, trigger=trigger, requested_by=by
    )
    send_after_commit(ADVANCE, [run.pk], queue=choose_queue(trigger))
    return run


@transaction.atomic
def cancel_run(run: Run, *, by: User | None) -> Run:
    """End a run now: what waits is not asked, what is being asked is dropped when it comes. Raises RunIsOver."""
    run = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("topic").get(pk=run.pk)
    if not run.is_active:
        raise RunIsOver(f"This run is over: {run.get_status_display().lower()}.")
    open_rows = Retrieval.objects.filter(run=run, state__in=[RetrievalState.WAITING, RetrievalState.RUNNING])
    now = timezone.now()
    open_rows.update(state=RetrievalState.CANCELLED, leased_until=None, not_before=None, finished_at=now)
    run.is_cancel_requested = True
    end_run(run, RunStatus.CANCELLED, f"Cancelled by {by.get_username()}." if by else "Cancelled.")
    return run


@transaction.atomic
def retry_retrieval(retrieval: Retrieval, *, by: User | None) -> Retrieval:
    """Ask once more what failed, and extract the run again with what that brings. Raises RetrievalNotRetryable."""
    topic_id = Run.objects.values_list("topic_id", flat=True).get(pk=retrieval.run_id)
    Topic.objects.select_for_update(no_key=True).get(pk=topic_id)
    run = Run.objects.select_for_update(no_key=True).get(pk=retrieval.run_id)
    retrieval = Retrieval.objects.select_for_update(no_key=True).get(pk=retrieval.pk)
    refusal = _describe_no_retry(retrieval, run)
    if refusal:
        raise RetrievalNotRetryable(refusal)
    _wait_again(retrieval)
    run.status, run.outcome, run.message, run.finished_at = RunStatus.RUNNING, "", "", None
    run.trigger, run.requested_by = RunTrigger.REQUESTED, by
    run.wave, run.attempts, run.is_cancel_requested, run.touched_at = retrieval.wave, 0, False, timezone.now()
    run.save()
    send_after_commit(ADVANCE, [run.pk], queue=settings.INTERACTIVE)
    return retrieval


def _wait_again(retrieval: Retrieval) -> None:
    retrieval.state, retrieval.outcome, retrieval.message = RetrievalState.WAITING, "", ""
    retrieval.attempts, retrieval.not_before, retrieval.leased_until = 0, None, None
    retrieval.finished_at = None
    retrieval.save()


def _describe_no_retry(retrieval: Retrieval, run: Run) -> str:
    """Say why a retrieval cannot be tried again, empty where it can."""
    if run.kind != RunKind.RESEARCH:
        return "An import is not asked again; load the export once more."
    if run.status == RunStatus.CANCELLED:
        return "This run was cancelled; refresh the topic instead."
    if run.is_active:
        return "This run is still under way."
    if Run.objects.filter(topic=run.topic_id, kind=RunKind.RESEARCH, pk__gt=run.pk).exists():
        return "The topic has a newer run; try that one, or refresh the topic."
    if retrieval.state != RetrievalState.DONE or retrieval.outcome in (Outcome.OK, Outcome.EMPTY):
        return "This was answered; there is nothing to try again."
    return describe_refusal(ProviderPolicy.objects.filter(name=retrieval.provider).first())
