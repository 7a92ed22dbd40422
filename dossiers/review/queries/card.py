"""Takes one claim; leaves everything its card shows: proposal, evidence in context, checks, history, incumbent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dossiers.models.capture import Capture, Grade
from dossiers.models.claim import Claim, ClaimStatus
from dossiers.models.decision import Action, Decision, RejectReason
from dossiers.models.evidence import DateBasis, Evidence, Method, Role, Stance
from dossiers.models.proposal import AuthorKind, Proposal
from dossiers.refresh.assembly import Segment, diff_words
from dossiers.review.queries.decided import CaptureFacts, describe_capture
from dossiers.review.queries.findings import Finding, name_editor, read_findings
from dossiers.review.queries.seen import Seen, get_shown_proposal
from dossiers.review.queries.wording import Window, cut_windows, mark_spans, mark_uncovered

_GRADES = {
    Grade.VERBATIM: "in the source’s own words",
    Grade.REWRITTEN: "rewritten by the provider",
    Grade.UNKNOWN: "perhaps rewritten by the provider",
}
NEAREST = "nearest"  # shown, but not marked: these words do not say it
WHOLE = 60_000  # characters of a capture that its disclosure shows


@dataclass(frozen=True)
class QuoteLine:
    """One quote in words: what it shows, how it was found, and on what a date rests."""

    role: str
    exact: str
    method: str
    basis: str
    contradicts: bool


@dataclass(frozen=True)
class CitedCapture:
    """A capture that the proposal cites, with the cited passages and the whole text, marked."""

    facts: CaptureFacts
    grade: str
    windows: list[Window]
    whole: list[Segment]
    is_cut_short: bool
    quotes: list[QuoteLine]


@dataclass(frozen=True)
class HistoryLine:
    """One decision of the past, in words."""

    did: str
    editor_name: str
    at: datetime
    value: str
    reason: str
    note: str
    is_undone: bool


@dataclass(frozen=True)
class ProposalLine:
    """One proposal of the claim, with its author in words."""

    proposal: Proposal
    author: str
    is_shown: bool
    is_incumbent: bool


@dataclass(frozen=True)
class Card:
    """What the desk shows of a claim; `seen` is what its forms send back."""

    claim: Claim
    proposal: Proposal
    seen: Seen
    value: list[Segment]
    captures: list[CitedCapture]
    findings: list[Finding]
    history: list[HistoryLine]
    proposals: list[ProposalLine]
    incumbent: Proposal | None
    incumbent_diff: list[Segment]
    can_undo: bool

    @property
    def status(self) -> str:
        """Return the word of the badge: a challenged claim is shown as that."""
        return "challenged" if self.claim.challenger_id else self.claim.status

    @property
    def escalation(self) -> HistoryLine | None:
        """Return who handed the claim on and why, while it waits for someone who knows more."""
        if self.claim.status != ClaimStatus.ESCALATED:
            return None
        escalated = Action.ESCALATE.label
        return next((line for line in self.history if line.did == escalated and not line.is_undone), None)

    @property
    def open_errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_open_error]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "warning"]


def find_claim(claim_id: int) -> Claim | None:
    """Return a claim with all that its card begins from, or None."""
    related = ("topic", "newest_proposal", "incumbent", "challenger", "standing_decision", "health")
    return Claim.objects.select_related(*related).filter(pk=claim_id).first()


def read_card(claim: Claim) -> Card | None:
    """Return the card of a claim in a fixed number of queries, None for a claim that no proposal fills."""
    proposal = get_shown_proposal(claim)
    if proposal is None:
        return None
    evidence = list(
        Evidence.objects.filter(proposal=proposal)
        .select_related("capture__source")
        .defer("capture__payload")
        .order_by("ordinal")
    )
    findings = read_findings({claim.pk: proposal.pk})[claim.pk]
    decisions = list(
        Decision.objects.filter(claim=claim).select_related("editor", "proposal", "undone_by").order_by("-id")
    )
    codes = tuple(sorted({finding.code for finding in findings}))
    challenged = claim.incumbent if claim.challenger_id else None
    return Card(
        claim=claim, proposal=proposal, findings=findings,
        seen=Seen(proposal.pk, proposal.revision_hash, proposal.evidence_hash, claim.version, codes),
        value=mark_uncovered(proposal.value, _list_covered(evidence)) if evidence else [Segment(proposal.value)],
        captures=_describe_captures(evidence),
        history=[_describe_decision(row) for row in decisions],
        proposals=_list_proposals(claim, proposal),
        incumbent=challenged,
        incumbent_diff=diff_words(spell_proposal(challenged), spell_proposal(proposal)) if challenged else [],
        can_undo=any(row.action != Action.UNDO and not _is_undone(row) for row in decisions),
    )  # fmt: skip


def spell_proposal(proposal: Proposal) -> str:
    """Return label, value and date in one line, as conflicts and lists show them."""
    date = f" ({proposal.date_text})" if proposal.date_text else ""
    return f"{proposal.label}: {proposal.value}{date}" if proposal.label else f"{proposal.value}{date}"


def _list_covered(evidence: Sequence[Evidence]) -> list[tuple[int, int]]:
    return [(e.covers_start, e.covers_end) for e in evidence if e.covers_start is not None and e.covers_end is not None]


def _describe_captures(evidence: Sequence[Evidence]) -> list[CitedCapture]:
    by_capture: dict[int, list[Evidence]] = {}
    for row in evidence:
        by_capture.setdefault(row.capture_id, []).append(row)
    return [_describe_capture(rows[0].capture, rows) for rows in by_capture.values()]


def _describe_capture(capture: Capture, rows: Sequence[Evidence]) -> CitedCapture:
    spans = [(row.start, row.end, NEAREST if row.method == Method.NEAREST else row.role) for row in rows]
    shown = min(len(capture.text), WHOLE)
    return CitedCapture(
        describe_capture(capture), _GRADES[Grade(capture.grade)], cut_windows(capture.text, spans),
        mark_spans(capture.text, 0, shown, spans), shown < len(capture.text), [_describe_quote(row) for row in rows],
    )  # fmt: skip


def _describe_quote(row: Evidence) -> QuoteLine:
    basis = DateBasis(row.date_basis).label if row.date_basis else ""
    role = "Not said by" if row.method == Method.NEAREST else Role(row.role).label
    return QuoteLine(role, row.exact, Method(row.method).label, basis, row.stance == Stance.CONTRADICTS)


def _is_undone(row: Decision) -> bool:
    return hasattr(row, "undone_by")


def _describe_decision(row: Decision) -> HistoryLine:
    reason = RejectReason(row.reason_code).label if row.reason_code else ""
    return HistoryLine(
        Action(row.action).label, name_editor(row.editor), row.at, spell_proposal(row.proposal), reason, row.note,
        _is_undone(row),
    )  # fmt: skip


def _list_proposals(claim: Claim, shown: Proposal) -> list[ProposalLine]:
    rows = Proposal.objects.filter(claim=claim).select_related("editor").order_by("-id")
    return [ProposalLine(row, _name_author(row), row.pk == shown.pk, row.pk == claim.incumbent_id) for row in rows]


def _name_author(proposal: Proposal) -> str:
    if proposal.author_kind == AuthorKind.EDITOR:
        return name_editor(proposal.editor)
    return f"Extraction ({proposal.extractor})" if proposal.extractor else "Extraction"
