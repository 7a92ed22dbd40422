"""The guard: takes the ids of our children, and signals them when we are gone.

Linux has PR_SET_PDEATHSIG for this. Elsewhere a small process holds the reading end of a pipe: when our end closes,
however we died, it sends each child its signal.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys


class Guard:
    """A process that outlives us just long enough to end our children."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-S", __file__], stdin=subprocess.PIPE, start_new_session=True, bufsize=0
        )

    def watch(self, pid: int, number: signal.Signals) -> None:
        """Signal this child, with this number, when we are gone."""
        self._tell(f"watch {pid} {int(number)}\n")

    def forget(self, pid: int) -> None:
        """Leave a child alone that has ended: its id may come back as another process."""
        self._tell(f"forget {pid} 0\n")

    def close(self) -> None:
        """End the guard; every child still watched gets its signal."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()

    def _tell(self, line: str) -> None:
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(line.encode())


def keep_watch() -> None:
    """Read watch and forget lines until the pipe closes, then signal whoever is still watched."""
    watched: dict[int, int] = {}
    for line in sys.stdin:
        word, pid, number = line.split()
        if word == "watch":
            watched[int(pid)] = int(number)
        else:
            watched.pop(int(pid), None)
    for watched_pid, watched_number in watched.items():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(watched_pid, watched_number)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    keep_watch()
