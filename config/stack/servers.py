"""Servers: takes the options, leaves PostgreSQL and Valkey answering - embedded ones, or those that were given."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

from config.stack.binaries import find_postgres, find_valkey, make_reachable
from config.stack.databases import Addresses, find_addresses, hide_password
from config.stack.errors import StackError
from config.stack.guard import Guard
from config.stack.keys import read_or_make_secret
from config.stack.options import Options
from config.stack.postgres import Postgres
from config.stack.privileges import IS_LINUX, find_server_account
from config.stack.processes import Child, end_leftovers, make_folder, rotate_log
from config.stack.provision import connect
from config.stack.sockets import make_socket_dir
from config.stack.valkey import make_valkey, wait_for_valkey


@dataclass
class Servers:
    """The two servers of one start; `postgres` and `valkey` stay None where a given one is used."""

    options: Options
    is_durable: bool = True
    guard: Guard | None = None
    postgres: Postgres | None = field(default=None, init=False)
    valkey: Child | None = field(default=None, init=False)
    addresses: Addresses = field(init=False)

    def __post_init__(self) -> None:
        prepare_data_dir(self.options)
        self.addresses = find_addresses(self.options)

    @property
    def redis_url(self) -> str:
        """Return the address of Valkey or Redis."""
        return self.options.redis_url or f"unix://{self.options.socket_dir}/valkey.sock"

    def start(self) -> None:
        """Start what is embedded, both at once, and wait until everything answers. Raises StackError."""
        if self.guard is None and not IS_LINUX:
            self.guard = Guard()
        end_leftovers(self.options.data_dir, ["valkey"])
        if not self.options.redis_url:
            self.start_valkey()
        if not self.options.database_url:
            self.start_postgres()
        self._wait()

    def start_valkey(self) -> None:
        """Start Valkey without waiting for it."""
        options, log = self.options, self.options.data_dir / "logs" / "valkey.log"
        sockets = make_socket_dir(options.socket_dir, find_server_account())
        rotate_log(log)
        self.valkey = make_valkey(
            find_valkey(), options.data_dir / "valkey", sockets, log, options.data_dir, self.guard
        )
        self.valkey.start()

    def start_postgres(self) -> None:
        """Start PostgreSQL without waiting for it, making its cluster the first time."""
        options, account = self.options, find_server_account()
        log = options.data_dir / "logs" / "postgres.log"
        rotate_log(log)
        self.postgres = Postgres(
            data=options.data_dir / "postgres",
            sockets=make_socket_dir(options.socket_dir, account),
            log=log,
            binaries=make_reachable(find_postgres(options.postgres_bin), account, options.data_dir / "binaries"),
            password=read_or_make_secret(options.data_dir, "postgres"),
            data_dir=options.data_dir,
            account=account,
            guard=self.guard,
            is_durable=self.is_durable,
        )
        self.postgres.prepare()
        self.postgres.start()

    def _wait(self) -> None:
        if self.postgres is not None:
            self.postgres.wait()
        else:
            connect(self.addresses.owner).close()
        if self.valkey is not None:
            wait_for_valkey(self.valkey, self.options.socket_dir)
        else:
            check_redis(self.options.redis_url)

    def stop(self) -> None:
        """Stop what was started: Valkey, then PostgreSQL (a fast shutdown, which writes a checkpoint)."""
        if self.valkey is not None:
            self.valkey.stop(10.0)
        if self.postgres is not None and self.postgres.child is not None:
            self.postgres.child.stop(60.0)
        with contextlib.suppress(OSError):
            self.options.socket_dir.rmdir()
        if self.guard is not None:
            self.guard.close()

    def describe(self) -> str:
        """Return which servers these are, for the step's line."""
        database = "PostgreSQL" if self.postgres else f"database {hide_password(self.addresses.owner)}"
        return f"{database}, {'Valkey' if self.valkey else f'queue {hide_password(self.options.redis_url)}'}"


def prepare_data_dir(options: Options) -> None:
    """Make DATA_DIR; root leaves it searchable, because PostgreSQL runs as `nobody` inside it."""
    make_folder(options.data_dir, 0o711 if find_server_account() else 0o700)
    for name in ("logs", "static"):
        make_folder(options.data_dir / name)


def check_redis(url: str) -> None:
    """Raise StackError when the given Valkey or Redis does not answer."""
    import redis

    try:
        with redis.Redis.from_url(url.replace("redis+socket://", "unix://"), socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise StackError(
            f"REDIS_URL is set to {hide_password(url)}, which does not answer: {error}\n"
            "Start it or correct the address; unset REDIS_URL for an embedded server."
        ) from error
