"""Takes the bytes of a recording, leaves the answers it holds, or says what in it is wrong.

A recording is a JSON object: `format` ("dossiers-recording/1") and `answers`, a list with the oldest first. An answer
has `recorded_on` (a date) and `outcome`, and may have what a `FetchResult` has; `seeds/README.md` lists every key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from dossiers.clients.base import Candidate, FetchResult, Found, Outcome, Policy

FORMAT = "dossiers-recording/1"
GRADES = ("verbatim", "rewritten", "unknown")
WORKED = (Outcome.OK, Outcome.PARTIAL)

_Types = Mapping[str, type | tuple[type, ...]]
_RECORDING: _Types = {"format": str, "answers": list}
_ANSWER: _Types = {
    "recorded_on": str, "outcome": str, "message": str, "http_status": int, "retry_after": (int, float),
    "needs_person": bool, "found": list, "candidates": list,
}  # fmt: skip
_FOUND: _Types = {
    "title": str, "text": str, "url": str, "publisher": str, "entity": str, "published_at": str, "revision_id": str,
    "licence": str, "attribution": str, "grade": str, "features": dict, "payload": dict,
}  # fmt: skip
_CANDIDATE: _Types = {"key": str, "title": str, "description": str, "features": dict}


class RecordingMalformed(Exception):
    """A recording is not in its form; str() says where and what was expected."""


@dataclass(frozen=True)
class Recording:
    """One recorded answer and the day it stands for."""

    recorded_on: date
    result: FetchResult


def read_recording(data: bytes, policy: Policy) -> list[Recording]:
    """Read the answers of a recording, oldest first; what a text leaves open (grade, licence) is the policy's.

    Raises RecordingMalformed for anything that is not in the form, and for a key that the form does not know.
    """
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RecordingMalformed(f"it is not JSON ({error})") from None
    fields = _check(content, _RECORDING, ("format", "answers"), "the recording")
    if fields["format"] != FORMAT:
        raise RecordingMalformed(f"`format` must be {FORMAT!r}")
    answers = [_read_answer(item, f"answers[{place}]", policy) for place, item in enumerate(fields["answers"])]
    days = [answer.recorded_on for answer in answers]
    if not days or days != sorted(set(days)):
        raise RecordingMalformed("`answers` must be a list with an answer or more, each of a later day than the last")
    return answers


def _read_answer(item: Any, where: str, policy: Policy) -> Recording:
    fields = _check(item, _ANSWER, ("recorded_on", "outcome"), where)
    found = [_read_found(text, f"{where}.found[{n}]", policy) for n, text in enumerate(fields.get("found", []))]
    candidates = [
        Candidate(**_check(entry, _CANDIDATE, ("key", "title"), f"{where}.candidates[{n}]"))
        for n, entry in enumerate(fields.get("candidates", []))
    ]
    outcome = _read_outcome(fields["outcome"], where)
    if (outcome in WORKED) != bool(found or candidates):
        raise RecordingMalformed(f"{where}: `found` and `candidates` must fit the outcome {outcome.value!r}")
    rest = {name: fields[name] for name in ("message", "http_status", "retry_after", "needs_person") if name in fields}
    result = FetchResult(outcome, tuple(found), tuple(candidates), **rest)
    return Recording(_read_day(fields["recorded_on"], f"{where}.recorded_on").date(), result)


def _read_found(item: Any, where: str, policy: Policy) -> Found:
    fields = _check(item, _FOUND, ("title", "text"), where)
    if not fields["text"].strip():
        raise RecordingMalformed(f"{where}.text is empty")
    if fields.setdefault("grade", policy.grade) not in GRADES:
        raise RecordingMalformed(f"{where}.grade must be one of {', '.join(GRADES)}")
    if "published_at" in fields:
        fields["published_at"] = _read_day(fields["published_at"], f"{where}.published_at")
    defaults = {"licence": policy.licence, "attribution": policy.attribution, "payload": dict(item)}
    return Found(**{**defaults, **fields})


def _read_outcome(word: str, where: str) -> Outcome:
    try:
        return Outcome(word)
    except ValueError:
        raise RecordingMalformed(f"{where}.outcome must be one of {', '.join(Outcome)}") from None


def _read_day(text: str, where: str) -> datetime:
    """Read an ISO 8601 date, or a time, which is UTC where it does not say otherwise."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise RecordingMalformed(f"{where} must be a date such as 2025-03-01") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _check(item: Any, types: _Types, required: tuple[str, ...], where: str) -> dict[str, Any]:
    """Return a copy of an object whose keys are all known, of the right type, and there where they must be."""
    if not isinstance(item, dict):
        raise RecordingMalformed(f"{where} must be an object")
    for name in required:
        if name not in item:
            raise RecordingMalformed(f"{where} lacks `{name}`")
    for name, value in item.items():
        if name not in types:
            raise RecordingMalformed(f"{where} has the unknown key {name!r}")
        if not isinstance(value, types[name]) or (isinstance(value, bool) and types[name] is not bool):
            raise RecordingMalformed(f"{where}.{name} has the wrong type")
    return dict(item)
