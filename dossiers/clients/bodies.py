"""Bodies of answers: takes a response that is arriving, leaves its JSON as values a database can keep."""

import json
import math
from typing import Any, NoReturn

import httpx2
from django.conf import settings

from dossiers.clients.base import Outcome
from dossiers.clients.errors import ServiceError
from dossiers.clients.guard import Deadline

# No encoding whose decoder may be missing: what is asked for is what can be counted.
JSON_ACCEPT = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# NUL, and halves of surrogate pairs: JSON may spell them, text in a database may not hold them.
UNKEEPABLE = {0: REPLACEMENT} | dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT)


def read_body(response: httpx2.Response, deadline: Deadline, name: str) -> bytes:
    """Read a body to its end, no further than RESEARCH_BODY_LIMIT decoded bytes and no longer than the deadline."""
    limit, parts, size = settings.RESEARCH_BODY_LIMIT, [], 0
    for part in response.iter_bytes():
        deadline.limit(None)
        size += len(part)
        if max(size, response.num_bytes_downloaded) > limit:
            message = f"The answer of {name} is larger than {limit / 1_000_000:.1f} MB."
            raise ServiceError(Outcome.INVALID, message, response.status_code)
        parts.append(part)
    return b"".join(parts)


def parse_json(body: bytes, content_type: str, name: str, status: int, *, is_required: bool) -> Any:
    """Return the values of a JSON body; None where it is none and `is_required` is not. Raises ServiceError."""
    if not _is_json(content_type):
        if not is_required:
            return None
        kind = content_type.partition(";")[0].strip()[:40] or "something without a type"
        raise ServiceError(Outcome.INVALID, f"{name} answered with {kind!r} instead of JSON.", status)
    try:
        data = json.loads(body, parse_constant=_refuse_constant, parse_float=_read_float)
    except (ValueError, RecursionError):
        if not is_required:
            return None
        failed = ServiceError(Outcome.INVALID, f"{name} answered with broken JSON.", status)
    else:
        return _clean(data) if b"\\u" in body else data
    raise failed


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind in {"application/json", "text/json"} or (kind.startswith("application/") and kind.endswith("+json"))


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _read_float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("the number is too large")
    return number


def _clean(data: Any) -> Any:
    """Replace what no database keeps. The parser has bounded the depth already."""
    if isinstance(data, str):
        return data.translate(UNKEEPABLE)
    if isinstance(data, list):
        return [_clean(item) for item in data]
    if isinstance(data, dict):
        return {_clean(name): _clean(item) for name, item in data.items()}
    return data
