"""What each act does to a claim in each state, and what is refused."""

from dataclasses import replace

import pytest

from dossiers.models.claim import ClaimStatus
from dossiers.models.decision import Action, Decision
from dossiers.review.actions import (
    ClaimIsStale,
    EvidenceNotShown,
    NothingToUndo,
    OpenErrors,
    dismiss_check,
)
from dossiers.review.queries import read_seen
from tests.builders import (
    decide,
    make_check,
    make_claim,
    make_proposal,
    make_topic,
)
from tests.review.acts import act, bring_to, show

pytestmark = pytest.mark.django_db


# state before, action, state after, is the value of the newest extraction the one that stands?
TABLE = [
    ("pending", Action.APPROVE, "approved"),
    ("pending", Action.AMEND, "approved"),
    ("pending", Action.REJECT, "rejected"),
    ("pending", Action.ESCALATE, "escalated"),
    ("pending", Action.UNDO, NothingToUndo),
    ("awaiting_second", Action.APPROVE, "approved"),
    ("awaiting_second", Action.AMEND, "awaiting_second"),  # another value: its approvals are counted anew
    ("awaiting_second", Action.REJECT, "rejected"),
    ("awaiting_second", Action.ESCALATE, "escalated"),
    ("awaiting_second", Action.UNDO, "pending"),
    ("approved", Action.APPROVE, "approved"),  # by another editor: co-signed
    ("approved", Action.AMEND, "approved"),
    ("approved", Action.REJECT, "rejected"),
    ("approved", Action.ESCALATE, "escalated"),
    ("approved", Action.UNDO, "pending"),
    ("rejected", Action.APPROVE, "approved"),
    ("rejected", Action.AMEND, "approved"),
    ("rejected", Action.REJECT, "rejected"),
    ("rejected", Action.ESCALATE, "escalated"),
    ("rejected", Action.UNDO, "pending"),
    ("escalated", Action.APPROVE, "approved"),
    ("escalated", Action.AMEND, "approved"),
    ("escalated", Action.REJECT, "rejected"),
    ("escalated", Action.ESCALATE, "escalated"),
    ("escalated", Action.UNDO, "pending"),
    ("challenged", Action.APPROVE, "approved"),  # the challenger's value stands from now on
    ("challenged", Action.AMEND, "approved"),
    ("challenged", Action.REJECT, "approved"),  # the challenger is turned away, the incumbent stays
    ("challenged", Action.ESCALATE, "escalated"),
    ("challenged", Action.UNDO, "pending"),
]


@pytest.mark.parametrize(("state", "action", "after"), TABLE)
def test_what_an_action_makes_of_a_claim(state, action, after, editor, other):
    claim = bring_to(state, editor, other)
    before = Decision.objects.count()
    if not isinstance(after, str):
        with pytest.raises(after):
            act(claim, action, editor)
        assert Decision.objects.count() == before
        return
    decision = act(claim, action, editor)
    claim.refresh_from_db()
    assert claim.status == after
    assert (decision.editor, decision.action) == (editor, action)
    assert claim.needs_review == (
        after in ("pending", "awaiting_second", "escalated") or claim.challenger_id is not None
    )


def test_the_challenger_replaces_or_leaves_the_incumbent(editor, other):
    for action, expected in ((Action.APPROVE, "four domes"), (Action.REJECT, "three domes")):
        claim = bring_to("challenged", editor, other)
        act(claim, action, editor)
        assert (claim.incumbent.value, claim.challenger) == (expected, None)


def test_the_incumbent_in_other_words_is_no_challenger(editor, other):
    claim = bring_to("approved", editor, other)
    make_proposal(claim, "Three  Domes")
    assert (claim.challenger, claim.needs_review) == (None, False)


def test_what_is_seen_is_stored_with_the_decision(editor):
    claim = make_claim(make_topic())
    make_check(claim.newest_proposal, "paraphrase", "warning")
    show(claim, editor)
    seen = read_seen(claim)
    decision = act(claim, Action.APPROVE, editor, note="read it")
    assert decision.seen_check_codes == ["paraphrase"]
    assert (decision.seen_revision_hash, decision.seen_evidence_hash) == (seen.revision_hash, seen.evidence_hash)
    assert (decision.seen_claim_version, decision.note) == (seen.claim_version, "read it")


@pytest.mark.parametrize("action", [Action.APPROVE, Action.AMEND, Action.REJECT, Action.ESCALATE, Action.UNDO])
def test_a_claim_that_moved_on_is_not_decided(action, editor, other):
    claim = make_claim(make_topic())
    show(claim, editor)
    seen = read_seen(claim)
    decide(claim, other, Action.ESCALATE)
    with pytest.raises(ClaimIsStale) as refusal:
        act(claim, action, editor, seen=seen)
    assert refusal.value.seen == seen
    assert refusal.value.now.claim_version == seen.claim_version + 1
    assert refusal.value.typed["action"] == action
    assert Decision.objects.filter(editor=editor).count() == 0


@pytest.mark.parametrize("change", [{"revision_hash": "0" * 64}, {"evidence_hash": "0" * 64}, {"proposal_id": 0}])
def test_hashes_that_are_not_the_proposals_are_refused(change, editor):
    claim = make_claim(make_topic())
    show(claim, editor)
    with pytest.raises(ClaimIsStale):
        act(claim, Action.APPROVE, editor, seen=replace(read_seen(claim), **change))


def test_a_check_that_appeared_since_makes_an_approval_stale(editor):
    claim = make_claim(make_topic())
    show(claim, editor)
    seen = read_seen(claim)
    make_check(claim.newest_proposal, "conflict", "warning")
    with pytest.raises(ClaimIsStale):
        act(claim, Action.APPROVE, editor, seen=seen)


def test_approving_needs_the_evidence_to_have_been_shown_to_this_editor(editor, other):
    claim = make_claim(make_topic())
    show(claim, other)
    with pytest.raises(EvidenceNotShown):
        act(claim, Action.APPROVE, editor)
    assert act(claim, Action.APPROVE, other).action == Action.APPROVE


@pytest.mark.parametrize("owner", ["proposal", "claim", "capture"])
def test_an_open_error_stops_an_approval_until_it_is_dismissed(owner, editor):
    claim = make_claim(make_topic())
    proposal = claim.newest_proposal
    owners = {"proposal": proposal, "claim": claim, "capture": proposal.evidence.get().capture}
    make_check(owners[owner], "ungrounded")
    show(claim, editor)
    with pytest.raises(OpenErrors):
        act(claim, Action.APPROVE, editor)
    dismiss_check(proposal, editor=editor, code="ungrounded", reason="It is there.")
    act(claim, Action.APPROVE, editor)
    assert claim.status == ClaimStatus.APPROVED
