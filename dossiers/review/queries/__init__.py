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

__all__ = [
    "Approval", "Blocker", "CaptureFacts", "DecidedClaim", "DecidedEvidence", "Why", "read_blockers", "read_captures",
    "read_decided_claims",
]  # fmt: skip
