"""Takes a claim; leaves which of its proposals is the one to decide, and the state that an editor sees of it."""

from dataclasses import dataclass

from dossiers.models.claim import Claim
from dossiers.models.proposal import Proposal
from dossiers.review.queries.findings import read_findings


@dataclass(frozen=True)
class Seen:
    """What was on the screen when an editor decided; it travels in the form's hidden fields."""

    proposal_id: int
    revision_hash: str
    evidence_hash: str
    claim_version: int
    check_codes: tuple[str, ...] = ()


def get_shown_proposal(claim: Claim) -> Proposal | None:
    """Return the proposal that the card puts before an editor: a challenger, else what stands, else the newest."""
    return claim.challenger or claim.incumbent or claim.newest_proposal


def read_seen(claim: Claim) -> Seen | None:
    """Return the state of a claim now, None for one that no proposal fills yet."""
    proposal = get_shown_proposal(claim)
    if proposal is None:
        return None
    codes = tuple(sorted({finding.code for finding in read_findings({claim.pk: proposal.pk})[claim.pk]}))
    return Seen(proposal.pk, proposal.revision_hash, proposal.evidence_hash, claim.version, codes)
