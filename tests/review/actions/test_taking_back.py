"""Rejections and their memory, undoing, repeated requests, and the place that must be chosen."""

from uuid import uuid4

import pytest

from dossiers.models.claim import ClaimStatus
from dossiers.models.decision import Action, Decision
from dossiers.models.suppression import Suppression
from dossiers.review.actions import (
    KeyReused,
    NothingToUndo,
    PlaceNotChosen,
    ReasonMissing,
    resolve_entity,
)
from dossiers.review.queries import read_seen
from tests.builders import (
    make_capture,
    make_claim,
    make_proposal,
    make_question,
    make_topic,
)
from tests.review.acts import act, show

pytestmark = pytest.mark.django_db


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
