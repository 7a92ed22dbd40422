"""What every client takes and gives: the policy it acts under, the question, and the answer as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol


class Outcome(StrEnum):
    """How a call ended. `EMPTY` means that the service looked and has nothing; `UNAVAILABLE` that nobody knows."""

    OK = "ok"
    EMPTY = "empty"
    PARTIAL = "partial"
    RATE_LIMITED = "rate_limited"
    AUTH = "auth"
    QUOTA = "quota"
    BAD_REQUEST = "bad_request"
    UNAVAILABLE = "unavailable"
    INVALID = "invalid"


@dataclass(frozen=True)
class Policy:
    """A provider's policy as its client needs it. Times are in seconds; the key never shows in a repr or a message."""

    name: str
    role: str
    base_url: str = ""
    user_agent: str = ""
    key: str = field(default="", repr=False)
    spacing: float = 1.0
    in_flight: int = 1
    daily_budget: int | None = None
    timeout: float = 20.0
    grade: str = "unknown"
    licence: str = ""
    attribution: str = ""
    terms_url: str = ""


@dataclass(frozen=True)
class Query:
    """What is asked: a page or entity by title, search words, or a place. `key` is a pinned external id, and wins."""

    kind: Literal["page", "entity", "search", "place"]
    text: str
    language: str = "en"
    key: str = ""
    limit: int = 5


@dataclass(frozen=True)
class Context:
    """For whom it is asked. `round` counts the topic's finished research runs; a person waits where `is_urgent`."""

    title: str
    kind: str = "topic"
    description: str = ""
    aliases: tuple[str, ...] = ()
    round: int = 0
    is_urgent: bool = False


@dataclass(frozen=True)
class Found:
    """One text that may become a capture. `entity` says what it is about: "wikidata:Q1", "osm:way/1", "wikipedia:en:X".

    `features` holds what tells whether it is the topic's: is_disambiguation, redirected_from, section, instance_of (a
    list of names), coordinates ([lat, lon] as text), importance, ... Times are aware. `payload` is the raw answer.
    """

    title: str
    text: str
    url: str = ""
    publisher: str = ""
    entity: str = ""
    payload: Mapping[str, Any] | None = None
    published_at: datetime | None = None
    revision_id: str = ""
    licence: str = ""
    attribution: str = ""
    grade: str = "unknown"
    features: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """An entity that the question may mean: its external id, its name, and what tells it from others."""

    key: str
    title: str
    description: str = ""
    features: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FetchResult:
    """What one call gave. `message` is a sentence for the desk; `retry_after` in seconds, as the service said.

    `needs_person` says that asking again is useless until somebody acts (a refused key, a used-up plan).
    """

    outcome: Outcome
    found: tuple[Found, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    message: str = ""
    http_status: int | None = None
    retry_after: float | None = None
    requests_made: int = 0
    elapsed: float = 0.0
    needs_person: bool = False


@dataclass(frozen=True)
class Health:
    """Whether a provider can be asked now, and in words why not."""

    outcome: Outcome
    message: str = ""
    elapsed: float = 0.0


class MustWait(Exception):
    """The limiter lets no request pass for `seconds`; nothing was sent. The caller comes back then.

    `outcome` is what the call came to for a caller who cannot wait that long.
    """

    def __init__(self, seconds: float, reason: str = "", outcome: Outcome = Outcome.RATE_LIMITED) -> None:
        super().__init__(reason or f"wait {seconds:.1f} s")
        self.seconds, self.reason, self.outcome = seconds, reason, outcome


class Provider(Protocol):
    """An adapter to one research service. Never raises for what a service did; raises MustWait before sending."""

    def __init__(self, policy: Policy) -> None: ...

    def fetch(self, query: Query, context: Context) -> FetchResult:
        """Ask, check the answer, and say what it holds."""
        ...

    def health(self) -> Health:
        """Ask the cheapest thing that shows whether the service answers and takes our key."""
        ...
