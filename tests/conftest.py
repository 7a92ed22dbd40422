"""Fixtures for every test: a database cloned from a migrated one, used as the application's role."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from config.stack.databases import replace_database
from config.stack.provision import connect
from tests.cleaning import Cleaner
from tests.servers import SERVERS

DATABASE_NAME = f"test_dossiers_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
READERS_TOO = ("default", "reader")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every marked test use the readers' connection too, unless it names its databases itself."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None and not mark.args and "databases" not in mark.kwargs:
            item.add_marker(pytest.mark.django_db(**mark.kwargs, databases=list(READERS_TOO)), append=False)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Return the address of the tests' own Valkey, started."""
    SERVERS.ensure_started()
    return SERVERS.servers.redis_url


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Clone the migrated database for this worker and point Django's connections at it, each with its own role."""
    SERVERS.ensure_started()
    SERVERS.make_clone(DATABASE_NAME)
    for alias in connections.settings:
        connections[alias].close()
        connections.settings[alias]["NAME"] = DATABASE_NAME
    cleaner = Cleaner(replace_database(SERVERS.superuser or SERVERS.servers.addresses.owner, DATABASE_NAME))
    before, TransactionTestCase._fixture_teardown = TransactionTestCase._fixture_teardown, lambda _test: cleaner.clean()
    yield
    TransactionTestCase._fixture_teardown = before
    cleaner.close()
    with django_db_blocker.unblock():
        connections.close_all()
    SERVERS.drop_database(DATABASE_NAME)


@pytest.fixture(autouse=True)
def _readers_see_the_transaction(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let pages read inside a test's transaction: there the readers' connection is the application's.

    The readers' role itself is at work in tests marked `django_db(transaction=True)`.
    """
    if request.node.get_closest_marker("django_db") is None and "db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("_django_db_helper")
    if not connections["default"].in_atomic_block:
        yield
        return
    reader, connections["reader"] = connections["reader"], connections["default"]
    yield
    connections["reader"] = reader


def _open(url: str) -> Iterator[psycopg.Connection]:
    with connect(replace_database(url, DATABASE_NAME)) as connection:
        yield connection


@pytest.fixture
def owner_connection(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """Open a raw connection as the owner; each statement commits, so use it in `transaction=True` tests."""
    yield from _open(SERVERS.servers.addresses.owner)


@pytest.fixture
def app_connection(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """Open a second raw connection as the application's role; each statement commits."""
    yield from _open(SERVERS.servers.addresses.app)


@pytest.fixture
def reader_connection(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """Open a raw connection as the readers' role."""
    yield from _open(SERVERS.servers.addresses.reader)
