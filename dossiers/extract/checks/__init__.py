"""Take a topic's grounded claims and captures; leave the automatic findings about them, each in one plain sentence.

A rule that raises leaves `check-failed`: a check that could not run is never silent.
"""

from dossiers.extract.checks.candidates import ROLES, Offer, judge_offers, list_offers
from dossiers.extract.checks.findings import (
    Case,
    Finding,
    Severity,
    check_captures,
    check_claims,
    check_proposals,
    run_checks,
)
from dossiers.extract.checks.quotes import check_quotes, find_missing_numbers, find_overstatements
from dossiers.extract.checks.settling import Answer, AnswerCandidate, Settled, read_item, read_outcome, settle_captures

__all__ = [
    "ROLES",
    "Answer",
    "AnswerCandidate",
    "Case",
    "Finding",
    "Offer",
    "Settled",
    "Severity",
    "check_captures",
    "check_claims",
    "check_proposals",
    "check_quotes",
    "find_missing_numbers",
    "find_overstatements",
    "judge_offers",
    "list_offers",
    "read_item",
    "read_outcome",
    "run_checks",
    "settle_captures",
]
