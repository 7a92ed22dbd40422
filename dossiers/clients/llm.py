"""Language models behind an OpenAI-compatible endpoint: takes messages and a JSON schema, leaves what was answered.

Servers differ in what they take of the chat completions API: where one refuses an option by name (HTTP 400 or 422), the
question is put again without it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.conf import settings

from dossiers.clients.base import MustWait, Outcome, Policy
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Answer, Client

NAME = "The language model"
_IN_FLIGHT = 8
_LEAST_WAIT = 0.5  # seconds; "now" is too soon for a service that has just refused
_OPTION_REFUSED = frozenset({400, 422})
_MOST_TRIES = 5  # as asked, and after each option that may go
_FORMAT_WORDS = ("response_format", "json_schema", "json_object", "structured output", "guided")
_MOST_TOKENS = 2**31 - 1


class LlmOutcome(StrEnum):
    """How a question to a model ended. Of `OK` only the form is known; what the text is worth nobody has looked at."""

    OK = "ok"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    AUTH = "auth"
    QUOTA = "quota"
    RATE_LIMITED = "rate_limited"
    BAD_REQUEST = "bad_request"
    UNAVAILABLE = "unavailable"
    INVALID = "invalid"


@dataclass(frozen=True)
class Question:
    """What a model is asked; `answer_tokens` bounds the answer."""

    messages: Sequence[Mapping[str, str]]
    schema: Mapping[str, Any]
    schema_name: str
    model: str
    answer_tokens: int


@dataclass(frozen=True)
class LlmAnswer:
    """What a model said, word for word, and what it cost. `message` is a sentence for the desk.

    `model` is what the service says answered; tokens are None where it did not count them; `elapsed` is in seconds.
    `is_hopeless`: other questions asked now would fare the same.
    """

    outcome: LlmOutcome
    text: str = field(default="", repr=False)
    finish_reason: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    model: str = ""
    message: str = ""
    http_status: int | None = None
    retry_after: float | None = None
    elapsed: float = 0.0

    @property
    def is_hopeless(self) -> bool:
        return self.outcome in {
            LlmOutcome.AUTH, LlmOutcome.QUOTA, LlmOutcome.RATE_LIMITED, LlmOutcome.UNAVAILABLE,
        }  # fmt: skip


def make_llm_policy() -> Policy:
    """Return the policy of the model that the settings name."""
    return Policy(
        NAME, "language_model", base_url=settings.LLM_URL.rstrip("/"), key=settings.LLM_KEY, spacing=0.0,
        in_flight=_IN_FLIGHT, timeout=settings.LLM_TIMEOUT,
    )  # fmt: skip


def ask_model(policy: Policy, question: Question) -> LlmAnswer:
    """Ask, and again after the wait that the service asks for. Never raises for what the service did.

    RESEARCH_ATTEMPTS and, for the waits, LLM_PATIENCE seconds are the most.
    """
    begun = time.monotonic()
    answer = _ask_once(policy, question)
    for _ in range(settings.RESEARCH_ATTEMPTS - 1):
        is_passing = answer.outcome in {LlmOutcome.RATE_LIMITED, LlmOutcome.UNAVAILABLE}
        wait = answer.retry_after
        if not is_passing or wait is None or time.monotonic() - begun + wait > settings.LLM_PATIENCE:
            break
        time.sleep(max(wait, _LEAST_WAIT))
        answer = _ask_once(policy, question)
    return replace(answer, elapsed=time.monotonic() - begun)


def _ask_once(policy: Policy, question: Question) -> LlmAnswer:
    """Ask, with every failure as an answer."""
    try:
        return _read_answer(_send_as_taken(policy, _make_body(question)))
    except ServiceError as error:
        outcome = LlmOutcome(error.outcome)
        return LlmAnswer(outcome, message=error.message, http_status=error.http_status, retry_after=error.retry_after)
    except MustWait as wait:
        return LlmAnswer(LlmOutcome.RATE_LIMITED, message=f"Nothing was sent: {wait.reason}", retry_after=wait.seconds)


def _send_as_taken(policy: Policy, body: dict[str, Any]) -> Answer:
    """Send a question, without the options that the service turns out not to take."""
    for _ in range(_MOST_TRIES):
        try:
            return _send(policy, body)
        except ServiceError as error:
            changed = _change_body(body, error)
            if changed is None:
                raise
            body = changed
    raise ServiceError(Outcome.BAD_REQUEST, f"{policy.name} refuses one option after the other.")


def _send(policy: Policy, body: Mapping[str, Any]) -> Answer:
    headers = {"Authorization": f"Bearer {policy.key}"} if policy.key else {}
    with Client(policy, longest=policy.timeout) as client:
        return client.post_json(f"{policy.base_url}/chat/completions", json=body, headers=headers)


def _make_body(question: Question) -> dict[str, Any]:
    schema = {"name": question.schema_name, "strict": True, "schema": question.schema}
    return {
        "model": question.model,
        "messages": [dict(message) for message in question.messages],
        "temperature": 0,
        "max_tokens": question.answer_tokens,
        "response_format": {"type": "json_schema", "json_schema": schema},
    }


def _change_body(body: Mapping[str, Any], error: ServiceError) -> dict[str, Any] | None:
    """Return the question without the option that the service refuses by name; None where it names none."""
    if error.http_status not in _OPTION_REFUSED or error.answer is None:
        return None
    complaint = str(error.answer.data).lower()
    if "max_tokens" in body and "max_completion_tokens" in complaint:
        tokens = {"max_completion_tokens": body["max_tokens"]}
        return {name: value for name, value in body.items() if name != "max_tokens"} | tokens
    if "temperature" in body and "temperature" in complaint:
        return {name: value for name, value in body.items() if name != "temperature"}
    if "response_format" in body and any(word in complaint for word in _FORMAT_WORDS):
        return _loosen_format(body)
    return None


def _loosen_format(body: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for any JSON object instead of the schema's, and then for text; the instructions name the form anyway."""
    others = {name: value for name, value in body.items() if name != "response_format"}
    is_schema = body["response_format"]["type"] == "json_schema"
    return others | ({"response_format": {"type": "json_object"}} if is_schema else {})


def _read_answer(answer: Answer) -> LlmAnswer:
    """Read the first choice of a chat completion. Raises ServiceError for what is none."""
    data = answer.data if isinstance(answer.data, dict) else {}
    if isinstance(data.get("error"), dict | str):
        raise ServiceError(Outcome.UNAVAILABLE, f"{NAME} answered with an error instead of text.", answer.status)
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise ServiceError(Outcome.INVALID, f"{NAME} answered with JSON that is no chat completion.", answer.status)
    reason = choice.get("finish_reason")
    text, reason = _read_text(message.get("content")), reason if isinstance(reason, str) else ""
    outcome, words = _judge(reason, message, text)
    usage = data["usage"] if isinstance(data.get("usage"), dict) else {}
    return LlmAnswer(
        outcome, text, reason, _read_count(usage.get("prompt_tokens")), _read_count(usage.get("completion_tokens")),
        data["model"] if isinstance(data.get("model"), str) else "", words, answer.status,
    )  # fmt: skip


def _judge(reason: str, message: Mapping[str, Any], text: str) -> tuple[LlmOutcome, str]:
    """Tell from the marks of an answer whether it is whole, cut off or refused."""
    if reason == "content_filter":
        return LlmOutcome.REFUSED, f"A filter of {NAME} held the answer back."
    if reason == "length":
        return LlmOutcome.TRUNCATED, f"{NAME} reached the longest answer allowed and broke off."
    refusal = message.get("refusal")
    if isinstance(refusal, str) and refusal.strip() and not text.strip():
        return LlmOutcome.REFUSED, f"{NAME} refused to answer."
    return LlmOutcome.OK, ""


def _read_text(content: Any) -> str:
    """Read a message's content: text, or a list of parts of which some are text."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _read_count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS
    return value if is_count else None
