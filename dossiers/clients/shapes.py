"""Reading answers whose shape nobody promised: takes any JSON value, leaves the kind that was wanted or nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

TAG = re.compile(r"<[^<>]*>")
SPACE = re.compile(r"\s+")


def as_dict(value: Any) -> dict[str, Any]:
    """Return an object, else an empty one (PHP writes an empty object as a list)."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str:
    """Return a text or a whole number as text, else ""."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def as_line(value: Any) -> str:
    """Return a text as one line."""
    return SPACE.sub(" ", as_text(value)).strip()


def list_dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list, or of an object's values."""
    for item in value.values() if isinstance(value, dict) else as_list(value):
        if isinstance(item, dict):
            yield item


def is_set(holder: dict[str, Any], name: str) -> bool:
    """Say whether a flag is set: true in one format of MediaWiki's answers, an empty text in the other."""
    return name in holder and holder[name] is not False and holder[name] is not None


def strip_tags(value: Any) -> str:
    """Return the words of a snippet of HTML, as one line of text."""
    return as_line(unescape(TAG.sub("", as_text(value))))


def as_address(value: Any) -> str:
    """Return an address of the web, else ""; what else stands in a link is never kept."""
    text = as_text(value)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.netloc and not SPACE.search(text) else ""


def as_time(value: Any) -> datetime | None:
    """Return an ISO 8601 time with its zone (UTC where none is named), else None."""
    try:
        moment = datetime.fromisoformat(as_text(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
