"""Bring a run one step on, whatever state it was left in: ask, ask what depends on that, extract, end."""

import logging
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
    _step(run_id)
    dispatch_retrievals()


def advance_runs(run_ids: list[int]) -> None:
    """Advance several runs, one after the other; one that breaks does not hold up the others."""
    for run_id in run_ids:
        try:
            _step(run_id)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("Run %s could not be advanced; the sweep will try again", run_id)
    dispatch_retrievals()


def carry_out(retrieval_id: int) -> None:
    """Carry out one retrieval, bring its run on, and send what may go now that a place is free."""
    fetched = fetch_retrieval(retrieval_id)
    if fetched is not None and fetched.comes_again_in is not None:
        wake_later(fetched.run_id, fetched.comes_again_in)
    is_done = fetched is not None and fetched.comes_again_in is None
    advance_runs([fetched.run_id] if fetched and is_done else [])


def _step(run_id: int) -> None:
    if _prepare_step(run_id):
        try:
            _extract(run_id)
        finally:
            _let_go(run_id)


@transaction.atomic
def _prepare_step(run_id: int) -> bool:
    """Plan what is left to ask, or end what cannot go on; return whether we hold the run's extraction, begun now."""
    run = lock_run(run_id)
    if run is None:
        return False
    rows = list(Retrieval.objects.filter(run=run).order_by("id"))
    if any(row.state in OPEN for row in rows) or _plan_next(run, rows):
        return False
    if not has_answer(rows):
        finish_unanswered(run, rows)
        return False
    return _begin_extraction(run)


def lock_run(run_id: int) -> Run | None:
    """Return a run under its row's lock, None where it is over."""
    rows = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("topic")
    return rows.filter(pk=run_id, status__in=ACTIVE_STATUSES).first()


def _plan_next(run: Run, rows: list[Retrieval]) -> bool:
    """Plan the next wave that has something to ask; return whether there is one."""
    while run.wave < LAST_WAVE:
        run.wave += 1
        if plan_wave(run, run.wave, earlier=rows):
            now = timezone.now()
            Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, wave=run.wave, touched_at=now)
            return True
    return False


def _begin_extraction(run: Run) -> bool:
    """Take the run's extraction and count the attempt; a second worker steps aside, too many attempts fail the run.

    The attempt is committed before it begins, so that one that kills its worker is counted too.
    """
    if not _hold(run.pk):
        return False
    if run.attempts >= settings.RESEARCH_ATTEMPTS:
        _let_go(run.pk)
        message = f"Extraction broke {run.attempts} times; nothing was changed. The log of the worker says why."
        end_run(run, RunStatus.FAILED, message)
        return False
    fields = {"status": RunStatus.RUNNING, "wave": LAST_WAVE, "attempts": run.attempts + 1}
    Run.objects.filter(pk=run.pk).update(**fields, touched_at=timezone.now())
    return True


def _extract(run_id: int) -> None:
    """Extract what a run brought and finish it, in one transaction; not where it was cancelled or asks again.

    Whatever a model is asked for it is asked before, while no transaction is open.
    """
    prepare_extraction(Run.objects.select_related("topic").get(pk=run_id))
    with transaction.atomic():
        run = lock_run(run_id)
        rows = list(Retrieval.objects.filter(run=run_id).defer("request", "candidates").order_by("id"))
        if run is not None and not any(row.state in OPEN for row in rows):
            finish_run(run, rows, asdict(extract_topic(run.topic, run=run)))


def _hold(run_id: int) -> bool:
    """Take the lock on a run's extraction if it is free; it ends with our connection, whatever becomes of us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_SPACE, run_id % 2**31])
        return bool(cursor.fetchone()[0])


def _let_go(run_id: int) -> None:
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_SPACE, run_id % 2**31])
