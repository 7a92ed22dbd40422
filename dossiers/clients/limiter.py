"""The limiter: takes a policy and the host to ask, leaves the right to send one request, for all workers together.

What is counted stands in Redis and is changed by scripts that run there, by its clock: spacing between requests and how
many are under way per host, how long a host wants no request, the day's budget and the breaker per policy. Without
Redis nothing is sent.
"""

import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from dossiers.clients.base import MustWait, Outcome, Policy
from dossiers.clients.errors import ServiceError

PREFIX = "limiter"
POLL = 0.05  # seconds between two looks at a place that somebody holds
MARGIN = 5.0  # seconds that a lease outlives the longest request
PROMISE = 5.0  # seconds that a turn is kept for an urgent caller that was sent away
DAY = 86400
REASONS = {
    "blocked": "{name} asked us to wait",
    "breaker": "{name} failed several times in a row and is left alone for a while",
    "probe": "{name} is being tried again after several failures",
    "budget": "the requests that {name} may be asked in a day are used up",
    "urgent": "somebody who waits for {name} goes first",
    "in_flight": "as many requests to {name} as allowed are under way",
    "spacing": "the last request to {name} was a moment ago",
}
# What a call came to that could not wait for its turn, where it is not the service that asked for patience.
IN_VAIN = {"breaker": Outcome.UNAVAILABLE, "probe": Outcome.UNAVAILABLE, "budget": Outcome.QUOTA}
LONG = frozenset({"blocked", "breaker", "budget"})


@lru_cache(maxsize=4)
def _connect(url: str) -> redis.Redis:
    retry = Retry(ExponentialBackoff(cap=0.2, base=0.05), 2)
    return redis.Redis.from_url(url, decode_responses=True, socket_timeout=3, socket_connect_timeout=3, retry=retry)


def connect_redis() -> redis.Redis:
    """Return this process's connections to the Redis that holds the limiter; they answer in text."""
    return _connect(settings.RESEARCH_REDIS_URL)


@lru_cache(maxsize=8)
def _read_script(name: str) -> Any:
    """Return a script of lua/; whichever connection runs it loads it where it is missing."""
    text = (Path(__file__).parent / "lua" / f"{name}.lua").read_text(encoding="utf-8")
    return redis.Redis().register_script(text)


def run_script(name: str, keys: list[str], arguments: list[Any]) -> Any:
    """Run a script of lua/. Raises ServiceError where Redis does not answer."""
    try:
        return _read_script(name)(keys=keys, args=arguments, client=connect_redis())
    except redis.RedisError:
        failed = ServiceError(
            Outcome.UNAVAILABLE, "The limiter's Redis does not answer, so nothing was sent.", is_slow=True
        )
    raise failed


def find_host(url: str) -> str:
    """Return the host of an address, as the limiter counts it: lower case, with a port that is not the usual one."""
    parts = urlsplit(url)
    host, port = (parts.hostname or "").rstrip("."), parts.port
    return f"{host}:{port}" if port and port not in {80, 443} else host


def _name_host(host: str, part: str) -> str:
    return f"{PREFIX}:host:{host}:{part}"


def _name_policy(name: str) -> str:
    return f"{PREFIX}:policy:{name}"


@dataclass(frozen=True)
class Lease:
    """The right to send one request to a host."""

    host: str
    token: str


class Limiter:
    """One policy's way to its turns. `is_urgent`: a person waits, and goes before what is only due."""

    def __init__(self, policy: Policy, *, is_urgent: bool = False) -> None:
        self.policy, self.is_urgent = policy, is_urgent

    def acquire(self, host: str, *, patience: float | None = None, is_urgent: bool | None = None) -> Lease:
        """Wait for a turn at a host, at most `patience` seconds (RESEARCH_PATIENCE by itself).

        Raises MustWait where it would be longer, ServiceError where Redis does not answer; nothing was sent then.
        """
        lease = Lease(host, uuid.uuid4().hex)
        urgent = self.is_urgent if is_urgent is None else is_urgent
        end = time.monotonic() + (settings.RESEARCH_PATIENCE if patience is None else patience)
        while True:
            reason, wait = self._try(lease, is_urgent=urgent)
            if not reason:
                return lease
            if wait > end - time.monotonic():
                self._leave(lease, is_urgent=urgent)
                seconds = wait if reason in LONG else max(wait, self.policy.spacing, POLL)
                words = f"{REASONS[reason].format(name=self.policy.name)}; {seconds:.1f} s more."
                raise MustWait(seconds, words, IN_VAIN.get(reason, Outcome.RATE_LIMITED))
            time.sleep(wait)

    def _try(self, lease: Lease, *, is_urgent: bool) -> tuple[str, float]:
        policy = self.policy
        budget = -1 if policy.daily_budget is None else policy.daily_budget
        keys = [_name_host(lease.host, part) for part in ("state", "leases", "urgent", "promised")]
        limits = [policy.spacing, policy.in_flight, policy.timeout + MARGIN, budget, POLL]
        reason, wait = run_script("acquire", [*keys, _name_policy(policy.name)], [lease.token, int(is_urgent), *limits])
        return reason, float(wait)

    def _leave(self, lease: Lease, *, is_urgent: bool) -> None:
        if is_urgent:
            keys = [_name_host(lease.host, part) for part in ("urgent", "promised")]
            run_script("leave", keys, [lease.token, PROMISE])

    def release(
        self, lease: Lease, outcome: Outcome | None, *, sent_ago: float = 0.0, wait: float | None = None
    ) -> None:
        """Give a turn back. `outcome` None: nothing was sent; `sent_ago` and `wait` (Retry-After) are in seconds.

        Raises ServiceError where Redis does not answer; the lease then ends by itself.
        """
        verdict = "" if outcome is None else "failed" if outcome in FAILURES else "good"
        breaker = [settings.RESEARCH_BREAKER_AFTER, settings.RESEARCH_BREAKER_PAUSE, settings.RESEARCH_LONGEST_PAUSE]
        keys = [_name_host(lease.host, part) for part in ("state", "leases")]
        arguments = [lease.token, verdict, sent_ago, -1 if wait is None else wait, *breaker]
        run_script("release", [*keys, _name_policy(self.policy.name)], arguments)


FAILURES = frozenset({Outcome.UNAVAILABLE, Outcome.RATE_LIMITED, Outcome.INVALID})


def seed_budget(name: str, day: date, used: int) -> None:
    """Tell the limiter how many requests a policy made on a UTC day, after its Redis lost count; never lowers it."""
    run_script("seed", [_name_policy(name)], [(day - date(1970, 1, 1)).days, used])


@dataclass(frozen=True)
class LimiterState:
    """What the limiter knows of a policy now. Times are aware; `breaker` is closed, open or half_open."""

    name: str
    host: str
    used_today: int
    budget_left: int | None
    blocked_until: datetime | None
    breaker: str
    open_until: datetime | None
    failures: int
    in_flight: int
    urgent_waiting: int


def read_state(policy: Policy) -> LimiterState:
    """Return what the limiter knows of one policy. Raises ServiceError where Redis does not answer."""
    return read_states([policy])[policy.name]


def read_states(policies: Iterable[Policy]) -> dict[str, LimiterState]:
    """Return what the limiter knows of each policy, by name, in one round trip. Raises ServiceError without Redis."""
    policies = list(policies)
    try:
        pipeline = connect_redis().pipeline(transaction=False)
        pipeline.time()
        for policy in policies:
            host = find_host(policy.base_url)
            pipeline.hgetall(_name_policy(policy.name))
            pipeline.hgetall(_name_host(host, "state"))
            pipeline.zrangebyscore(_name_host(host, "leases"), "-inf", "+inf", withscores=True)
            pipeline.zrangebyscore(_name_host(host, "urgent"), "-inf", "+inf", withscores=True)
        (seconds, micros), *rows = pipeline.execute()
    except redis.RedisError:
        raise ServiceError(Outcome.UNAVAILABLE, "The limiter's Redis does not answer.") from None
    now = seconds + micros / 1_000_000
    return {
        policy.name: _read_row(policy, now, *rows[4 * place : 4 * place + 4]) for place, policy in enumerate(policies)
    }


def _read_row(
    policy: Policy, now: float, kept: dict[str, str], host: dict[str, str], leases: list[Any], urgent: list[Any]
) -> LimiterState:
    used = int(kept.get("used", 0)) if int(kept.get("day", -1)) == int(now // DAY) else 0
    opened = float(kept.get("open_until", 0))
    blocked = float(host.get("blocked_until", 0))
    return LimiterState(
        name=policy.name,
        host=find_host(policy.base_url),
        used_today=used,
        budget_left=None if policy.daily_budget is None else max(policy.daily_budget - used, 0),
        blocked_until=datetime.fromtimestamp(blocked, UTC) if blocked > now else None,
        breaker="open" if opened > now else "half_open" if opened else "closed",
        open_until=datetime.fromtimestamp(opened, UTC) if opened > now else None,
        failures=int(kept.get("failures", 0)),
        in_flight=sum(1 for _, ends in leases if ends > now),
        urgent_waiting=sum(1 for _, ends in urgent if ends > now),
    )
