"""Ask a language model about what a run retrieved, outside any transaction; leave its raw answers, and drafts of them.

The answers are stored before extraction begins, so that extraction in its transaction calls nobody, and one that is
begun again asks nothing twice.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from dossiers.clients.llm import LlmAnswer, LlmOutcome, Question, ask_model, make_llm_policy
from dossiers.extract.assembly import Draft, Library
from dossiers.extract.prompts import (
    EXTRACTOR,
    LONGEST_ANSWER,
    SCHEMA,
    SCHEMA_NAME,
    VERSION,
    Prompt,
    build_prompts,
    read_answer,
)
from dossiers.extract.queries import describe_capture, describe_topic, list_run_captures
from dossiers.models.generation import Generation, GenerationOutcome
from dossiers.models.run import Run, RunKind

READ = (GenerationOutcome.OK, GenerationOutcome.EMPTY)
_MOST_TOLD = 3  # problems of an answer that its row tells in words
_CHARACTERS_PER_TOKEN = 3
_MOST_COST = Decimal(999_999)  # what the column holds
_OUTCOMES = {
    LlmOutcome.TRUNCATED: GenerationOutcome.TRUNCATED,
    LlmOutcome.INVALID: GenerationOutcome.INVALID,
    LlmOutcome.RATE_LIMITED: GenerationOutcome.UNAVAILABLE,
    LlmOutcome.UNAVAILABLE: GenerationOutcome.UNAVAILABLE,
}  # every other failure is a refusal of the service


@dataclass
class _Work:
    """The questions of one run under way; `stopped` says why nothing more is asked."""

    run: Run
    library: Library
    spent: int = 0
    stopped: LlmAnswer | None = None
    known: dict[str, Generation] = field(default_factory=dict)


def prepare_extraction(run: Run) -> None:
    """Ask the model that the settings name about a research run's captures, and store what it says.

    Each prompt is asked once in a run; the answer that an earlier run of the topic got to the very same prompt is
    copied instead, at no cost. Beyond LLM_TOKENS_PER_RUN, and once the service does not answer, nothing more is asked.
    Call it outside any transaction; with another extractor there is nothing to do.
    """
    if settings.EXTRACTOR != EXTRACTOR or run.kind != RunKind.RESEARCH:
        return
    work = _Work(run, _read_library(run))
    work.known = {row.prompt_sha256: row for row in Generation.objects.filter(run=run)}
    for prompt in _build_prompts(work.library, settings.LLM_MODEL):
        if row := work.known.get(prompt.sha256):
            work.spent += _count_tokens(row, prompt)
        elif not _is_cancelled(run):
            _answer_prompt(work, prompt)
    Run.objects.filter(pk=run.pk).update(message=describe_generations(run), touched_at=timezone.now())


def list_generated_drafts(run: Run, library: Library) -> list[Draft]:
    """List what the stored answers of a run give, as far as the library has their captures; nobody is asked anything.

    A draft's `origin` is the hash of the prompt whose answer it stood in.
    """
    own, keys = _read_library(run), {capture.key for capture in library.captures}
    drafts = [
        replace(draft, origin=prompt.sha256)
        for row, prompt in _pair_rows(run, own)
        for draft in read_answer(row.answer, prompt, own).drafts
        if draft.at is None or draft.at.capture in keys
    ]
    return [replace(draft, position=place) for place, draft in enumerate(drafts)]


def trace_generations(run: Run) -> tuple[str, str, str]:
    """Tell version, model and one hash for all prompts of a run that were answered, without reading any text.

    Runs with equal traces over equal captures give equal drafts: an answered prompt is never asked again, it is copied.
    """
    rows = list(Generation.objects.filter(run=run, outcome__in=READ).order_by("id").defer("answer"))
    if not rows:
        return VERSION, settings.LLM_MODEL, ""
    hashes = "\n".join(sorted(row.prompt_sha256 for row in rows))
    return rows[-1].extractor_version, rows[-1].model, hashlib.sha256(hashes.encode()).hexdigest()


def describe_generations(run: Run) -> str:
    """Say how the model answered in a run, and the first thing that went wrong; "" where it was not asked."""
    rows = list(Generation.objects.filter(run=run).order_by("id").defer("answer"))
    if not rows:
        return ""
    failed = [row for row in rows if row.outcome not in READ]
    told = f"The language model answered {len(rows) - len(failed)} of {len(rows)} questions."
    return f"{told} {failed[0].message or failed[0].get_outcome_display()}" if failed else told


def _pair_rows(run: Run, library: Library) -> Iterator[tuple[Generation, Prompt]]:
    """Pair the answers of a run that can be read with their prompts; whatever model is set now, its own counts."""
    rows = {row.prompt_sha256: row for row in Generation.objects.filter(run=run, outcome__in=READ)}
    for model in sorted({row.model for row in rows.values()}):
        prompts = _build_prompts(library, model)
        yield from ((rows[prompt.sha256], prompt) for prompt in prompts if prompt.sha256 in rows)


def _read_library(run: Run) -> Library:
    """Read the captures of a run, as its prompts show them."""
    return Library(describe_topic(run.topic), [describe_capture(row) for row in list_run_captures([run.pk])[run.pk]])


def _build_prompts(library: Library, model: str) -> list[Prompt]:
    """Build the prompts of a run's library at the size that the settings allow."""
    return build_prompts(library, model=model, longest=settings.LLM_PROMPT_CHARACTERS)


def _is_cancelled(run: Run) -> bool:
    return Run.objects.filter(pk=run.pk, is_cancel_requested=True).exists()


def _answer_prompt(work: _Work, prompt: Prompt) -> None:
    """Store an answer to one prompt: an earlier one, a new one, or why there is none."""
    row = _copy_earlier(work, prompt) or _refuse_over_budget(work, prompt) or _skip_stopped(work) or _ask(work, prompt)
    row.run, row.prompt_sha256 = work.run, prompt.sha256
    row.extractor_version, row.model = VERSION, settings.LLM_MODEL
    Generation.objects.bulk_create([row], ignore_conflicts=True)  # another worker may have asked at the same time
    Run.objects.filter(pk=work.run.pk).update(touched_at=timezone.now())
    work.spent += _count_tokens(row, prompt)


def _copy_earlier(work: _Work, prompt: Prompt) -> Generation | None:
    """Copy what an earlier run of the topic was answered to the same prompt."""
    rows = Generation.objects.filter(run__topic=work.run.topic_id, prompt_sha256=prompt.sha256, outcome__in=READ)
    earlier = rows.exclude(run=work.run).order_by("-id").first()
    if earlier is None:
        return None
    message = f"The same question as in run {earlier.run_id}; its answer was used again."
    return Generation(
        answer=earlier.answer, outcome=earlier.outcome, message=message, tokens_in=0, tokens_out=0, cost=Decimal(0),
        elapsed=0.0,
    )  # fmt: skip


def _refuse_over_budget(work: _Work, prompt: Prompt) -> Generation | None:
    """Refuse to ask where question and longest answer might not fit into what is left of the run's budget."""
    needed = prompt.tokens + settings.LLM_ANSWER_TOKENS
    if work.spent + needed <= settings.LLM_TOKENS_PER_RUN:
        return None
    budget = f"{work.spent:,} of the run's {settings.LLM_TOKENS_PER_RUN:,} tokens are used"
    message = f"Not asked: it may take {needed:,} tokens, and {budget}."
    return Generation(outcome=GenerationOutcome.OVER_BUDGET, message=message)


def _skip_stopped(work: _Work) -> Generation | None:
    """Ask nothing more of a service that just did not answer."""
    if work.stopped is None:
        return None
    outcome = _OUTCOMES.get(work.stopped.outcome, GenerationOutcome.REFUSED)
    return Generation(outcome=outcome, message=f"Not asked after this: {work.stopped.message}")


def _ask(work: _Work, prompt: Prompt) -> Generation:
    question = Question(prompt.messages, SCHEMA, SCHEMA_NAME, prompt.model, settings.LLM_ANSWER_TOKENS)
    answer = ask_model(make_llm_policy(), question)
    if answer.is_hopeless:
        work.stopped = answer
    row = Generation(
        answer=answer.text[: LONGEST_ANSWER + 1], message=answer.message, tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out, cost=_price(answer), elapsed=answer.elapsed,
    )  # fmt: skip
    row.outcome = _OUTCOMES.get(answer.outcome, GenerationOutcome.REFUSED)
    if answer.outcome == LlmOutcome.OK:
        _judge(row, prompt, work.library)
    return row


def _judge(row: Generation, prompt: Prompt, library: Library) -> None:
    """Read an answer for how it fares; its drafts are read again from what is stored."""
    read = read_answer(row.answer, prompt, library)
    row.outcome = GenerationOutcome(read.outcome)
    counts = f"Statements taken up: {len(read.drafts)}; problems: {len(read.problems)}."
    row.message = " ".join([counts, *map(str, read.problems[:_MOST_TOLD])])


def _price(answer: LlmAnswer) -> Decimal | None:
    """Return what an answer cost at the settings' prices; None where the service counted no tokens."""
    if answer.tokens_in is None or answer.tokens_out is None:
        return None
    prices = Decimal(str(settings.LLM_PRICE_IN)), Decimal(str(settings.LLM_PRICE_OUT))
    cost = (answer.tokens_in * prices[0] + answer.tokens_out * prices[1]) / 1_000_000
    return min(cost, _MOST_COST).quantize(Decimal("0.000001"))


def _count_tokens(row: Generation, prompt: Prompt) -> int:
    """Count what a row used of the budget; an estimate where the service did not count, none where nobody was asked."""
    if row.elapsed is None:
        return 0
    tokens_in = prompt.tokens if row.tokens_in is None else row.tokens_in
    tokens_out = len(row.answer) // _CHARACTERS_PER_TOKEN if row.tokens_out is None else row.tokens_out
    return tokens_in + tokens_out
