"""Takes ids from the queues; leaves one step of a run done. Each task calls one action and may be run twice."""

from celery import shared_task

from dossiers.refresh import actions


@shared_task
def advance_runs(run_ids: list[int]) -> None:
    """Bring runs one step on."""
    actions.advance_runs(run_ids)


@shared_task
def fetch(retrieval_id: int) -> None:
    """Carry out one retrieval and what follows from it."""
    actions.carry_out(retrieval_id)


@shared_task
def dispatch() -> None:
    """Send the retrievals that may go now."""
    actions.dispatch_retrievals()


@shared_task(soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """Begin what is due and take up what was left lying."""
    actions.sweep()
