"""Django's side: takes the servers, leaves its processes' environment, migrated tables and sample dossiers."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from config.stack.errors import StackError
from config.stack.keys import read_or_make_secret, write_secret
from config.stack.options import ROOT
from config.stack.processes import read_tail, rotate_log
from config.stack.provision import connect
from config.stack.servers import Servers

# What the stack decides for its children; a `<name>_FILE` of the user would otherwise win over it in the settings.
_DECIDED = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR", "DEBUG")


def make_environment(servers: Servers, *, with_owner: bool = False, with_pool: bool = False) -> dict[str, str]:
    """Return the environment of a Django process. Only migrations and commands are told the owner's address."""
    options, addresses = servers.options, servers.addresses
    given = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in _DECIDED}
    decided = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": addresses.app,
        "DATABASE_READER_URL": addresses.reader,
        "REDIS_URL": servers.redis_url,
        "APP_ROLE": addresses.app_role,
        "READER_ROLE": addresses.reader_role,
        "DATA_DIR": str(options.data_dir),
        "DEBUG": "1" if options.debug else "0",
        "PORT": str(options.port),
    }
    if options.secret_key or options.debug:
        decided["SECRET_KEY"] = options.secret_key or read_or_make_secret(options.data_dir, "secret-key", 48)
    if with_owner:
        decided["DATABASE_OWNER_URL"] = addresses.owner
    if with_pool:
        decided["DATABASE_POOL"] = "1"
    return {**given, **decided}


def make_migration_environment(servers: Servers) -> dict[str, str]:
    """Return the environment where the default connection is the owner's too, for data migrations."""
    return make_environment(servers, with_owner=True) | {"DATABASE_URL": servers.addresses.owner}


def run_manage(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> str:
    """Run a management command to its end, errors into a log, and return what it printed. Raises StackError."""
    rotate_log(log)
    with log.open("wb") as errors:
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            check=False,
        )
    if done.returncode:
        shown = done.stdout.decode("utf-8", "replace").strip()
        raise StackError(
            f"manage.py {arguments[0]} failed (exit status {done.returncode}):\n{shown}\n{read_tail(log, 25)}"
        )
    return done.stdout.decode("utf-8", "replace")


def hash_files(paths: Iterable[Path]) -> str:
    """Return one sha256 over the names and contents of files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(os.fsencode(path) + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def hash_schema_code() -> str:
    """Return a hash of everything that decides what `migrate` does: the lock, the settings, models and migrations."""
    folders = (ROOT / "dossiers" / "migrations", ROOT / "dossiers" / "models")
    files = [ROOT / "requirements.txt", ROOT / "config" / "settings.py", ROOT / "dossiers" / "apps.py"]
    return hash_files([*files, *(path for folder in folders for path in folder.glob("**/*.py"))])


def read_applied(owner_url: str) -> str:
    """Return a hash of the migrations that the database says it has, with their times: no two databases share one."""
    with connect(owner_url) as owner:
        if owner.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return ""
        rows = owner.execute("SELECT app, name, applied FROM django_migrations ORDER BY id").fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def migrate_if_needed(servers: Servers) -> str:
    """Migrate as the owner unless neither the code nor the database's own record has changed; return what was done."""
    data_dir, owner = servers.options.data_dir, servers.addresses.owner
    code, roles = hash_schema_code(), [servers.addresses.app_role, servers.addresses.reader_role]
    record = data_dir / "migrated.json"
    if record.exists() and json.loads(record.read_text()) == [code, read_applied(owner), roles]:
        return "up to date"
    log = data_dir / "logs" / "migrate.log"
    run_manage(["migrate", "--noinput", "--verbosity=1"], make_migration_environment(servers), log)
    write_secret(record, json.dumps([code, read_applied(owner), roles]))
    return "migrated"


def load_samples_if_needed(servers: Servers) -> str:
    """Load the sample dossiers and accounts unless this database has them; return the sign-ins they printed.

    A changed password or account is looked at again: what is printed must still sign somebody in.
    """
    options = servers.options
    samples = hash_files(path for path in (ROOT / "seeds").glob("**/*") if path.is_file())
    record = options.data_dir / "secrets" / "sign-ins.json"
    if record.exists():
        known, sign_ins = json.loads(record.read_text(encoding="utf-8"))
        if known == [samples, read_accounts(servers.addresses.owner)]:
            return str(sign_ins)
    log = options.data_dir / "logs" / "samples.log"
    sign_ins = run_manage(["load_samples"], make_environment(servers), log).strip()
    write_secret(record, json.dumps([[samples, read_accounts(servers.addresses.owner)], sign_ins]))
    return sign_ins


def read_accounts(owner_url: str) -> str:
    """Return a hash of who may sign in with what, and of when this database was made."""
    with connect(owner_url) as owner:
        made = owner.execute("SELECT min(applied) FROM django_migrations").fetchone()
        accounts = owner.execute("SELECT username, password, is_active FROM auth_user ORDER BY id").fetchall()
    return hashlib.sha256(repr((made, accounts)).encode()).hexdigest()
