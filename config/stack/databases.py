"""Database addresses: takes the options, leaves a URL for each of the three roles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from config.stack.errors import StackError
from config.stack.keys import read_or_make_secret
from config.stack.options import Options

DATABASE, OWNER_ROLE, APP_ROLE, READER_ROLE = "dossiers", "dossiers_owner", "dossiers_app", "dossiers_reader"


@dataclass(frozen=True)
class Addresses:
    """Where the database is for the owner, the application and the readers' pages, and what the two roles are called.

    `superuser` is only known for the embedded server; `makes_roles` says whether the roles are ours to make.
    """

    owner: str
    app: str
    reader: str
    app_role: str = APP_ROLE
    reader_role: str = READER_ROLE
    superuser: str = ""
    makes_roles: bool = True


def find_addresses(options: Options) -> Addresses:
    """Return the addresses that follow from the options. Raises StackError where the given ones do not fit together."""
    if not options.database_url and (options.database_owner_url or options.database_reader_url):
        raise StackError(
            "DATABASE_OWNER_URL or DATABASE_READER_URL is set without DATABASE_URL; set that too, or none of them."
        )
    if not options.database_url:
        return _embedded_addresses(options)
    if options.database_owner_url:
        return _given_addresses(options)
    return _derived_addresses(options)


def _embedded_addresses(options: Options) -> Addresses:
    def address(role: str, database: str = DATABASE) -> str:
        return embedded_url(role, read_or_make_secret(options.data_dir, role), options.socket_dir, database)

    return Addresses(
        address(OWNER_ROLE), address(APP_ROLE), address(READER_ROLE), superuser=address("postgres", "postgres")
    )


def _given_addresses(options: Options) -> Addresses:
    """Take every address as given; without one for readers, their pages use the application's."""
    reader = options.database_reader_url or options.database_url
    return Addresses(
        options.database_owner_url,
        options.database_url,
        reader,
        options.app_role or read_user(options.database_url),
        options.reader_role or read_user(reader),
        makes_roles=False,
    )


def _derived_addresses(options: Options) -> Addresses:
    """Take the one given address as the owner's, and derive the two others with passwords of our own."""
    app_role, reader_role = options.app_role or APP_ROLE, options.reader_role or READER_ROLE
    if read_user(options.database_url) in {app_role, reader_role}:
        raise StackError(
            "DATABASE_URL alone must be the database owner's address, but it signs in as "
            f"{read_user(options.database_url)}: set DATABASE_OWNER_URL too, or give the owner's."
        )
    return Addresses(
        options.database_url,
        replace_user(options.database_url, app_role, read_or_make_secret(options.data_dir, app_role)),
        options.database_reader_url
        or replace_user(options.database_url, reader_role, read_or_make_secret(options.data_dir, reader_role)),
        app_role,
        reader_role,
    )


def embedded_url(role: str, password: str, sockets: Path, database: str) -> str:
    """Return a role's address over the private socket, as both psycopg and Django's settings read it."""
    return f"postgresql://{quote(role)}:{quote(password, safe='')}@/{database}?host={sockets}"


def read_user(url: str) -> str:
    """Return the role that an address signs in as. Raises StackError for what is no PostgreSQL address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql", "psql", "pgsql"}:
        raise StackError("DATABASE_URL must look like postgresql://role:password@host:5432/database.")
    return unquote(parts.username or "")


def replace_user(url: str, role: str, password: str) -> str:
    """Return the same address for another role."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{quote(password, safe='')}@{place}"))


def replace_database(url: str, name: str) -> str:
    """Return the same address for another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def read_database(url: str) -> str:
    """Return the name of the database that an address leads to."""
    return unquote(urlsplit(url).path.removeprefix("/"))


def hide_password(url: str) -> str:
    """Return an address that may be printed."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username or ''}@{place}", query=""))
