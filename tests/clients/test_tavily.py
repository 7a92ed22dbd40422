"""Tavily's client: passages word for word, what each refusal means, and a key that shows nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from dossiers.clients.base import Context, FetchResult, Outcome, Policy, Query
from dossiers.clients.tavily import Tavily
from tests.stubs.pages import WebPage
from tests.stubs.server import json_reply
from tests.stubs.tavily import KEY, TavilyStub, keyless, refusal

LAMP = WebPage("The Lamp", "https://www.lamp.example/old", ("came late. A lamp gives light.", "It was lit in 1879."))
NEWS = WebPage("News", "https://news.example/a", ("Lamps are dear.",), "Mon, 25 Nov 2024 13:00:00 GMT")


@pytest.fixture
def service() -> Iterator[TavilyStub]:
    with TavilyStub([LAMP, NEWS]) as stub:
        yield stub


@pytest.fixture
def client(service: TavilyStub, make_policy: Callable[..., Policy]) -> Tavily:
    return Tavily(make_policy(service.url, name="tavily", key=KEY, grade="verbatim", licence="as the page says"))


def fetch(client: Tavily, text: str = "Lamp", **fields: Any) -> FetchResult:
    return client.fetch(Query("search", text, **fields), Context("Lamp"))


def test_pages_are_found_with_their_passages(client: Tavily) -> None:
    result = fetch(client)
    lamp, news = result.found
    assert (result.outcome, result.requests_made, result.message) == (Outcome.OK, 1, "")
    assert lamp.text == "came late. A lamp gives light. [...] It was lit in 1879."
    assert (lamp.title, lamp.url, lamp.publisher) == ("The Lamp", "https://www.lamp.example/old", "lamp.example")
    assert (lamp.grade, lamp.licence, lamp.published_at) == ("verbatim", "as the page says", None)
    assert news.published_at == datetime(2024, 11, 25, 13, tzinfo=UTC)
    assert lamp.payload is not None
    assert lamp.payload["score"] == lamp.features["score"] == 0.9


def test_what_is_asked_for(service: TavilyStub, client: Tavily) -> None:
    fetch(client, "Lamp oil", limit=3)
    asked = service.log[0]
    assert (asked.method, asked.path, asked.headers["authorization"]) == ("POST", "/search", f"Bearer {KEY}")
    question = asked.json()
    assert (question["query"], question["search_depth"], question["max_results"]) == ("Lamp oil", "advanced", 3)
    assert question["include_raw_content"] is False


def test_a_long_question_is_cut_between_words(service: TavilyStub, client: Tavily) -> None:
    assert fetch(client, "lantern " * 100).outcome == Outcome.OK
    sent = service.log[0].json()["query"]
    assert len(sent) <= 400
    assert set(sent.split()) == {"lantern"}


def test_text_is_kept_to_the_letter(service: TavilyStub, client: Tavily) -> None:
    service.pages = [WebPage("Odd", "https://odd.example/", ("<b>a</b> &amp; b\n\n  c —  d",))]
    assert fetch(client).found[0].text == "<b>a</b> &amp; b\n\n  c —  d"


def test_another_depth_rewrites(service: TavilyStub, client: Tavily) -> None:
    service.depth = "basic"
    assert {text.grade for text in fetch(client).found} == {"rewritten"}
    service.depth = "fast"
    assert {text.grade for text in fetch(client).found} == {"verbatim"}


def test_nothing_found_is_empty(service: TavilyStub, client: Tavily) -> None:
    service.pages = []
    assert fetch(client).outcome == Outcome.EMPTY
    service.pages = [WebPage("Textless", "https://a.example/")]
    result = fetch(client)
    assert (result.outcome, result.found) == (Outcome.EMPTY, ())
    assert "no text" in result.message


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.example/", "lamp.example", "https://", "https://a b/"])
def test_a_page_that_nobody_could_open_is_left_out_and_counted(service: TavilyStub, client: Tavily, url: str) -> None:
    service.pages = [LAMP, WebPage("Sly", url, ("Words.",))]
    result = fetch(client)
    assert (result.outcome, [text.url for text in result.found]) == (Outcome.PARTIAL, [LAMP.url])
    assert "1 of 2" in result.message


@pytest.mark.parametrize(
    ("status", "outcome", "needs_person"),
    [
        (400, Outcome.BAD_REQUEST, False),
        (401, Outcome.AUTH, True),
        (403, Outcome.AUTH, True),
        (432, Outcome.QUOTA, True),
        (433, Outcome.QUOTA, True),
        (429, Outcome.RATE_LIMITED, False),
        (500, Outcome.UNAVAILABLE, False),
    ],
)
def test_what_a_refusal_means(
    service: TavilyStub, client: Tavily, status: int, outcome: Outcome, *, needs_person: bool
) -> None:
    service.play(refusal(status, {"Retry-After": "7.5"}, error=f"Because of {KEY}."))
    result = fetch(client)
    assert (result.outcome, result.http_status, result.needs_person) == (outcome, status, needs_person)
    assert result.retry_after == 7.5
    assert "Because of ….”" in result.message
    assert KEY not in result.message
    assert len(service.log) == 1


def test_a_short_wait_is_waited(service: TavilyStub, client: Tavily) -> None:
    service.play(refusal(429, {"Retry-After": "0.05"}))
    result = fetch(client)
    assert (result.outcome, result.requests_made) == (Outcome.OK, 2)


@pytest.mark.parametrize(
    ("status", "wait", "outcome"),
    [
        (429, 30.0, Outcome.RATE_LIMITED),
        (200, 12.5, Outcome.RATE_LIMITED),
        (200, None, Outcome.BAD_REQUEST),
        (401, None, Outcome.AUTH),
    ],
)
def test_the_envelope_of_those_without_a_key(
    service: TavilyStub, client: Tavily, status: int, wait: float | None, outcome: Outcome
) -> None:
    service.play(keyless(status, wait))
    result = fetch(client)
    assert (result.outcome, result.http_status, result.retry_after) == (outcome, status, wait)
    assert "Keyless use is over" in result.message


def test_a_wrong_key_is_the_persons_to_mend(service: TavilyStub, make_policy: Callable[..., Policy]) -> None:
    result = fetch(Tavily(make_policy(service.url, key="tvly-old")))
    assert (result.outcome, result.needs_person) == (Outcome.AUTH, True)


@pytest.mark.parametrize("body", [[], "x", {"results": {}}, {"results": "x"}, 7, None])
def test_another_form_is_invalid(service: TavilyStub, client: Tavily, body: Any) -> None:
    service.play(json_reply(body))
    assert fetch(client).outcome == Outcome.INVALID


def test_health_costs_no_search(service: TavilyStub, client: Tavily) -> None:
    assert client.health().outcome == Outcome.OK
    assert [asked.path for asked in service.log] == ["/usage"]


@pytest.mark.parametrize(
    "usage",
    [
        {"key": {"usage": 1000, "limit": 1000}, "account": {}},
        {"key": {"usage": 1, "limit": None}, "account": {"plan_usage": 1001, "plan_limit": 1000}},
    ],
)
def test_health_says_that_the_plan_is_used_up(service: TavilyStub, client: Tavily, usage: dict[str, Any]) -> None:
    service.usage = usage
    assert client.health().outcome == Outcome.QUOTA


def test_health_says_that_the_key_is_refused(service: TavilyStub, client: Tavily) -> None:
    service.play(refusal(401))
    health = client.health()
    assert health.outcome == Outcome.AUTH
    assert "missing or invalid" in health.message


def test_made_up_pages_are_the_same_each_time(make_policy: Callable[..., Policy]) -> None:
    with TavilyStub() as stub:
        client = Tavily(make_policy(stub.url, key=KEY))
        first, again = fetch(client, "Some Society"), fetch(client, "Some Society")
        other = fetch(client, "Another Society")
    assert len(first.found) == 3
    assert [text.text for text in first.found] == [text.text for text in again.found]
    assert not {text.url for text in first.found} & {text.url for text in other.found}
