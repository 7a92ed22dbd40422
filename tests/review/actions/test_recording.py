"""Displays, dismissals and answers are recorded once, with reasons, and never over someone else's head."""

import pytest

from dossiers.models.check import CheckDismissal
from dossiers.models.decision import EvidenceDisplay
from dossiers.models.resolution import EntityResolution
from dossiers.review.actions import (
    CandidateUnknown,
    CheckNotOpen,
    QuestionIsStale,
    ReasonMissing,
    dismiss_check,
    record_display,
    resolve_entity,
)
from tests.builders import make_capture, make_check, make_claim, make_question, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal():
    return make_claim(make_topic()).newest_proposal


@pytest.fixture
def rechecked(monkeypatch):
    topics = []
    monkeypatch.setattr("dossiers.review.actions.resolving.recheck_topic", topics.append)
    return topics


def test_a_display_is_recorded_once_an_editor(proposal):
    editor = make_user()
    record_display(editor, [proposal])
    record_display(editor, [proposal])
    assert EvidenceDisplay.objects.get().evidence_hash == proposal.evidence_hash


def test_dismissing_needs_a_reason(proposal):
    make_check(proposal)
    with pytest.raises(ReasonMissing):
        dismiss_check(proposal, editor=make_user(), code="ungrounded", reason="  ")
    assert CheckDismissal.objects.count() == 0


def test_only_an_open_error_of_this_proposal_can_be_dismissed(proposal):
    make_check(proposal, "paraphrase", "warning")
    make_check(make_claim(make_topic()).newest_proposal, "ungrounded")
    for code in ("paraphrase", "ungrounded", "nonsense"):
        with pytest.raises(CheckNotOpen):
            dismiss_check(proposal, editor=make_user(), code=code, reason="Because.")


def test_the_first_dismissal_stands(proposal):
    make_check(proposal)
    first = dismiss_check(proposal, editor=make_user(), code="ungrounded", reason="First.")
    assert dismiss_check(proposal, editor=make_user(), code="ungrounded", reason="Second.") == first
    assert CheckDismissal.objects.get().reason == "First."


def test_an_answer_keeps_the_candidates_and_runs_the_checks_again(rechecked):
    topic, editor = make_topic(), make_user()
    capture = make_capture(topic, provider="encyclopedia")
    question = make_question(topic, capture, provider="encyclopedia")
    answer = resolve_entity(topic, provider="encyclopedia", choice="none", editor=editor, note="Another subject.")
    assert (answer.candidates, answer.choice, answer.note) == (question.candidates, "none", "Another subject.")
    assert rechecked == [topic]


def test_the_same_answer_again_is_given_once(rechecked):
    topic, editor = make_topic(), make_user()
    make_question(topic, make_capture(topic))
    answers = {resolve_entity(topic, provider="geocoder", choice="none", editor=editor).pk for _ in range(2)}
    assert (len(answers), EntityResolution.objects.filter(editor=editor).count(), len(rechecked)) == (1, 1, 1)


def test_a_choice_that_was_not_offered_is_refused(rechecked):
    topic = make_topic()
    make_question(topic, make_capture(topic))
    with pytest.raises(CandidateUnknown):
        resolve_entity(topic, provider="geocoder", choice="capture:0", editor=make_user())
    assert rechecked == []


def test_an_answer_to_a_question_that_moved_on_is_refused(rechecked):
    topic = make_topic()
    question = make_question(topic, make_capture(topic))
    resolve_entity(topic, provider="geocoder", choice="none", editor=make_user(), seen=question.pk)
    with pytest.raises(QuestionIsStale):
        resolve_entity(topic, provider="geocoder", choice="none", editor=make_user(), seen=question.pk)
    with pytest.raises(QuestionIsStale):
        resolve_entity(topic, provider="never asked", choice="none", editor=make_user())
