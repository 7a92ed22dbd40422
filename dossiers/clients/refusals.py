"""Refusals in a service's own words: takes an answer and its reason, leaves one ServiceError that quotes it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dossiers.clients.base import Outcome, Policy
from dossiers.clients.errors import ServiceError, judge_status
from dossiers.clients.http import Answer

LONGEST_REASON = 200


class Refusal(NamedTuple):
    """What one status of one service means, where it is not what it usually means."""

    outcome: Outcome
    what: str
    needs_person: bool = False


def judge_refusal(
    policy: Policy, answer: Answer, *, own: Mapping[int, Refusal], reason: str = "", retry_after: float | None = None
) -> None:
    """Raise ServiceError where an answer is a refusal; `own` statuses go before the common ones.

    `retry_after` (seconds) is what the service says in its own way, and goes before the header Retry-After.
    """
    quoted = quote_reason(reason, policy)
    try:
        judge_status(policy.name, answer)
    except ServiceError as error:
        refusal = own.get(answer.status)
        message = f"{policy.name} {refusal.what} (HTTP {answer.status})." if refusal else error.message
        raise ServiceError(
            refusal.outcome if refusal else error.outcome,
            f"{message}{quoted}",
            answer.status,
            error.retry_after if retry_after is None else retry_after,
            refusal.needs_person if refusal else error.needs_person,
            answer=answer,
        ) from None


def quote_reason(reason: str, policy: Policy) -> str:
    """Return a service's own words as a short sentence for the desk, without our key, "" where it said nothing."""
    words = " ".join(reason.replace(policy.key, "…").split() if policy.key else reason.split())
    words = "".join(letter for letter in words if letter.isprintable())
    if not words:
        return ""
    return f" It says: “{words[:LONGEST_REASON]}{'…' if len(words) > LONGEST_REASON else ''}”"


def find_text(data: Any, *path: str) -> str:
    """Return the text at a path of keys in whatever a service answered, "" where there is none."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""
