"""Two pairs of eyes: nobody is the second approver of their own decision, however the first came about."""

import pytest

from dossiers.models.claim import ClaimStatus
from dossiers.models.decision import Action
from dossiers.review.actions import (
    OwnSecondApproval,
)
from tests.builders import (
    make_claim,
    make_proposal,
    make_topic,
)
from tests.review.acts import act, show

pytestmark = pytest.mark.django_db


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
