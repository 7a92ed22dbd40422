"""Takes members out of a JSON object one by one, strictly: leaves values, errors with a path, and what was not read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from dossiers.ingest.parsing.export import MAX_ITEMS, MAX_URL, ExportError, quote_text
from dossiers.ingest.parsing.jsontree import Number, Path, Tree
from dossiers.ingest.parsing.times import read_iso_time, read_us_time


class JsonObject:
    """One object of the tree and the keys that have been read."""

    def __init__(self, tree: Tree, path: Path, members: dict[str, Any], position: int, zone: tzinfo) -> None:
        self.tree, self.path, self.members, self.position, self.zone = tree, path, members, position, zone
        self.taken: set[str] = set()
        self.children: list[JsonObject] = []

    @classmethod
    def of_root(cls, tree: Tree, zone: tzinfo) -> JsonObject:
        """Return the outermost object; raises nothing where the caller knows that there is one."""
        return cls(tree, (), tree.root, tree.text.index("{"), zone)

    @property
    def line(self) -> int:
        return self.tree.line_at(self.position)

    @cached_property
    def starts(self) -> dict[str | int, int]:
        return self.tree.starts_in(self.position)

    def line_of(self, key: str) -> int:
        """Return the line on which the value of `key` begins, or this object where it is missing."""
        return self.tree.line_at(self.starts.get(key, self.position))

    def fail(self, key: str, expected: str, found: str) -> ExportError:
        """Return the error of the member `key`."""
        return self.tree.fail_at(self.starts.get(key, self.position), (*self.path, key), expected, found)

    def take(self, key: str) -> Any:
        """Return the value of `key`, None where it is missing or null, and remember that it was read."""
        self.taken.add(key)
        return self.members.get(key)

    def show(self, key: str) -> str:
        """Return what stands at `key` in words fit for a message."""
        value = self.members.get(key)
        if key not in self.members:
            return "nothing"
        if isinstance(value, str):
            return value[:60] if isinstance(value, Number) else quote_text(value)
        return {dict: "an object", list: "a list", bool: str(value).lower()}.get(_kind_of(value), "null")

    def text(self, key: str, limit: int) -> str:
        """Return the text of `key` as it stands. Raises ExportError where it is no string, blank or too long."""
        text = self.optional_text(key, limit)
        if not text.strip():
            raise self.fail(key, "a text that is not blank", self.show(key))
        return text

    def optional_text(self, key: str, limit: int) -> str:
        """Return the text of `key`, or an empty one."""
        value = self.take(key)
        if value is None:
            return ""
        if not isinstance(value, str) or isinstance(value, Number):
            raise self.fail(key, "a string", self.show(key))
        if len(value) > limit:
            raise self.fail(key, f"a text of at most {limit:,} characters", f"{len(value):,} characters")
        return value

    def texts(self, key: str, limit: int) -> tuple[str, ...]:
        """Return the list of texts at `key`, each of at most `limit` characters."""
        values = self._list(key, MAX_ITEMS)
        for index, value in enumerate(values):
            if not isinstance(value, str) or isinstance(value, Number) or not 0 < len(value.strip()) <= limit:
                raise self.tree.fail((*self.path, key, index), f"a text of 1 to {limit:,} characters", "something else")
        return tuple(values)

    def optional_number(self, key: str) -> str:
        """Return the number at `key` as printed, or an empty text."""
        value = self.take(key)
        if value is not None and not isinstance(value, Number):
            raise self.fail(key, "a number", self.show(key))
        return value or ""

    def choice(self, key: str, words: tuple[str, ...], default: str = "") -> str:
        """Return the word at `key`, which is one of `words`."""
        value = self.take(key)
        if value is None and default:
            return default
        if not isinstance(value, str) or value not in words:
            raise self.fail(key, f"one of {', '.join(words)}", self.show(key))
        return value

    def optional_url(self, key: str) -> str:
        """Return the http(s) URL at `key`, or an empty text."""
        url = self.optional_text(key, MAX_URL)
        if url and not _is_web_url(url):
            raise self.fail(key, f"an http or https URL of at most {MAX_URL:,} bytes", quote_text(url))
        return url

    def optional_time(self, key: str) -> datetime | None:
        """Return the time at `key` in UTC: ISO 8601 or US style; without an offset it is in the export's zone."""
        text = self.optional_text(key, 60)
        if not text:
            return None
        for read in (read_iso_time, read_us_time):
            try:
                return read(text, self.zone)
            except ValueError:
                continue
        raise self.fail(key, "an ISO 8601 time such as 2025-09-30T04:41:28Z", quote_text(text))

    def member(self, key: str) -> JsonObject:
        """Return the object at `key`."""
        return self._child((*self.path, key), self.take(key), self.starts.get(key, self.position))

    def items(self, key: str, limit: int = MAX_ITEMS) -> list[JsonObject]:
        """Return the list of objects at `key`, empty where it is missing."""
        values = self._list(key, limit)
        starts = self.tree.starts_in(self.starts[key]) if values else {}
        return [self._child((*self.path, key, index), value, starts[index]) for index, value in enumerate(values)]

    def unknown(self) -> Iterator[tuple[Path, int]]:
        """Yield the path and position of what nobody has read, in this object and those taken from it."""
        yield from (((*self.path, key), self.starts[key]) for key in self.members if key not in self.taken)
        for child in self.children:
            yield from child.unknown()

    def _list(self, key: str, limit: int) -> list[Any]:
        values = self.take(key)
        if values is not None and not isinstance(values, list):
            raise self.fail(key, "a list", self.show(key))
        if values and len(values) > limit:
            raise self.fail(key, f"a list of at most {limit:,}", f"{len(values):,}")
        return values or []

    def _child(self, path: Path, value: Any, position: int) -> JsonObject:
        if not isinstance(value, dict):
            raise self.tree.fail_at(position, path, "an object", "nothing" if value is None else "something else")
        child = JsonObject(self.tree, path, value, position, self.zone)
        self.children.append(child)
        return child


def _kind_of(value: Any) -> type:
    return next((kind for kind in (dict, list, bool) if isinstance(value, kind)), type(None))


def _is_web_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = len(url.encode()) <= MAX_URL and not any(c.isspace() or not c.isprintable() for c in url)
    return is_plain and parts.scheme in ("http", "https") and bool(parts.hostname)
