"""prepare_extraction: what a run's questions to a model leave, over a real socket."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from pytest_django import Settings

from dossiers.extract.actions.generating import (
    prepare_extraction,
)
from dossiers.models.capture import Capture
from dossiers.models.generation import Generation
from dossiers.models.run import Run, RunKind
from dossiers.models.topic import Topic
from tests.builders import make_capture
from tests.extract.generating.runs import KEY, list_rows, make_research
from tests.extract.runs import give_capture
from tests.stubs import llm
from tests.stubs.server import StubServer, status_reply

pytestmark = pytest.mark.django_db


def test_each_prompt_leaves_one_answer_with_what_it_cost(run: Run, stub: StubServer) -> None:
    prepare_extraction(run)
    assert len(stub.log) == 2
    rows = list(Generation.objects.filter(run=run).order_by("id"))
    assert [(row.outcome, row.model, row.extractor_version) for row in rows] == [("ok", "sample-model", "1")] * 2
    for row in rows:
        assert row.answer.startswith('{"items": [')
        assert row.cost == (row.tokens_in * Decimal(2) + row.tokens_out * Decimal(10)) / 1_000_000
        assert row.elapsed > 0
        assert row.message.startswith("Statements taken up: ")
    run.refresh_from_db()
    assert run.message == "The language model answered 2 of 2 questions."


def test_a_run_begun_again_asks_nothing_twice(run: Run, stub: StubServer) -> None:
    prepare_extraction(run)
    before = list_rows(run, "pk")
    prepare_extraction(run)
    assert (len(stub.log), list_rows(run, "pk")) == (2, before)


def test_a_run_goes_on_with_what_is_missing(topic: Topic, captures: list[Capture], stub: StubServer) -> None:
    run = make_research(topic, captures[:1])
    prepare_extraction(run)
    for position, capture in enumerate(captures[1:], 1):
        give_capture(run, capture, position)
    before = list_rows(run, "pk")
    prepare_extraction(run)
    assert len(stub.log) == 2
    assert list_rows(run, "pk")[:-1] == before


def test_a_cancelled_run_asks_no_more(run: Run, stub: StubServer) -> None:
    Run.objects.filter(pk=run.pk).update(is_cancel_requested=True)
    prepare_extraction(run)
    assert (stub.log, list_rows(run, "pk")) == ([], [])


def test_an_earlier_runs_answer_to_the_same_prompt_is_used_again_at_no_cost(
    topic: Topic, captures: list[Capture], run: Run, stub: StubServer
) -> None:
    prepare_extraction(run)
    new = make_capture(topic, "The depot opened in 1999.", "web_search")
    again = make_research(topic, [*captures, new])
    prepare_extraction(again)
    assert len(stub.log) == 3
    reused, asked = Generation.objects.filter(run=again).order_by("id")
    first = Generation.objects.filter(run=run).order_by("id")[0]
    assert (reused.prompt_sha256, reused.answer, reused.outcome) == (first.prompt_sha256, first.answer, "ok")
    assert (reused.tokens_in, reused.tokens_out, reused.cost) == (0, 0, 0)
    assert reused.message == f"The same question as in run {run.pk}; its answer was used again."
    assert asked.tokens_in == 1200


def test_an_answer_that_failed_is_asked_for_again_by_the_next_run(
    topic: Topic, captures: list[Capture], run: Run, stub: StubServer
) -> None:
    stub.answerer = llm.truncated
    prepare_extraction(run)
    stub.answerer = llm.good
    again = make_research(topic, captures)
    prepare_extraction(again)
    assert (list_rows(run, "outcome"), list_rows(again, "outcome")) == (["truncated"] * 2, ["ok"] * 2)


@pytest.mark.parametrize(("extractor", "kind"), [("rules", RunKind.RESEARCH), ("llm", RunKind.IMPORT)])
def test_other_extractors_and_imports_ask_nobody(
    settings: Settings, topic: Topic, captures: list[Capture], stub: StubServer, extractor: str, kind: str
) -> None:
    settings.EXTRACTOR = extractor
    run = make_research(topic, captures)
    run.kind = kind
    prepare_extraction(run)
    assert (stub.log, list_rows(run, "pk")) == ([], [])


def test_beyond_the_budget_nothing_is_asked(settings: Settings, run: Run, stub: StubServer) -> None:
    settings.LLM_TOKENS_PER_RUN = 6_000
    prepare_extraction(run)
    assert len(stub.log) == 1
    asked, left = Generation.objects.filter(run=run).order_by("id")
    assert (asked.outcome, left.outcome, left.answer, left.tokens_in) == ("ok", "over_budget", "", None)
    assert "of the run's 6,000 tokens are used" in left.message
    prepare_extraction(run)
    assert len(stub.log) == 1


OUTCOMES: list[tuple[Any, list[str], int]] = [
    (llm.empty, ["empty", "empty"], 2),
    (llm.bad_json, ["invalid", "invalid"], 2),
    (llm.truncated, ["truncated", "truncated"], 2),
    (llm.refusal, ["refused", "refused"], 2),
    (llm.filtered, ["refused", "refused"], 2),
    (llm.without_schemas(), ["ok", "ok"], 4),
    (llm.unauthorized, ["refused", "refused"], 1),
    (lambda _: status_reply(402), ["refused", "refused"], 1),
    (lambda _: llm.busy("60"), ["unavailable", "unavailable"], 1),
    (lambda _: status_reply(404), ["refused", "refused"], 2),
    (llm.huge, ["invalid", "over_budget"], 1),
]


@pytest.mark.parametrize(("answerer", "outcomes", "requests"), OUTCOMES)
def test_every_ending_is_stored_and_said(
    run: Run, stub: StubServer, answerer: Any, outcomes: list[str], requests: int
) -> None:
    stub.answerer = answerer
    prepare_extraction(run)
    rows = list(Generation.objects.filter(run=run).order_by("id"))
    assert ([row.outcome for row in rows], len(stub.log)) == (outcomes, requests)
    run.refresh_from_db()
    is_read = outcomes[0] in ("ok", "empty")
    assert run.message.startswith(f"The language model answered {2 if is_read else 0} of 2 questions.")
    assert all(row.message for row in rows)
    assert run.message.endswith("questions.") == is_read
    assert KEY not in run.message + "".join(row.message + row.answer for row in rows)
    assert max(len(row.answer) for row in rows) <= 200_001


def test_a_slow_model_is_left_alone(settings: Settings, run: Run, stub: StubServer) -> None:
    settings.LLM_TIMEOUT, stub.answerer = 0.3, llm.slow(5.0)
    prepare_extraction(run)
    assert (list_rows(run, "outcome"), len(stub.log)) == (["unavailable"] * 2, 1)
    assert list_rows(run, "message")[1].startswith("Not asked after this: The language model did not answer")


def test_a_missing_address_is_said_in_the_run(settings: Settings, run: Run, stub: StubServer) -> None:
    settings.LLM_URL = ""
    prepare_extraction(run)
    run.refresh_from_db()
    assert stub.log == []
    assert "Nothing was sent to The language model" in run.message


def test_an_answer_can_only_be_added(run: Run) -> None:
    prepare_extraction(run)
    with pytest.raises(DatabaseError), transaction.atomic():
        Generation.objects.filter(run=run).update(answer="{}")
