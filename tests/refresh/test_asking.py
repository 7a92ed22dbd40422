"""What a person does with runs: cancelling them, and trying one retrieval again."""

import pytest

from dossiers.clients.base import FetchResult, Outcome
from dossiers.models.capture import Capture
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Retrieval, Run, RunKind, RunStatus, RunTrigger
from dossiers.models.topic import Topic
from dossiers.refresh.actions import (
    RetrievalNotRetryable,
    RunIsOver,
    advance_run,
    cancel_run,
    request_refresh,
    retry_retrieval,
)
from tests.builders import make_user
from tests.refresh.queues import Queues, list_states
from tests.research.providers import Scripted, answer, make_found, refuse, switch_on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def failed(topic: Topic, queues: Queues) -> Retrieval:
    """Return a retrieval that failed in a run that is over."""
    switch_on("wikipedia", "tavily")
    Scripted.answers |= {"wikipedia": refuse(Outcome.INVALID), "tavily": answer("One.")}
    request_refresh(topic, by=None, trigger=RunTrigger.SCHEDULED)
    queues.work()
    return Retrieval.objects.get(provider="wikipedia")


def test_a_cancelled_run_is_over_at_once_and_asks_nobody(topic: Topic, queues: Queues) -> None:
    switch_on("wikipedia", "tavily")
    run = request_refresh(topic, by=None)
    advance_run(run.pk)
    cancelled = cancel_run(run, by=make_user("stopper"))
    assert (cancelled.status, cancelled.message) == (RunStatus.CANCELLED, "Cancelled by stopper.")
    queues.work()
    assert list_states(run) == [("wikipedia", "cancelled", ""), ("tavily", "cancelled", "")]
    assert Scripted.calls == []
    topic.refresh_from_db()
    assert (topic.research_retrieved_at, topic.refresh_failures) == (None, 0)
    assert request_refresh(topic, by=None) != run


def test_a_run_that_is_over_cannot_be_cancelled(failed: Retrieval) -> None:
    with pytest.raises(RunIsOver, match="This run is over: finished"):
        cancel_run(failed.run, by=None)


def test_a_failed_retrieval_is_asked_again_and_its_run_extracted_anew(failed: Retrieval, queues: Queues) -> None:
    assert failed.run.outcome == Outcome.PARTIAL
    Scripted.answers["wikipedia"] = answer("It has three domes.")
    editor = make_user()
    retried = retry_retrieval(failed, by=editor)
    assert (retried.state, retried.outcome, retried.attempts) == ("waiting", "", 0)
    queues.work()
    run = Run.objects.get()
    assert (run.status, run.outcome, run.requested_by) == (RunStatus.FINISHED, Outcome.OK, editor)
    assert list_states(run) == [("wikipedia", "done", "ok"), ("tavily", "done", "ok")]
    assert len(Scripted.list_asked("tavily")) == 1
    assert Capture.objects.count() == 2


def test_what_a_retried_page_names_is_asked_for_too(topic: Topic, queues: Queues) -> None:
    switch_on("wikipedia", "wikidata")
    Scripted.answers |= {"wikipedia": refuse(Outcome.INVALID), "wikidata": refuse(Outcome.EMPTY)}
    request_refresh(topic, by=None)
    queues.work()
    found = make_found("It has three domes.", features={"wikibase_item": "Q60"})
    Scripted.answers["wikipedia"] = FetchResult(Outcome.OK, (found,))
    retry_retrieval(Retrieval.objects.get(provider="wikipedia"), by=None)
    queues.work()
    assert [query.key for query in Scripted.list_asked("wikidata")] == ["", "wikidata:Q60"]


def test_a_retry_is_refused_in_words(failed: Retrieval, topic: Topic, queues: Queues) -> None:
    def refusal(retrieval: Retrieval) -> str:
        with pytest.raises(RetrievalNotRetryable) as error:
            retry_retrieval(retrieval, by=None)
        return str(error.value)

    assert "was answered" in refusal(Retrieval.objects.get(provider="tavily"))
    ProviderPolicy.objects.filter(name="wikipedia").update(is_enabled=False)
    assert refusal(failed) == "Wikipedia is switched off."
    switch_on("wikipedia")
    newer = request_refresh(topic, by=None)
    assert "newer run" in refusal(failed)
    advance_run(newer.pk)
    assert "still under way" in refusal(Retrieval.objects.filter(run=newer).first())
    cancel_run(newer, by=None)
    assert "was cancelled" in refusal(Retrieval.objects.filter(run=newer).first())
    imported = Run.objects.create(topic=topic, kind=RunKind.IMPORT)
    assert "import" in refusal(Retrieval.objects.create(run=imported, provider="web", outcome="ok"))
