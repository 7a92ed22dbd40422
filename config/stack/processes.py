"""Processes: takes commands, leaves children that die with us, and finds what an earlier start left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.stack.errors import StackError
from config.stack.guard import Guard
from config.stack.privileges import IS_LINUX, Account, prepare_child

DATA_MARK, NAME_MARK = "DOSSIERS_STACK_DATA", "DOSSIERS_STACK_CHILD"
LOG_LIMIT_BYTES = 20_000_000


@dataclass
class Child:
    """A server process of ours: direct child, in a session of its own, its output in a log file."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    data_dir: Path
    directory: Path = Path("/")
    stop_signal: signal.Signals = signal.SIGTERM
    account: Account | None = None
    capability: int | None = None
    guard: Guard | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start the process. Call from the main thread: the death signal follows the thread that forked."""
        self.started_at = time.monotonic()
        marks = {DATA_MARK: str(self.data_dir), NAME_MARK: self.name}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                list(self.command),
                env={**self.environment, **marks},
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=prepare_child(self.stop_signal, self.account, self.capability),
            )
        if self.guard is not None:
            self.guard.watch(self.process.pid, self.stop_signal)

    @property
    def pid(self) -> int:
        """Return the process id, or 0 where nothing was started."""
        return self.process.pid if self.process else 0

    def is_alive(self) -> bool:
        """Say whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def was_killed(self) -> bool:
        """Say whether somebody else ended the process: kill -9 is never a program's own doing."""
        return self.process is not None and self.process.poll() == -signal.SIGKILL

    def describe_end(self) -> str:
        """Return how the process ended, in words."""
        code = self.process.returncode if self.process else None
        if code is None:
            return "not ended"
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"

    def stop(self, seconds: float) -> None:
        """Ask the process to stop, wait that long, then kill it and whatever it left in its group."""
        if self.process is None:
            return
        if self.is_alive():
            send(self.pid, self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """Kill the process and its group, and take its end in."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()
            if self.guard is not None:
                self.guard.forget(self.pid)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def find_marked(data_dir: Path, name: str = "") -> list[int]:
    """Return the processes that any stack on this data folder started (of one name, if given). Linux only."""
    data_mark, name_mark = f"{DATA_MARK}={data_dir}".encode(), f"{NAME_MARK}={name}".encode()
    found = []
    for pid, entries in _read_environments():
        if data_mark in entries and (not name or name_mark in entries):
            found.append(pid)
    return found


def _read_environments() -> Iterator[tuple[int, list[bytes]]]:
    for folder in Path("/proc").glob("[0-9]*") if IS_LINUX else ():
        if int(folder.name) != os.getpid():
            with contextlib.suppress(OSError):
                yield int(folder.name), (folder / "environ").read_bytes().split(b"\0")


def end_leftovers(data_dir: Path, names: Sequence[str], seconds: float = 5.0) -> int:
    """End what a killed start left of these children, and return how many there were.

    They were told to stop when their parent died; they get that time to finish, then they are killed.
    """
    left = [pid for name in names for pid in find_marked(data_dir, name)]
    for pid in left:
        send(pid, signal.SIGTERM)
    if not wait_until(lambda: not _still_there(left, data_dir), seconds):
        for pid in _still_there(left, data_dir):
            send(pid, signal.SIGKILL)
        wait_until(lambda: not _still_there(left, data_dir), 5.0)
    return len(left)


def _still_there(pids: Sequence[int], data_dir: Path) -> list[int]:
    return sorted(set(pids) & set(find_marked(data_dir))) if pids else []


def wait_until(condition: object, seconds: float, pause: float = 0.05) -> bool:
    """Return True as soon as a condition (a callable) holds, or False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def rotate_log(path: Path) -> None:
    """Move the log of the last start aside, so that this start's log begins empty."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size:
        path.replace(path.with_name(path.name + ".1"))


def limit_log(path: Path, limit: int = LOG_LIMIT_BYTES) -> None:
    """Copy an overlong log aside and empty it in place: its writer appends, and goes on."""
    if path.exists() and path.stat().st_size > limit:
        shutil.copyfile(path, path.with_name(path.name + ".1"))
        os.truncate(path, 0)


def read_tail(path: Path, lines: int = 12) -> str:
    """Return the last lines of a log, indented for a message."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 20_000))
        text = log.read().decode("utf-8", "replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def make_folder(path: Path, mode: int = 0o700) -> Path:
    """Make a folder of ours if it is missing. Raises StackError when that is not possible."""
    try:
        if not path.is_dir():
            path.mkdir(parents=True)
            path.chmod(mode)
    except OSError as error:
        raise StackError(f"{path} cannot be made: {error.strerror}. Set DATA_DIR to a folder you may write.") from error
    return path
