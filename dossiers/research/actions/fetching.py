"""Carry out one retrieval: lease it, ask its provider outside any transaction, store what came of it in one."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dossiers.clients.base import FetchResult, MustWait, Outcome, Query
from dossiers.clients.registry import make_provider
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Retrieval, RetrievalState, Run, RunTrigger
from dossiers.research.actions.cleaning import clean_line, clean_number
from dossiers.research.actions.storing import store_found
from dossiers.research.queries.policies import describe_policy, describe_refusal
from dossiers.research.queries.topics import read_context

logger = logging.getLogger(__name__)

TRANSIENT = frozenset({Outcome.RATE_LIMITED, Outcome.UNAVAILABLE})
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds between tries, doubling
# Seconds; who asks us to wait longer is not waited for in this run. A person who waits learns sooner.
LONGEST_WAIT = {RunTrigger.REQUESTED: 60.0, RunTrigger.SCHEDULED: 900.0}
SMALLINT = 32_767
_WRITTEN = (
    "state", "outcome", "message", "requests_made", "not_before", "leased_until", "http_status", "retry_after",
    "elapsed", "candidates", "finished_at",
)  # fmt: skip


@dataclass(frozen=True)
class Fetched:
    """What became of a retrieval: it is done, or comes again in so many seconds; None: it was not ours to carry out."""

    run_id: int
    comes_again_in: float | None = None


def fetch_retrieval(retrieval_id: int) -> Fetched | None:
    """Carry out one retrieval, unless another worker has it, it must not go yet, or it is over; return what became.

    Whoever dies in between leaves a lease that ends; what a worker brings after its lease was taken over is dropped.
    """
    retrieval = Retrieval.objects.select_related("run__topic").filter(pk=retrieval_id).first()
    policy = ProviderPolicy.objects.filter(name=retrieval.provider).first() if retrieval else None
    if retrieval is None or not _lease(retrieval, policy):
        return None
    refusal = describe_refusal(policy)
    if refusal or policy is None:
        return _finish(retrieval, policy, FetchResult(Outcome.UNAVAILABLE, message=refusal), is_last=True)
    if retrieval.attempts > settings.RESEARCH_ATTEMPTS:
        return _finish(retrieval, policy, _give_up(policy), is_last=True)
    try:
        result = _ask(retrieval, policy)
    except MustWait as wait:
        return _put_back(retrieval, policy, wait)
    return _finish(retrieval, policy, result, is_last=retrieval.attempts >= settings.RESEARCH_ATTEMPTS)


def _lease(retrieval: Retrieval, policy: ProviderPolicy | None) -> bool:
    """Take the retrieval if it is free and as we read it, in one statement (compare and set); count the attempt."""
    now = timezone.now()
    is_over = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    waits = Q(state=RetrievalState.WAITING) & (Q(not_before__isnull=True) | Q(not_before__lte=now))
    free = Q(waits) | (Q(state=RetrievalState.RUNNING) & is_over)
    as_read = Retrieval.objects.filter(free, pk=retrieval.pk, attempts=retrieval.attempts)
    # A call may be several requests, each with its own time limit.
    seconds = settings.RESEARCH_LEASE + 2 * (policy.timeout if policy else 0)
    retrieval.attempts, retrieval.state = retrieval.attempts + 1, RetrievalState.RUNNING
    retrieval.started_at, retrieval.not_before = now, None
    retrieval.leased_until = now + timedelta(seconds=seconds)
    fields = ("attempts", "state", "started_at", "not_before", "leased_until")
    return bool(as_read.update(**{name: getattr(retrieval, name) for name in fields}))


def _ask(retrieval: Retrieval, policy: ProviderPolicy) -> FetchResult:
    """Ask the provider. Raises MustWait; a client that breaks is reported as an answer that was not understood."""
    context = read_context(retrieval.run)
    try:
        provider = make_provider(policy.client, describe_policy(policy))
        return provider.fetch(Query(**retrieval.request), context)
    except (MustWait, SoftTimeLimitExceeded):
        raise
    except Exception as error:
        # Only the kind of error goes to the desk: its words may hold what was sent.
        logger.exception("The client of %s broke", policy.name)
        return FetchResult(Outcome.INVALID, message=f"Our client of {policy.title} failed ({type(error).__name__}).")


def _give_up(policy: ProviderPolicy) -> FetchResult:
    return FetchResult(Outcome.UNAVAILABLE, message=f"Every try of asking {policy.title} was cut off.")


def _put_back(retrieval: Retrieval, policy: ProviderPolicy, wait: MustWait) -> Fetched | None:
    """Let the retrieval wait for its turn, which is no attempt; who would have to wait too long is done instead."""
    if wait.seconds > _find_longest(retrieval):
        message = f"{policy.title} is not asked for now: {clean_line(wait)}"
        return _finish(retrieval, policy, FetchResult(Outcome(wait.outcome), message=message), is_last=True)
    at = timezone.now() + timedelta(seconds=max(0.0, wait.seconds))
    # It keeps its place until then: others of the same provider would only be turned away too.
    again = {"attempts": retrieval.attempts - 1, "state": RetrievalState.WAITING, "leased_until": at}
    mine = Retrieval.objects.filter(pk=retrieval.pk, state=RetrievalState.RUNNING, leased_until=retrieval.leased_until)
    is_ours = mine.update(**again, not_before=at, message=clean_line(wait))
    return Fetched(retrieval.run_id, max(0.0, wait.seconds)) if is_ours else None


@transaction.atomic
def _finish(
    retrieval: Retrieval, policy: ProviderPolicy | None, result: FetchResult, *, is_last: bool
) -> Fetched | None:
    """Store captures and outcome together, or let the retrieval wait for another try; None where the lease was lost."""
    now = timezone.now()
    Run.objects.filter(pk=retrieval.run_id).update(touched_at=now)  # and its row is ours until we commit
    ours = Retrieval.objects.filter(pk=retrieval.pk, state=RetrievalState.RUNNING, leased_until=retrieval.leased_until)
    if not ours.update(leased_until=None):
        return None
    retrieval.leased_until = None
    _note(retrieval, result)
    pause = None if is_last else _choose_pause(retrieval, result)
    if pause is not None:
        retrieval.state, retrieval.not_before = RetrievalState.WAITING, now + timedelta(seconds=pause)
    else:
        retrieval.state, retrieval.outcome, retrieval.finished_at = RetrievalState.DONE, result.outcome, now
        if policy is not None:
            store_found(retrieval, policy, result, now)
        _stop_if_needed(policy, result, now)
    retrieval.save(update_fields=_WRITTEN)
    return Fetched(retrieval.run_id, pause)


def _note(retrieval: Retrieval, result: FetchResult) -> None:
    """Keep what the call was like; requests are counted over all attempts."""
    status = clean_number(result.http_status, SMALLINT)
    retrieval.http_status = None if status is None else int(status)
    retrieval.retry_after = clean_number(result.retry_after, 1e9)
    retrieval.elapsed = clean_number(result.elapsed, 1e6)
    retrieval.requests_made = min(SMALLINT, retrieval.requests_made + max(0, result.requests_made))
    retrieval.message = clean_line(result.message)


def _choose_pause(retrieval: Retrieval, result: FetchResult) -> float | None:
    """Return the seconds until another try, or None where another try is of no use."""
    is_broken = not result.found and 500 <= (result.http_status or 0) < 600
    if result.needs_person or not (is_broken or result.outcome in TRANSIENT):
        return None
    if result.retry_after is not None:
        asked = clean_number(result.retry_after, 1e9) or 0.0
        return asked if asked <= _find_longest(retrieval) else None
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (retrieval.attempts - 1))
    spread = Random(f"{retrieval.pk}:{retrieval.attempts}").uniform(0.8, 1.2)  # noqa: S311 - spreads, keeps no secret
    return pause * spread


def _find_longest(retrieval: Retrieval) -> float:
    return LONGEST_WAIT.get(RunTrigger(retrieval.run.trigger), FIRST_PAUSE)


def _stop_if_needed(policy: ProviderPolicy | None, result: FetchResult, now: datetime) -> None:
    """Stop a service that only a person can set going again; the first reason stays."""
    if policy is not None and result.needs_person:
        reason = clean_line(result.message) or f"{policy.title} refuses to answer ({result.outcome})."
        running = ProviderPolicy.objects.filter(pk=policy.pk, stopped_at__isnull=True)
        running.update(stopped_at=now, stopped_reason=reason)
