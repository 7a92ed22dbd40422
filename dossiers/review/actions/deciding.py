"""Takes a claim and what an editor saw of it; leaves one decision, or the error that says why not.

Every act locks the claim, answers a repeated request with its first decision, compares what was seen with what is
there, and only then writes. The database checks the same again and derives the claim from the decisions.
"""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from dossiers.models.claim import Claim
from dossiers.models.decision import Action, Decision, EvidenceDisplay, RejectReason
from dossiers.models.proposal import Proposal
from dossiers.models.suppression import Suppression
from dossiers.models.topic import Topic
from dossiers.review.actions.errors import (
    ClaimIsStale,
    EvidenceNotShown,
    KeyReused,
    NothingToUndo,
    OpenErrors,
    ReasonMissing,
    naming_refusals,
)
from dossiers.review.queries.findings import read_findings
from dossiers.review.queries.seen import Seen, read_seen

_SETTLING = (Action.APPROVE, Action.AMEND, Action.REJECT)


def approve_claim(claim: Claim, *, editor: User, seen: Seen, note: str = "", key: UUID) -> Decision:
    """Approve the proposal that the editor saw; its evidence must have been shown to them, and no error be open."""
    with naming_refusals(), transaction.atomic():
        content = {"action": Action.APPROVE, "note": note}
        if earlier := lock_and_find_repeated(claim, editor, key, content):
            return earlier
        proposal = compare_seen(claim, seen, content, with_checks=True)
        _require_shown(editor, proposal)
        _require_no_open_error(proposal)
        decision = write_decision(claim, proposal, editor=editor, seen=seen, key=key, **content)
        settle_suppression(proposal)
        return decision


def reject_claim(claim: Claim, *, editor: User, seen: Seen, reason_code: str, note: str = "", key: UUID) -> Decision:
    """Turn the proposal away with a reason, and have extraction remember it until its words change."""
    if reason_code not in RejectReason.values or (reason_code == RejectReason.OTHER and not note.strip()):
        raise ReasonMissing
    with naming_refusals(), transaction.atomic():
        content = {"action": Action.REJECT, "reason_code": reason_code, "note": note}
        if earlier := lock_and_find_repeated(claim, editor, key, content):
            return earlier
        proposal = compare_seen(claim, seen, content)
        decision = write_decision(claim, proposal, editor=editor, seen=seen, key=key, **content)
        settle_suppression(proposal)
        return decision


def escalate_claim(claim: Claim, *, editor: User, seen: Seen, note: str = "", key: UUID) -> Decision:
    """Hand the claim to someone who knows more; what stands keeps standing, but is not published until settled."""
    with naming_refusals(), transaction.atomic():
        content = {"action": Action.ESCALATE, "note": note}
        if earlier := lock_and_find_repeated(claim, editor, key, content):
            return earlier
        proposal = compare_seen(claim, seen, content)
        return write_decision(claim, proposal, editor=editor, seen=seen, key=key, **content)


def undo_decision(claim: Claim, *, editor: User, seen: Seen, key: UUID) -> Decision:
    """Take back the newest decision that stands, whoever made it; both stay in the history."""
    with naming_refusals(), transaction.atomic():
        content = {"action": Action.UNDO}
        if earlier := lock_and_find_repeated(claim, editor, key, content):
            return earlier
        compare_seen(claim, seen, content)
        last = find_last_decision(claim)
        if last is None:
            raise NothingToUndo
        decision = write_decision(claim, last.proposal, editor=editor, seen=seen, key=key, undoes=last, **content)
        settle_suppression(last.proposal)
        return decision


def lock_and_find_repeated(claim: Claim, editor: User, key: UUID, content: dict[str, Any]) -> Decision | None:
    """Lock the claim and return the decision that this very request already made, if it did.

    The topic's row comes first, as in extraction: a decision writes its time, so the other order could deadlock.
    """
    Topic.objects.select_for_update(no_key=True).get(pk=claim.topic_id)
    Claim.objects.select_for_update().get(pk=claim.pk)
    claim.refresh_from_db()
    earlier = Decision.objects.filter(idempotency_key=key).select_related("claim", "proposal").first()
    if earlier is None:
        return None
    same = earlier.claim_id == claim.pk and earlier.editor_id == editor.pk
    if not same or any(getattr(earlier, name) != value for name, value in content.items()):
        raise KeyReused
    return earlier


def compare_seen(claim: Claim, seen: Seen, typed: dict[str, Any], *, with_checks: bool = False) -> Proposal:
    """Return the proposal that was seen if it is still the one to decide; ClaimIsStale otherwise."""
    now = read_seen(claim)
    is_same = now is not None and (
        (seen.proposal_id, seen.revision_hash, seen.evidence_hash, seen.claim_version)
        == (now.proposal_id, now.revision_hash, now.evidence_hash, now.claim_version)
    )
    if now is None or not is_same or (with_checks and tuple(seen.check_codes) != now.check_codes):
        raise ClaimIsStale(seen, now, typed)
    return Proposal.objects.get(pk=now.proposal_id)


def write_decision(
    claim: Claim, proposal: Proposal, *, editor: User, seen: Seen, key: UUID, **content: Any
) -> Decision:
    """Insert the decision and read back what the database derived for the claim."""
    decision = Decision.objects.create(
        claim=claim, proposal=proposal, editor=editor, idempotency_key=key, seen_claim_version=seen.claim_version,
        seen_revision_hash=proposal.revision_hash, seen_evidence_hash=proposal.evidence_hash,
        seen_check_codes=list(seen.check_codes), **content,
    )  # fmt: skip
    claim.refresh_from_db()
    return decision


def find_last_decision(claim: Claim) -> Decision | None:
    """Return the newest decision of a claim that nobody has undone, with its proposal."""
    live = Decision.objects.filter(claim=claim, undone_by=None).exclude(action=Action.UNDO)
    return live.select_related("proposal").order_by("-id").first()


def settle_suppression(proposal: Proposal) -> None:
    """Have extraction remember a proposal exactly while the last word about it is a rejection."""
    live = Decision.objects.filter(proposal=proposal, undone_by=None, action__in=_SETTLING).order_by("-id")
    is_turned_away = live.values_list("action", flat=True).first() == Action.REJECT
    words: dict[str, Any] = {"value_hash": proposal.value_hash, "quote_hash": proposal.evidence_hash}
    if is_turned_away:
        Suppression.objects.get_or_create(claim_id=proposal.claim_id, **words)
    Suppression.objects.filter(claim_id=proposal.claim_id, **words).update(is_lifted=not is_turned_away)


def _require_shown(editor: User, proposal: Proposal) -> None:
    shown = EvidenceDisplay.objects.filter(editor=editor, proposal=proposal, evidence_hash=proposal.evidence_hash)
    if not shown.exists():
        raise EvidenceNotShown


def _require_no_open_error(proposal: Proposal) -> None:
    findings = read_findings({proposal.claim_id: proposal.pk})[proposal.claim_id]
    if any(finding.is_open_error for finding in findings):
        raise OpenErrors
