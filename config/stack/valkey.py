"""The embedded Valkey: takes a data folder, leaves a server on a private socket whose queue survives a kill."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from pathlib import Path

from config.stack.errors import StackError
from config.stack.guard import Guard
from config.stack.processes import Child, make_folder, read_tail


def make_valkey(
    binary: Path, data: Path, sockets: Path, log: Path, data_dir: Path, guard: Guard | None = None
) -> Child:
    """Return the child that serves Valkey; each write is appended to a file and synced every second."""
    make_folder(data)
    with contextlib.suppress(FileNotFoundError):
        (sockets / "valkey.sock").unlink()
    flags = {
        "port": "0",
        "unixsocket": str(sockets / "valkey.sock"),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "save": "",
        "daemonize": "no",
        "set-proc-title": "no",  # it would overwrite the environment that tells a later start whose process this is
        "maxmemory-policy": "noeviction",
    }
    command = [str(binary), *(part for name, value in flags.items() for part in (f"--{name}", value))]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    return Child("valkey", command, environment, log, data_dir, guard=guard)


def wait_for_valkey(child: Child, sockets: Path, seconds: float = 30.0) -> None:
    """Wait until Valkey answers PING (not only listens: it may be loading). Raises StackError."""
    deadline = time.monotonic() + seconds
    while not answers_ping(sockets / "valkey.sock"):
        if not child.is_alive() or time.monotonic() > deadline:
            raise StackError(f"Valkey did not start ({child.describe_end()}):\n{read_tail(child.log)}")
        time.sleep(0.03)


def answers_ping(path: Path) -> bool:
    """Say whether a Valkey or Redis server at this socket is ready for commands."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False
