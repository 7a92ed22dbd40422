"""Processes: stubborn children are killed, leftovers of a killed start are found by their marks, logs stay bounded."""

import os
import sys

import pytest

from config.stack.privileges import IS_LINUX
from config.stack.processes import Child, end_leftovers, find_marked, limit_log, read_tail, rotate_log, wait_until
from tests.config.stack.processes import is_running

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("inner", inner.pid, flush=True)
time.sleep(60)
"""


def make_child(tmp_path, code: str, name: str = "web") -> Child:
    return Child(name, [sys.executable, "-uc", code], dict(os.environ), tmp_path / f"{name}.log", tmp_path)


def test_a_child_that_will_not_stop_is_killed_with_what_it_started(tmp_path):
    child = make_child(tmp_path, STUBBORN)
    child.start()
    assert wait_until(lambda: b"inner" in child.log.read_bytes(), 20.0)
    inner = int(child.log.read_text().split()[1])
    child.stop(0.2)
    assert not child.is_alive()
    assert child.describe_end() == "signal SIGKILL"
    assert wait_until(lambda: not is_running(inner), 20.0)


def test_a_child_that_stops_tells_how_it_ended(tmp_path):
    child = make_child(tmp_path, "import sys; print('last words'); sys.exit(3)")
    child.start()
    assert wait_until(lambda: not child.is_alive(), 20.0)
    assert child.describe_end() == "exit status 3"
    assert read_tail(child.log) == "    last words"


@pytest.mark.skipif(not IS_LINUX, reason="marks are read from /proc")
def test_leftovers_of_a_killed_start_are_found_by_name_and_ended(tmp_path):
    web, worker = make_child(tmp_path, STUBBORN), make_child(tmp_path, "import time; time.sleep(60)", "worker")
    web.start()
    worker.start()
    try:
        assert wait_until(lambda: len(find_marked(tmp_path, "web")) == 2 and b"inner" in web.log.read_bytes(), 20.0)
        assert end_leftovers(tmp_path, ["web"], 0.5) == 2
        assert find_marked(tmp_path, "web") == []
        assert find_marked(tmp_path) == [worker.pid]
    finally:
        web.kill()
        worker.kill()


def test_processes_of_another_data_folder_are_not_touched(tmp_path):
    child = make_child(tmp_path, "import time; time.sleep(60)")
    child.start()
    try:
        assert end_leftovers(tmp_path / "another", ["web"], 0.1) == 0
        assert child.is_alive()
    finally:
        child.kill()


def test_the_log_of_the_last_start_is_kept_beside_the_new_one(tmp_path):
    log = tmp_path / "logs" / "web.log"
    rotate_log(log)
    log.write_text("first start")
    rotate_log(log)
    rotate_log(log)
    assert not log.exists()
    assert (tmp_path / "logs" / "web.log.1").read_text() == "first start"


def test_an_overlong_log_is_emptied_under_its_writer(tmp_path):
    child = make_child(tmp_path, "import time\nfor n in range(10**6): print(n, flush=True); time.sleep(0.001)")
    child.start()
    try:
        assert wait_until(lambda: child.log.stat().st_size > 100, 20.0)
        limit_log(child.log, limit=50)
        assert (tmp_path / "web.log.1").stat().st_size > 50
        size = child.log.stat().st_size
        assert wait_until(lambda: child.log.stat().st_size > size, 20.0)
        assert b"\0" not in child.log.read_bytes()
    finally:
        child.kill()
