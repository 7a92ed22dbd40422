"""Takes approved claims and their sources as plain values; leaves an edition's bytes, hash and corrections.

The bytes are JSON in the manner of RFC 8785 (JSON Canonicalization Scheme): keys sorted, no white space, UTF-8, the
shortest escapes. There are no floating-point numbers: a decimal is a string, so that no reader's parser can change it.
Times are ISO 8601 in UTC; offsets count Unicode code points.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

FORMAT = "dossiers-edition/1"
_LARGEST_INTEGER = 2**53 - 1  # what every JSON parser reads exactly (RFC 8785, I-JSON)
# What makes two editions the same to a reader; the rest is about the act of publishing or moves by itself.
_CONTENT = ("documents", "facts", "sources")
_TITLE = ("slug", "title", "kind", "description", "language")
_SAID = ("kind", "label", "value", "date_text")

Content = dict[str, Any]


@dataclass(frozen=True)
class ChainedEdition:
    """One stored edition, as the check of the chain needs it."""

    number: int
    canonical: str
    sha256: str
    previous_sha256: str


def freeze(value: Any) -> Any:
    """Return the value as plain JSON content: Decimal and datetime as strings, tuples as lists, every dict copied.

    Raises TypeError for a float or a datetime without a zone, ValueError for an integer that a JSON parser may round.
    """
    if value is None or isinstance(value, (bool, str)):
        return value if not isinstance(value, str) else str(value)
    if isinstance(value, int):
        return _freeze_integer(value)
    if isinstance(value, Decimal):
        return spell_decimal(value)
    if isinstance(value, datetime):
        return spell_time(value)
    if isinstance(value, Mapping):
        return {str(key): freeze(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [freeze(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no place in an edition")


def _freeze_integer(value: int) -> int:
    if abs(value) > _LARGEST_INTEGER:
        raise ValueError(f"{value} is beyond what JSON parsers read exactly")
    return int(value)


def spell_decimal(value: Decimal) -> str:
    """Spell a decimal one way only, without exponent or trailing zeros: 40, 40.0 and 4E+1 are all "40"."""
    if not value.is_finite():
        raise ValueError(f"{value} is no number")
    return "0" if value == 0 else format(value.normalize(), "f")


def spell_time(value: datetime) -> str:
    """Spell a time in UTC, to the second where it has no fraction: 2026-05-02T09:20:00Z."""
    if value.tzinfo is None:
        raise TypeError("a time without a zone has no place in an edition")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def encode_canonical(content: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a content: the same content gives the same bytes, whatever the order of its dicts.

    Raises UnicodeEncodeError for text that is not Unicode (a lone surrogate).
    """
    encoded = json.dumps(freeze(content), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return encoded.encode("utf-8")


def hash_bytes(data: bytes) -> str:
    """Return the sha256 of the bytes as 64 lower-case hexadecimal digits."""
    return sha256(data).hexdigest()


def identify_fact(claim_id: int) -> str:
    """Return the fact's id, which stays the same in every edition."""
    return f"fact-{claim_id}"


def complete_content(
    content: Content, *, previous: Content | None, previous_sha256: str, publisher: str, note: str, at: datetime | None
) -> Content:
    """Return the whole content of the next edition, with its place in the chain; `at` is None in a preview."""
    number = previous["edition"] + 1 if previous else 1
    return {
        **content,
        "format": FORMAT,
        "edition": number,
        "previous_sha256": previous_sha256,
        "published_at": spell_time(at) if at else None,
        "publisher": publisher,
        "bylines": sorted({approval["editor"] for fact in content["facts"] for approval in fact["approvals"]}),
        "note": note,
        "facts": mark_changes(content["facts"], previous, number=number, at=at),
        "corrections": compare_facts(content["facts"], previous, reason=note),
    }


def mark_changes(
    facts: Sequence[Content], previous: Content | None, *, number: int, at: datetime | None
) -> list[Content]:
    """Return the facts with `since`: the edition and time at which each took the words that it has now."""
    known = {fact["id"]: fact for fact in previous["facts"]} if previous else {}
    now = {"edition": number, "at": spell_time(at) if at else None}
    return [
        {**fact, "since": known[fact["id"]]["since"] if _says_the_same(fact, known.get(fact["id"])) else now}
        for fact in facts
    ]


def _says_the_same(fact: Content, other: Content | None) -> bool:
    return other is not None and all(fact[name] == other[name] for name in _SAID)


def compare_facts(facts: Sequence[Content], previous: Content | None, *, reason: str) -> list[Content]:
    """Return the corrections against the edition before, in order of display; the first edition has none."""
    if previous is None:
        return []
    known = {fact["id"]: fact for fact in previous["facts"]}
    found = [_correct(fact, known.get(fact["id"]), reason) for fact in facts]
    kept = {fact["id"] for fact in facts}
    gone = [_describe_correction("removed", fact, fact, None, reason) for id_, fact in known.items() if id_ not in kept]
    return [correction for correction in found if correction] + gone


def _correct(fact: Content, before: Content | None, reason: str) -> Content | None:
    if _says_the_same(fact, before):
        return None
    return _describe_correction("changed" if before else "added", fact, before, fact, reason)


def _describe_correction(
    kind: str, fact: Content, before: Content | None, after: Content | None, reason: str
) -> Content:
    return {
        "fact": fact["id"], "fact_kind": fact["kind"], "kind": kind, "label": fact["label"],
        "before": spell_fact(before), "after": spell_fact(after), "reason": reason,
    }  # fmt: skip


def spell_fact(fact: Content | None) -> str:
    """Return what a fact says on one line: its label, value and date, as far as it has them."""
    if fact is None:
        return ""
    label = f"{fact['label']}: " if fact["label"] else ""
    date = f" ({fact['date_text']})" if fact["date_text"] and fact["date_text"] not in fact["label"] else ""
    return f"{label}{fact['value']}{date}"


def has_same_content(content: Content, other: Content) -> bool:
    """Say whether a reader would find nothing new: same title, facts, documents and sources."""
    mine, theirs = freeze(content), freeze(other)
    if any(mine["topic"][name] != theirs["topic"][name] for name in _TITLE):
        return False
    return all(_without_since(mine[name]) == _without_since(theirs[name]) for name in _CONTENT)


def _without_since(part: Any) -> Any:
    return [{k: v for k, v in row.items() if k != "since"} for row in part] if isinstance(part, list) else part


def find_broken_links(editions: Iterable[ChainedEdition]) -> list[str]:
    """Check one topic's editions, in order of number: numbers, hashes and chain; return what is wrong."""
    wrong, previous, expected = [], "", 1
    for edition in editions:
        content = json.loads(edition.canonical)
        if edition.number != expected or content.get("edition") != edition.number:
            wrong.append(f"edition {edition.number}: expected number {expected}")
        if hash_bytes(edition.canonical.encode()) != edition.sha256:
            wrong.append(f"edition {edition.number}: its bytes do not have the hash {edition.sha256}")
        if edition.previous_sha256 != previous or content.get("previous_sha256") != previous:
            wrong.append(f"edition {edition.number}: does not name the hash of the edition before it")
        if encode_canonical(content).decode() != edition.canonical:
            wrong.append(f"edition {edition.number}: its bytes are not canonical")
        previous, expected = edition.sha256, edition.number + 1
    return wrong
