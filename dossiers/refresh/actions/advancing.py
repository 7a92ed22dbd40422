"""Bring a run one step on, whatever state it was left in: ask, ask what depends on that, extract, end."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from dossiers.extract.actions import extract_topic, prepare_extraction
from dossiers.models.run import ACTIVE_STATUSES, Retrieval, RetrievalState, Run, RunStatus
from dossiers.refresh.actions.dispatching import dispatch_retrievals, wake_later
from dossiers.refresh.actions.finishing import end_run, finish_run, finish_unanswered, has_answer
from dossiers.research.actions import LAST_WAVE, fetch_retrieval, plan_wave

logger = logging.getLogger(__name__)

OPEN = (RetrievalState.WAITING, RetrievalState.RUNNING)
_LOCK_SPACE = 0x0D05  # of our advisory locks on runs under extraction


def advance_run(run_id: int) -> None:
    """Do what comes next in a run: plan and send its retrievals, or extract and finish once they are all done.

    Idempotent, and safe at any time from any worker: every decision is taken under the run's row lock from what is
    stored. An extraction that breaks is begun again by the sweep, RESEARCH_ATTEMPTS times at most.
    """
    if _is_ready(run_id):
        _extract(run_id)


def advance_runs(run_ids: list[int]) -> None:
    """Advance several runs, one after the other; one that breaks does not hold up the others."""
    for run_id in run_ids:
        try:
            advance_run(run_id)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("Run %s could not be advanced; the sweep will try again", run_id)


def carry_out(retrieval_id: int) -> None:
    """Carry out one retrieval, bring its run on, and send what may go now that a place is free."""
    fetched = fetch_retrieval(retrieval_id)
    if fetched is not None:
        if fetched.comes_again_in is None:
            advance_runs([fetched.run_id])
        else:
            wake_later(fetched.run_id, fetched.comes_again_in)
    dispatch_retrievals()


@transaction.atomic
def _is_ready(run_id: int) -> bool:
    """Plan and send what is left to ask; return whether everything is answered and extraction is next."""
    run = lock_run(run_id)
    if run is None:
        return False
    if not _ask_more(run):
        return _prepare(run)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, wave=run.wave, touched_at=timezone.now())
    dispatch_retrievals()
    return False


def lock_run(run_id: int) -> Run | None:
    """Return a run under its row's lock, None where it is over."""
    rows = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("topic")
    return rows.filter(pk=run_id, status__in=ACTIVE_STATUSES).first()


def _ask_more(run: Run) -> bool:
    """Return whether something is still being asked, planning the next wave where the last one is done."""
    if Retrieval.objects.filter(run=run, state__in=OPEN).exists():
        return True
    while run.wave < LAST_WAVE:
        run.wave += 1
        if plan_wave(run, run.wave):
            return True
    return False


def _prepare(run: Run) -> bool:
    """Count an extraction about to begin; end the run where nobody answered or extraction keeps breaking."""
    if not has_answer(run):
        finish_unanswered(run)
        return False
    if run.attempts >= settings.RESEARCH_ATTEMPTS:
        message = f"Extraction broke {run.attempts} times; nothing was changed. The log of the worker says why."
        end_run(run, RunStatus.FAILED, message)
        return False
    return True


def _extract(run_id: int) -> None:
    """Extract what a run brought and finish it, in one transaction; a second worker at the same run steps aside."""
    with _hold(run_id) as is_mine:
        if not is_mine or not _count_attempt(run_id):
            return
        prepare_extraction(Run.objects.select_related("topic").get(pk=run_id))
        with transaction.atomic():
            run = lock_run(run_id)
            if run is not None and not Retrieval.objects.filter(run=run, state__in=OPEN).exists():
                finish_run(run, asdict(extract_topic(run.topic, run=run)))


def _count_attempt(run_id: int) -> bool:
    with transaction.atomic():
        run = lock_run(run_id)
        if run is None:
            return False
        attempts, now = run.attempts + 1, timezone.now()
        Run.objects.filter(pk=run_id).update(attempts=attempts, wave=LAST_WAVE, touched_at=now)
        return True


@contextmanager
def _hold(run_id: int) -> Iterator[bool]:
    """Hold a lock on the extraction of a run that ends with our connection, whatever becomes of us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_SPACE, run_id % 2**31])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_SPACE, run_id % 2**31])
