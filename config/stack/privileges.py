"""Privileges: takes the user we run as, leaves the account and the preparation a server process starts with.

PostgreSQL refuses to run as root, so root hands it to `nobody`. Where a parent folder is closed to `nobody` (a clone in
/root), its modes stay as they are: the process keeps the one capability that lets it search and read closed folders.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.stack.errors import StackError

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
IS_LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """The operating system's user that a server runs as."""

    uid: int
    gid: int
    name: str


def find_server_account() -> Account | None:
    """Return the account PostgreSQL must run as: `nobody` for root, None (stay who we are) for everyone else."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise StackError(
            "PostgreSQL does not run as root and there is no user `nobody`: run as an ordinary user."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid, "nobody")


def is_reachable(path: Path, account: Account | None) -> bool:
    """Say whether an account may search every folder down to `path`, which need not exist yet."""
    if account is None:
        return True
    real = path.resolve()
    return all(_may_search(folder.stat(), account) for folder in [real, *real.parents] if folder.is_dir())


def _may_search(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def find_search_capability() -> int | None:
    """Return the narrowest capability we hold that lets a process pass closed folders, or None."""
    if not IS_LINUX:
        return None
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    held = next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapPrm:")), 0)
    return next((number for number in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if held >> number & 1), None)


def prepare_child(
    death_signal: signal.Signals, account: Account | None = None, capability: int | None = None
) -> Callable[[], None]:
    """Return what a child runs between fork and exec: become the account, and die by `death_signal` when we die.

    The kernel clears the death signal when credentials change, so that comes last; a parent that died before is noticed
    then.
    """
    parent = os.getpid()

    def prepare() -> None:
        if account is not None:
            _become(account, capability)
        if IS_LINUX:
            _LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def _become(account: Account, capability: int | None) -> None:
    if capability is not None:
        _LIBC.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    os.umask(0o077)
    if capability is not None:
        _keep_only(capability)


def _keep_only(capability: int) -> None:
    """Drop every capability but one, and let that one pass through exec (capabilities(7), ambient set)."""
    mask = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if _LIBC.capset(header, sets) or _LIBC.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0):
        os._exit(126)
