"""Research under kill -9: a private stack with real workers, whose processes, Valkey and PostgreSQL are killed."""

import os
import subprocess
import sys

import pytest

from config.stack.options import ROOT
from config.stack.privileges import IS_LINUX

TOPICS, SECONDS = 24, 400


@pytest.mark.skipif(not IS_LINUX, reason="the workers' processes are found through /proc")
def test_nothing_is_lost_or_done_twice_while_workers_and_servers_are_killed() -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    command = [sys.executable, "bench/chaos.py", str(TOPICS)]
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"1 x {server}" in done.stdout for server in ("Valkey", "PostgreSQL"))
    assert "worker" in done.stdout
