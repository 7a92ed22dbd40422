"""Takes a run; leaves its steps in words, with what each gave, and a pulse that changes when any of it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Exists, OuterRef

from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Outcome, Retrieval, RetrievalState, RetrievedCapture, Run, RunKind, RunStatus
from dossiers.refresh.assembly import Words, describe_step

_ASKED = {"page": "the article", "entity": "the entity", "search": "a search for", "place": "the place"}
_FINE = (Outcome.OK, Outcome.EMPTY)


@dataclass(frozen=True)
class Given:
    """A capture that a retrieval gave; `is_new` says that its text was not known from this source before."""

    capture_id: int
    title: str
    publisher: str
    is_new: bool
    since: datetime


@dataclass(frozen=True)
class Step:
    """One retrieval in words; `next_try` is when it is tried again, None when it is not or is at once."""

    retrieval: Retrieval
    title: str
    asked: str
    words: Words
    given: list[Given]
    next_try: datetime | None
    can_retry: bool


def read_steps(run: Run) -> list[Step]:
    """Return a run's steps in order of waves, in a number of queries that does not grow with them."""
    retrievals = list(Retrieval.objects.filter(run=run).order_by("wave", "position", "id").defer("candidates"))
    titles = dict(ProviderPolicy.objects.values_list("name", "title"))
    given = _read_given(retrievals)
    is_open = _can_be_retried(run)
    return [_describe(row, titles, given.get(row.pk, []), is_open=is_open) for row in retrievals]


def find_retrieval(retrieval_id: int) -> Retrieval | None:
    """Return a retrieval with its run and topic."""
    return Retrieval.objects.select_related("run__topic").filter(pk=retrieval_id).first()


def make_pulse(run: Run) -> str:
    """Return a short text that changes whenever the run, or one of its steps, moves on."""
    names = ("status", "wave", "outcome", "message", "is_cancel_requested", "counts", "finished_at", "attempts")
    steps = Retrieval.objects.filter(run=run).order_by("id").values_list(
        "id", "state", "outcome", "message", "attempts", "requests_made", "not_before", "finished_at"
    )  # fmt: skip
    return digest([getattr(run, name) for name in names], list(steps))


def digest(*parts: Any) -> str:
    """Return a short text that is the same for the same values."""
    return sha256(repr(parts).encode()).hexdigest()[:16]


def _can_be_retried(run: Run) -> bool:
    """Say whether a step of the run may be tried again at all: of the topic's newest research, once that is over."""
    if run.kind != RunKind.RESEARCH or run.is_active or run.status == RunStatus.CANCELLED:
        return False
    return not Run.objects.filter(topic=run.topic_id, kind=RunKind.RESEARCH, pk__gt=run.pk).exists()


def _describe(row: Retrieval, titles: dict[str, str], given: list[Given], *, is_open: bool) -> Step:
    is_waiting = row.state == RetrievalState.WAITING
    return Step(
        row, titles.get(row.provider, row.provider.replace("_", " ").capitalize()), _spell_asked(row.request),
        describe_step(row.state, row.outcome, attempts=row.attempts), given, row.not_before if is_waiting else None,
        is_open and row.state == RetrievalState.DONE and row.outcome not in _FINE,
    )  # fmt: skip


def _spell_asked(request: dict[str, Any]) -> str:
    """Write what was asked: the kind of thing, then its name or, where it is pinned, its key."""
    kind, text = request.get("kind", ""), request.get("text", "")
    what = f"{_ASKED.get(kind, kind)} “{text}”" if text else ""
    return f"{what} ({request['key']})" if what and request.get("key") else what


def _read_given(retrievals: Sequence[Retrieval]) -> dict[int, list[Given]]:
    """Return what each retrieval gave: a capture is new in the first retrieval that gave it."""
    earlier = RetrievedCapture.objects.filter(capture=OuterRef("capture"), pk__lt=OuterRef("pk"))
    rows = RetrievedCapture.objects.filter(retrieval__in=retrievals).order_by("retrieval_id", "position", "id")
    found: dict[int, list[Given]] = {}
    for row in rows.annotate(is_again=Exists(earlier)).values(
        "retrieval_id", "capture_id", "is_again", "capture__source__title", "capture__source__publisher",
        "capture__retrieved_at",
    ):  # fmt: skip
        found.setdefault(row["retrieval_id"], []).append(
            Given(
                row["capture_id"],
                row["capture__source__title"],
                row["capture__source__publisher"],
                not row["is_again"],
                row["capture__retrieved_at"],
            )
        )
    return found
