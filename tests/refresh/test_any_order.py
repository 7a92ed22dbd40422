"""Whatever order things happen in: requests, sweeps, work, lost messages, deaths, waits and cancellations."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.celery import app
from dossiers.models.capture import Capture
from dossiers.models.run import Retrieval, Run, RunStatus, RunTrigger
from dossiers.models.topic import Topic
from dossiers.refresh.actions import RunIsOver, cancel_run, request_refresh, sweep
from tests.builders import make_topic
from tests.refresh.queues import Queues, pass_time
from tests.refresh.test_resuming import LATER, Killed
from tests.research.providers import Scripted, answer, switch_on

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = {"wikipedia": "It has three domes.", "tavily": "The library is open."}


class World:
    """One topic, and what may happen to it."""

    def __init__(self, queues: Queues) -> None:
        self.queues, self.topic = queues, make_topic()
        queues.lose()
        Scripted.answers |= {name: answer(text) for name, text in TEXTS.items()}

    def request(self) -> None:
        request_refresh(self.topic, by=None)

    def become_due(self) -> None:
        request_refresh(self.topic, by=None, trigger=RunTrigger.SCHEDULED)

    def work_once(self) -> None:
        for name, arguments in self.queues.take():
            app.tasks[name](*arguments)

    def work_twice(self) -> None:
        messages = self.queues.take()
        for name, arguments in messages * 2:
            app.tasks[name](*arguments)

    def lose_messages(self) -> None:
        self.queues.lose()

    def wait(self) -> None:
        pass_time(LATER)

    def sweep(self) -> None:
        sweep()

    def die_asking(self) -> None:
        Scripted.answers["wikipedia"] = Killed()
        try:
            self.work_once()
        except Killed:
            self.queues.lose()
        Scripted.answers["wikipedia"] = answer(TEXTS["wikipedia"])

    def cancel(self) -> None:
        run = Run.objects.filter(topic=self.topic).order_by("-id").first()
        if run is not None:
            try:
                cancel_run(run, by=None)
            except RunIsOver:
                assert not run.is_active

    def settle(self) -> None:
        """Let everything come to rest."""
        for _ in range(4):
            self.wait()
            self.sweep()
            self.queues.work()


STEPS = ("request", "become_due", "work_once", "work_twice", "lose_messages", "wait", "sweep", "die_asking", "cancel")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(STEPS), max_size=16))
def test_every_run_ends_and_nothing_is_stored_twice(queues: Queues, steps: list[str]) -> None:
    switch_on("wikipedia", "tavily")
    world = World(queues)
    for step in steps:
        getattr(world, step)()
        assert Run.objects.filter(topic=world.topic, status__in=["queued", "running"]).count() <= 1
    world.settle()
    runs = Run.objects.filter(topic=world.topic)
    assert set(runs.values_list("status", flat=True)) <= {RunStatus.FINISHED, RunStatus.CANCELLED}
    finished = runs.filter(status=RunStatus.FINISHED)
    assert set(finished.values_list("outcome", flat=True)) <= {"ok"}
    asked = Retrieval.objects.filter(run__in=finished)
    assert set(asked.values_list("state", "outcome")) <= {("done", "ok")}
    assert asked.count() == 2 * finished.count()
    texts = sorted(Capture.objects.filter(source__topic=world.topic).values_list("text", flat=True))
    assert texts == sorted(set(texts))
    assert not finished or texts == sorted(TEXTS.values())
    assert (Topic.objects.get(pk=world.topic.pk).research_retrieved_at is not None) == finished.exists()
