"""Takes claims; leaves what the desk shows and what publishing needs. Capture texts stay out of every list."""

from dossiers.review.queries.blockers import Blocker, Why, read_blockers
from dossiers.review.queries.card import Card, find_claim, read_card, spell_proposal
from dossiers.review.queries.decided import (
    Approval,
    CaptureFacts,
    DecidedClaim,
    DecidedEvidence,
    read_captures,
    read_decided_claims,
)
from dossiers.review.queries.findings import Finding, read_findings
from dossiers.review.queries.outcome import Conflict, Done, describe_conflict, find_proposal, read_done, read_warnings
from dossiers.review.queries.seen import Seen, get_shown_proposal, read_seen
from dossiers.review.queries.topics import Question, read_questions, read_topics
from dossiers.review.queries.walk import STATUSES, Walk, count_claims, find_next, find_previous, read_page

__all__ = [
    "STATUSES", "Approval", "Blocker", "CaptureFacts", "Card", "Conflict", "DecidedClaim", "DecidedEvidence", "Done",
    "Finding", "Question", "Seen", "Walk", "Why", "count_claims", "describe_conflict",
    "find_claim", "find_next", "find_previous", "find_proposal", "get_shown_proposal", "read_blockers", "read_captures",
    "read_card", "read_decided_claims", "read_done", "read_findings", "read_page", "read_questions", "read_seen",
    "read_topics", "read_warnings", "spell_proposal",
]  # fmt: skip
