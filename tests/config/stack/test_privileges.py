"""Privileges: closed folders are noticed, and a child dies with the parent that started it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.stack.privileges import (
    IS_LINUX,
    Account,
    find_search_capability,
    find_server_account,
    is_reachable,
    prepare_child,
)
from config.stack.processes import wait_until
from tests.config.stack.processes import is_running

STRANGER = Account(54321, 54321, "stranger")
PARENT = """
import os, pathlib, signal, sys, time
from config.stack.processes import Child
command = [sys.executable, "-c", "import time; time.sleep(60)"]
child = Child("test", command, dict(os.environ), pathlib.Path(sys.argv[1]), pathlib.Path("/nowhere"))
child.start()
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_closed_parent_is_out_of_reach_for_another_user(tmp_path):
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    for folder in (tmp_path, inner):
        folder.chmod(0o755)
    (tmp_path / "closed").chmod(0o700)
    assert not is_reachable(inner, STRANGER)
    assert not is_reachable(inner / "not yet there", STRANGER)
    assert is_reachable(inner, None)


def test_open_folders_and_folders_of_ones_own_are_in_reach():
    assert is_reachable(Path("/usr/bin"), STRANGER)
    assert is_reachable(Path("/usr/bin"), Account(os.geteuid(), os.getegid(), "me"))


def test_only_root_needs_another_user():
    account = find_server_account()
    assert (account is None) == (os.geteuid() != 0)


@pytest.mark.skipif(os.geteuid() != 0 or find_search_capability() is None, reason="needs root with its capabilities")
def test_the_servers_user_searches_closed_folders_with_one_capability_and_writes_nowhere(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "note").write_text("seen")
    account = find_server_account()
    done = subprocess.run(
        ["/usr/bin/env", "sh", "-c", f"cat {closed / 'note'}; id -u; touch {closed / 'new'}"],
        preexec_fn=prepare_child(signal.SIGTERM, account, find_search_capability()),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.stdout.split() == [f"seen{account.uid}"]
    assert done.returncode != 0
    assert not (closed / "new").exists()


@pytest.mark.skipif(not IS_LINUX, reason="elsewhere the guard does this")
def test_a_child_dies_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    parent.wait()
    assert wait_until(lambda: not is_running(child), 20.0)
