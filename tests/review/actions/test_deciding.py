"""What each act does to a claim in each state, and what is refused."""

from dataclasses import replace
from uuid import uuid4

import pytest

from dossiers.models.claim import ClaimStatus
from dossiers.models.decision import Action, Decision, RejectReason
from dossiers.models.suppression import Suppression
from dossiers.review.actions import (
    ClaimIsStale,
    EvidenceNotShown,
    KeyReused,
    NothingToUndo,
    OpenErrors,
    OwnSecondApproval,
    PlaceNotChosen,
    ReasonMissing,
    amend_claim,
    approve_claim,
    dismiss_check,
    escalate_claim,
    record_display,
    reject_claim,
    resolve_entity,
    undo_decision,
)
from dossiers.review.queries import read_seen
from tests.builders import (
    decide,
    make_capture,
    make_check,
    make_claim,
    make_proposal,
    make_question,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user()


@pytest.fixture
def other():
    return make_user()


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


def test_an_editor_is_never_the_second_approver_of_their_own(editor, other):
    claim = make_claim(make_topic(approvals_needed=2))
    show(claim, editor)
    act(claim, Action.APPROVE, editor)
    with pytest.raises(OwnSecondApproval):
        act(claim, Action.APPROVE, editor)
    show(claim, other)
    act(claim, Action.APPROVE, other)
    assert claim.status == ClaimStatus.APPROVED


def test_an_editor_cannot_approve_their_own_amendment_a_second_time(editor):
    claim = make_claim(make_topic(approvals_needed=2))
    act(claim, Action.AMEND, editor)
    show(claim, editor)
    with pytest.raises(OwnSecondApproval):
        act(claim, Action.APPROVE, editor)


def test_turning_a_challenger_away_allows_no_second_approval_of_ones_own(editor, other):
    claim = make_claim(make_topic(approvals_needed=2))
    show(claim, editor)
    act(claim, Action.APPROVE, editor)
    make_proposal(claim, "four domes")
    act(claim, Action.REJECT, other)
    with pytest.raises(OwnSecondApproval):
        act(claim, Action.APPROVE, editor)


def test_an_escalation_settled_by_turning_the_challenger_away_still_awaits_the_second(editor, other):
    claim = make_claim(make_topic(approvals_needed=2))
    show(claim, editor)
    act(claim, Action.APPROVE, editor)
    make_proposal(claim, "four domes")
    act(claim, Action.ESCALATE, other)
    act(claim, Action.REJECT, other)
    assert claim.status == ClaimStatus.AWAITING_SECOND


@pytest.mark.parametrize(
    "fields", [{"reason_code": ""}, {"reason_code": "made up"}, {"reason_code": "other", "note": " "}]
)
def test_rejecting_needs_a_reason(fields, editor):
    claim = make_claim(make_topic())
    with pytest.raises(ReasonMissing):
        act(claim, Action.REJECT, editor, **fields)
    assert claim.status == ClaimStatus.PENDING


def test_a_rejection_is_remembered_for_extraction_until_it_is_undone(editor):
    claim = make_claim(make_topic())
    proposal = claim.newest_proposal
    act(claim, Action.REJECT, editor)
    mark = Suppression.objects.get(claim=claim)
    assert (mark.value_hash, mark.quote_hash, mark.is_lifted) == (proposal.value_hash, proposal.evidence_hash, False)
    act(claim, Action.UNDO, editor)
    mark.refresh_from_db()
    assert mark.is_lifted
    act(claim, Action.REJECT, editor)
    mark.refresh_from_db()
    assert not mark.is_lifted


def test_undoing_one_of_two_rejections_keeps_the_memory(editor):
    claim = make_claim(make_topic())
    act(claim, Action.REJECT, editor)
    act(claim, Action.REJECT, editor)
    act(claim, Action.UNDO, editor)
    assert (claim.status, Suppression.objects.get().is_lifted) == (ClaimStatus.REJECTED, False)


def test_a_rejected_claim_whose_value_changes_is_pending_again(editor):
    claim = make_claim(make_topic())
    act(claim, Action.REJECT, editor)
    make_proposal(claim, "four domes")
    assert (claim.status, claim.newest_proposal.value) == (ClaimStatus.PENDING, "four domes")


def test_undo_goes_back_step_by_step_to_the_beginning(editor, other):
    claim = make_claim(make_topic())
    show(claim, editor)
    act(claim, Action.APPROVE, editor)
    act(claim, Action.AMEND, other)
    act(claim, Action.REJECT, editor)
    states = []
    for _ in range(3):
        act(claim, Action.UNDO, editor)
        states.append((claim.status, claim.incumbent and claim.incumbent.value))
    assert states == [("approved", "an amended value"), ("approved", "three domes"), ("pending", None)]
    with pytest.raises(NothingToUndo):
        act(claim, Action.UNDO, editor)
    assert Decision.objects.filter(claim=claim).count() == 6


def test_the_same_request_again_returns_the_first_decision(editor):
    claim = make_claim(make_topic())
    show(claim, editor)
    seen, key = read_seen(claim), uuid4()
    first = act(claim, Action.APPROVE, editor, seen=seen, key=key)
    assert act(claim, Action.APPROVE, editor, seen=seen, key=key) == first
    assert Decision.objects.filter(claim=claim).count() == 1


def test_a_key_serves_one_editor_and_one_content_only(editor, other):
    claim, elsewhere = make_claim(make_topic()), make_claim(make_topic())
    key = uuid4()
    seen = read_seen(claim)
    act(claim, Action.ESCALATE, editor, key=key, note="which?")
    for attempt in (
        lambda: act(claim, Action.ESCALATE, other, key=key, seen=seen, note="which?"),
        lambda: act(claim, Action.ESCALATE, editor, key=key, seen=seen, note="another note"),
        lambda: act(claim, Action.REJECT, editor, key=key, seen=seen),
        lambda: act(elsewhere, Action.ESCALATE, editor, key=key, note="which?"),
    ):
        with pytest.raises(KeyReused):
            attempt()
    assert Decision.objects.count() == 1


def test_a_place_needs_a_choice_among_the_candidates(editor, monkeypatch):
    monkeypatch.setattr("dossiers.review.actions.resolving.recheck_topic", lambda topic: None)
    topic = make_topic()
    hit, miss = make_capture(topic, "Sample Hill, a hill", "geocoder"), make_capture(topic, "Sample Hall", "geocoder")
    claim = make_claim(topic, "Sample Hill", kind="place", label="", capture=hit)
    make_question(topic, hit, miss)
    show(claim, editor)
    for choice in (None, f"capture:{miss.pk}", "none"):
        if choice:
            resolve_entity(topic, provider="geocoder", choice=choice, editor=editor)
        with pytest.raises(PlaceNotChosen):
            act(claim, Action.APPROVE, editor)
    resolve_entity(topic, provider="geocoder", choice=f"capture:{hit.pk}", editor=editor)
    act(claim, Action.APPROVE, editor)
    assert claim.status == ClaimStatus.APPROVED
