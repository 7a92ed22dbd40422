"""A further worker: takes a running start of this machine, or given servers, and leaves tasks carried out until told
to stop."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import replace

from config.stack.databases import hide_password
from config.stack.errors import StackError
from config.stack.lock import DataLock
from config.stack.options import ROOT, Options
from config.stack.provision import connect
from config.stack.servers import Servers, check_redis
from config.stack.web import list_worker_command, make_worker_environment, refuse_incomplete_production

NOTHING_TO_WORK_FOR = (
    "There is nothing to work for: {data_dir} is not being served, and DATABASE_URL and REDIS_URL are not both set.\n"
    "Start ./run first (with the same DATA_DIR), or set both to the servers of the machine that serves."
)
OWNS = "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('dossiers_topic')"


def run_worker(options: Options) -> int:
    """Become a worker beside a running start, or on the servers that are given. Raises StackError."""
    environment = _join_running(options) if _is_served(options) else _join_given(options)
    command = list_worker_command(options.task_workers, f"worker-{secrets.token_hex(3)}")
    print(f"  A worker with {options.task_workers} processes. Ctrl-C lets it finish what it is at.", flush=True)
    os.chdir(ROOT)
    os.execve(sys.executable, command, dict(environment))  # noqa: S606 - the worker takes our place


def _is_served(options: Options) -> bool:
    holder = DataLock(options.data_dir).read_holder()
    return holder is not None and holder.mode == "serving" and _is_running(holder.pid)


def _join_running(options: Options) -> Mapping[str, str]:
    """Return the environment of the start that serves our DATA_DIR."""
    servers = Servers(options)
    _check(servers)
    return make_worker_environment(servers)


def _join_given(options: Options) -> Mapping[str, str]:
    """Return the environment for given servers; the address must be the application's, not the owner's."""
    if not (options.database_url and options.redis_url):
        raise StackError(NOTHING_TO_WORK_FOR.format(data_dir=options.data_dir))
    refuse_incomplete_production(options)
    as_given = replace(options, database_owner_url=options.database_owner_url or options.database_url)
    servers = Servers(as_given)
    _check(servers)
    return make_worker_environment(servers)


def _check(servers: Servers) -> None:
    address = servers.addresses.app
    with connect(address) as database:
        row = database.execute(OWNS).fetchone()
    if row is None:
        raise StackError(f"{hide_password(address)} holds no tables of ours: start the machine that serves first.")
    if row[0]:
        raise StackError(
            f"{hide_password(address)} is the database owner's address; a worker needs the application's. Its password "
            "is in secrets/dossiers_app of the DATA_DIR of the machine that serves."
        )
    check_redis(servers.redis_url)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
