"""Roles: the application cannot become the owner, a given server gets its roles once, and what is missing is said."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from config.stack.databases import Addresses, embedded_url, find_addresses, hide_password
from config.stack.errors import StackError
from config.stack.options import Options
from config.stack.provision import connect, provision
from config.stack.servers import Servers, check_redis


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Return a running server whose superuser may be used like the administrator of a given one."""
    servers = Servers(Options(tmp_path_factory.mktemp("given") / "data"), is_durable=False)
    try:
        servers.start_postgres()
        servers.postgres.wait()
        yield servers
    finally:
        servers.stop()


@pytest.fixture
def given(started: Servers, tmp_path) -> Iterator[tuple[Servers, Options]]:
    """Return a server with a database and an owner, as an operator would give them in DATABASE_URL."""
    with connect(started.addresses.superuser) as admin:
        admin.execute("CREATE ROLE desk_owner LOGIN CREATEROLE PASSWORD 'pw'")
        admin.execute("CREATE DATABASE desk OWNER desk_owner")
    url = embedded_url("desk_owner", "pw", started.options.socket_dir, "desk")
    yield started, Options(tmp_path, database_url=url, app_role="desk_app", reader_role="desk_reader")
    with connect(started.addresses.superuser) as admin:
        admin.execute("DROP DATABASE desk WITH (FORCE)")
        for role in ("desk_app", "desk_reader", "desk_owner"):
            admin.execute(f"DROP ROLE IF EXISTS {role}")


def read_value(url: str, query: str) -> object:
    with connect(url) as connection:
        return connection.execute(query).fetchone()[0]


def test_the_embedded_database_sorts_by_code_point_and_speaks_utf8(started):
    provision(started.addresses)
    answer = read_value(
        started.addresses.app,
        "SELECT format('%s %s %s', pg_encoding_to_char(encoding), datlocprovider, datlocale)"
        " FROM pg_database WHERE datname = current_database()",
    )
    assert answer == "UTF8 b C.UTF-8"


def test_the_embedded_server_keeps_what_it_acknowledged_and_listens_on_no_port(tmp_path):
    from config.stack.postgres import SETTINGS

    assert {SETTINGS[name] for name in ("fsync", "synchronous_commit", "full_page_writes")} == {"on"}
    assert SETTINGS["listen_addresses"] == ""


@pytest.mark.parametrize("role", ["app", "reader", "owner"])
def test_no_role_of_ours_is_mighty(started, role):
    provision(started.addresses)
    query = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication FROM pg_roles"
    assert read_value(getattr(started.addresses, role), f"{query} WHERE rolname = current_user") is False


@pytest.mark.parametrize("statement", ["SET ROLE dossiers_owner", "CREATE TABLE t ()", "CREATE SCHEMA s"])
@pytest.mark.parametrize("role", ["app", "reader"])
def test_the_application_creates_nothing_and_cannot_become_the_owner(started, role, statement):
    provision(started.addresses)
    with connect(getattr(started.addresses, role)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_nobody_signs_in_without_the_password(started):
    wrong = embedded_url("dossiers_app", "wrong", started.options.socket_dir, "dossiers")
    provision(started.addresses)
    with pytest.raises(StackError, match="password authentication failed"):
        connect(wrong)


def test_a_given_server_gets_the_two_roles_and_the_extensions_once(given):
    _servers, options = given
    addresses = find_addresses(options)
    for _ in range(2):
        provision(addresses)
    assert read_value(addresses.app, "SELECT current_user::text") == "desk_app"
    assert read_value(addresses.reader, "SELECT current_user::text") == "desk_reader"
    assert read_value(addresses.app, "SELECT count(*) FROM pg_extension WHERE extname IN ('pg_trgm', 'unaccent')") == 2


def test_an_owner_that_may_not_create_roles_is_told_what_to_set(given):
    servers, options = given
    with connect(servers.addresses.superuser) as admin:
        admin.execute("ALTER ROLE desk_owner NOCREATEROLE")
    with pytest.raises(StackError, match=r"may not create roles.*DATABASE_OWNER_URL, DATABASE_URL"):
        provision(find_addresses(options))


def test_an_application_that_is_the_owner_is_refused(given):
    _servers, options = given
    both = replace(options, database_owner_url=options.database_url)
    with pytest.raises(StackError, match="can become the owner desk_owner"):
        provision(find_addresses(both))


def test_a_given_database_that_is_down_is_an_error_without_the_password():
    down = "postgresql://me:topsecret@127.0.0.1:1/desk"
    with pytest.raises(StackError, match="Connection refused") as caught:
        provision(Addresses(down, down, down))
    assert "topsecret" not in str(caught.value)
    assert hide_password(down) in str(caught.value)


def test_a_given_queue_that_is_down_is_an_error_without_the_password():
    with pytest.raises(StackError, match=r"does not answer.*Connection refused") as caught:
        check_redis("redis://:topsecret@127.0.0.1:1/0")
    assert "topsecret" not in str(caught.value)


def test_nothing_embedded_is_started_where_given_servers_are_down(tmp_path):
    options = Options(tmp_path, database_url="postgresql://me@127.0.0.1:1/desk", redis_url="redis://127.0.0.1:1/0")
    servers = Servers(options)
    with pytest.raises(StackError, match="cannot be used"):
        servers.start()
    assert (servers.postgres, servers.valkey) == (None, None)
    assert not options.socket_dir.exists()
