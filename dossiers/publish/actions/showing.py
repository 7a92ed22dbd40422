"""Takes published dossiers; leaves what readers see of them up to date, or withdrawn."""

import logging
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from dossiers.models.status import PublicStatus
from dossiers.models.topic import Topic
from dossiers.publish.actions.refusals import NoteIsMissing, NothingToWithdraw
from dossiers.publish.assembly import Content, has_same_content
from dossiers.publish.queries import Draft, compose_content, find_moved_topics, read_draft, read_health

logger = logging.getLogger(__name__)


@transaction.atomic
def withdraw_dossier(topic: Topic, *, editor: User, reason: str) -> PublicStatus:
    """Stop showing a dossier: its addresses answer 410 with the reason, until it is published again.

    Raises NoteIsMissing without a reason, NothingToWithdraw where readers do not see the dossier.
    """
    if not reason.strip():
        raise NoteIsMissing("Say why: readers who come back are shown the reason.")
    Topic.objects.select_for_update().get(pk=topic.pk)
    status = PublicStatus.objects.filter(topic=topic, is_withdrawn=False).first()
    if status is None:
        raise NothingToWithdraw("Readers do not see this dossier; there is nothing to withdraw.")
    status.is_withdrawn, status.withdrawal_reason = True, reason.strip()
    status.save(update_fields=["is_withdrawn", "withdrawal_reason", "updated_at"])
    logger.info("%s withdrawn by %s", topic.slug, editor.get_username())
    return status


@transaction.atomic
def refresh_public_status(topic: Topic) -> PublicStatus | None:
    """Bring the health of published facts and the mark of unpublished changes up to date; the edition stays as it is.

    A row that would not change is not written: a page's time moves only with what it shows.
    """
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    status = PublicStatus.objects.filter(topic=topic, is_withdrawn=False).first()
    if status is None:
        return None
    draft = read_draft(topic)
    shown: Content = draft.previous or {"facts": []}
    health, checked_at = read_health(topic, [fact["claim"] for fact in shown["facts"]])
    has_changes = _has_unpublished_changes(draft, shown, otherwise=status.has_unpublished_changes)
    fresh = {"health": health, "checked_at": checked_at, "has_unpublished_changes": has_changes}
    if any(getattr(status, name) != value for name, value in fresh.items()):
        _save_status(status, fresh)
    return status


def _has_unpublished_changes(draft: Draft, shown: Content, *, otherwise: bool) -> bool:
    # Where the draft merely holds more, only the publisher knows what was left out on purpose: then the mark stays.
    published = {fact["claim"] for fact in shown["facts"]}
    beyond = {fact["claim"] for fact in draft.facts} - published
    if not has_same_content(compose_content(draft, beyond), shown):
        return True
    return otherwise and bool(beyond)


def _save_status(status: PublicStatus, fresh: dict[str, Any]) -> None:
    is_visible = status.health != fresh["health"] or status.checked_at != fresh["checked_at"]
    for name, value in fresh.items():
        setattr(status, name, value)
    status.save(update_fields=[*fresh, *(["updated_at"] if is_visible else [])])


def refresh_public_statuses() -> int:
    """Refresh the dossiers that something has happened to, one transaction each; return how many there were."""
    count = 0
    for topic in find_moved_topics().iterator():
        refresh_public_status(topic)
        count += 1
    return count
