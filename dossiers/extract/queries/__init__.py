"""Read what extraction works on: a topic's words, what a run brought, the claims there are, and editors' answers."""

from dossiers.extract.queries.answers import describe_answers, read_answers
from dossiers.extract.queries.claims import (
    KnownClaim,
    Prior,
    list_known_claims,
    list_standing,
    read_priors,
    read_suppressed,
)
from dossiers.extract.queries.runs import Brought, list_drafts, read_brought, read_features
from dossiers.extract.queries.texts import (
    describe_capture,
    describe_topic,
    list_captures,
    list_cited,
    list_entity_captures,
    list_run_captures,
    list_sources,
)

__all__ = [
    "Brought",
    "KnownClaim",
    "Prior",
    "describe_answers",
    "describe_capture",
    "describe_topic",
    "list_captures",
    "list_cited",
    "list_drafts",
    "list_entity_captures",
    "list_known_claims",
    "list_run_captures",
    "list_sources",
    "list_standing",
    "read_answers",
    "read_brought",
    "read_features",
    "read_priors",
    "read_suppressed",
]
