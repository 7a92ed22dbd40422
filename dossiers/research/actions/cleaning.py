"""Make what comes from outside storable: no null bytes, no lone surrogates, no endless text, nothing but JSON."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

LONGEST_TEXT, LONGEST_LINE, LONGEST_URL = 200_000, 500, 2000
LARGEST_PAYLOAD, DEEPEST = 200_000, 30


def clean_text(text: object, limit: int = LONGEST_TEXT) -> str:
    """Return `text` as PostgreSQL and UTF-8 can hold it, cut to `limit` characters."""
    cut = str(text or "")[: limit * 2].replace("\0", "")
    whole = cut.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _has_surrogates(cut) else cut
    return whole[:limit]


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text) if not text.isascii() else False


def clean_line(text: object, limit: int = LONGEST_LINE) -> str:
    """Return `text` on one line."""
    return " ".join(clean_text(text, limit).split())


def clean_url(url: object) -> str:
    """Return an address that may become a link, or empty text: only http and https, not longer than a source's."""
    text = clean_text(url, LONGEST_URL + 1).strip()
    is_link = text.lower().startswith(("http://", "https://")) and not any(c.isspace() for c in text)
    return text if is_link and len(text) <= LONGEST_URL else ""


def clean_time(at: datetime | None) -> datetime | None:
    """Return an aware time; one without a zone is taken as UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def clean_payload(payload: Mapping[str, Any] | None) -> Any:
    """Return a raw answer as jsonb can hold it, or None where it is too large to keep."""
    cleaned = clean_json(payload)
    return cleaned if cleaned is None or len(json.dumps(cleaned)) <= LARGEST_PAYLOAD else None


def clean_json(value: object, depth: int = 0) -> Any:
    """Return `value` with every text cleaned; numbers that JSON lacks and what is nested too deeply become null."""
    if isinstance(value, str):
        return clean_text(value)
    if depth > DEEPEST or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, Mapping):
        return {clean_text(key): clean_json(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [clean_json(part, depth + 1) for part in value]
    return value if value is None or isinstance(value, bool | int | float) else clean_text(value)


def clean_number(number: float | None, most: float) -> float | None:
    """Return a number that a column can hold, or None for none."""
    if number is None or not math.isfinite(number):
        return None
    return max(0.0, min(float(number), most))
