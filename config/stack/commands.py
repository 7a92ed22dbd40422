"""Management commands: takes a command line, leaves it run against the running stack or a temporary one."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from config.stack.django import make_environment, make_migration_environment, migrate_if_needed
from config.stack.errors import StackError
from config.stack.lock import DataLock
from config.stack.options import ROOT, Options
from config.stack.provision import provision
from config.stack.servers import Servers, prepare_data_dir
from config.stack.steps import Steps

# Commands about migrations themselves: they run as the owner, and nothing is migrated behind their back.
OF_MIGRATIONS = frozenset(
    {"migrate", "showmigrations", "sqlmigrate", "makemigrations", "squashmigrations", "optimizemigration"}
)
PATIENCE = 600.0


def run_command(options: Options, arguments: Sequence[str]) -> int:
    """Run a management command and return its exit status; standard input and output are the command's alone."""
    steps = Steps(sys.stderr)
    prepare_data_dir(options)
    lock = DataLock(options.data_dir)
    deadline = time.monotonic() + PATIENCE
    while not lock.try_lock():
        holder = lock.read_holder()
        if holder is not None and holder.mode == "serving" and holder.is_ready:
            return _run(_choose_environment(Servers(options), arguments), arguments)
        if time.monotonic() > deadline:
            raise StackError(f"{options.data_dir} has been in use by another start or command for {PATIENCE:.0f} s.")
        time.sleep(0.1)
    try:
        lock.describe("temporary", "", is_ready=False)
        return _run_beside_temporary_servers(Servers(options), arguments, steps)
    finally:
        lock.release()


def _run_beside_temporary_servers(servers: Servers, arguments: Sequence[str], steps: Steps) -> int:
    def request_stop(_number: int, _frame: object) -> None:
        raise SystemExit(143)

    signal.signal(signal.SIGTERM, request_stop)
    try:
        with steps.step("servers"):
            servers.start()
            steps.detail = f"{servers.describe()}, for this command"
        with steps.step("migrations"):
            provision(servers.addresses)
            steps.detail = "left to the command" if _is_of_migrations(arguments) else migrate_if_needed(servers)
        return _run(_choose_environment(servers, arguments), arguments)
    finally:
        servers.stop()


def _is_of_migrations(arguments: Sequence[str]) -> bool:
    return bool(arguments) and arguments[0] in OF_MIGRATIONS


def _choose_environment(servers: Servers, arguments: Sequence[str]) -> dict[str, str]:
    if _is_of_migrations(arguments):
        return make_migration_environment(servers)
    return make_environment(servers, with_owner=True)


def _run(environment: Mapping[str, str], arguments: Sequence[str]) -> int:
    """Run the command in the foreground; Ctrl-C is its own to answer, a request to end is passed on."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=dict(environment),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        signal.signal(signal.SIGINT, before)
    return 128 - code if code < 0 else code
