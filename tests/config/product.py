"""A whole product on a data folder of its own, started and stopped as a person would; for tests and benches."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.stack.options import ROOT

SECONDS = 90.0


def find_free_port() -> int:
    """Return a port that nobody listens on, below those the system gives to clients.

    A client that keeps trying a port of that range may be given it itself: it connects to itself and takes the place.
    """
    for port in random.sample(range(10_000, 32_000), 100):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no free port")


@dataclass
class Product:
    """A product on a data folder of its own, started and stopped as a person would."""

    data_dir: Path
    port: int = field(default_factory=find_free_port)
    given: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
        own = {
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "SAMPLES": "0",
            "WEB_WORKERS": "1",
            "TASK_WORKERS": "1",
        }
        return {**kept, **own, **self.given}

    def start(self) -> str:
        """Start and return what was printed until it is served; fails with what was printed instead."""
        command = [sys.executable, "-P", "-m", "config.stack", "serve"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**self.environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C stops everything" in line:
                return "".join(lines)
        raise AssertionError("".join(lines))

    @property
    def address(self) -> str:
        """Return where it is served."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run another command of the stack on the same data folder to its end."""
        command = [sys.executable, "-P", "-m", "config.stack", *arguments]
        environment = {**self.environment, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            command, cwd="/", env=environment, input=stdin, capture_output=True, text=True, check=False, timeout=SECONDS
        )

    def stop(self, number: signal.Signals) -> int:
        """Send a signal and return the exit status when everything of it is gone."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.stdout.read()
        return self.process.wait(SECONDS)

    def is_ready(self) -> bool:
        """Say whether it answers that it is ready."""
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:  # noqa: S310 - our own
                return answer.status == 200
        except OSError:
            return False
