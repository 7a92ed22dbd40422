"""Steps: takes what the stack is doing, leaves one line for each step with the time it took."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import TextIO


class Steps:
    """Prints a line when a step is done; `say` prints any other line."""

    def __init__(self, output: TextIO) -> None:
        self.output = output
        self.detail = ""

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step; the body may set `detail` to say more. A step that fails is printed as failed."""
        first, self.detail = time.monotonic(), ""
        try:
            yield
        except BaseException:
            self._print(name, time.monotonic() - first, "failed")
            raise
        self._print(name, time.monotonic() - first, self.detail)

    def _print(self, name: str, seconds: float, detail: str) -> None:
        self.say(f"  {name:<16}{seconds:6.2f} s  {detail}".rstrip())

    def say(self, line: str = "") -> None:
        """Print a line; a terminal that has gone away is no reason to fail."""
        with contextlib.suppress(OSError, ValueError):
            print(line, file=self.output, flush=True)
