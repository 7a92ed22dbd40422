"""Connections of each role, in a transaction that is rolled back; and what it means to be refused."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import pytest

from tests.models.rows import Desk, Rows

Refusal = Callable[[str], AbstractContextManager[None]]


def _begin(connection: psycopg.Connection[Any]) -> Iterator[psycopg.Cursor[Any]]:
    connection.autocommit = False
    yield connection.cursor()
    connection.rollback()


@pytest.fixture
def app(app_connection: psycopg.Connection[Any]) -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of the application's role."""
    yield from _begin(app_connection)


@pytest.fixture
def owner(owner_connection: psycopg.Connection[Any]) -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of the owner's role."""
    yield from _begin(owner_connection)


@pytest.fixture
def reader(reader_connection: psycopg.Connection[Any]) -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of the readers' role."""
    yield from _begin(reader_connection)


@pytest.fixture
def rows(app: psycopg.Cursor[Any]) -> Rows:
    return Rows(app)


@pytest.fixture
def desk(app: psycopg.Cursor[Any]) -> Desk:
    return Desk(app)


@pytest.fixture
def refused(app: psycopg.Cursor[Any]) -> Refusal:
    """Expect the database to refuse what stands inside, with a message that holds a word, and go on after it."""
    return lambda word: expect_refusal(app, word)


@contextmanager
def expect_refusal(cursor: psycopg.Cursor[Any], word: str) -> Iterator[None]:
    """Expect an error of the database whose text holds a word; the transaction goes on as before it."""
    cursor.execute("SAVEPOINT before")
    with pytest.raises(psycopg.Error) as caught:
        yield
    assert word in str(caught.value)
    cursor.execute("ROLLBACK TO SAVEPOINT before")
