"""Cleaning: takes a test database, leaves it as the migrations left it, append-only tables included.

The application's role can neither delete nor truncate these rows - that is the product's promise - so this is done over
the superuser's connection with triggers asleep, or, on a server that was given, as the owner with its own triggers
switched off.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from config.stack.provision import connect

_TABLES = """
SELECT c.relname, EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""


class Cleaner:
    """Remembers what the migrations filled, and brings it back."""

    def __init__(self, url: str) -> None:
        self.connection = connect(url)
        self.connection.execute("SET lock_timeout = '20s'")
        row = self.connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        self.is_superuser = bool(row and row[0])
        found = self.connection.execute(_TABLES).fetchall()
        self.tables = [name for name, _ in found]
        self.guarded = [name for name, has_triggers in found if has_triggers]
        self.filled = {name: self._read(name) for name in self.tables if self._is_filled(name)}

    def clean(self) -> None:
        """Empty every table and put back what the migrations had put there, in one transaction."""
        with self.connection.transaction():
            if self.is_superuser:
                self.connection.execute("SET LOCAL session_replication_role = replica")
                self._delete()
            else:
                self._truncate()
            for name, rows in self.filled.items():
                self._write(name, rows)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _delete(self) -> None:
        """Delete the rows of the tables that have some; far quicker than TRUNCATE on dozens of small tables."""
        for name in self.tables:
            if self._is_filled(name):
                self._run("DELETE FROM {}", name)

    def _truncate(self) -> None:
        for name in self.guarded:
            self._run("ALTER TABLE {} DISABLE TRIGGER USER", name)
        names = sql.SQL(", ").join(sql.Identifier(name) for name in self.tables)
        self.connection.execute(sql.SQL("TRUNCATE {}").format(names))
        for name in self.guarded:
            self._run("ALTER TABLE {} ENABLE TRIGGER USER", name)

    def _is_filled(self, name: str) -> bool:
        return self._run("SELECT 1 FROM {} LIMIT 1", name).fetchone() is not None

    def _run(self, statement: str, name: str) -> psycopg.Cursor:
        return self.connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    def _read(self, name: str) -> bytes:
        copy = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))
        with self.connection.cursor() as cursor, cursor.copy(copy) as rows:
            return b"".join(bytes(block) for block in rows)

    def _write(self, name: str, rows: bytes) -> None:
        copy = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))
        with self.connection.cursor() as cursor, cursor.copy(copy) as target:
            target.write(rows)
