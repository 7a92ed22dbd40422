"""Takes what an editor decides; leaves decisions, dismissals and answers. Only this stage writes them."""

from dossiers.review.actions.amending import amend_claim
from dossiers.review.actions.deciding import approve_claim, escalate_claim, reject_claim, undo_decision
from dossiers.review.actions.errors import (
    CandidateUnknown,
    CheckNotOpen,
    ClaimIsStale,
    DecisionRefused,
    EvidenceNotShown,
    KeyReused,
    NothingAmended,
    NothingToUndo,
    OpenErrors,
    OwnSecondApproval,
    PlaceNotChosen,
    QuestionIsStale,
    QuoteNotFound,
    ReasonMissing,
    ValueNotQuoted,
)
from dossiers.review.actions.quoting import Quote
from dossiers.review.actions.recording import dismiss_check, record_display
from dossiers.review.actions.resolving import resolve_entity

__all__ = [
    "CandidateUnknown", "CheckNotOpen", "ClaimIsStale", "DecisionRefused", "EvidenceNotShown", "KeyReused",
    "NothingAmended", "NothingToUndo", "OpenErrors", "OwnSecondApproval", "PlaceNotChosen", "QuestionIsStale", "Quote",
    "QuoteNotFound", "ReasonMissing", "ValueNotQuoted", "amend_claim", "approve_claim", "dismiss_check",
    "escalate_claim", "record_display", "reject_claim", "resolve_entity", "undo_decision",
]  # fmt: skip
