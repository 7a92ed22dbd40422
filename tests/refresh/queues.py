"""The queues of one test: real messages in the tests' Valkey, carried out here, one after the other, or lost."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

import dossiers.publish.tasks
import dossiers.refresh.tasks  # noqa: F401 - registers the tasks
from config.celery import app
from dossiers.models.run import Retrieval, Run

Message = tuple[str, list[Any]]


class Queues:
    """The two queues, under names of this test's own."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def take(self) -> list[Message]:
        """Take every message out of the queues, the interactive one's first, and return the tasks they ask for."""
        taken = []
        with app.connection_for_read() as connection, connection.channel() as channel:
            for name in self.names:
                app.amqp.queues[name].bind(channel).declare()
                while (message := channel.basic_get(name, no_ack=True)) is not None:
                    taken.append((message.headers["task"], message.payload[0]))
        return taken

    def work(self, *, twice: bool = False, most: int = 500) -> list[str]:
        """Carry out what is sent until the queues are empty; return the tasks' names."""
        done: list[str] = []
        while messages := self.take():
            for name, arguments in messages:
                for _ in range(2 if twice else 1):
                    app.tasks[name](*arguments)
                done.append(name)
            assert len(done) < most, done[-20:]
        return done

    def lose(self) -> int:
        """Lose every message, as a broker without a disk does, and return how many there were."""
        return len(self.take())


def pass_time(seconds: float) -> None:
    """Let time pass for the steps of runs: leases end, pauses are over, runs have stood still that long."""
    passed = timedelta(seconds=seconds)
    Retrieval.objects.update(leased_until=F("leased_until") - passed, not_before=F("not_before") - passed)
    Run.objects.update(touched_at=F("touched_at") - passed)


def list_states(run: Run) -> list[tuple[str, str, str]]:
    rows = Retrieval.objects.filter(run=run).order_by("id")
    return [(row.provider, row.state, row.outcome) for row in rows]


def hours_ago(hours: float) -> Any:
    return timezone.now() - timedelta(hours=hours)
