"""Whether research survives being killed: topics in flight, workers killed with -9, Valkey and PostgreSQL restarted.

    python bench/chaos.py [TOPICS] [SEED]

At the end every topic must have exactly one finished run that found what an undisturbed run finds, nothing twice and
nothing lost, and no service may have been asked faster than its limit, or more often than the runs and their
interrupted tries account for.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import rig

SPACING = 0.04  # seconds between two requests to one service
WORKERS = 3
KILL_EVERY = (1.0, 2.5)  # seconds
SETTINGS = {"RESEARCH_LEASE": 3, "RESEARCH_SWEEP": 2, "RESEARCH_PATIENCE": 0.5, "RESEARCH_ATTEMPTS": 12}


def main() -> None:
    """Run it and print what was found; the exit status is 1 if anything was lost, doubled or asked too often."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
    rig.begin(**SETTINGS, RESEARCH_IN_FLIGHT=count)
    services, workers = rig.Services(SPACING, in_flight=4, timeout=2.0, delay=0.2), rig.Workers()
    try:
        for _ in range(WORKERS):
            workers.start()
        workers.start_beat()
        workers.wait()
        expected = run_calmly(services)
        wrong = run(count, chance, services, workers, expected)
    finally:
        workers.stop()
        services.stop()
    print("\n".join(wrong) or "nothing lost, nothing twice, nobody asked too often")
    raise SystemExit(1 if wrong else 0)


def run_calmly(services: rig.Services) -> dict[str, int]:
    """Let some topics run undisturbed, and return what one leaves and how often each service was asked for it."""
    ids = rig.make_topics(3, "Calm")
    begin(ids)
    rig.wait_for(lambda: count_finished(ids) == len(ids), 60, "the undisturbed runs")
    left = {name: total // len(ids) for name, total in count_rows(ids).items()}
    asked = {f"asked {name}": total / len(ids) for name, total in services.count().items()}
    services.forget()
    return left | asked  # type: ignore[return-value]


def begin(ids: list[int]) -> None:
    """Let topics be due at once; the clock begins their runs."""
    from datetime import timedelta

    from django.utils import timezone

    from dossiers.models.topic import Topic

    Topic.objects.filter(pk__in=ids).update(next_refresh_at=timezone.now(), refresh_interval=timedelta(days=30))


def count_finished(ids: list[int]) -> int:
    from dossiers.models.run import Run

    return Run.objects.filter(topic__in=ids, status="finished").count()


def count_rows(ids: list[int]) -> dict[str, int]:
    """Return how many rows of each kind the topics have."""
    from dossiers.models.capture import Capture
    from dossiers.models.claim import Claim
    from dossiers.models.proposal import Proposal, Sighting
    from dossiers.models.run import Retrieval, RetrievedCapture
    from dossiers.models.source import Source

    return {
        "retrievals": Retrieval.objects.filter(run__topic__in=ids, state="done").count(),
        "sources": Source.objects.filter(topic__in=ids).count(),
        "captures": Capture.objects.filter(source__topic__in=ids).count(),
        "links": RetrievedCapture.objects.filter(retrieval__run__topic__in=ids).count(),
        "claims": Claim.objects.filter(topic__in=ids).count(),
        "proposals": Proposal.objects.filter(claim__topic__in=ids).count(),
        "sightings": Sighting.objects.filter(proposal__claim__topic__in=ids).count(),
    }


def run(
    count: int, chance: random.Random, services: rig.Services, workers: rig.Workers, expected: dict[str, int]
) -> list[str]:
    """Disturb the runs of so many topics until they are over, and return what is wrong."""
    ids, begun = rig.make_topics(count, "Storm"), time.monotonic()
    begin(ids)
    restarts = {count // 4: rig.restart_valkey, count // 2: rig.restart_postgres}
    killed: Counter[str] = Counter()
    while (finished := insist(lambda: count_finished(ids))) < count:
        time.sleep(chance.uniform(*KILL_EVERY))
        for at in [at for at in restarts if finished >= at]:
            restarts.pop(at)()
            killed["Valkey" if at == count // 4 else "PostgreSQL"] += 1
        if finished < count * 0.9:
            killed[workers.kill_one(chance)] += 1
        killed.pop("", None)
        if time.monotonic() - begun > 60 + 3 * count:
            break
    seconds = time.monotonic() - begun
    print(
        f"{count} topics in {seconds:.0f} s; killed with -9: {', '.join(f'{n} x {what}' for what, n in killed.items())}"
    )
    print(f"asked: {services.count()}, at most within a second: {services.count_most()}; {rig.read_noise()}")
    return [*compare(ids, expected), *compare_requests(count, ids, services, expected)]


def insist(read):  # type: ignore[no-untyped-def]
    """Read again where the database was restarted meanwhile."""
    from django.db import InterfaceError, OperationalError, connections

    while True:
        try:
            return read()
        except (OperationalError, InterfaceError):
            connections.close_all()
            time.sleep(0.2)


def compare(ids: list[int], expected: dict[str, int]) -> list[str]:
    """Return what differs from undisturbed runs."""
    from dossiers.models.run import Run

    runs = Counter(Run.objects.filter(topic__in=ids).values_list("topic_id", flat=True))
    states = Counter(Run.objects.filter(topic__in=ids).values_list("status", "outcome"))
    wrong = [f"topic {pk} has {runs[pk]} runs" for pk in ids if runs[pk] != 1]
    if states != {("finished", "ok"): len(ids)}:
        wrong.append(f"runs ended as {dict(states)}")
    for name, total in count_rows(ids).items():
        if total != expected[name] * len(ids):
            wrong.append(f"{total} {name} instead of {expected[name] * len(ids)}")
    return wrong


def compare_requests(count: int, ids: list[int], services: rig.Services, expected: dict[str, int]) -> list[str]:
    """Return which services were asked too often, or faster than allowed."""
    from dossiers.models.run import Retrieval

    wrong = []
    for name, asked in services.count().items():
        rows = Retrieval.objects.filter(run__topic__in=ids, provider=name).values_list("attempts", flat=True)
        again, each = sum(rows) - len(rows), expected[f"asked {name}"]
        allowed = each * count + max(1, round(each)) * again
        print(f"{name}: {asked} requests, {each * count:.0f} for the runs, {again} tries were interrupted or put off")
        # Fewer than in the calm runs is well: what names mean is remembered.
        if not count <= asked <= allowed:
            wrong.append(f"{name} was asked {asked} times; {allowed:.0f} are accounted for")
    # One of the seconds may hold the restart of Valkey, which forgets the last second's requests.
    most = 1 / services.spacing * 1.1 + 2
    wrong += [f"{name} got {n} requests within a second" for name, n in services.count_most().items() if n > most]
    return wrong


if __name__ == "__main__":
    main()
