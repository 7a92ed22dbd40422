"""Takes claims; leaves what the desk shows and what publishing needs. Capture texts stay out of every list."""

from dossiers.review.queries.blockers import Blocker, Why, read_blockers
from dossiers.review.queries.decided import (
    Approval,
    CaptureFacts,
    DecidedClaim,
    DecidedEvidence,
    read_captures,
    read_decided_claims,
)
from dossiers.review.queries.findings import Finding, read_findings
from dossiers.review.queries.seen import Seen, get_shown_proposal, read_seen

__all__ = [
    "Approval", "Blocker", "CaptureFacts", "DecidedClaim", "DecidedEvidence", "Finding", "Seen", "Why",
    "get_shown_proposal", "read_blockers", "read_captures", "read_decided_claims", "read_findings", "read_seen",
]  # fmt: skip
