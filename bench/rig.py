"""A private stack for the benches of research: servers of its own, stand-ins for the services, real workers.

Import it before Django: it sets the environment that the settings read. Everything stays on 127.0.0.1 and ends with us.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import SERVERS  # noqa: E402 - sets the environment

os.environ |= {"OUTGOING_NETWORKS": "127.0.0.0/8", "CONN_MAX_AGE": "60", "PYTHONPATH": str(ROOT)}

TICKS = os.sysconf("SC_CLK_TCK")


def begin(**given: object) -> None:
    """Start the servers, durable as in production, and set Django up with these settings in the environment."""
    os.environ |= {name: str(value) for name, value in given.items()}
    SERVERS.servers.is_durable = True
    SERVERS.ensure_started()
    import django

    django.setup()


class Services:
    """Stand-ins for an encyclopedia and a knowledge base, and the policies that lead to them."""

    def __init__(self, spacing: float, in_flight: int = 1, timeout: float = 2.0, delay: float = 0.0) -> None:
        from tests.stubs.mediawiki import MediaWikiStub
        from tests.stubs.wikidata import WikidataStub

        self.spacing = spacing
        self.stubs: dict[str, Any] = {
            "wikipedia": MediaWikiStub(invents=True).start(),
            "wikidata": WikidataStub(invents=True).start(),
        }
        for stub in self.stubs.values():
            stub.answerer = _slow_down(stub.answerer, delay)
        from dossiers.models.provider import ProviderPolicy

        limits = {"spacing": spacing, "in_flight": in_flight, "timeout": timeout, "is_enabled": True}
        for name, stub in self.stubs.items():
            ProviderPolicy.objects.filter(name=name).update(base_url=stub.api, contact="bench@example.org", **limits)

    def forget(self) -> None:
        """Forget what was asked so far."""
        for stub in self.stubs.values():
            stub.log.clear()

    def count(self) -> dict[str, int]:
        """Return how often each service was asked."""
        return {name: len(stub.log) for name, stub in self.stubs.items()}

    def count_most(self, seconds: float = 1.0) -> dict[str, int]:
        """Return the most requests that each service got within any stretch of that length."""
        return {name: count_most([asked.at for asked in stub.log], seconds) for name, stub in self.stubs.items()}

    def stop(self) -> None:
        """Stop the stand-ins."""
        for stub in self.stubs.values():
            stub.stop()


def _slow_down(answerer: Any, delay: float) -> Any:
    def answer(asked: Any) -> Any:
        reply = answerer(asked)
        reply.delay = delay
        return reply

    return answer


def count_most(times: Iterable[float], seconds: float) -> int:
    """Return the most of `times` that lie within any stretch of that many seconds."""
    ordered, first, most = sorted(times), 0, 0
    for last, at in enumerate(ordered):
        while at - ordered[first] > seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


class Workers:
    """Real workers, each the leader of a process group of its own, and the clock."""

    def __init__(self, processes: int = 1) -> None:
        self.processes, self.running, self.number = processes, [], 0
        self.log = Path(SERVERS.folder) / "bench-workers.log"
        self.beat: subprocess.Popen[bytes] | None = None

    def start(self, queues: str = "") -> subprocess.Popen[bytes]:
        """Start one more worker."""
        from config.stack.web import list_worker_command

        self.number += 1
        command = list_worker_command(self.processes, f"bench-{self.number}")
        if queues:
            command = [f"--queues={queues}" if part.startswith("--queues") else part for part in command]
        worker = self._begin(command)
        self.running.append(worker)
        return worker

    def start_beat(self) -> None:
        """Start the clock."""
        schedule = f"--schedule={SERVERS.folder}/bench-beat"
        self.beat = self._begin([sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--pidfile=", schedule])

    def _begin(self, command: list[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until every worker is heard of."""
        from dossiers.refresh.queries.workers import list_workers

        wait_for(lambda: len(list_workers()) >= len(self.running), seconds, "the workers")

    def kill_one(self, chance: random.Random) -> str:
        """Kill with -9 a whole worker or one process of its pool, put another in its place, and say which it was.

        Nobody is killed while more than one is still starting: then it would be the starting that is tried.
        """
        at_work = [worker for worker in self.running if list_children(worker.pid)]
        if len(at_work) < len(self.running) - 1:
            return ""
        worker = chance.choice(at_work)
        children = list_children(worker.pid)
        if chance.random() < 0.5:
            os.kill(chance.choice(children), signal.SIGKILL)
            return "a process of a worker's pool"
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.running.remove(worker)
        self.start()
        return "a whole worker"

    def read_cpu(self) -> tuple[float, float]:
        """Return the seconds of CPU that the pools' processes and that their parents have used."""
        children = [pid for worker in self.running for pid in list_children(worker.pid)]
        return sum(map(read_cpu, children)), sum(read_cpu(worker.pid) for worker in self.running)

    def read_memory(self) -> list[int]:
        """Return the resident KiB of each process of the pools."""
        return [read_rss(pid) for worker in self.running for pid in list_children(worker.pid)]

    def stop(self) -> None:
        """Stop all of them, the last way there is."""
        for process in [*self.running, *([self.beat] if self.beat else [])]:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running, self.beat = [], None


def list_children(pid: int) -> list[int]:
    """Return the direct children of a process."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def read_cpu(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def read_rss(pid: int) -> int:
    """Return the resident KiB of a process."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def restart_valkey() -> None:
    """Kill Valkey with -9 and start it again on what it had written."""
    from config.stack.valkey import wait_for_valkey

    servers = SERVERS.servers
    servers.valkey.kill()
    servers.start_valkey()
    wait_for_valkey(servers.valkey, servers.options.socket_dir)


def restart_postgres() -> None:
    """Kill PostgreSQL with -9 and start it again; our own connections are closed."""
    from django.db import connections

    postgres = SERVERS.servers.postgres
    postgres.child.kill()
    connections.close_all()
    postgres.prepare()
    postgres.start()
    postgres.wait()


def make_topics(count: int, prefix: str, **fields: Any) -> list[int]:
    """Make topics with made-up titles, and return their ids."""
    from dossiers.models.topic import Topic

    rows = [Topic(title=f"{prefix} {n}", slug=f"{prefix.lower()}-{n}", **fields) for n in range(count)]
    return [row.pk for row in Topic.objects.bulk_create(rows, batch_size=2000)]


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until a condition holds and return how long that took; end the program where it does not."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise SystemExit(
                f"Waited {seconds:.0f} s for {what} in vain. The log is {SERVERS.folder}/bench-workers.log"
            )
        time.sleep(0.1)
    return time.monotonic() - begun


def read_noise() -> str:
    """Say how busy the machine is with other things, and what a second of its CPU is worth now."""
    begun = time.process_time()
    for _ in range(20):
        sum(range(100_000))
    worth = (time.process_time() - begun) / 20 * 1000
    load = " ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"load {load} on {os.cpu_count()} cores, 100,000 additions take {worth:.1f} ms"
