"""A run from request to end: what is asked, stored, extracted and said, and that each task may be run twice."""

import pytest

from dossiers.clients.base import Outcome
from dossiers.models.capture import Capture
from dossiers.models.run import Retrieval, Run, RunStatus
from dossiers.models.topic import Topic
from dossiers.refresh.actions import request_refresh
from tests.builders import make_user
from tests.refresh.queues import Queues, list_states
from tests.research.providers import Scripted, answer, refuse, switch_on

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_requested_run_is_asked_stored_extracted_and_ended(topic: Topic, queues: Queues) -> None:
    switch_on("wikipedia", "wikidata", "tavily")
    Scripted.answers["wikipedia"] = answer("It has three domes.")
    editor = make_user("asker")
    run = request_refresh(topic, by=editor)
    assert (run.status, run.requested_by) == (RunStatus.QUEUED, editor)
    queues.work()
    run.refresh_from_db()
    topic.refresh_from_db()
    assert (run.status, run.outcome) == (RunStatus.FINISHED, Outcome.OK)
    assert run.message == "Wikipedia: OK, Wikidata: nothing found, Tavily: nothing found."
    assert topic.research_retrieved_at == run.finished_at
    assert Capture.objects.get().text == "It has three domes."
    assert list_states(run) == [("wikipedia", "done", "ok"), ("wikidata", "done", "empty"), ("tavily", "done", "empty")]


def test_every_task_run_twice_leaves_the_same(topic: Topic, queues: Queues) -> None:
    switch_on("wikipedia", "tavily")
    Scripted.answers |= {"wikipedia": answer("It has three domes."), "tavily": refuse(Outcome.AUTH)}
    run = request_refresh(topic, by=None)
    queues.work(twice=True)
    run.refresh_from_db()
    assert (run.status, run.outcome, run.attempts) == (RunStatus.FINISHED, Outcome.PARTIAL, 1)
    assert (Run.objects.count(), Retrieval.objects.count(), Capture.objects.count()) == (1, 2, 1)
    assert len(Scripted.calls) == 2
