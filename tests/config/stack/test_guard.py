"""The guard for systems without a death signal: children are ended when we are gone, the forgotten are left alone."""

import signal
import subprocess
import sys

from config.stack.guard import Guard

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_children_get_their_signal_when_we_are_gone_and_the_forgotten_do_not():
    watched, forgotten = subprocess.Popen(SLEEP), subprocess.Popen(SLEEP)
    try:
        guard = Guard()
        guard.watch(watched.pid, signal.SIGTERM)
        guard.watch(forgotten.pid, signal.SIGTERM)
        guard.forget(forgotten.pid)
        guard.close()
        assert watched.wait(20) == -signal.SIGTERM
        assert forgotten.poll() is None
    finally:
        for child in (watched, forgotten):
            child.kill()
            child.wait()
