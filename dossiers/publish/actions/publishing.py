"""Takes approved claims and a publisher's word; leaves an edition with its corrections, or says why not."""

import logging
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from dossiers.models.edition import Correction, Edition
from dossiers.models.proposal import Proposal
from dossiers.models.status import PublicStatus
from dossiers.models.topic import Topic
from dossiers.publish.actions.refusals import (
    DossierHasMoved,
    DossierNotReady,
    NoteIsMissing,
    NothingToPublish,
    RecordsAreFaulty,
)
from dossiers.publish.assembly import (
    Content,
    complete_content,
    encode_canonical,
    has_same_content,
    hash_bytes,
)
from dossiers.publish.queries import (
    Draft,
    compose_content,
    find_faulty_proposals,
    name_publisher,
    read_draft,
    read_health,
)

logger = logging.getLogger(__name__)
_CORRECTION = ("fact", "kind", "before", "after", "reason")


@transaction.atomic
def publish_dossier(topic: Topic, *, editor: User, leave_out: set[int], note: str, seen: str) -> Edition:
    """Publish the topic's approved claims, but for those left out, as its next edition; return it.

    Raises DossierHasMoved where `seen` is not the hash of the draft as it is now, DossierNotReady where blockers are
    not left out, NothingToPublish, NoteIsMissing, RecordsAreFaulty. Of two at once, the second has seen another draft.
    """
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    draft = read_draft(topic)
    if draft.seen != seen:
        raise DossierHasMoved
    content = compose_content(draft, leave_out)
    _refuse_blockers(draft, leave_out)
    _refuse_empty_or_unchanged(topic, draft, content)
    _refuse_faults(content)
    edition = _write_edition(topic, editor, _complete(draft, content, editor, note.strip()))
    _show_edition(topic, edition, content)
    logger.info("edition %s of %s published by %s", edition.number, topic.slug, editor.get_username())
    return edition


def _complete(draft: Draft, content: Content, editor: User, note: str) -> Content:
    at = datetime.now(UTC).replace(microsecond=0)
    chain = draft.last.sha256 if draft.last else ""
    complete = complete_content(
        content, previous=draft.previous, previous_sha256=chain, publisher=name_publisher(editor), note=note, at=at
    )
    if not note and any(correction["kind"] != "added" for correction in complete["corrections"]):
        raise NoteIsMissing("This edition changes or removes published facts: say why in the note, for the readers.")
    return complete


def _refuse_blockers(draft: Draft, leave_out: set[int]) -> None:
    blockers = [blocker for blocker in draft.blockers if blocker.claim_id not in leave_out]
    if blockers:
        raise DossierNotReady(blockers)


def _refuse_empty_or_unchanged(topic: Topic, draft: Draft, content: Content) -> None:
    if not content["facts"]:
        raise NothingToPublish("No approved claim is left in this dossier: there is nothing to publish.")
    status = PublicStatus.objects.filter(topic=topic).first()
    is_shown = status is not None and not status.is_withdrawn
    if is_shown and draft.previous and has_same_content(content, draft.previous):
        number = draft.previous["edition"]
        raise NothingToPublish(f"Nothing has changed since edition {number}; readers already see all of this.")


def _refuse_faults(content: Content) -> None:
    """Compare every fact with the records once more: quotes with captures, words and evidence with their hashes."""
    hashes = {fact["claim"]: (fact["revision_hash"], fact["evidence_hash"]) for fact in content["facts"]}
    proposals = list(Proposal.objects.filter(claim__in=hashes, revision_hash__in=[pair[0] for pair in hashes.values()]))
    faults = find_faulty_proposals(proposals)
    found = {(proposal.claim_id, proposal.revision_hash, proposal.evidence_hash) for proposal in proposals}
    missing = [claim for claim, pair in hashes.items() if (claim, *pair) not in found]
    faults += [f"claim {claim}: no proposal has the hashes approved" for claim in missing]
    if faults:
        raise RecordsAreFaulty(faults)


def _write_edition(topic: Topic, editor: User, content: Content) -> Edition:
    data = encode_canonical(content)
    edition = Edition(
        topic=topic, number=content["edition"], canonical=data.decode(), sha256=hash_bytes(data),
        previous_sha256=content["previous_sha256"], published_by=editor,
        published_at=datetime.fromisoformat(content["published_at"]),
    )  # fmt: skip
    try:
        edition.save()
    except IntegrityError as error:  # the database compares every fact with its decision once more
        raise RecordsAreFaulty([str(error).splitlines()[0]]) from error
    Correction.objects.bulk_create(
        Correction(edition=edition, ordinal=ordinal, **{name: row[name] for name in _CORRECTION})
        for ordinal, row in enumerate(content["corrections"], start=1)
    )
    return edition


def _show_edition(topic: Topic, edition: Edition, content: Content) -> None:
    health, checked_at = read_health(topic, [fact["claim"] for fact in content["facts"]])
    PublicStatus.objects.update_or_create(
        topic=topic,
        defaults={
            "slug": topic.slug, "title": topic.title, "current_edition": edition, "is_withdrawn": False,
            "withdrawal_reason": "", "health": health, "checked_at": checked_at, "has_unpublished_changes": False,
        },
    )  # fmt: skip
