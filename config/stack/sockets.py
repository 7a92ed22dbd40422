"""Sockets: takes a folder or a port, leaves it ready to be listened on, or says who stands in the way."""

from __future__ import annotations

import errno
import os
import socket
import stat
from pathlib import Path

from config.stack.errors import StackError
from config.stack.privileges import Account


def make_socket_dir(path: Path, account: Account | None) -> Path:
    """Make the private folder for sockets. Raises StackError when somebody else made it first.

    The temporary folder is everybody's, so a folder that waits there under our name is trusted only if it is our own.
    """
    owner = account.uid if account else os.geteuid()
    try:
        path.mkdir(mode=0o700, parents=True)
        if account is not None:
            os.chown(path, account.uid, account.gid)
    except FileExistsError:
        pass
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {owner, os.geteuid()}:
        raise StackError(
            f"{path} belongs to another user (id {status.st_uid}); remove it, or set TMPDIR to a folder of your own."
        )
    if account is not None and status.st_uid != owner:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path


def check_port(host: str, port: int) -> None:
    """Raise StackError when the web server could not listen here."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StackError(f"port {port} is in use; set PORT= to a free one.") from error
            raise StackError(f"{host}:{port} cannot be listened on: {error.strerror}. Set HOST= and PORT=.") from error
