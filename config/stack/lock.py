"""The lock: takes DATA_DIR, leaves us as its only stack, or says who is."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from config.stack.keys import write_secret


@dataclass(frozen=True)
class Holder:
    """The stack that holds a data folder: its process, its mode (`serving`, `temporary`) and its address."""

    pid: int
    mode: str
    address: str
    is_ready: bool


class DataLock:
    """An advisory lock on a data folder; the kernel lets go of it however we end."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "lock"
        self.state = data_dir / "stack.json"
        self.descriptor = -1

    def try_lock(self) -> bool:
        """Take the lock if it is free."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self.descriptor = descriptor
        self.state.unlink(missing_ok=True)
        return True

    def wait_for_lock(self, seconds: float) -> bool:
        """Take the lock as soon as it is free, or give up when the time is over."""
        deadline = time.monotonic() + seconds
        while not self.try_lock():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def describe(self, mode: str, address: str, *, is_ready: bool) -> None:
        """Leave word of us for others who find the lock taken."""
        holder = {"pid": os.getpid(), "mode": mode, "address": address, "is_ready": is_ready}
        write_secret(self.state, json.dumps(holder))

    def read_holder(self) -> Holder | None:
        """Return who holds the lock, as far as it has said so."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            return Holder(**json.loads(self.state.read_text(encoding="utf-8")))
        return None

    def release(self) -> None:
        """Let go of the lock."""
        if self.descriptor >= 0:
            self.state.unlink(missing_ok=True)
            os.close(self.descriptor)
            self.descriptor = -1
