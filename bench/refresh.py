"""How fast topics are refreshed, and what that costs: topics per minute, CPU per topic, requests per host, memory.

    python bench/refresh.py [TOPICS] [ROUNDS]     1, 2 and 4 worker processes in turn; medians of the rounds
    python bench/refresh.py --memory [TOPICS]     the resident memory of a worker's processes over many topics

The services are stand-ins on this machine that answer at once, and share its cores with everything else: the ratios
count, not the numbers.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import rig
from bench.chaos import begin, count_finished, insist

SPACING = 0.005  # seconds between two requests to one service
PROCESSES = (1, 2, 4)
SETTINGS = {"RESEARCH_SWEEP": 1, "RESEARCH_IN_FLIGHT": 200}


@dataclass(frozen=True)
class Turn:
    """One turn's numbers. CPU is in milliseconds per topic: of the processes that work, and of their parent."""

    per_minute: float
    cpu: float
    parent_cpu: float
    most_per_second: int


def main() -> None:
    """Measure and print."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--memory"]:
        watch_memory(int(arguments[1]) if len(arguments) > 1 else 5000)
    else:
        count, rounds = [int(text) for text in arguments] + [200, 3][len(arguments) :]
        compare_processes(count, rounds)


def compare_processes(count: int, rounds: int) -> None:
    """Refresh so many topics with 1, 2 and 4 processes in turn, so many times."""
    rig.begin(**SETTINGS)
    services = rig.Services(SPACING, in_flight=4)
    turns: dict[int, list[Turn]] = {processes: [] for processes in PROCESSES}
    try:
        for number in range(rounds):
            for processes in PROCESSES:
                turns[processes].append(take_turn(count, f"Round{number}x{processes}", processes, services))
                print(
                    f"round {number + 1}, {processes} processes: {turns[processes][-1]}; {rig.read_noise()}", flush=True
                )
    finally:
        services.stop()
    report(turns)


def take_turn(count: int, prefix: str, processes: int, services: rig.Services) -> Turn:
    """Refresh so many new topics with one worker of so many processes."""
    workers = rig.Workers(processes)
    try:
        workers.start()
        workers.start_beat()
        workers.wait()
        warm = rig.make_topics(2 * processes, f"Warm{prefix}")
        begin(warm)
        rig.wait_for(lambda: count_finished(warm) == len(warm), 60, "the first topics")
        services.forget()
        ids = rig.make_topics(count, prefix)
        before, parent_before = workers.read_cpu()
        begun = time.monotonic()
        begin(ids)
        rig.wait_for(lambda: count_finished(ids) == count, 60 + count, "the topics")
        seconds = time.monotonic() - begun
        after, parent_after = workers.read_cpu()
    finally:
        workers.stop()
    cpu, parent = (after - before) * 1000 / count, (parent_after - parent_before) * 1000 / count
    return Turn(count * 60 / seconds, cpu, parent, max(services.count_most().values()))


def report(turns: dict[int, list[Turn]]) -> None:
    """Print the medians."""
    print(f"\nprocesses  topics/min  CPU ms/topic  parent's CPU  most requests/s (limit {1 / SPACING:.0f})")
    for processes, taken in turns.items():
        columns = [
            statistics.median(getattr(turn, name) for turn in taken) for name in ("per_minute", "cpu", "parent_cpu")
        ]
        most = max(turn.most_per_second for turn in taken)
        print(f"{processes:9d}  {columns[0]:10.0f}  {columns[1]:12.1f}  {columns[2]:12.1f}  {most}")


def watch_memory(count: int) -> None:
    """Print the memory of a worker's processes while it refreshes so many topics."""
    rig.begin(**SETTINGS)
    services, workers = rig.Services(SPACING, in_flight=4), rig.Workers(2)
    try:
        workers.start()
        workers.start_beat()
        workers.wait()
        ids = rig.make_topics(count, "Memory")
        begin(ids)
        shown = -1
        while (finished := insist(lambda: count_finished(ids))) < count:
            if finished // 500 > shown:
                shown = finished // 500
                sizes = ", ".join(f"{size / 1024:.1f}" for size in workers.read_memory())
                print(f"{finished:6d} topics: {sizes} MiB resident; {rig.read_noise()}", flush=True)
            time.sleep(0.5)
        print(f"{count:6d} topics: {', '.join(f'{size / 1024:.1f}' for size in workers.read_memory())} MiB resident")
    finally:
        workers.stop()
        services.stop()


if __name__ == "__main__":
    main()
