"""Takes a decision, or one that came too late; leaves what the editor reads about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from dossiers.models.check import Severity
from dossiers.models.claim import Claim
from dossiers.models.decision import Action, Decision, RejectReason
from dossiers.models.proposal import Proposal
from dossiers.refresh.assembly import Segment, diff_words
from dossiers.review.queries.card import spell_proposal
from dossiers.review.queries.findings import Finding, name_editor, read_findings
from dossiers.review.queries.seen import Seen, get_shown_proposal

_VERBS = {
    Action.APPROVE: "Approve it",
    Action.AMEND: "Amend it",
    Action.REJECT: "Reject it",
    Action.ESCALATE: "Escalate it",
    Action.UNDO: "Undo the decision",
}


@dataclass(frozen=True)
class Done:
    """What an editor has just decided, and whether it is still theirs to take back."""

    claim: Claim
    did: str
    value: str
    can_undo: bool


@dataclass(frozen=True)
class Conflict:
    """The three sides: what was seen, what is there now (as a change of it), what was about to be said."""

    saw: str
    now: list[Segment]
    now_status: str
    now_by: str
    now_at: datetime | None
    verb: str
    yours: list[Segment]
    reason: str
    note: str


def read_done(decision_id: int, editor: User | AnonymousUser) -> Done | None:
    """Return an editor's own decision in words, None for anyone else's."""
    related = ("claim__topic", "claim__newest_proposal", "claim__incumbent", "claim__challenger", "proposal")
    row = Decision.objects.filter(pk=decision_id, editor_id=editor.pk).select_related(*related).first()
    if row is None:
        return None
    live = Decision.objects.filter(claim=row.claim, undone_by=None).exclude(action=Action.UNDO)
    is_last = live.order_by("-id").values_list("id", flat=True).first() == row.pk
    return Done(row.claim, Action(row.action).label, spell_proposal(row.proposal), is_last)


def describe_conflict(claim: Claim, seen: Seen, action: Action, typed: Mapping[str, Any]) -> Conflict:
    """Return the three sides of a decision that came too late."""
    saw = Proposal.objects.filter(pk=seen.proposal_id, claim=claim).first()
    now = get_shown_proposal(claim)
    last = Decision.objects.filter(claim=claim).select_related("editor").order_by("-id").first()
    said, there = (spell_proposal(p) if p else "" for p in (saw, now))
    reason = typed.get("reason_code", "")
    return Conflict(
        saw=said, now=diff_words(said, there), now_status="challenged" if claim.challenger_id else claim.status,
        now_by=f"{Action(last.action).label} by {name_editor(last.editor)}" if last else "",
        now_at=last.at if last else None,
        verb=_VERBS[action], yours=diff_words(there, _spell_typed(typed)) if action == Action.AMEND else [],
        reason=RejectReason(reason).label if reason else "", note=typed.get("note", ""),
    )  # fmt: skip


def read_warnings(claim: Claim, proposal_id: int) -> list[Finding]:
    """Return the warnings that an approval of this proposal must be told of."""
    return [f for f in read_findings({claim.pk: proposal_id})[claim.pk] if f.severity == Severity.WARNING]


def find_proposal(claim: Claim, proposal_id: int) -> Proposal | None:
    """Return a claim's proposal by its id, or None."""
    return Proposal.objects.filter(pk=proposal_id, claim=claim).first()


def _spell_typed(typed: Mapping[str, Any]) -> str:
    return spell_proposal(Proposal(label=typed["label"], value=typed["value"], date_text=typed["date_text"]))
