"""What the clock's sweep costs among very many topics, and how long a person waits beside a full load of due work.

    python bench/sweep.py [TOPICS] [DUE]

Prints the plans and times of the statements that the sweep and the senders run, how many topics one message carries,
and the delay of requested runs while due ones keep every process busy.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import rig
from bench.chaos import begin, count_finished

TURNS = 15


def main() -> None:
    """Measure and print."""
    count, due = [int(text) for text in sys.argv[1:]] + [100_000, 10_000][len(sys.argv) - 1 :]
    rig.begin(RESEARCH_IN_FLIGHT=200, RESEARCH_SWEEP=1)
    services = rig.Services(0.05, in_flight=2, delay=0.1)
    try:
        fill(count, due)
        measure_select(200)
        measure_intervals()
        measure_sweep()
        measure_dispatch()
        measure_delay()
    finally:
        services.stop()


def fill(count: int, due: int) -> None:
    """Make the topics, a share of them due, each with a finished run behind it."""
    from django.db import connection
    from django.utils import timezone

    from dossiers.models.run import Run

    now, day = timezone.now(), timedelta(days=1)
    late = rig.make_topics(due, "Due", refresh_interval=7 * day, next_refresh_at=now - day)
    rest = rig.make_topics(count - due, "Later", kind="person", research_retrieved_at=now, next_refresh_at=now + day)
    rows = [Run(topic_id=pk, kind="research", status="finished", finished_at=now) for pk in [*late, *rest]]
    Run.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dossiers_topic SET next_refresh_at = next_refresh_at - id * interval '1 ms'")
        cursor.execute("ANALYZE dossiers_topic")
        cursor.execute("ANALYZE dossiers_run")
    print(f"{count} topics, {due} due; {rig.read_noise()}")


def measure_select(limit: int) -> None:
    """Time the statement that finds and locks due topics, and print its plan."""
    from django.db import connection, transaction
    from django.utils import timezone

    from dossiers.refresh.queries.due import take_due_topics

    def take() -> None:
        with transaction.atomic():
            assert len(take_due_topics(timezone.now(), limit)) == limit

    show("find and lock 200 due topics", take)
    with transaction.atomic(), Recorded() as recorded:
        take_due_topics(timezone.now(), limit)
        with connection.cursor() as cursor:
            sql, params = recorded.statements[0]
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", params)
            print("\n".join(f"    {row[0]}" for row in cursor.fetchall()))


def measure_intervals() -> None:
    """Time what setting a kind's interval and the look for new topics cost."""
    from dossiers.models.provider import RefreshPolicy
    from dossiers.refresh.actions import set_interval
    from dossiers.refresh.actions.sweeping import schedule_new_topics

    policy = RefreshPolicy.objects.get(kind="person")
    show(
        "set the interval of a kind with most topics",
        lambda: set_interval(policy, interval=timedelta(days=90), by=None),
        3,
    )
    show("look for topics without a time", schedule_new_topics)


def measure_sweep() -> None:
    """Time a whole sweep that begins 200 runs, and one that finds the flight full; count its messages."""
    from dossiers.refresh.actions import sweep

    with Sent() as sent:
        begun = time.perf_counter()
        count = sweep()
        taken = (time.perf_counter() - begun) * 1000
        print(f"a sweep that begins {count} runs: {taken:.1f} ms, {len(sent.names)} messages")
    show("a sweep that finds the flight full", sweep)


def measure_dispatch() -> None:
    """Time the sending of retrievals with 200 runs waiting."""
    from dossiers.models.run import Run
    from dossiers.refresh.actions import advance_runs, dispatch_retrievals

    ids = list(Run.objects.filter(status="queued").values_list("pk", flat=True))
    begun = time.perf_counter()
    with Sent() as sent:
        advance_runs(ids)
    print(
        f"plan {len(ids)} runs: {(time.perf_counter() - begun) * 1000 / len(ids):.1f} ms each; sent {len(sent.names)}"
    )
    show("look for retrievals that may go, every place taken", dispatch_retrievals)


def measure_delay() -> None:
    """Request runs while due ones keep every process busy, and print how long each took from request to end."""
    from dossiers.models.run import Run
    from dossiers.models.topic import Topic
    from dossiers.refresh.actions import request_refresh

    workers, calm = rig.Workers(2), []
    Run.objects.filter(status__in=["queued", "running"]).update(status="cancelled")
    Topic.objects.update(next_refresh_at=None)
    try:
        workers.start()
        workers.start_beat()
        workers.wait()
        calm = [time_request(request_refresh) for _ in range(TURNS)]
        begin(rig.make_topics(1000, "Crowd"))
        rig.wait_for(lambda: Run.objects.filter(status="running", trigger="scheduled").count() > 100, 60, "a full load")
        busy = [time_request(request_refresh) for _ in range(TURNS)]
        left = Run.objects.filter(status__in=["queued", "running"], trigger="scheduled").count()
    finally:
        workers.stop()
    for name, taken in (("with nothing else to do", calm), (f"beside {left} due runs", busy)):
        times = f"median {statistics.median(taken):.2f} s, worst {max(taken):.2f} s"
        print(f"a requested run {name}: {times}; {rig.read_noise()}")


def time_request(request: Callable[..., Any]) -> float:
    """Return the seconds from a person's request to the end of its run."""
    from dossiers.models.topic import Topic

    (pk,) = rig.make_topics(1, f"Asked{time.monotonic_ns()}")
    begun = time.monotonic()
    request(Topic.objects.get(pk=pk), by=None)
    while not count_finished([pk]):
        time.sleep(0.02)
        assert time.monotonic() - begun < 60
    return time.monotonic() - begun


class Recorded:
    """Writes down the statements of a stretch of code."""

    def __enter__(self) -> Recorded:
        from django.db import connection

        self.statements: list[tuple[str, Any]] = []
        self.wrapper = connection.execute_wrapper(self.record)
        self.wrapper.__enter__()
        return self

    def record(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements.append((sql, params))
        return execute(sql, params, many, context)

    def __exit__(self, *error: Any) -> None:
        self.wrapper.__exit__(*error)


class Sent:
    """Writes down the messages of a stretch of code instead of sending them: nobody is there to take them."""

    def __enter__(self) -> Sent:
        from dossiers.refresh.actions import sending

        self.names: list[str] = []
        self.module, self.real = sending, sending._send
        sending._send = lambda name, *_rest: self.names.append(name)  # type: ignore[assignment]
        return self

    def __exit__(self, *_error: Any) -> None:
        self.module._send = self.real


def show(name: str, work: Callable[[], Any], turns: int = TURNS) -> None:
    """Time some work and print the median and the worst."""
    taken = []
    for _ in range(turns):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    print(f"{name}: median {statistics.median(taken):.1f} ms, worst {max(taken):.1f} ms")


if __name__ == "__main__":
    main()
