"""Lists of results: takes what a service answered, leaves what could be read of it and whether that is all."""

from collections.abc import Callable, Iterable
from typing import Any

from dossiers.clients.base import FetchResult, Found, Outcome
from dossiers.clients.errors import ServiceError
from dossiers.clients.snippets import cut_title, read_host


class Unreadable(Exception):
    """A result, or a part of it, that has not the form its service promises."""


def read_list(data: Any, *path: str, name: str) -> list[Any]:
    """Return the list at a path of keys; a part that is missing or null is an empty list. Raises ServiceError."""
    for key in path:
        if not isinstance(data, dict):
            raise ServiceError(Outcome.INVALID, f"The answer of {name} has another form than we know.", 200)
        data = data.get(key)
        if data is None:
            return []
    if not isinstance(data, list):
        raise ServiceError(Outcome.INVALID, f"The answer of {name} has no list where we look for one.", 200)
    return data


def read_text(item: Any, key: str) -> str:
    """Return the text under a key of a result, "" where there is none. Raises Unreadable."""
    if not isinstance(item, dict):
        raise Unreadable
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise Unreadable
    return (value or "").strip()


def read_page(item: Any) -> tuple[str, str, str]:
    """Return the address, the host and the title of a result. Raises Unreadable where a reader could not open it."""
    url = read_text(item, "url")
    host = read_host(url)
    if not host:
        raise Unreadable
    return url, host, cut_title(read_text(item, "title") or url)


def collect(items: Iterable[Any], read: Callable[[Any], Found | None], *, name: str) -> FetchResult:
    """Read each result; the first of several about one thing is kept, and what cannot be read is counted.

    `read` returns None for a result without a text, and raises Unreadable. Nothing readable at all is INVALID, some of
    it PARTIAL; a service that has nothing, or no text, is EMPTY.
    """
    found: dict[str, Found] = {}
    total = unreadable = 0
    for item in items:
        total += 1
        try:
            text = read(item)
        except Unreadable:
            unreadable += 1
            continue
        if text is not None:
            found.setdefault(text.entity or text.url, text)
    return _sum_up(tuple(found.values()), total, unreadable, name)


def _sum_up(found: tuple[Found, ...], total: int, unreadable: int, name: str) -> FetchResult:
    if unreadable == total > 0:
        return FetchResult(Outcome.INVALID, message=f"None of the {total} results of {name} could be read.")
    said = f"{unreadable} of {total} results of {name} could not be read." if unreadable else ""
    if not found:
        what = f"{name} found pages, but no text of them." if total else f"{name} found nothing."
        return FetchResult(Outcome.PARTIAL if unreadable else Outcome.EMPTY, message=said or what, http_status=200)
    return FetchResult(Outcome.PARTIAL if unreadable else Outcome.OK, found, message=said, http_status=200)
