"""The supervisor: a child that dies comes back, one that keeps dying is given up with the end of its log."""

import io
import os
import signal
import sys
import time

import pytest

from config.stack import supervisor
from config.stack.errors import StackError
from config.stack.processes import Child, wait_until
from config.stack.steps import Steps
from config.stack.supervisor import Watched, watch

WAITING = "import time; time.sleep(60)"


def make_watched(tmp_path, code: str) -> tuple[Child, Watched]:
    child = Child("web", [sys.executable, "-c", code], dict(os.environ), tmp_path / "web.log", tmp_path)
    child.start()
    return child, Watched("web server", lambda: child, child.start)


def test_a_killed_child_is_started_again_at_once(tmp_path):
    child, watched = make_watched(tmp_path, WAITING)
    first, output = child.pid, io.StringIO()
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: not child.is_alive(), 20.0)
    try:
        watch([watched], Steps(output), lambda: child.pid != first)
        assert child.is_alive()
        assert "web server ended (signal SIGKILL); starting it again in 0.0 s" in output.getvalue()
        assert "web server was started again" in output.getvalue()
    finally:
        child.kill()


def test_a_child_that_keeps_dying_is_given_up_with_the_end_of_its_log(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.0)
    _child, watched = make_watched(tmp_path, "print('no such table')")
    with pytest.raises(StackError, match=r"(?s)web server keeps ending \(exit status 0\).*no such table"):
        watch([watched], Steps(io.StringIO()), lambda: False)


def test_pauses_grow_and_old_deaths_are_forgotten(tmp_path):
    child, watched = make_watched(tmp_path, "")
    assert wait_until(lambda: not child.is_alive(), 20.0)
    first = child.started_at
    assert [watched.note_death(first + n) for n in range(5)] == [0.5, 1.0, 2.0, 4.0, 8.0]
    child.started_at = first + 1000.0
    assert watched.note_death(first + 1000.0) == 0.5


def test_a_child_that_ran_for_a_while_is_started_again_at_once_however_often(tmp_path):
    child, watched = make_watched(tmp_path, "")
    assert wait_until(lambda: not child.is_alive(), 20.0)
    assert {watched.note_death(child.started_at + 60.0) for _ in range(20)} == {0.0}


def test_a_child_that_others_kill_is_never_given_up(tmp_path):
    child, watched = make_watched(tmp_path, WAITING)
    os.kill(child.pid, signal.SIGKILL)
    assert wait_until(lambda: not child.is_alive(), 20.0)
    assert {watched.note_death(child.started_at) for _ in range(20)} == {0.0}


def test_a_server_that_was_given_is_not_watched(tmp_path):
    turns = iter([False, True])
    watch([Watched("database", lambda: None, lambda: None)], Steps(io.StringIO()), lambda: next(turns))
    assert list(turns) == []


def test_steps_print_their_time_and_whether_they_failed():
    output = io.StringIO()
    steps = Steps(output)
    with steps.step("servers"):
        steps.detail = "PostgreSQL"
    with pytest.raises(KeyError), steps.step("samples"):
        raise KeyError
    lines = output.getvalue().splitlines()
    assert [(line.split()[0], line.split()[2], line.split()[3]) for line in lines] == [
        ("servers", "s", "PostgreSQL"),
        ("samples", "s", "failed"),
    ]


def test_a_terminal_that_went_away_does_not_stop_the_product():
    output = io.StringIO()
    output.close()
    Steps(output).say("still here")
    assert time.monotonic() > 0
