"""The tests' own databases: each connection has its role, and cleaning brings back what migrations made."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connections

from config.stack.databases import read_user
from tests.servers import SERVERS

OWNER = read_user(SERVERS.servers.addresses.owner)  # another where a server was given


def read_role(alias: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True, databases=["default", "reader", "owner"])
def test_each_connection_has_its_own_role():
    assert [read_role(alias) for alias in ("default", "reader", "owner")] == [
        "dossiers_app",
        "dossiers_reader",
        OWNER,
    ]


@pytest.mark.django_db
def test_inside_a_transaction_the_readers_connection_sees_what_the_test_wrote():
    User.objects.create(username="somebody")
    assert list(User.objects.using("reader").values_list("username", flat=True)) == ["somebody"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_committed_rows_are_gone_and_the_migrations_rows_back_in_the_next_test(turn, owner_connection):
    assert not User.objects.exists()
    assert Group.objects.filter(name="editor").exists()
    User.objects.create(username=f"left behind by the {turn}")
    owner_connection.execute("DELETE FROM auth_group_permissions")
    owner_connection.execute("DELETE FROM auth_group")


@pytest.mark.django_db(transaction=True)
def test_raw_connections_are_the_roles_they_are_named_after(owner_connection, app_connection, reader_connection):
    seen = [
        connection.execute("SELECT current_user::text").fetchone()[0]
        for connection in (owner_connection, app_connection, reader_connection)
    ]
    assert seen == [OWNER, "dossiers_app", "dossiers_reader"]


def test_valkey_answers(redis_url):
    import redis

    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
