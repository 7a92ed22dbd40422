"""Takes a topic; leaves everything that editors decided about it, in order, undone or not."""

from dataclasses import dataclass
from datetime import datetime

from dossiers.models.decision import Decision
from dossiers.models.topic import Topic
from dossiers.review.queries.findings import name_editor


@dataclass(frozen=True)
class RecordedDecision:
    """One act of one editor; `undoes` is the decision it takes back, `is_undone` says that one took this back."""

    id: int
    claim: int
    proposal: int
    action: str
    reason_code: str
    note: str
    editor: str
    at: datetime
    seen_revision_hash: str
    seen_evidence_hash: str
    seen_claim_version: int
    seen_check_codes: list[str]
    undoes: int | None
    is_undone: bool


def read_decisions(topic: Topic) -> list[RecordedDecision]:
    """Return the topic's decisions, oldest first, in one query."""
    rows = Decision.objects.filter(claim__topic=topic).select_related("editor").order_by("id")
    undone = {row.undoes_id for row in rows}
    return [_describe(row, is_undone=row.pk in undone) for row in rows]


def _describe(row: Decision, *, is_undone: bool) -> RecordedDecision:
    return RecordedDecision(
        row.pk, row.claim_id, row.proposal_id, row.action, row.reason_code, row.note, name_editor(row.editor), row.at,
        row.seen_revision_hash, row.seen_evidence_hash, row.seen_claim_version, row.seen_check_codes, row.undoes_id,
        is_undone,
    )  # fmt: skip
