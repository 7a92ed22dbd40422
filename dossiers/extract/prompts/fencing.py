"""Take texts from outside; leave them as lines of data between fences that nothing in them can close."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_NOT_PLAIN = re.compile(r"[^ -~]")


def write_line(data: dict[str, Any]) -> str:
    """Write an object as one line of JSON in which what nobody can see, line breaks included, stands as an escape.

    Instructions hidden in invisible characters (format characters, Unicode tags) so become visible ones.
    """
    return _NOT_PLAIN.sub(_escape, json.dumps(data, ensure_ascii=False))


def fence(lines: Sequence[str]) -> str:
    """Put lines between fences marked with a hash of what they enclose, which therefore does not hold it."""
    content = "\n".join(lines)
    mark = _choose_mark(content)
    return f"<<<DATA {mark}\n{content}\nDATA {mark}>>>"


def _choose_mark(content: str) -> str:
    mark = hashlib.sha256(content.encode()).hexdigest()[:16]
    while mark in content:  # only by design of the text: then another one
        mark = hashlib.sha256(mark.encode()).hexdigest()[:16]
    return mark


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if unicodedata.category(char) not in _UNSEEN:
        return char
    return "".join(f"\\u{unit:04x}" for unit in _list_units(ord(char)))


def _list_units(point: int) -> tuple[int, ...]:
    """List the UTF-16 units of a character, as JSON escapes it (RFC 8259, section 7)."""
    if point < 0x10000:
        return (point,)
    return 0xD800 + ((point - 0x10000) >> 10), 0xDC00 + ((point - 0x10000) & 0x3FF)
