"""Takes a topic; leaves what stops each of its claims from being published, in plain words."""

from dataclasses import dataclass
from enum import StrEnum

from dossiers.models.claim import Claim, ClaimStatus
from dossiers.models.proposal import Proposal, hash_revision
from dossiers.models.topic import Topic
from dossiers.review.queries.findings import Finding, read_findings


class Why(StrEnum):
    """Why a claim cannot be published as it is."""

    UNDECIDED = "undecided"
    AWAITING_SECOND = "awaiting second"
    ESCALATED = "escalated"
    CHALLENGER = "challenger"
    CONFLICT = "conflict"
    OPEN_ERROR = "open error"
    CHANGED = "changed"


@dataclass(frozen=True)
class Blocker:
    """One reason that one claim holds publication up; a claim with several reasons has several."""

    claim_id: int
    kind: str
    label: str
    value: str
    why: Why
    message: str


_OF_STATUS = {
    ClaimStatus.PENDING: (Why.UNDECIDED, "No editor has decided it yet."),
    ClaimStatus.AWAITING_SECOND: (Why.AWAITING_SECOND, "Another editor must approve it too."),
    ClaimStatus.ESCALATED: (Why.ESCALATED, "An editor has escalated it, and nobody has settled it yet."),
}


def read_blockers(topic: Topic) -> list[Blocker]:
    """Return the blockers of a topic in order of position, in four queries whatever the number of claims.

    A rejected claim blocks nothing: it is not part of the dossier. Publishing may leave blocked claims out.
    """
    claims = list(
        Claim.objects.filter(topic=topic)
        .exclude(status=ClaimStatus.REJECTED)
        .select_related("incumbent", "newest_proposal", "challenger", "standing_decision")
        .order_by("position", "id")
    )
    approved = {c.pk: c.incumbent_id for c in claims if c.status == ClaimStatus.APPROVED and c.incumbent_id}
    findings = read_findings(approved)
    return [blocker for claim in claims for blocker in _find_blockers(claim, findings.get(claim.pk, []))]


def _find_blockers(claim: Claim, findings: list[Finding]) -> list[Blocker]:
    if claim.status != ClaimStatus.APPROVED:
        return [_block(claim, *_OF_STATUS[ClaimStatus(claim.status)])]
    found = [_block(claim, Why.OPEN_ERROR, f"Error {f.code}: {f.message}") for f in findings if f.is_open_error]
    if claim.challenger_id:
        message = f"A later extraction gives another value: “{_spell(claim.challenger)}”. An editor must choose."
        found.append(_block(claim, Why.CHALLENGER, message))
    for finding in findings:
        if finding.code == "conflict" and finding.related_status == ClaimStatus.APPROVED:
            found.append(_block(claim, Why.CONFLICT, f"{finding.message} Both are approved."))
    if not _is_as_seen(claim):
        found.append(_block(claim, Why.CHANGED, "Its words are not the ones that the editor saw when approving it."))
    return found


def _block(claim: Claim, why: Why, message: str) -> Blocker:
    shown = claim.incumbent or claim.newest_proposal
    return Blocker(claim.pk, claim.kind, shown.label if shown else claim.label, _spell(shown), why, message)


def _spell(proposal: Proposal | None) -> str:
    return "" if proposal is None else proposal.value


def _is_as_seen(claim: Claim) -> bool:
    decision, proposal = claim.standing_decision, claim.incumbent
    return (
        decision is not None
        and proposal is not None
        and decision.proposal_id == proposal.pk
        and decision.seen_revision_hash == proposal.revision_hash == hash_revision(proposal)
        and decision.seen_evidence_hash == proposal.evidence_hash
    )
