"""What a killed PostgreSQL leaves: its locks go when nothing of it lives on the data folder, and only then."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.stack.errors import StackError
from config.stack.postgres import Postgres, clear_stale_locks, find_live_postgres
from config.stack.privileges import IS_LINUX
from config.stack.processes import wait_until

pytestmark = pytest.mark.skipif(not IS_LINUX, reason="the stand-in is found through /proc")
WAITING = "import time; print('up', flush=True); time.sleep(60)"
DEAF = f"import signal; [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGINT, signal.SIGQUIT)]; {WAITING}"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    data, sockets = tmp_path / "data", tmp_path / "s"
    data.mkdir()
    sockets.mkdir()
    return data, sockets


def write_locks(data: Path, sockets: Path, pid: int) -> list[Path]:
    locks = [data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock", sockets / ".s.PGSQL.5432"]
    for lock in locks:
        lock.write_text(f"{pid}\n{data}\n")
    return locks


@pytest.fixture
def stand_in(folders: tuple[Path, Path]) -> Iterator[object]:
    """Start processes that look like a postgres (or like anything else) standing in a folder."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, directory: Path, name: str = "postgres") -> int:
        link = folders[1] / name
        if not link.exists():
            shutil.copy(os.path.realpath(sys.executable), link)
        environment = {**os.environ, "PYTHONHOME": sys.base_prefix}
        command = [str(link), "-c", code]
        process = subprocess.Popen(command, cwd=directory, env=environment, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "up\n"
        return process.pid

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_locks_of_a_process_that_is_gone_are_removed(folders):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    locks = write_locks(*folders, gone.pid)
    clear_stale_locks(*folders)
    assert not any(lock.exists() for lock in locks)


def test_locks_whose_pid_is_another_program_by_now_are_removed(folders, stand_in):
    locks = write_locks(*folders, stand_in(WAITING, folders[0], name="editor"))
    clear_stale_locks(*folders)
    assert not any(lock.exists() for lock in locks)


def test_a_postgres_on_another_folder_does_not_count(folders, stand_in, tmp_path):
    locks = write_locks(*folders, stand_in(WAITING, tmp_path))
    assert find_live_postgres(folders[0]) == []
    clear_stale_locks(*folders)
    assert not any(lock.exists() for lock in locks)


def test_a_living_postgres_on_this_folder_is_told_to_quit_before_its_locks_go(folders, stand_in):
    pid = stand_in(WAITING, folders[0])
    locks = write_locks(*folders, pid)
    assert find_live_postgres(folders[0]) == [pid]
    clear_stale_locks(*folders, patience=3.0)
    assert find_live_postgres(folders[0]) == []
    assert not any(lock.exists() for lock in locks)


def test_the_locks_of_a_postgres_that_does_not_quit_stay(folders, stand_in):
    pid = stand_in(DEAF, folders[0])
    locks = write_locks(*folders, pid)
    with pytest.raises(StackError, match=f"process .{pid}.. still runs on"):
        clear_stale_locks(*folders, patience=0.3)
    assert all(lock.exists() for lock in locks)


def test_an_orphan_of_a_dead_postmaster_counts_as_alive(folders, stand_in):
    """Without its postmaster.pid PostgreSQL would not see that the orphan still writes to the shared memory."""
    orphan = stand_in(DEAF, folders[0])
    locks = write_locks(*folders, 4_000_000)
    with pytest.raises(StackError, match=str(orphan)):
        clear_stale_locks(*folders, patience=0.3)
    assert locks[0].exists()


def test_the_server_itself_survives_being_killed(running_postgres: Postgres):
    first = running_postgres.child.pid
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: not running_postgres.child.is_alive(), 20.0)
    assert (running_postgres.data / "postmaster.pid").exists()
    running_postgres.prepare()
    running_postgres.start()
    running_postgres.wait()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(running_postgres.sockets / ".s.PGSQL.5432"))
    assert running_postgres.child.pid != first


def test_the_data_folder_is_not_open_to_others_and_holds_no_half_made_cluster(running_postgres: Postgres):
    assert running_postgres.data.stat().st_mode & 0o077 == 0
    assert list(running_postgres.data.parent.glob("*.partial")) == []
    assert not (running_postgres.sockets / "superuser").exists()


def test_a_cluster_of_another_major_version_is_refused(running_postgres: Postgres):
    running_postgres.child.stop(30.0)
    (running_postgres.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(StackError, match="was made by PostgreSQL 9"):
        running_postgres.prepare()


def test_a_server_that_cannot_start_says_why(running_postgres: Postgres):
    running_postgres.child.stop(30.0)
    (running_postgres.data / "postgresql.conf").write_text("no_such_setting = on\n")
    running_postgres.start()
    with pytest.raises(StackError, match="no_such_setting"):
        running_postgres.wait()
