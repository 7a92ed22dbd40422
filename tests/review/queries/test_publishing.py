"""What publishing reads: approved claims with their words, and what blocks the others."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from dossiers.models.check import Check
from dossiers.models.claim import ClaimHealth
from dossiers.models.evidence import Role
from dossiers.review.actions import dismiss_check
from dossiers.review.queries import Why, read_blockers, read_captures, read_decided_claims
from tests.builders import TEXT, decide, make_capture, make_check, make_claim, make_proposal, make_topic, make_user

pytestmark = pytest.mark.django_db


def test_a_decided_claim_carries_its_words_and_who_approved_it():
    topic, editor = make_topic(), make_user(first_name="Ada", last_name="Sample")
    capture = make_capture(topic)
    quotes = [(capture, "three domes", Role.VALUE), (capture, "1907", Role.DATE)]
    claim = make_claim(topic, "three domes", quotes=quotes, date_text="1907")
    decision = decide(claim, editor)
    [decided] = read_decided_claims(topic)
    assert (decided.claim_id, decided.proposal_id, decided.decision_id) == (claim.pk, claim.incumbent_id, decision.pk)
    assert (decided.value, decided.date_text, decided.health_state) == ("three domes", "1907", "ok")
    assert [(a.editor_name, a.action, a.at) for a in decided.approvals] == [("Ada Sample", "approve", decision.at)]
    value, date = decided.evidence
    assert (value.exact, value.start, value.role) == ("three domes", TEXT.index("three domes"), "value")
    assert value.passage == "Sample Observatory has three domes on Sample Hill"
    assert TEXT[value.passage_start :].startswith(value.passage)
    assert (date.passage, date.date_basis) == ("The dome was built in 1907.", "same_sentence")


def test_only_approved_claims_are_read_in_order_of_position():
    topic = make_topic()
    last, first = make_claim(topic, "last", position=9), make_claim(topic, "first", position=1)
    for claim in (last, first):
        decide(claim, make_user())
    make_claim(topic, "pending", position=3)
    decide(make_claim(topic, "rejected", position=4), make_user(), "reject")
    decide(make_claim(topic, "escalated", position=5), make_user(), "escalate")
    assert [decided.value for decided in read_decided_claims(topic)] == ["first", "last"]


def test_a_settled_escalation_begins_the_approvals_anew():
    topic = make_topic()
    claim = make_claim(topic)
    for action in ("approve", "escalate", "approve"):
        last = make_user()
        decide(claim, last, action)
    assert [approval.editor_name for approval in read_decided_claims(topic)[0].approvals] == [last.username]


def test_two_approvals_are_both_named():
    topic = make_topic(approvals_needed=2)
    claim = make_claim(topic)
    editors = [make_user(), make_user()]
    for editor in editors:
        decide(claim, editor)
    assert [a.editor_name for a in read_decided_claims(topic)[0].approvals] == [e.username for e in editors]


def test_health_is_read_with_the_claim():
    topic = make_topic()
    claim = make_claim(topic)
    decide(claim, make_user())
    ClaimHealth.objects.create(claim=claim, state="quote_lost", detail="Gone.", checked_at=timezone.now())
    assert (read_decided_claims(topic)[0].health_state, read_decided_claims(topic)[0].health_detail) == (
        "quote_lost",
        "Gone.",
    )


def test_a_long_passage_is_cut_at_its_sentences():
    topic = make_topic()
    text = "Long before. " * 200 + "Here are three domes of glass. " + "Long after. " * 200
    decide(make_claim(topic, "three domes", capture=make_capture(topic, text)), make_user())
    assert read_decided_claims(topic)[0].evidence[0].passage == "Here are three domes of glass."


def test_captures_say_what_readers_may_know():
    at = datetime(2026, 5, 1, tzinfo=UTC)
    capture = make_capture(
        make_topic(), provider="encyclopedia", title="A title", url="https://example.org/a", retrieved_at=at
    )
    facts = read_captures([capture.pk])[capture.pk]
    assert (facts.provider, facts.title, facts.url) == ("encyclopedia", "A title", "https://example.org/a")
    assert (facts.retrieved_at, facts.text_sha256) == (at, capture.text_sha256)


def whys(topic):
    return [(blocker.claim_id, blocker.why) for blocker in read_blockers(topic)]


def test_what_blocks_a_claim():
    topic = make_topic()
    pending, escalated, challenged, wrong, fine, rejected = [make_claim(topic) for _ in range(6)]
    decide(escalated, make_user(), "escalate")
    decide(rejected, make_user(), "reject")
    for claim in (challenged, wrong, fine):
        decide(claim, make_user())
    make_proposal(challenged, "another value")
    make_check(wrong.incumbent, "ungrounded")
    make_check(fine.incumbent, "conflict", "warning")
    assert whys(topic) == [
        (pending.pk, Why.UNDECIDED),
        (escalated.pk, Why.ESCALATED),
        (challenged.pk, Why.CHALLENGER),
        (wrong.pk, Why.OPEN_ERROR),
    ]
    assert "another value" in next(b.message for b in read_blockers(topic) if b.why == Why.CHALLENGER)


def test_a_dismissed_error_blocks_no_longer_and_a_capture_wide_one_does():
    topic = make_topic()
    claim = make_claim(topic)
    decide(claim, make_user())
    make_check(claim.incumbent.evidence.get().capture, "wrong-entity")
    assert whys(topic) == [(claim.pk, Why.OPEN_ERROR)]
    dismiss_check(claim.incumbent, editor=make_user(), code="wrong-entity", reason="It is the same.")
    assert whys(topic) == []


def test_a_first_of_two_approvals_awaits_the_second():
    topic = make_topic(approvals_needed=2)
    claim = make_claim(topic)
    decide(claim, make_user())
    assert whys(topic) == [(claim.pk, Why.AWAITING_SECOND)]


def test_queries_do_not_grow_with_claims(django_assert_num_queries):
    topic = make_topic()
    for _ in range(2):
        for _ in range(5):
            decide(make_claim(topic), make_user())
            make_claim(topic)
        with django_assert_num_queries(3):
            read_decided_claims(topic)
        with django_assert_num_queries(4):
            read_blockers(topic)


def test_words_that_are_not_what_the_editor_saw_block(monkeypatch):
    topic = make_topic()
    claim = make_claim(topic)
    decide(claim, make_user())
    monkeypatch.setattr("dossiers.review.queries.blockers.hash_revision", lambda proposal: "0" * 64)
    assert whys(topic) == [(claim.pk, Why.CHANGED)]


def test_two_approved_claims_that_contradict_each_other_are_named():
    topic = make_topic()
    now, then = make_claim(topic, "25"), make_claim(topic, "23")
    Check.objects.create(claim=now, related_claim=then, code="conflict", severity="warning", message="Contradicts 23.")
    decide(now, make_user())
    assert whys(topic) == [(then.pk, Why.UNDECIDED)]
    decide(then, make_user())
    assert whys(topic) == [(now.pk, Why.CONFLICT)]
    assert read_blockers(topic)[0].message == "Contradicts 23. Both are approved."
