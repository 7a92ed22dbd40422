"""The locks: every package pinned with hashes, no index host named, and in step with what is asked for."""

import re

import pytest

from config.stack.options import ROOT

LOCKS = ["requirements", "requirements-dev", "requirements-bootstrap"]


def read_blocks(name: str) -> list[str]:
    text = (ROOT / f"{name}.txt").read_text()
    return [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]


def read_names(text: str) -> set[str]:
    found = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_has_hashes(name):
    blocks = read_blocks(name)
    assert blocks
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,-]+\])?==\S+", block)
        assert "--hash=sha256:" in block


@pytest.mark.parametrize("name", LOCKS)
def test_no_index_host_is_named(name):
    assert not re.search(r"https?://|--index|--extra-index|--find-links", (ROOT / f"{name}.txt").read_text())


@pytest.mark.parametrize("name", LOCKS)
def test_whatever_is_asked_for_is_locked(name):
    asked = read_names((ROOT / f"{name}.in").read_text())
    assert asked
    assert asked <= read_names((ROOT / f"{name}.txt").read_text())


def test_both_locks_agree_on_every_version():
    versions = [dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / f"{n}.txt").read_text(), re.M)) for n in LOCKS[:2]]
    shared = versions[0].keys() & versions[1].keys()
    assert shared
    assert {name: versions[0][name] for name in shared} == {name: versions[1][name] for name in shared}
