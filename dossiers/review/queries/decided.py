"""Takes a topic; leaves its approved claims with the decisions and exact words they rest on, for publishing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Value
from django.db.models.functions import Greatest, Substr

from dossiers.extract.passages import split_passages
from dossiers.models.capture import Capture
from dossiers.models.claim import Claim, ClaimHealth, ClaimStatus, HealthState
from dossiers.models.decision import Action, Decision
from dossiers.models.evidence import Evidence
from dossiers.models.topic import Topic
from dossiers.review.queries.findings import name_editor

_AROUND = 600  # characters read on each side of a quote to find the sentence it stands in


@dataclass(frozen=True)
class Approval:
    """A named editor's live approval or amendment of the value that stands."""

    editor_name: str
    at: datetime
    action: str


@dataclass(frozen=True)
class DecidedEvidence:
    """One quote; `start` and `end` count characters of the capture, and `passage` begins at `passage_start` in it."""

    capture_id: int
    role: str
    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    covers_start: int | None
    covers_end: int | None
    date_basis: str
    method: str
    passage: str
    passage_start: int


@dataclass(frozen=True)
class DecidedClaim:
    """An approved claim: its value as approved, by whom, and on which words."""

    claim_id: int
    kind: str
    position: int
    proposal_id: int
    decision_id: int
    revision_hash: str
    evidence_hash: str
    label: str
    value: str
    value_type: str
    number: Decimal | None
    unit: str
    lat: Decimal | None
    lon: Decimal | None
    date_text: str
    date_edtf: str
    date_earliest: str
    date_latest: str
    date_precision: str
    date_sort: int | None
    is_statement: bool
    approvals: list[Approval]
    evidence: list[DecidedEvidence]
    health_state: str
    health_detail: str


@dataclass(frozen=True)
class CaptureFacts:
    """What readers may know of a capture and its source; never its text."""

    capture_id: int
    provider: str
    title: str
    publisher: str
    url: str
    licence: str
    attribution: str
    retrieved_at: datetime
    published_at: datetime | None
    grade: str
    text_sha256: str
    revision_id: str


_FROM_PROPOSAL = (
    "revision_hash", "evidence_hash", "label", "value", "value_type", "number", "unit", "lat", "lon", "date_text",
    "date_edtf", "date_earliest", "date_latest", "date_precision", "date_sort", "is_statement",
)  # fmt: skip
_FROM_EVIDENCE = (
    "capture_id", "role", "exact", "prefix", "suffix", "start", "end", "covers_start", "covers_end", "date_basis",
    "method",
)  # fmt: skip


def read_decided_claims(topic: Topic) -> list[DecidedClaim]:
    """Return the topic's approved claims in order of position, in three queries whatever their number."""
    claims = list(
        Claim.objects.filter(topic=topic, status=ClaimStatus.APPROVED)
        .select_related("incumbent", "health")
        .order_by("position", "id")
    )
    approvals = _read_approvals(claims)
    evidence = _read_evidence([claim.incumbent_id for claim in claims if claim.incumbent_id])
    return [_describe_claim(claim, approvals.get(claim.pk, []), evidence) for claim in claims]


def read_captures(ids: Iterable[int]) -> dict[int, CaptureFacts]:
    """Return capture id -> what readers may know of it, in one query that reads no capture's text."""
    rows = Capture.objects.filter(pk__in=list(ids)).select_related("source").defer("text", "payload")
    return {row.pk: describe_capture(row) for row in rows}


def describe_capture(row: Capture) -> CaptureFacts:
    """Return the facts of a capture whose source is loaded; the capture's own licence goes before the source's."""
    source = row.source
    return CaptureFacts(
        row.pk, source.provider, source.title, source.publisher, source.url, row.licence or source.licence,
        row.attribution, row.retrieved_at, row.published_at, row.grade, row.text_sha256, row.revision_id,
    )  # fmt: skip


def _describe_claim(
    claim: Claim, approvals: list[Approval], evidence: dict[int, list[DecidedEvidence]]
) -> DecidedClaim:
    proposal = claim.incumbent
    assert proposal is not None  # noqa: S101  an approved claim has one: the database derives it
    assert claim.standing_decision_id is not None  # noqa: S101
    health: ClaimHealth | None = getattr(claim, "health", None)
    return DecidedClaim(
        claim_id=claim.pk, kind=claim.kind, position=claim.position, proposal_id=proposal.pk,
        decision_id=claim.standing_decision_id, approvals=approvals, evidence=evidence.get(proposal.pk, []),
        health_state=health.state if health else HealthState.OK.value, health_detail=health.detail if health else "",
        **{name: getattr(proposal, name) for name in _FROM_PROPOSAL},
    )  # fmt: skip


def _read_approvals(claims: Sequence[Claim]) -> dict[int, list[Approval]]:
    live = Decision.objects.filter(claim__in=claims, undone_by=None).exclude(action=Action.UNDO)
    by_claim: dict[int, list[Decision]] = {}
    for row in live.select_related("editor").order_by("id"):
        by_claim.setdefault(row.claim_id, []).append(row)
    return {claim_id: _fold_approvals(rows) for claim_id, rows in by_claim.items()}


def _fold_approvals(rows: Sequence[Decision]) -> list[Approval]:
    """Fold live decisions, oldest first, as the database's trigger does: a settled escalation begins the count anew."""
    stands: int | None = None
    is_escalated = False
    approvals: dict[int, Approval] = {}
    for row in rows:
        if row.action in (Action.APPROVE, Action.AMEND):
            if is_escalated or stands != row.proposal_id:
                approvals = {}
            stands, is_escalated = row.proposal_id, False
            approvals.setdefault(row.editor_id, Approval(name_editor(row.editor), row.at, row.action))
        elif row.action == Action.ESCALATE:
            is_escalated = True
        elif stands in (None, row.proposal_id):
            stands, approvals = None, {}
        else:
            is_escalated = False
    return list(approvals.values())


def _read_evidence(proposals: Sequence[int]) -> dict[int, list[DecidedEvidence]]:
    before = Greatest(F("start") - _AROUND, Value(0))
    rows = (
        Evidence.objects.filter(proposal_id__in=proposals)
        .annotate(window_start=before)
        .annotate(window=Substr("capture__text", F("window_start") + 1, F("end") + _AROUND - F("window_start")))
        .order_by("proposal_id", "ordinal")
    )
    found: dict[int, list[DecidedEvidence]] = {}
    for row in rows:
        passage, passage_start = _cut_passage(row.window, row.window_start, row.start, row.end)
        fields = {name: getattr(row, name) for name in _FROM_EVIDENCE}
        found.setdefault(row.proposal_id, []).append(
            DecidedEvidence(**fields, passage=passage, passage_start=passage_start)
        )
    return found


def _cut_passage(window: str, window_start: int, start: int, end: int) -> tuple[str, int]:
    """Return the sentences of the window that the quote touches, and where they begin in the capture."""
    first, last = start - window_start, end - window_start
    touched = [p for p in split_passages(window) if p.start < last and p.end > first]
    begin = min([first, *(p.start for p in touched)])
    finish = max([last, *(p.end for p in touched)])
    return window[begin:finish], window_start + begin


__all__ = [
    "Approval", "CaptureFacts", "DecidedClaim", "DecidedEvidence", "describe_capture", "read_captures",
    "read_decided_claims",
]  # fmt: skip
