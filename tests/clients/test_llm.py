"""Asking a language model: what goes out, and how each way of not answering is told apart."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from pytest_django import Settings

from dossiers.clients.base import Policy
from dossiers.clients.llm import LlmAnswer, LlmOutcome, Question, ask_model, make_llm_policy
from tests.stubs import llm, misbehaving
from tests.stubs.server import Reply, StubServer, json_reply, pick_closed_port, status_reply

KEY = "sk-not-to-be-seen-51c0"
CONTENT = 'The passages:\n{"id": "P1", "text": "It opened in 1974 with 17% of them."}'
QUESTION = Question(
    ({"role": "system", "content": "Answer in JSON."}, {"role": "user", "content": CONTENT}),
    {"type": "object", "additionalProperties": False}, "statements", "sample-model", 900,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _model(settings: Settings, stub: StubServer) -> None:
    settings.LLM_URL, settings.LLM_KEY, settings.LLM_TIMEOUT = f"{stub.url}/v1", KEY, 5.0
    settings.LLM_PATIENCE = 2.0
    stub.answerer = llm.good


def ask(**changes: Any) -> LlmAnswer:
    policy = make_llm_policy()
    return ask_model(Policy(**{**policy.__dict__, **changes}), QUESTION)


def test_the_question_goes_out_as_a_chat_completion(stub: StubServer) -> None:
    answer = ask()
    assert (answer.outcome, answer.finish_reason, answer.model) == ("ok", "stop", "sample-model-1")
    assert (answer.tokens_in, answer.http_status, answer.message) == (1200, 200, "")
    (asked,) = stub.log
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    body = asked.json()
    assert body["messages"] == [dict(message) for message in QUESTION.messages]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("sample-model", 0, 900)
    wanted = {"name": "statements", "strict": True, "schema": QUESTION.schema}
    assert body["response_format"] == {"type": "json_schema", "json_schema": wanted}


def test_a_service_of_ones_own_needs_no_key(settings: Settings, stub: StubServer) -> None:
    settings.LLM_KEY = ""
    assert ask().outcome == "ok"
    assert "authorization" not in stub.log[0].headers


def test_a_service_without_schemas_is_asked_for_any_json(stub: StubServer) -> None:
    stub.answerer = llm.without_schemas()
    assert ask().outcome == "ok"
    assert [asked.json()["response_format"]["type"] for asked in stub.log] == ["json_schema", "json_object"]


def test_a_service_is_asked_without_each_option_it_refuses(stub: StubServer) -> None:
    stub.play(
        llm.refuse_option("max_tokens", "Unsupported parameter; use 'max_completion_tokens' instead."),
        llm.refuse_option("temperature", "Unsupported value: 'temperature' does not support 0."),
        llm.refuse_option("response_format", "'response_format.type' must be 'text'."),
        status_reply(422, data={"detail": [{"loc": ["body", "response_format"]}]}),
    )
    assert ask().outcome == "ok"
    last = stub.log[-1].json()
    assert set(last) == {"model", "messages", "max_completion_tokens"}


def test_another_bad_request_is_not_repeated(stub: StubServer) -> None:
    stub.play(llm.refuse_option("messages", "The context is longer than 4096 tokens."))
    answer = ask()
    assert (answer.outcome, answer.http_status, len(stub.log)) == ("bad_request", 400, 1)
    assert not answer.is_hopeless


OUTCOMES: list[tuple[Any, LlmOutcome, bool]] = [
    (llm.unauthorized, LlmOutcome.AUTH, True),
    (status_reply(403), LlmOutcome.AUTH, True),
    (status_reply(402), LlmOutcome.QUOTA, True),
    (llm.busy("600"), LlmOutcome.RATE_LIMITED, True),
    (status_reply(404), LlmOutcome.BAD_REQUEST, False),
    (llm.refusal, LlmOutcome.REFUSED, False),
    (llm.filtered, LlmOutcome.REFUSED, False),
    (llm.truncated, LlmOutcome.TRUNCATED, False),
    (llm.empty, LlmOutcome.OK, False),
    (llm.bad_json, LlmOutcome.OK, False),
    (json_reply({"error": {"message": "The model is loading."}}), LlmOutcome.UNAVAILABLE, True),
    (json_reply({"choices": []}), LlmOutcome.INVALID, False),
    (json_reply({"choices": [{"message": "text"}]}), LlmOutcome.INVALID, False),
    (json_reply([]), LlmOutcome.INVALID, False),
    (json_reply(None), LlmOutcome.INVALID, False),
    (misbehaving.challenge_page(), LlmOutcome.INVALID, False),
    (misbehaving.malformed_json(), LlmOutcome.INVALID, False),
]


@pytest.mark.parametrize(("reply", "outcome", "is_hopeless"), OUTCOMES)
def test_what_came_back_is_told_apart(stub: StubServer, reply: Any, outcome: LlmOutcome, is_hopeless: bool) -> None:
    stub.answerer = (lambda _: reply) if isinstance(reply, Reply) else reply
    answer = ask()
    assert (answer.outcome, answer.is_hopeless) == (outcome, is_hopeless)
    assert (answer.message == "") == (outcome == LlmOutcome.OK)
    assert answer.text == "" or outcome in {LlmOutcome.OK, LlmOutcome.TRUNCATED, LlmOutcome.REFUSED}


def test_a_service_with_a_failure_of_its_own_is_asked_again(settings: Settings, stub: StubServer) -> None:
    settings.RESEARCH_PATIENCE = 1.0
    stub.play(status_reply(503))
    assert ask().outcome == "ok"
    assert len(stub.log) == 2


def test_a_short_wait_is_waited_and_a_long_one_is_not(stub: StubServer) -> None:
    stub.play(llm.busy("0.6"))
    assert ask().outcome == "ok"
    stub.play(llm.busy("60"))
    answer = ask()
    assert (answer.outcome, answer.retry_after, len(stub.log)) == ("rate_limited", 60.0, 3)


def test_an_answer_that_comes_too_late_is_not_waited_for(settings: Settings, stub: StubServer) -> None:
    settings.LLM_TIMEOUT, stub.answerer = 0.3, llm.slow(5.0)
    answer = ask()
    assert answer.outcome == "unavailable"
    assert "0.3 seconds" in answer.message


def test_a_model_may_think_longer_than_a_retrieval_is_leased(settings: Settings, stub: StubServer) -> None:
    settings.RESEARCH_LEASE, stub.answerer = 0.5, llm.slow(0.8)
    assert ask().outcome == "ok"


def test_where_nobody_listens_the_model_is_unavailable(settings: Settings) -> None:
    settings.LLM_URL = f"http://127.0.0.1:{pick_closed_port()}/v1"
    assert ask().outcome == "unavailable"


def test_a_private_address_is_asked_only_where_the_settings_allow_it(settings: Settings, stub: StubServer) -> None:
    settings.OUTGOING_NETWORKS = []
    settings.LLM_KEY = ""
    answer = ask()
    assert (answer.outcome, stub.log) == ("bad_request", [])
    assert "Nothing was sent" in answer.message


def test_a_body_without_end_is_not_read_to_it(settings: Settings, stub: StubServer) -> None:
    settings.RESEARCH_BODY_LIMIT = 100_000
    stub.answerer = llm.huge
    assert ask().outcome == "invalid"


def test_content_in_parts_is_joined_and_odd_counts_are_left_out(stub: StubServer) -> None:
    parts = [{"type": "text", "text": '{"items"'}, {"type": "image"}, {"type": "text", "text": ": []}"}, "x"]
    usage = {"prompt_tokens": -1, "completion_tokens": True}
    stub.play(json_reply({"choices": [{"message": {"content": parts}, "finish_reason": None}], "usage": usage}))
    answer = ask()
    assert (answer.text, answer.tokens_in, answer.tokens_out, answer.model) == ('{"items": []}', None, None, "")


def test_text_that_no_database_keeps_is_replaced(stub: StubServer) -> None:
    stub.play(
        llm.complete("a\x00b"),
        Reply(200, {"Content-Type": "application/json"}, b'{"choices": [{"message": {"content": "c\\ud800d"}}]}'),
    )
    assert [ask().text, ask().text] == ["a\ufffdb", "c\ufffdd"]


@pytest.mark.parametrize("answerer", [llm.unauthorized, llm.bad_json, lambda _: llm.busy("60"), llm.refusal])
def test_the_key_shows_nowhere(stub: StubServer, answerer: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stub.answerer = answerer
    answer = ask()
    assert KEY not in repr(answer) + answer.text + answer.message + repr(make_llm_policy()) + caplog.text
