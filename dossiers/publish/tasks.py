"""Takes the clock's word; leaves the nightly audit and the health that readers see. Each task calls one action."""

from celery import shared_task

from dossiers.models.topic import Topic
from dossiers.publish import actions


@shared_task
def audit_records() -> None:
    """Compare every stored record with its hash again; findings are logged as errors."""
    actions.audit_records()


@shared_task
def refresh_public_statuses() -> None:
    """Bring what readers see of every published dossier up to date."""
    actions.refresh_public_statuses()


@shared_task
def refresh_public_status(topic_id: int) -> None:
    """Bring what readers see of one dossier up to date, after its research was refreshed."""
    actions.refresh_public_status(Topic.objects.get(pk=topic_id))
