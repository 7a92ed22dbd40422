"""Acts of an editor on a claim as the desk takes them, and claims brought to a state; for tests of the acts."""

from uuid import uuid4

from dossiers.models.decision import Action, RejectReason
from dossiers.review.actions import (
    amend_claim,
    approve_claim,
    escalate_claim,
    record_display,
    reject_claim,
    undo_decision,
)
from dossiers.review.queries import read_seen
from tests.builders import (
    decide,
    make_claim,
    make_proposal,
    make_topic,
)


def act(claim, action, editor, **fields):
    claim.refresh_from_db()
    seen = fields.pop("seen", None) or read_seen(claim)
    fields.setdefault("key", uuid4())
    if action == Action.APPROVE:
        return approve_claim(claim, editor=editor, seen=seen, **fields)
    if action == Action.AMEND:
        return amend_claim(claim, editor=editor, seen=seen, value="an amended value", is_statement=True, **fields)
    if action == Action.REJECT:
        return reject_claim(claim, editor=editor, seen=seen, **({"reason_code": RejectReason.WRONG_VALUE} | fields))
    if action == Action.ESCALATE:
        return escalate_claim(claim, editor=editor, seen=seen, **fields)
    return undo_decision(claim, editor=editor, seen=seen, **fields)


def show(claim, editor):
    claim.refresh_from_db()
    record_display(editor, [p for p in (claim.challenger, claim.incumbent, claim.newest_proposal) if p])


def bring_to(state, editor, other):
    """Make a claim in one of the states of the table."""
    needed = 2 if state == "awaiting_second" else 1
    claim = make_claim(make_topic(approvals_needed=needed))
    if state in ("approved", "awaiting_second", "challenged"):
        decide(claim, other)
    if state == "rejected":
        decide(claim, other, Action.REJECT)
    if state == "escalated":
        decide(claim, other, Action.ESCALATE)
    if state == "challenged":
        make_proposal(claim, "four domes")
    show(claim, editor)
    return claim
