"""Servers for the tests: a pytest plugin (named in addopts) that sets the environment before Django's settings are
read.

The servers start when the first test needs them and die with the process. `DATABASE_URL` and `REDIS_URL` replace them;
a given database is not touched, a scratch one beside it is made. The migrated cluster is kept in pytest's cache, so
that it is made anew only when the model, the lock or the stack changes.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg.errors import InsufficientPrivilege

from config.stack.databases import embedded_url, read_database, replace_database
from config.stack.django import hash_files, hash_schema_code, migrate_if_needed
from config.stack.keys import write_secret
from config.stack.options import ROOT, Options, read_options
from config.stack.privileges import find_server_account
from config.stack.processes import make_folder
from config.stack.provision import connect, provision
from config.stack.servers import Servers

FOLDER_MARK, MAINTENANCE_MARK = "DOSSIERS_TEST_FOLDER", "DOSSIERS_TEST_MAINTENANCE"
PASSWORD = "only-for-tests"
KEPT_CLUSTERS = 3


class TestServers:
    """The servers of one test run. The process that made its folder starts and stops them; xdist's workers use them."""

    __test__ = False

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.owner_pid = 0 if FOLDER_MARK in environment else os.getpid()
        self.folder = Path(environment.get(FOLDER_MARK) or _make_folder())
        given = read_options(environment)
        self.scratch = bool(self.owner_pid and given.database_url)
        self.maintenance = environment.get(MAINTENANCE_MARK) or given.database_owner_url or given.database_url
        options = _move_to_scratch(given) if self.scratch else given
        self.servers = Servers(replace(options, data_dir=self.folder, debug=True, samples=False), is_durable=False)
        self.maintenance = self.maintenance or replace_database(self.servers.addresses.owner, "postgres")
        self.is_started = not self.owner_pid
        self.cache = ROOT / ".pytest_cache" / "clusters"

    @property
    def superuser(self) -> str:
        """Return the superuser's address on the embedded server, empty where the server was given."""
        is_embedded = (self.folder / "postgres").exists()
        return embedded_url("postgres", PASSWORD, self.servers.options.socket_dir, "postgres") if is_embedded else ""

    def announce(self) -> None:
        """Set the environment that the settings read; nothing is started yet."""
        addresses = self.servers.addresses
        for name in ("SITE_URL", "ALLOWED_HOSTS"):
            os.environ.pop(name, None)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's loop runs in the thread that also reads the database
            "DEBUG": "1",  # pytest-django switches the setting off again; this spares the tests a build of static files
            "SECRET_KEY": f"{PASSWORD}-{'x' * 40}",
            "DATABASE_URL": addresses.app,
            "DATABASE_OWNER_URL": addresses.owner,
            "DATABASE_READER_URL": addresses.reader,
            "REDIS_URL": self.servers.redis_url,
            "APP_ROLE": addresses.app_role,
            "READER_ROLE": addresses.reader_role,
            "DATA_DIR": str(self.folder),
            FOLDER_MARK: str(self.folder),
            MAINTENANCE_MARK: self.maintenance,
        }

    def ensure_started(self) -> None:
        """Start the servers and make the migrated database that tests clone, once. Call from the main thread."""
        if self.is_started:
            return
        self.is_started = True
        kept = self.cache / self._key()
        if self.scratch:
            self._run_maintenance(f'CREATE DATABASE "{read_database(self.servers.addresses.owner)}"')
        else:
            self._take_cluster(kept)
        self.servers.start()
        provision(self.servers.addresses, can_create_databases=True)
        if migrate_if_needed(self.servers) == "migrated" and self.servers.postgres is not None:
            self._keep_cluster(kept)

    def stop(self) -> None:
        """Stop what this process started, and remove its folders. A forked child that ends leaves them alone."""
        if os.getpid() != self.owner_pid:
            return
        self.owner_pid = 0
        if self.is_started and self.scratch:
            self.drop_database(read_database(self.servers.addresses.owner))
        self.servers.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.servers.options.socket_dir, ignore_errors=True)

    def make_clone(self, name: str) -> None:
        """Make a database for one worker from the migrated one."""
        self.drop_database(name)
        addresses = self.servers.addresses
        self._run_maintenance(f'CREATE DATABASE "{name}" TEMPLATE "{read_database(addresses.owner)}"')
        roles = f'"{addresses.app_role}", "{addresses.reader_role}"'
        self._run_maintenance(f'GRANT CONNECT ON DATABASE "{name}" TO {roles}')

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected; the server's own vacuum worker has to end by itself."""
        for wait in (0.2, 0.5, 1, 2, 0):
            try:
                self._run_maintenance(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                break
            except InsufficientPrivilege:
                if not wait:
                    raise
                time.sleep(wait)

    def _run_maintenance(self, statement: str) -> None:
        with connect(self.maintenance) as connection:
            connection.execute(statement.encode())

    def _key(self) -> str:
        makers = [ROOT / "config" / "stack" / name for name in ("postgres.py", "provision.py", "databases.py")]
        return hash_files(makers)[:16] + hash_schema_code()[:16]

    def _take_cluster(self, kept: Path) -> None:
        for name in ("postgres", "migrated.json"):
            if (kept / name).exists():
                _copy(kept / name, self.folder / name)

    def _keep_cluster(self, kept: Path) -> None:
        """Keep the migrated cluster for the next run, copied while the server is stopped."""
        postgres = self.servers.postgres
        if postgres is None or postgres.child is None:
            return
        postgres.child.stop(30.0)
        self.cache.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix="partial-", dir=self.cache))
        for name in ("postgres", "migrated.json"):
            _copy(self.folder / name, partial / name)
        _replace(partial, kept)
        for old in sorted(self.cache.glob("[0-9a-f]*"), key=lambda path: path.stat().st_mtime)[:-KEPT_CLUSTERS]:
            shutil.rmtree(old, ignore_errors=True)
        postgres.prepare()
        postgres.start()
        postgres.wait()


def _make_folder() -> str:
    """Make this run's folder, after removing those of runs that were killed."""
    for old in Path(tempfile.gettempdir()).glob("dossiers-test-*-*"):
        pid = old.name.split("-")[2]
        if pid.isdigit() and old.stat().st_uid == os.geteuid() and not _is_running(int(pid)):
            shutil.rmtree(Options(old.resolve()).socket_dir, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"dossiers-test-{os.getpid()}-")).resolve()
    if find_server_account() is not None:
        folder.chmod(0o711)  # PostgreSQL runs as `nobody` inside
    for role in ("postgres", "dossiers_owner", "dossiers_app", "dossiers_reader"):
        write_secret(make_folder(folder / "secrets") / role, PASSWORD)
    return str(folder)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _move_to_scratch(given: Options) -> Options:
    """Return the options with every given address on a database of this run's own: the given one is not touched."""
    name = f"test_{read_database(given.database_url)}_{os.getpid()}"
    urls = {field: getattr(given, field) for field in ("database_url", "database_owner_url", "database_reader_url")}
    return replace(given, **{field: replace_database(url, name) for field, url in urls.items() if url})


def _copy(source: Path, target: Path) -> None:
    """Copy a file or a tree with its owners and modes (cp shares blocks where the file system can)."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _replace(partial: Path, kept: Path) -> None:
    try:
        partial.rename(kept)
    except OSError:  # another run kept it first
        shutil.rmtree(partial, ignore_errors=True)


SERVERS = TestServers(os.environ)
SERVERS.announce()
atexit.register(SERVERS.stop)


def pytest_configure(config: pytest.Config) -> None:
    """Start at once where xdist's workers will need the servers: they cannot start them, they only use them."""
    if SERVERS.owner_pid and getattr(config.option, "numprocesses", None):
        SERVERS.ensure_started()


def pytest_unconfigure() -> None:
    """Stop the servers."""
    SERVERS.stop()
