"""Provisioning: takes the addresses, leaves the roles, the database and the extensions that migrations rely on.

The product's promise leans on these roles: the owner runs migrations, the application gets only what migrations grant
it, the readers' pages see editions alone. None of the three is a superuser, and the application cannot become the
owner.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from config.stack.databases import DATABASE, Addresses, hide_password, read_user
from config.stack.errors import StackError

EXTENSIONS = ("pg_trgm", "unaccent")
TIMEOUT = 10


def provision(addresses: Addresses, *, database: str = DATABASE, can_create_databases: bool = False) -> None:
    """Make the roles, the database and the extensions that are missing. Raises StackError."""
    if addresses.superuser:
        _provision_embedded(addresses, database, can_create_databases)
    elif addresses.makes_roles:
        _provision_given(addresses)
    check_roles(addresses)


def _provision_embedded(addresses: Addresses, database: str, can_create_databases: bool) -> None:
    with connect(addresses.superuser) as admin:
        for url in (addresses.owner, addresses.app, addresses.reader):
            ensure_role(admin, url)
        if can_create_databases:
            admin.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(read_user(addresses.owner))))
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            names = {"name": sql.Identifier(database), "owner": sql.Identifier(read_user(addresses.owner))}
            admin.execute(sql.SQL("CREATE DATABASE {name} OWNER {owner}").format(**names))
    with connect(addresses.owner) as owner:
        prepare_database(owner, addresses)
        owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))


def _provision_given(addresses: Addresses) -> None:
    with connect(addresses.owner) as owner:
        can = owner.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if not can or not can[0]:
            raise StackError(
                f"The owner of {hide_password(addresses.owner)} may not create roles: give it CREATEROLE, or create "
                f"the roles {addresses.app_role} and {addresses.reader_role} yourself and set DATABASE_OWNER_URL, "
                "DATABASE_URL (the application's) and DATABASE_READER_URL."
            )
        try:
            for url in (addresses.app, addresses.reader):
                ensure_role(owner, url)
            prepare_database(owner, addresses)
        except psycopg.errors.InsufficientPrivilege as error:
            raise StackError(f"{hide_password(addresses.owner)} may not prepare the database: {error}") from error


def ensure_role(admin: psycopg.Connection, url: str) -> None:
    """Make a login role if it is missing and set its password; the server is sent a verifier, never the password."""
    role, password = read_user(url), psycopg.conninfo.conninfo_to_dict(url).get("password")
    verifier = admin.pgconn.encrypt_password(str(password).encode(), role.encode(), b"scram-sha-256").decode()
    exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if exists else "CREATE")
    admin.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(verifier)))


def prepare_database(owner: psycopg.Connection, addresses: Addresses) -> None:
    """Make the extensions (trusted ones: the owner may), and let the two roles in, to create nothing."""
    for extension in EXTENSIONS:
        owner.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    names = {
        "database": sql.Identifier(owner.info.dbname),
        "roles": sql.SQL(", ").join(sql.Identifier(role) for role in (addresses.app_role, addresses.reader_role)),
    }
    owner.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {roles}").format(**names))
    owner.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {roles}").format(**names))


def check_roles(addresses: Addresses) -> None:
    """Raise StackError when a role cannot sign in, or when the application's role could break the promise."""
    for url in (addresses.app, addresses.reader):
        with connect(url) as connection:
            row = connection.execute(
                "SELECT rolsuper OR rolreplication OR rolbypassrls, pg_has_role(current_user, %s, 'MEMBER')"
                " FROM pg_roles WHERE rolname = current_user",
                [read_user(addresses.owner)],
            ).fetchone()
        if row is None or any(row):
            raise StackError(
                f"The role {read_user(url)} is a superuser or can become the owner {read_user(addresses.owner)}; then "
                "nothing keeps approved facts from being changed. Give the application its own role in DATABASE_URL."
            )


def connect(url: str) -> psycopg.Connection:
    """Open a connection that commits each statement. Raises StackError, without the password, when that fails."""
    try:
        return psycopg.connect(
            normalise(url), autocommit=True, connect_timeout=TIMEOUT, application_name="dossiers-stack"
        )
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise StackError(
            f"The database {hide_password(url)} cannot be used: {reason}\n"
            "Start it or correct its address; unset DATABASE_URL for an embedded server."
        ) from error


def normalise(url: str) -> str:
    """Return an address as psycopg spells it: Django's settings also read `psql` and `pgsql`."""
    return "postgresql://" + url.partition("://")[2]
