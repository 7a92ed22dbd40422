"""The embedded PostgreSQL: takes a data folder, leaves a server that listens on a private socket only."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.stack.binaries import read_major
from config.stack.errors import StackError
from config.stack.guard import Guard
from config.stack.privileges import IS_LINUX, Account, find_search_capability, is_reachable, prepare_child
from config.stack.processes import Child, make_folder, read_tail, send, wait_until

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "logging_collector": "off",
    "log_min_error_statement": "panic",  # a failed statement may hold what an editor typed; its message is enough
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
STALE_SECONDS = 15.0
_WORTH_ANOTHER_TRY = (
    "pre-existing shared memory block",
    'lock file "',
    "is another postmaster",
    "could not create lock file",
)


@dataclass
class Postgres:
    """One cluster: its folders, its binaries, and the account it runs as."""

    data: Path
    sockets: Path
    log: Path
    binaries: Path
    password: str
    data_dir: Path
    account: Account | None = None
    guard: Guard | None = None
    is_durable: bool = True
    capability: int | None = field(default=None, init=False)
    child: Child | None = field(default=None, init=False)

    def prepare(self) -> None:
        """Make the cluster if there is none, and clear away what a killed server left. Raises StackError."""
        if not (is_reachable(self.data.parent, self.account) and is_reachable(self.binaries, self.account)):
            self.capability = find_search_capability()
            if self.capability is None:
                raise StackError(
                    f"PostgreSQL does not run as root, and `nobody` cannot reach {self.data.parent}: "
                    "run as an ordinary user, or set DATA_DIR to a folder with open parents, such as /srv/dossiers."
                )
        if not self.data.exists():
            self._initialise()
        self._check_major()
        clear_stale_locks(self.data, self.sockets)

    def start(self) -> None:
        """Start the server without waiting for it."""
        settings = {**SETTINGS, **({} if self.is_durable else FORGETFUL), "unix_socket_directories": str(self.sockets)}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.child = Child(
            name="postgres",
            command=[str(self.binaries / "postgres"), "-D", str(self.data), *flags],
            environment=_environment(),
            log=self.log,
            data_dir=self.data_dir,
            stop_signal=signal.SIGINT,
            account=self.account,
            capability=self.capability,
            guard=self.guard,
        )
        self.child.start()

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until the server answers. What a killed server left gets 15 seconds to go away. Raises StackError."""
        first = time.monotonic()
        while not self._is_ready():
            if self.child is None or not self.child.is_alive():
                self._retry_or_give_up(first)
            if time.monotonic() - first > seconds:
                raise StackError(f"PostgreSQL did not answer within {seconds:.0f} s:\n{read_tail(self.log)}")
            time.sleep(0.03)

    def _retry_or_give_up(self, first: float) -> None:
        tail = read_tail(self.log)
        if time.monotonic() - first > STALE_SECONDS or not any(words in tail for words in _WORTH_ANOTHER_TRY):
            raise StackError(f"PostgreSQL ended while starting:\n{tail}")
        time.sleep(0.5)
        clear_stale_locks(self.data, self.sockets)
        self.start()

    def _is_ready(self) -> bool:
        """Read the server's own word for it: the eighth line of postmaster.pid (pg_ctl waits for the same)."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return self.child is not None and int(lines[0]) == self.child.pid and lines[7].startswith("ready")
        return False

    def _check_major(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if int(made_by) != read_major(self.binaries):
            raise StackError(
                f"{self.data} was made by PostgreSQL {made_by}, the one here is {read_major(self.binaries)}: "
                "dump with the old one and restore with the new one, or set POSTGRES_BIN to the old one's bin folder."
            )

    def _initialise(self) -> None:
        """Run initdb beside the final place and rename: a killed one leaves nothing that looks like a cluster."""
        partial = self.data.with_name(self.data.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        make_folder(partial)
        secret = self.sockets / "superuser"
        secret.write_text(self.password, encoding="ascii")
        secret.chmod(0o600)
        if self.account is not None:
            os.chown(partial, self.account.uid, self.account.gid)
            os.chown(secret, self.account.uid, self.account.gid)
        try:
            self._run_initdb(partial, secret)
        finally:
            secret.unlink()
        partial.rename(self.data)

    def _run_initdb(self, target: Path, secret: Path) -> None:
        command = [str(self.binaries / "initdb"), "-D", str(target), "-U", "postgres", f"--pwfile={secret}"]
        command += ["--encoding=UTF8", "--auth=scram-sha-256", *_locale_flags(read_major(self.binaries))]
        if not self.is_durable:
            command.append("--no-sync")
        done = subprocess.run(
            command,
            env=_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            preexec_fn=prepare_child(signal.SIGTERM, self.account, self.capability),
            check=False,
        )
        if done.returncode:
            raise StackError(
                f"initdb failed:\n{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}"
            )


def _locale_flags(major: int) -> Sequence[str]:
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _environment() -> dict[str, str]:
    """Return the little that a server needs; PG* variables of the user would change what it does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def clear_stale_locks(data: Path, sockets: Path, patience: float = STALE_SECONDS) -> None:
    """Remove the lock files of a killed server, once nothing of it lives on this data folder.

    A pid alone proves nothing (it may be another program by now), and without postmaster.pid PostgreSQL cannot see
    processes that still have the shared memory open: so these are waited for, then told to quit, and only then the
    files go. Raises StackError when they stay.
    """
    locks = [data / "postmaster.pid", *sockets.glob(".s.PGSQL.*.lock")]
    if not any(lock.exists() for lock in locks):
        return
    for number in (None, signal.SIGINT, signal.SIGQUIT):
        for pid in find_live_postgres(data):
            if number is not None:
                send(pid, number)
        if wait_until(lambda: not find_live_postgres(data), patience / 3):
            break
    else:
        raise StackError(f"A PostgreSQL (process {find_live_postgres(data)}) still runs on {data} and does not stop.")
    for lock in [*locks, *(lock.with_name(lock.name.removesuffix(".lock")) for lock in locks[1:])]:
        lock.unlink(missing_ok=True)


def find_live_postgres(data: Path) -> list[int]:
    """Return the processes of a PostgreSQL that works on this data folder: every one of them stands in it."""
    if not IS_LINUX:
        return _ask_ps(data)
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_postgres = (folder / "comm").read_text().startswith("postgres")
            if is_postgres and os.readlink(folder / "cwd") == str(data.resolve()):
                found.append(int(folder.name))
    return found


def _ask_ps(data: Path) -> list[int]:
    """Return the postmaster named in postmaster.pid if that process is a postgres started on this folder."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        command = ["ps", "-o", "command=", "-p", str(pid)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if "postgres" in answer.stdout and str(data) in answer.stdout:
            return [pid]
    return []
