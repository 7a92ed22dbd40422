"""What a service's refusal means: takes a status, a header or a failure, leaves one exception that says all of it."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from dossiers.clients.base import FetchResult, Outcome

if TYPE_CHECKING:
    from dossiers.clients.http import Answer

TRANSIENT = frozenset({Outcome.RATE_LIMITED, Outcome.UNAVAILABLE})
# What the table in the retry policy says of a status; a client knows better for its own service (`judge`).
REFUSALS = {
    401: (Outcome.AUTH, "does not take our key", True),
    402: (Outcome.QUOTA, "says that the plan is used up", True),
    403: (Outcome.AUTH, "refuses us", True),
    404: (Outcome.BAD_REQUEST, "does not know that address", False),
    407: (Outcome.AUTH, "stands behind a proxy that refuses us", True),
    408: (Outcome.UNAVAILABLE, "gave up waiting for our request", False),
    425: (Outcome.UNAVAILABLE, "was not ready for our request", False),
    429: (Outcome.RATE_LIMITED, "says that we ask too often", False),
}


class ServiceError(Exception):
    """A call that gave nothing usable. The message is a sentence for the desk and never holds a key.

    `retry_after` is in seconds, as the service said; None where it said nothing. `needs_person`: asking again is
    useless until somebody acts. `answer` is what came back, if anything. `is_slow` failures cost the whole timeout.
    """

    def __init__(
        self,
        outcome: Outcome,
        message: str,
        http_status: int | None = None,
        retry_after: float | None = None,
        needs_person: bool = False,
        *,
        answer: "Answer | None" = None,
        is_slow: bool = False,
    ) -> None:
        super().__init__(message)
        self.outcome, self.message, self.http_status = outcome, message, http_status
        self.retry_after, self.needs_person = retry_after, needs_person
        self.answer, self.is_slow = answer, is_slow

    @property
    def is_transient(self) -> bool:
        """Say whether the same question may be answered later, without anybody doing anything."""
        return self.outcome in TRANSIENT and not self.needs_person

    def to_result(self) -> FetchResult:
        """Return the failure as a client's answer; who called adds the number of requests and the time."""
        return FetchResult(
            self.outcome,
            message=self.message,
            http_status=self.http_status,
            retry_after=self.retry_after,
            needs_person=self.needs_person,
        )


def judge_status(name: str, answer: "Answer") -> None:
    """Raise ServiceError for an answer whose status is not a success."""
    status = answer.status
    if 200 <= status < 300:
        return
    outcome, what, needs_person = REFUSALS.get(status, _judge_family(status))
    raise ServiceError(
        outcome,
        f"{name} {what} (HTTP {status}).",
        status,
        parse_retry_after(answer.headers.get("retry-after")),
        needs_person,
        answer=answer,
    )


def _judge_family(status: int) -> tuple[Outcome, str, bool]:
    if status >= 500:
        return Outcome.UNAVAILABLE, "has a failure of its own", False
    if status >= 400:
        return Outcome.BAD_REQUEST, "does not accept our request", False
    return Outcome.INVALID, "answered with a status that we cannot use", False


def parse_retry_after(text: str | None, now: datetime | None = None) -> float | None:
    """Read a Retry-After header in seconds (RFC 9110 section 10.2.3; some services send fractions), else None."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_until(text, now or datetime.now(UTC))
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_until(text: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (moment - now).total_seconds()
    except (ValueError, OverflowError):
        return math.nan
