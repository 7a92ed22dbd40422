"""Takes a topic's state; leaves it as text for a person."""

import re
from collections.abc import Iterator
from textwrap import indent, shorten
from typing import Any

from dossiers.management.state import State, spell_value

_WIDTH = 110
# A captured text must not move the cursor, colour the terminal or turn its direction.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def write_report(state: State) -> str:
    """Return the state in words, without characters that a terminal would obey."""
    blocks = [
        "\n".join(_tell_topic(state["topic"])),
        _list("Documents", [f"{row['title']}{_told(row['url'])}" for row in state["documents"]]),
        _list("Captures", ["\n".join(_tell_capture(row)) for row in state["captures"]]),
        _list("Claims", ["\n".join(_tell_claim(row)) for row in state["claims"]]),
        _list("Decisions", [_tell_decision(row) for row in state["decisions"]]),
        _list("Editions", [_tell_edition(row) for row in state["editions"]]),
    ]
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", "\n\n".join(blocks))


def _list(heading: str, items: list[str]) -> str:
    title = f"{heading} ({len(items)})"
    return "\n".join([title, "-" * len(title), *(indent(item, "  ") for item in items)])


def _tell_topic(topic: State) -> Iterator[str]:
    yield f"{topic['title']} ({topic['kind']}), /{topic['slug']}/"
    if topic["description"]:
        yield shorten(topic["description"], _WIDTH * 3)
    for key, words in (
        ("first_mentioned_at", "first mentioned"), ("last_updated_at", "last updated"),
        ("research_retrieved_at", "research retrieved"),
    ):  # fmt: skip
        yield f"{words}: {_spell(topic[key]) or 'never'}"


def _tell_capture(capture: State) -> Iterator[str]:
    yield f"{capture['id']}. {capture['title']} [{capture['provider']}]{_told(capture['url'] or 'no URL')}"
    yield f"   {len(capture['text'])} characters, retrieved {_spell(capture['retrieved_at'])}"
    yield from (f"   {_tell_check(check)}" for check in capture["checks"])


def _tell_claim(claim: State) -> Iterator[str]:
    state = claim["status"] if claim["health"] == "ok" else f"{claim['status']}, {claim['health'].replace('_', ' ')}"
    yield f"{claim['id']}. {claim['kind']}: {claim['label'] or '(no label)'} - {state}"
    if claim["value"] is not None:
        yield f"   stands: {claim['value']}{_told(claim['date'])}"
    for proposal in claim["proposals"]:
        yield f"   proposed by {proposal['author']}: {proposal['value']}{_told(proposal['date'])}"
        yield from (f"      {_tell_evidence(row)}" for row in proposal["evidence"])
    yield from (f"   {_tell_check(check)}" for check in claim["checks"])


def _tell_evidence(row: State) -> str:
    basis = f", {row['date_basis'].replace('_', ' ')}" if row["date_basis"] else ""
    return f"{row['role']}: “{row['exact']}” (capture {row['capture']}, {row['start']}-{row['end']}{basis})"


def _tell_check(check: State) -> str:
    related = f" (claim {check['related_claim']})" if check["related_claim"] else ""
    dismissed = f" - dismissed: {check['dismissed']}" if check["dismissed"] else ""
    return f"{check['severity']} {check['code']}: {check['message']}{related}{dismissed}"


def _tell_decision(row: State) -> str:
    reason = "".join(f", {part}" for part in (row["reason_code"], row["note"]) if part)
    undone = " (undone)" if row["is_undone"] else ""
    return f"{row['id']}. {_spell(row['at'])} {row['editor']}: {row['action']} claim {row['claim']}{reason}{undone}"


def _tell_edition(row: State) -> str:
    return f"{row['number']}. {_spell(row['published_at'])} by {row['published_by']}, sha256 {row['sha256']}"


def _told(part: str | None) -> str:
    return f" ({part})" if part else ""


def _spell(value: Any) -> str:
    return "" if value is None else spell_value(value)
