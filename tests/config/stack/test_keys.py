"""Secrets of an installation: random, kept, and for our eyes only."""

import os
import stat

from config.stack.keys import read_or_make_secret, write_secret


def test_a_secret_is_made_once_and_only_we_can_read_it(tmp_path):
    before = os.umask(0)
    try:
        secret = read_or_make_secret(tmp_path, "key")
    finally:
        os.umask(before)
    path = tmp_path / "secrets" / "key"
    assert read_or_make_secret(tmp_path, "key") == secret == path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_installations_have_different_secrets(tmp_path):
    assert read_or_make_secret(tmp_path / "a", "key") != read_or_make_secret(tmp_path / "b", "key")


def test_what_a_killed_writer_left_is_replaced(tmp_path):
    (tmp_path / "key.partial").write_text("hal")
    write_secret(tmp_path / "key", "whole")
    assert (tmp_path / "key").read_text() == "whole"
    assert not (tmp_path / "key.partial").exists()
