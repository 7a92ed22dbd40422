"""End runs: take what their retrievals and extraction left, leave the outcome in words and the topic's next time."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils import timezone

from dossiers.extract.actions import describe_generations
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Outcome, Retrieval, RetrievalState, Run, RunStatus, RunTrigger
from dossiers.models.topic import Topic
from dossiers.refresh.actions.sending import REFRESH_PUBLIC_STATUS, SWEEP, send_after_commit
from dossiers.refresh.queries.timing import choose_next
from dossiers.research.queries.policies import describe_refusal

ANSWERED = (Outcome.OK, Outcome.PARTIAL, Outcome.EMPTY)
TOP_UP = 25  # so many runs of the clock's end between two sweeps beyond those of the clock
NOBODY_ON = "No research service is switched on. Switch one on under Research, providers."


def has_answer(rows: Sequence[Retrieval]) -> bool:
    """Say whether any service answered, be it that it has nothing."""
    return any(row.outcome in ANSWERED for row in rows)


def finish_run(run: Run, rows: Sequence[Retrieval], counts: Mapping[str, int]) -> None:
    """End a run that was extracted: its outcome in words, the topic's times, and word to the readers' pages."""
    run.counts = dict(counts)
    run.outcome = sum_up([row.outcome for row in rows])
    told = (describe_retrievals(rows), describe_generations(run))
    end_run(run, RunStatus.FINISHED, " ".join(filter(None, told)))
    if any(counts.values()):
        send_after_commit(REFRESH_PUBLIC_STATUS, run.topic_id, queue=settings.SCHEDULED)


def finish_unanswered(run: Run, rows: Sequence[Retrieval]) -> None:
    """End a run that nobody answered: nothing is extracted, and nothing about the topic changes but its next time."""
    run.outcome = Outcome.UNAVAILABLE
    message = describe_retrievals(rows) if rows else describe_idle()
    end_run(run, RunStatus.FINISHED, f"Nobody answered. {message}" if rows else message)


def end_run(run: Run, status: RunStatus, message: str) -> None:
    """Write the end of a run whose lock is held, and when its topic is due next."""
    run.status, run.message = status, message
    run.finished_at = run.touched_at = timezone.now()
    fields = ["status", "message", "outcome", "counts", "finished_at", "touched_at", "is_cancel_requested"]
    run.save(update_fields=fields)
    _schedule_topic(run)
    if run.trigger == RunTrigger.SCHEDULED and run.pk % TOP_UP == 0:
        send_after_commit(SWEEP, queue=settings.SCHEDULED)


def _schedule_topic(run: Run) -> None:
    topic = Topic.objects.select_for_update(no_key=True).get(pk=run.topic_id)
    is_bad = run.status == RunStatus.FAILED or run.outcome == Outcome.UNAVAILABLE
    if run.status != RunStatus.CANCELLED:
        topic.refresh_failures = min(topic.refresh_failures + 1, 32_000) if is_bad else 0
    if run.status == RunStatus.FINISHED and not is_bad:
        topic.research_retrieved_at = run.finished_at
    topic.next_refresh_at = choose_next(topic, timezone.now())
    topic.save(update_fields=["refresh_failures", "research_retrieved_at", "next_refresh_at"])


def sum_up(outcomes: Sequence[str]) -> Outcome:
    """Return one outcome for several: good only if every one is, unavailable only if none was answered."""
    if not any(outcome in ANSWERED for outcome in outcomes):
        return Outcome.UNAVAILABLE
    if all(outcome == Outcome.EMPTY for outcome in outcomes):
        return Outcome.EMPTY
    return Outcome.OK if all(outcome in (Outcome.OK, Outcome.EMPTY) for outcome in outcomes) else Outcome.PARTIAL


def describe_retrievals(rows: Sequence[Retrieval]) -> str:
    """Return how each service answered: "Wikipedia: OK, Tavily: key refused". A service asked twice is told twice."""
    titles = dict(ProviderPolicy.objects.values_list("name", "title"))
    done = [row for row in rows if row.state == RetrievalState.DONE]
    told = [f"{titles.get(row.provider, row.provider)}: {_spell(Outcome(row.outcome).label)}" for row in done]
    return ", ".join(dict.fromkeys(told)) + "."


def _spell(label: str) -> str:
    return label if label == Outcome.OK.label else label[:1].lower() + label[1:]


def describe_idle() -> str:
    """Say why nobody was asked at all, and what to do."""
    rows = ProviderPolicy.objects.filter(is_enabled=True)
    refusals = [refusal for row in rows if (refusal := describe_refusal(row))]
    if not rows:
        return NOBODY_ON
    if not refusals:
        return "No research service was left to ask: editors ruled them out for this topic."
    return f"No research service could be asked. {' '.join(refusals)}"
