"""Options of the stack: takes the environment, leaves one frozen record of what was asked for."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.stack.errors import StackError

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8137
# A Unix socket's path may hold 107 bytes on Linux and 103 on macOS; `/.s.PGSQL.5432.lock` and our own folder need 50 of
# them.
LONGEST_TEMPORARY_FOLDER = 50


@dataclass(frozen=True)
class Options:
    """What one start was asked to do; `None` and empty text mean "not given"."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    debug: bool = True
    samples: bool = True
    site_url: str = ""
    secret_key: str = ""
    database_url: str = ""
    database_owner_url: str = ""
    database_reader_url: str = ""
    redis_url: str = ""
    app_role: str = ""
    reader_role: str = ""
    postgres_bin: str = ""
    web_workers: int = 2
    task_workers: int = 2

    @property
    def socket_dir(self) -> Path:
        """Return the short folder that holds the embedded servers' sockets; the same for the same DATA_DIR and user."""
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:10]
        return find_temporary_folder() / f"dossiers-{os.geteuid()}-{name}"

    @property
    def address(self) -> str:
        """Return the address that people open."""
        return self.site_url or f"http://{_reachable_host(self.host)}:{self.port}"


def read_options(environment: Mapping[str, str]) -> Options:
    """Return the options that an environment asks for. Raises StackError for a value that cannot be read."""
    debug = _read_flag(environment, "DEBUG", default=True)
    return Options(
        data_dir=Path(read_variable(environment, "DATA_DIR") or ROOT / ".data").expanduser().resolve(),
        host=read_variable(environment, "HOST") or "127.0.0.1",
        port=_read_number(environment, "PORT", DEFAULT_PORT, 65535),
        debug=debug,
        samples=_read_flag(environment, "SAMPLES", default=debug),
        web_workers=_read_number(environment, "WEB_WORKERS", 2, 64),
        task_workers=_read_number(environment, "TASK_WORKERS", 2, 64),
        **{name: read_variable(environment, name.upper()) for name in _TEXTS},
    )


_TEXTS = (
    "site_url",
    "secret_key",
    "database_url",
    "database_owner_url",
    "database_reader_url",
    "redis_url",
    "app_role",
    "reader_role",
    "postgres_bin",
)


def read_variable(environment: Mapping[str, str], name: str) -> str:
    """Return a variable, or the contents of the file that `<name>_FILE` names, or empty text."""
    path = environment.get(f"{name}_FILE", "")
    if environment.get(name) or not path:
        return environment.get(name, "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise StackError(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error


def find_temporary_folder() -> Path:
    """Return the temporary folder, or /tmp where its path is too long for a socket."""
    folder = Path(tempfile.gettempdir())
    return folder if len(os.fsencode(folder)) <= LONGEST_TEMPORARY_FOLDER else Path("/tmp")  # noqa: S108


def _read_flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = read_variable(environment, name).lower()
    if text in {"", "1", "0", "true", "false", "yes", "no", "on", "off"}:
        return text in {"1", "true", "yes", "on"} if text else default
    raise StackError(f"{name}={text} is not understood; set {name}=1 or {name}=0.")


def _read_number(environment: Mapping[str, str], name: str, default: int, largest: int) -> int:
    text = read_variable(environment, name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= largest:
        raise StackError(f"{name}={text} is not a number from 1 to {largest}.")
    return int(text)


def _reachable_host(host: str) -> str:
    """Return a host that a client on this machine can open, also where the server listens on every address."""
    if host in {"0.0.0.0", "::", "[::]"}:  # noqa: S104 - compared with, never bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
