"""Serving: takes the options, leaves the product served until it is told to stop."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType

from config.stack.django import load_samples_if_needed, make_environment, migrate_if_needed, run_manage
from config.stack.errors import StackError
from config.stack.lock import DataLock
from config.stack.options import Options
from config.stack.processes import Child, end_leftovers, rotate_log
from config.stack.provision import provision
from config.stack.servers import Servers, prepare_data_dir
from config.stack.sockets import check_port
from config.stack.steps import Steps
from config.stack.supervisor import Watched, watch
from config.stack.web import (
    NAMES,
    make_beat,
    make_token,
    make_web,
    make_worker,
    refuse_incomplete_production,
    wait_for_web,
)

PATIENCE_WITH_COMMANDS = 600.0
STOP_SECONDS = {"beat": 5.0, "worker": 20.0, "web": 15.0}


class StopRequested(BaseException):
    """Ctrl-C, a signal to end, or a terminal that went away."""


class Serving:
    """One start of the whole product."""

    def __init__(self, options: Options, steps: Steps) -> None:
        self.options, self.steps = options, steps
        self.servers = Servers(options)
        self.children: list[Child] = []
        self.token = make_token()

    def start(self) -> str:
        """Bring everything up and return the sign-ins of the sample accounts. Raises StackError."""
        end_leftovers(self.options.data_dir, NAMES)
        check_port(self.options.host, self.options.port)
        with self.steps.step("servers"):
            self.servers.start()
            self.steps.detail = self.servers.describe()
        with self.steps.step("migrations"):
            provision(self.servers.addresses)
            self.steps.detail = migrate_if_needed(self.servers)
        sign_ins = self._load_samples()
        self._collect_static()
        with self.steps.step("web server"):
            self._start_children()
            self.steps.detail = f"{self.options.web_workers} processes, with a task worker and the clock"
        return sign_ins

    def _load_samples(self) -> str:
        if not self.options.samples:
            return ""
        with self.steps.step("samples"):
            return load_samples_if_needed(self.servers)

    def _collect_static(self) -> None:
        if not self.options.debug:
            log = self.options.data_dir / "logs" / "static.log"
            with self.steps.step("static files"):
                run_manage(["collectstatic", "--noinput", "--verbosity=0"], make_environment(self.servers), log)

    def _start_children(self) -> None:
        """Start the web server, and the worker and the clock once it answers: a person waits for it, not for them."""
        self._start_child(make_web(self.servers, self.token))
        wait_for_web(self.children[0], self.options, self.token)
        for child in (make_worker(self.servers), make_beat(self.servers)):
            self._start_child(child)

    def _start_child(self, child: Child) -> None:
        rotate_log(child.log)
        self.children.append(child)
        child.start()

    def watch(self) -> None:
        """Keep everything running until StopRequested. Raises StackError when something will not stay up."""
        titles = {"web": "web server", "worker": "task worker", "beat": "clock"}
        watched = [Watched("database", self._find_postgres, self._restart_postgres)]
        watched.append(Watched("queue", lambda: self.servers.valkey, self._restart_valkey))
        for child in self.children:
            watched.append(Watched(titles[child.name], lambda child=child: child, child.start))  # type: ignore[misc]
        watch(watched, self.steps, lambda: False)

    def _find_postgres(self) -> Child | None:
        return self.servers.postgres.child if self.servers.postgres else None

    def _restart_postgres(self) -> None:
        if self.servers.postgres is not None:
            self.servers.postgres.prepare()
            self.servers.postgres.start()
            self.servers.postgres.wait()

    def _restart_valkey(self) -> None:
        self.servers.start_valkey()

    def stop(self) -> None:
        """Stop in order: the clock, the worker (it finishes its tasks), the web server, then the servers."""
        for child, seconds in ((child, STOP_SECONDS[child.name]) for child in reversed(self.children)):
            child.stop(seconds)
        self.servers.stop()


def serve(options: Options) -> int:
    """Serve the product until told to stop; return the exit status."""
    steps, first = Steps(sys.stdout), float(os.environ.get("DOSSIERS_STARTED_AT") or time.time())
    refuse_incomplete_production(options)
    prepare_data_dir(options)
    lock = DataLock(options.data_dir)
    _take(lock, options, steps)
    _stop_on_signals()
    serving = Serving(options, steps)
    try:
        lock.describe("serving", options.address, is_ready=False)
        sign_ins = serving.start()
        lock.describe("serving", options.address, is_ready=True)
        _greet(steps, options, sign_ins, time.time() - first)
        serving.watch()
    except StopRequested:
        steps.say("\nStopping.")
    finally:
        _finish(serving, steps)
        lock.release()
    return 0


def _take(lock: DataLock, options: Options, steps: Steps) -> None:
    """Take the data folder, waiting for a command that has it. Raises StackError when it is being served."""
    if lock.try_lock():
        return
    holder = lock.read_holder()
    if holder is not None and holder.mode == "temporary":
        steps.say(f"  Waiting for a management command (process {holder.pid}) that uses {options.data_dir}.")
        if lock.wait_for_lock(PATIENCE_WITH_COMMANDS):
            return
    if lock.wait_for_lock(2.0):
        return
    holder = lock.read_holder()
    where = f" by process {holder.pid} at {holder.address}" if holder else ""
    raise StackError(
        f"{options.data_dir} is already being served{where}. Stop that, or set DATA_DIR= and PORT= for a second one."
    )


def _stop_on_signals() -> None:
    def request_stop(_number: int, _frame: FrameType | None) -> None:
        raise StopRequested

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request_stop)


def _finish(serving: Serving, steps: Steps) -> None:
    """Stop everything; a second request kills what is left (PostgreSQL recovers at its next start)."""
    try:
        serving.stop()
    except StopRequested:
        steps.say("Killing what is still running.")
        postgres = serving.servers.postgres
        for child in [*serving.children, serving.servers.valkey, postgres.child if postgres else None]:
            if child is not None:
                child.kill()


def _greet(steps: Steps, options: Options, sign_ins: str, seconds: float) -> None:
    steps.say(f"  {'total':<16}{seconds:6.2f} s\n\n  Dossiers is served at {options.address}/")
    if options.site_url:
        steps.say(f"    (listening on {options.host}:{options.port})")
    for line in sign_ins.splitlines():
        steps.say(f"    {line}")
    steps.say(f"\n  Data and logs are in {options.data_dir}. Ctrl-C stops everything.")
