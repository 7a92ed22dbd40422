"""Takes claims with the proposals that stand for them; leaves their checks, with what editors dismissed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from dossiers.models.check import Check, CheckDismissal, Severity
from dossiers.models.evidence import Evidence

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Dismissal:
    """Who said that an error does not hold, when and why."""

    editor_name: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Finding:
    """One check as an editor reads it; `dismissal` is None while nobody dismissed it, `related_status` may be ""."""

    code: str
    severity: str
    message: str
    related_claim_id: int | None
    related_status: str
    capture_id: int | None
    dismissal: Dismissal | None

    @property
    def is_open_error(self) -> bool:
        """Say whether it stops an approval."""
        return self.severity == Severity.ERROR and self.dismissal is None


def read_findings(proposals: Mapping[int, int]) -> dict[int, list[Finding]]:
    """Return claim id -> findings, worst first, for `proposals` (claim id -> proposal id), in three queries.

    A claim's findings are those of the proposal, of the claim itself, and of every capture that the proposal cites;
    what is said of two of them in the same words is said once.
    """
    cited = _read_cited_captures(proposals)
    dismissals = _read_dismissals(proposals)
    rows = _read_checks(proposals, {capture for captures in cited.values() for capture in captures})
    found: dict[int, list[Finding]] = {}
    for claim_id, proposal_id in proposals.items():
        mine = [row for key in _keys(claim_id, proposal_id, cited) for row in rows.get(key, [])]
        mine.sort(key=lambda row: (_ORDER[Severity(row.severity)], row.code, row.pk))
        once: dict[tuple[str, str, int | None], Check] = {}
        for row in mine:
            once.setdefault((row.code, row.message, row.related_claim_id), row)
        found[claim_id] = [_describe(row, dismissals.get((proposal_id, row.code))) for row in once.values()]
    return found


def name_editor(editor: object) -> str:
    """Return the name that a decision is signed with."""
    return editor.get_full_name() or editor.get_username()  # type: ignore[attr-defined]


def _keys(claim_id: int, proposal_id: int, cited: Mapping[int, set[int]]) -> list[tuple[str, int]]:
    captures = [("capture", capture) for capture in sorted(cited.get(proposal_id, ()))]
    return [("proposal", proposal_id), ("claim", claim_id), *captures]


def _read_cited_captures(proposals: Mapping[int, int]) -> dict[int, set[int]]:
    cited: dict[int, set[int]] = {}
    rows = Evidence.objects.filter(proposal_id__in=proposals.values())
    for proposal_id, capture_id in rows.values_list("proposal_id", "capture_id").distinct():
        cited.setdefault(proposal_id, set()).add(capture_id)
    return cited


def _read_checks(proposals: Mapping[int, int], captures: set[int]) -> dict[tuple[str, int], list[Check]]:
    wanted = Q(proposal_id__in=proposals.values()) | Q(claim_id__in=proposals) | Q(capture_id__in=captures)
    rows: dict[tuple[str, int], list[Check]] = {}
    for row in Check.objects.filter(wanted).select_related("related_claim"):
        for kind in ("proposal", "claim", "capture"):
            if (owner := getattr(row, f"{kind}_id")) is not None:
                rows.setdefault((kind, owner), []).append(row)
    return rows


def _read_dismissals(proposals: Mapping[int, int]) -> dict[tuple[int, str], Dismissal]:
    rows = CheckDismissal.objects.filter(proposal_id__in=proposals.values()).select_related("editor")
    return {(row.proposal_id, row.code): Dismissal(name_editor(row.editor), row.at, row.reason) for row in rows}


def _describe(row: Check, dismissal: Dismissal | None) -> Finding:
    status = row.related_claim.status if row.related_claim else ""
    return Finding(row.code, row.severity, row.message, row.related_claim_id, status, row.capture_id, dismissal)
