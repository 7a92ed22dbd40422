"""Providers for tests: they answer what a test laid out, and write down what they were asked."""

from collections.abc import Callable
from typing import Any, ClassVar

from dossiers.clients.base import Context, FetchResult, Found, Health, Outcome, Policy, Query
from dossiers.models.provider import ProviderPolicy

Answer = FetchResult | Exception | Callable[[Query, Context], FetchResult]


class Scripted:
    """Answers by the policy's name; one answer stays for all calls, a list is used up and its last one stays."""

    answers: ClassVar[dict[str, Any]] = {}
    calls: ClassVar[list[tuple[str, Query, Context]]] = []
    policies: ClassVar[dict[str, Policy]] = {}

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.policies[policy.name] = policy

    def fetch(self, query: Query, context: Context) -> FetchResult:
        self.calls.append((self.policy.name, query, context))
        answer = self.answers.get(self.policy.name, FetchResult(Outcome.EMPTY, requests_made=1))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer(query, context)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def health(self) -> Health:
        answer = self.answers.get(self.policy.name)
        return Health(Outcome.OK) if answer is None else Health(answer.outcome, answer.message)

    @classmethod
    def list_asked(cls, name: str = "") -> list[Query]:
        """List the questions put to one provider, or to all."""
        return [query for asked, query, _ in cls.calls if name in ("", asked)]


def answer(*texts: str, outcome: Outcome = Outcome.OK, **fields: Any) -> FetchResult:
    """Return an answer with texts, each at an address of its own."""
    found = tuple(make_found(text, number) for number, text in enumerate(texts))
    return FetchResult(outcome, found, requests_made=1, http_status=200, **fields)


def make_found(text: str, number: int = 0, **fields: Any) -> Found:
    fields = {"url": f"https://example.org/pages/{number}", "title": f"Page {number}"} | fields
    return Found(text=text, **fields)


def refuse(outcome: Outcome, **fields: Any) -> FetchResult:
    return FetchResult(outcome, requests_made=1, **fields)


def switch_on(*names: str) -> list[ProviderPolicy]:
    """Switch providers on, each with all it needs, and let the scripted client speak for them."""
    ready = {
        "is_enabled": True,
        "client": "scripted",
        "base_url": "https://example.org/",
        "contact": "desk@example.org",
    }
    ProviderPolicy.objects.filter(name__in=names).update(**ready, needs_key=False)
    return list(ProviderPolicy.objects.filter(name__in=names))
