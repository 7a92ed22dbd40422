"""fetch_retrieval: the lease, the outcome, the waiting, and what a provider's texts become."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as current
from django.db import connection
from django.utils import timezone

from dossiers.clients.base import Candidate, Context, FetchResult, Found, MustWait, Outcome, Query
from dossiers.models.capture import Capture
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Retrieval, RetrievedCapture, Run, RunStatus
from dossiers.models.source import Source
from dossiers.models.topic import Topic
from dossiers.research.actions import fetch_retrieval, plan_wave
from tests.builders import make_capture
from tests.refresh.queues import pass_time
from tests.research.conftest import make_research_run
from tests.research.providers import Scripted, answer, make_found, refuse, switch_on

pytestmark = pytest.mark.django_db
LEASE = current.RESEARCH_LEASE + 100  # longer than any


@pytest.fixture
def retrieval(run: Run) -> Retrieval:
    switch_on("wikipedia")
    return plan_wave(run, 1)[0]


def fetch(retrieval: Retrieval, result: Any = None) -> Retrieval:
    if result is not None:
        Scripted.answers["wikipedia"] = result
    fetch_retrieval(retrieval.pk)
    retrieval.refresh_from_db()
    return retrieval


def again(retrieval: Retrieval) -> Retrieval:
    """Return another run's retrieval of the same question."""
    Run.objects.update(status=RunStatus.FINISHED)
    return plan_wave(make_research_run(retrieval.run.topic), 1)[0]


def test_a_text_becomes_a_capture_of_a_source_filed_under_the_role(retrieval: Retrieval) -> None:
    found = make_found(
        "It has three domes.", entity="wikidata:Q1", published_at=datetime(2020, 1, 2, tzinfo=UTC), revision_id="7",
        payload={"pageid": 7}, grade="verbatim", features={"section": "Domes"},
    )  # fmt: skip
    candidate = Candidate("wikidata:Q2", "Another observatory", "a namesake", {"importance": 0.5})
    fetch(retrieval, FetchResult(Outcome.OK, (found,), (candidate,), requests_made=2, http_status=200, elapsed=0.25))
    capture, source = Capture.objects.get(), Source.objects.get()
    assert (source.provider, source.url, source.title) == ("encyclopedia", "https://example.org/pages/0", "Page 0")
    assert (source.publisher, source.licence, source.entity) == ("Wikipedia", "CC BY-SA 4.0", "wikidata:Q1")
    assert (capture.text, capture.payload, capture.grade) == ("It has three domes.", {"pageid": 7}, "verbatim")
    assert (capture.published_at.year, capture.revision_id, capture.attribution) == (
        2020,
        "7",
        "Wikipedia contributors",
    )
    assert (retrieval.state, retrieval.outcome, retrieval.requests_made) == ("done", "ok", 2)
    assert (retrieval.http_status, retrieval.elapsed, retrieval.leased_until) == (200, 0.25, None)
    assert retrieval.candidates == [
        {"key": "wikidata:Q1", "title": "Page 0", "features": {"section": "Domes"}, "capture": capture.pk},
        {"key": "wikidata:Q2", "title": "Another observatory", "description": "a namesake",
         "features": {"importance": 0.5}},
    ]  # fmt: skip


def test_the_policy_reaches_the_client_with_its_key_and_who_asks(retrieval: Retrieval, settings) -> None:
    settings.RESEARCH_KEYS = {"wikipedia": "a-secret"}
    fetch(retrieval)
    policy = Scripted.policies["wikipedia"]
    assert (policy.name, policy.role, policy.key, policy.spacing) == ("wikipedia", "encyclopedia", "a-secret", 1.0)
    assert policy.user_agent.startswith("Dossiers/")
    assert "(desk@example.org)" in policy.user_agent
    _, query, context = Scripted.calls[0]
    assert query == Query("page", "Sample Observatory")
    assert context == Context("Sample Observatory")


def test_the_same_text_again_is_the_same_capture_and_another_is_a_second_one(retrieval: Retrieval) -> None:
    fetch(retrieval, answer("It has three domes."))
    known, before = Capture.objects.get().pk, Source.objects.get().pk
    second = fetch(again(retrieval), answer("It has three domes."))
    assert (Capture.objects.count(), RetrievedCapture.objects.filter(retrieval=second).get().capture_id) == (1, known)
    fetch(again(retrieval), answer("It has four domes."))
    assert (Capture.objects.count(), Source.objects.get().pk) == (2, before)


def test_a_source_of_an_import_at_the_same_address_is_used_whatever_its_title(retrieval: Retrieval) -> None:
    known = make_capture(
        retrieval.run.topic, provider="encyclopedia", url="https://example.org/pages/0", title="As the export calls it"
    )
    fetch(retrieval, answer("It has three domes."))
    assert set(Capture.objects.values_list("source_id", flat=True)) == {known.source_id}


def test_texts_without_an_address_are_told_apart_by_title(retrieval: Retrieval) -> None:
    texts = [make_found("First.", title="A", url=""), make_found("Second.", title="B", url=""),
             make_found("Third.", title="A", url="javascript:alert(1)")]  # fmt: skip
    fetch(retrieval, FetchResult(Outcome.OK, tuple(texts)))
    assert sorted(Source.objects.values_list("title", "url")) == [("A", ""), ("B", "")]
    assert Capture.objects.count() == 3


def test_what_cannot_be_stored_is_made_storable(retrieval: Retrieval) -> None:
    bad = "a\0b\ud800c"
    found = Found(
        title=bad * 400, text=f"{bad} \ud83d\ude00", url="https://example.org/" + "x" * 3000, publisher=bad, entity=bad,
        payload={bad: [bad, float("nan"), {"deep": _nest(200)}]}, revision_id=bad, licence=bad, grade="nonsense",
        published_at=datetime(2020, 1, 1),  # noqa: DTZ001 - as a careless client gives it
        features={bad: bad},
    )  # fmt: skip
    result = FetchResult(
        Outcome.OK, (found,), (Candidate(bad, bad, bad),), message=bad, http_status=99_999, retry_after=float("inf"),
        requests_made=10**9, elapsed=float("nan"),
    )  # fmt: skip
    fetch(retrieval, result)
    capture = Capture.objects.get()
    assert capture.text == "ab\ufffdc \U0001f600"
    assert (capture.grade, capture.source.url) == ("unknown", "")
    assert len(capture.source.title) == 500
    assert (retrieval.state, retrieval.retry_after, retrieval.elapsed) == ("done", None, None)


def _nest(depth: int) -> Any:
    return [_nest(depth - 1)] if depth else "bottom"


def test_a_text_is_capped_and_an_empty_one_is_none(retrieval: Retrieval) -> None:
    fetch(retrieval, answer("x" * 500_000, "  \n\0"))
    assert [len(text) for text in Capture.objects.values_list("text", flat=True)] == [200_000]


def test_many_texts_cost_as_many_queries_as_one(retrieval: Retrieval, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(22):
        fetch(retrieval, answer(*[f"Text {number}." for number in range(40)]))
    assert Capture.objects.count() == 40


@pytest.mark.parametrize("outcome", [Outcome.EMPTY, Outcome.AUTH, Outcome.BAD_REQUEST, Outcome.INVALID, Outcome.QUOTA])
def test_what_another_try_cannot_change_is_done_at_once(retrieval: Retrieval, outcome: Outcome) -> None:
    fetch(retrieval, refuse(outcome, message="In words."))
    assert (retrieval.state, retrieval.outcome, retrieval.message) == ("done", outcome, "In words.")
    assert fetch_retrieval(retrieval.pk) is None
    assert len(Scripted.calls) == 1


@pytest.mark.parametrize("result", [
    refuse(Outcome.RATE_LIMITED), refuse(Outcome.UNAVAILABLE), refuse(Outcome.INVALID, http_status=502),
])  # fmt: skip
def test_what_passes_is_tried_again_later_each_time_and_then_kept(retrieval: Retrieval, result: FetchResult) -> None:
    pauses = []
    for number in range(1, current.RESEARCH_ATTEMPTS):
        fetch(retrieval, result)
        assert (retrieval.state, retrieval.outcome, retrieval.attempts) == ("waiting", "", number)
        pauses.append((retrieval.not_before - timezone.now()).total_seconds())
        assert fetch_retrieval(retrieval.pk) is None, "not before its time"
        pass_time(60)
    assert pauses == sorted(pauses)
    assert pauses[0] > 1
    fetch(retrieval)
    assert (retrieval.state, retrieval.outcome) == ("done", result.outcome)
    assert (retrieval.attempts, retrieval.requests_made) == (current.RESEARCH_ATTEMPTS, current.RESEARCH_ATTEMPTS)


def test_the_wait_that_a_service_asks_for_is_kept_unless_it_is_too_long(retrieval: Retrieval) -> None:
    fetch(retrieval, refuse(Outcome.RATE_LIMITED, retry_after=30.5))
    assert 29 < (retrieval.not_before - timezone.now()).total_seconds() < 31
    pass_time(31)
    fetch(retrieval, refuse(Outcome.RATE_LIMITED, retry_after=86_400.0))
    assert (retrieval.state, retrieval.outcome, retrieval.retry_after) == ("done", "rate_limited", 86_400.0)


def test_waiting_for_ones_turn_is_no_try(retrieval: Retrieval) -> None:
    for _ in range(10):
        fetch(retrieval, MustWait(3.0, "Wikipedia is asked once a second."))
        assert (retrieval.state, retrieval.attempts) == ("waiting", 0)
        pass_time(4)
    fetch(retrieval, answer("It has three domes."))
    assert (retrieval.state, retrieval.outcome) == ("done", "ok")


@pytest.mark.parametrize(("trigger", "state"), [("requested", "done"), ("scheduled", "waiting")])
def test_a_person_is_not_kept_waiting_as_long_as_the_clock(retrieval: Retrieval, trigger: str, state: str) -> None:
    Run.objects.update(trigger=trigger)
    fetch(retrieval, MustWait(120.0, "Wikipedia failed several times in a row.", Outcome.UNAVAILABLE))
    assert (retrieval.state, retrieval.outcome) == (state, "unavailable" if state == "done" else "")


def test_a_used_up_budget_ends_the_retrieval_and_says_so(retrieval: Retrieval) -> None:
    fetch(retrieval, MustWait(40_000.0, "The daily budget of 1000 requests is used up.", Outcome.QUOTA))
    assert (retrieval.state, retrieval.outcome) == ("done", "quota")
    assert "budget" in retrieval.message
    assert ProviderPolicy.objects.get(name="wikipedia").stopped_at is None


def test_a_refused_key_stops_the_provider_until_somebody_acts(retrieval: Retrieval) -> None:
    fetch(retrieval, refuse(Outcome.AUTH, message="The key was refused.", needs_person=True))
    policy = ProviderPolicy.objects.get(name="wikipedia")
    assert (policy.stopped_reason, policy.stopped_at is None) == ("The key was refused.", False)
    assert plan_wave(make_research_run(Topic.objects.create(title="T", slug="t")), 1) == []
    second = plan_wave_waiting(retrieval)
    fetch(second)
    assert (second.outcome, second.message) == ("unavailable", "Wikipedia is stopped: The key was refused.")
    assert len(Scripted.calls) == 1


def plan_wave_waiting(retrieval: Retrieval) -> Retrieval:
    """Return a retrieval that was planned before its provider was stopped."""
    retrieval.pk, retrieval.position, retrieval.state, retrieval.outcome = None, 1, "waiting", ""
    retrieval._state.adding = True
    retrieval.save()
    return retrieval


def test_a_client_that_breaks_is_an_answer_not_understood_and_tells_no_secret(retrieval: Retrieval) -> None:
    fetch(retrieval, ValueError("key=a-secret"))
    assert (retrieval.state, retrieval.outcome) == ("done", "invalid")
    assert "a-secret" not in retrieval.message
    assert "ValueError" in retrieval.message


def test_a_provider_switched_off_meanwhile_is_not_asked(retrieval: Retrieval) -> None:
    ProviderPolicy.objects.update(is_enabled=False)
    fetch(retrieval)
    assert (retrieval.outcome, retrieval.message, Scripted.calls) == ("unavailable", "Wikipedia is switched off.", [])


def test_no_transaction_is_open_while_a_provider_is_asked(retrieval: Retrieval) -> None:
    depth = len(connection.savepoint_ids)

    def look(_query: Query, _context: Context) -> FetchResult:
        assert len(connection.savepoint_ids) == depth
        row = Retrieval.objects.get()
        assert (row.state, row.attempts, row.leased_until > timezone.now()) == ("running", 1, True)
        return answer("It has three domes.")

    fetch(retrieval, look)
    assert retrieval.outcome == "ok"


def test_a_leased_retrieval_is_not_taken_until_its_lease_is_over(retrieval: Retrieval) -> None:
    Scripted.answers["wikipedia"] = SystemExit("the worker is killed here")
    with pytest.raises(SystemExit):
        fetch_retrieval(retrieval.pk)
    Scripted.answers["wikipedia"] = answer("It has three domes.")
    assert fetch_retrieval(retrieval.pk) is None
    pass_time(LEASE)
    fetch(retrieval)
    assert (retrieval.outcome, retrieval.attempts, Capture.objects.count()) == ("ok", 2, 1)


def test_what_kills_every_worker_is_given_up(retrieval: Retrieval) -> None:
    for _ in range(current.RESEARCH_ATTEMPTS):
        with pytest.raises(SystemExit):
            fetch(retrieval, SystemExit("killed"))
        pass_time(LEASE)
    fetch(retrieval)
    assert (retrieval.state, retrieval.outcome) == ("done", "unavailable")
    assert len(Scripted.calls) == current.RESEARCH_ATTEMPTS


def test_what_comes_after_the_lease_was_taken_over_is_dropped(retrieval: Retrieval) -> None:
    def come_late(_query: Query, _context: Context) -> FetchResult:
        pass_time(LEASE)
        Scripted.answers["wikipedia"] = answer("What the other worker brought.")
        assert fetch_retrieval(retrieval.pk) is not None
        return answer("What came late.")

    fetch(retrieval, come_late)
    assert Capture.objects.get().text == "What the other worker brought."
    assert (retrieval.state, retrieval.attempts) == ("done", 2)


def test_what_comes_after_a_cancellation_is_dropped(retrieval: Retrieval) -> None:
    def be_cancelled(_query: Query, _context: Context) -> FetchResult:
        Retrieval.objects.update(state="cancelled", leased_until=None)
        return answer("What came late.")

    fetch(retrieval, be_cancelled)
    assert (retrieval.state, Capture.objects.count()) == ("cancelled", 0)
