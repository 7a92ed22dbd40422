"""A claim whose evidence fares worse after it was approved comes back to the queue, and its value stands meanwhile."""

from uuid import uuid4

import pytest
from django.utils import timezone

from dossiers.models.claim import Claim, ClaimHealth, ClaimStatus, HealthState
from dossiers.review.actions import OwnSecondApproval, approve_claim, reject_claim, undo_decision
from dossiers.review.queries import read_seen
from tests.builders import decide, make_claim, make_topic, make_user, show_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user()


@pytest.fixture
def claim(editor):
    claim = make_claim(make_topic())
    show_evidence(editor, claim.newest_proposal)
    decide(claim, editor)
    write_health(claim, HealthState.OK)
    claim.refresh_from_db()
    return claim


def write_health(claim, state, detail="The quoted words are gone."):
    row = ClaimHealth(claim=claim, state=state, detail=detail, checked_at=timezone.now())
    updated = ["state", "detail", "checked_at"]
    ClaimHealth.objects.bulk_create([row], update_conflicts=True, unique_fields=["claim"], update_fields=updated)
    claim.refresh_from_db()


def approve(claim, editor):
    claim.refresh_from_db()
    decision = approve_claim(claim, editor=editor, seen=read_seen(claim), key=uuid4())
    claim.refresh_from_db()
    return decision


@pytest.mark.parametrize("state", [s for s in HealthState if s != HealthState.OK])
def test_a_worse_state_queues_the_claim_and_leaves_its_value_standing(claim, state):
    before = claim.version, claim.incumbent_id
    write_health(claim, state)
    assert claim.needs_review
    assert list(Claim.objects.open()) == [claim]
    assert (claim.status, claim.incumbent_id) == (ClaimStatus.APPROVED, before[1])
    assert claim.version == before[0] + 1


def test_the_same_state_again_moves_nothing(claim, editor):
    write_health(claim, HealthState.QUOTE_LOST)
    approve(claim, editor)
    version = claim.version
    write_health(claim, HealthState.QUOTE_LOST)
    assert (claim.needs_review, claim.version) == (False, version)


def test_the_editor_who_approved_it_can_approve_it_again_after_the_change(claim, editor):
    write_health(claim, HealthState.SOURCE_CHANGED)
    approve(claim, editor)
    assert (claim.needs_review, claim.status) == (False, ClaimStatus.APPROVED)
    with pytest.raises(OwnSecondApproval):
        approve(claim, editor)


def test_taking_that_back_queues_it_again(claim, editor):
    write_health(claim, HealthState.QUOTE_LOST)
    approve(claim, editor)
    undo_decision(claim, editor=editor, seen=read_seen(claim), key=uuid4())
    claim.refresh_from_db()
    assert (claim.needs_review, claim.status) == (True, ClaimStatus.APPROVED)


def test_approving_again_is_still_one_pair_of_eyes(claim, editor):
    write_health(claim, HealthState.QUOTE_LOST)
    approve(claim, editor)
    claim.topic.approvals_needed = 2
    claim.topic.save()
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.AWAITING_SECOND
    with pytest.raises(OwnSecondApproval):
        approve(claim, editor)


def test_rejecting_settles_it_too(claim, editor):
    write_health(claim, HealthState.CONTRADICTED)
    reject_claim(claim, editor=editor, seen=read_seen(claim), reason_code="unsupported", key=uuid4())
    claim.refresh_from_db()
    assert (claim.needs_review, claim.status) == (False, ClaimStatus.REJECTED)


def test_a_claim_that_nobody_decided_keeps_its_version(editor):
    claim = make_claim(make_topic())
    claim.refresh_from_db()
    version = claim.version
    write_health(claim, HealthState.QUOTE_LOST)
    assert (claim.needs_review, claim.version) == (True, version)
