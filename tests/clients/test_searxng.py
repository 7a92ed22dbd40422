"""SearXNG's client: silent engines, JSON that is switched off, and snippets that nobody may take for quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from dossiers.clients.base import Context, FetchResult, Outcome, Policy, Query
from dossiers.clients.searxng import SearXNG
from tests.stubs.pages import WebPage
from tests.stubs.searxng import SearxngStub
from tests.stubs.server import json_reply, status_reply

LAMP = WebPage("The Lamp", "https://lamp.example/old", ("A lamp gives light.",), "2024-05-04T10:00:00")
SILENT = [["google", "Suspended: CAPTCHA"], ["bing", "timeout"]]


@pytest.fixture
def service() -> Iterator[SearxngStub]:
    with SearxngStub([LAMP]) as stub:
        yield stub


@pytest.fixture
def client(service: SearxngStub, make_policy: Callable[..., Policy]) -> SearXNG:
    return SearXNG(make_policy(service.url, name="searxng", grade="verbatim"))


def fetch(client: SearXNG, text: str = "Lamp", **fields: Any) -> FetchResult:
    return client.fetch(Query("search", text, **fields), Context("Lamp"))


def test_snippets_are_rewritten_whatever_the_policy_says(client: SearXNG) -> None:
    result = fetch(client)
    (lamp,) = result.found
    assert result.outcome == Outcome.OK
    assert (lamp.text, lamp.title, lamp.publisher) == ("A lamp gives light.", "The Lamp", "lamp.example")
    assert (lamp.grade, lamp.features["engines"]) == ("rewritten", ["one"])
    assert lamp.published_at == datetime(2024, 5, 4, 10, tzinfo=UTC)


def test_what_is_asked_for(service: SearxngStub, client: SearXNG) -> None:
    service.pages = [WebPage(f"Page {n}", f"https://p{n}.example/", ("Words.",)) for n in range(9)]
    assert len(fetch(client, "Lamp oil", language="de", limit=4).found) == 4
    params = service.log[0].params
    assert (params["q"], params["format"], params["language"], params["pageno"]) == ("Lamp oil", "json", "de", "1")


def test_nothing_found_by_engines_that_all_answered_is_empty(service: SearxngStub, client: SearXNG) -> None:
    service.pages = []
    assert fetch(client).outcome == Outcome.EMPTY


def test_nothing_found_while_engines_were_silent_is_a_failure(service: SearxngStub, client: SearXNG) -> None:
    service.pages, service.silent = [], SILENT
    result = fetch(client)
    assert (result.outcome, result.needs_person) == (Outcome.UNAVAILABLE, False)
    assert "google (Suspended: CAPTCHA), bing (timeout)" in result.message


def test_no_text_found_while_engines_were_silent_is_a_failure(service: SearxngStub, client: SearXNG) -> None:
    service.pages, service.silent = [WebPage("Textless", "https://a.example/")], SILENT
    assert fetch(client).outcome == Outcome.UNAVAILABLE


def test_something_found_while_engines_were_silent_is_partial_and_names_them(
    service: SearxngStub, client: SearXNG
) -> None:
    service.silent = [*SILENT, "qwant"]
    result = fetch(client)
    assert (result.outcome, len(result.found)) == (Outcome.PARTIAL, 1)
    assert "google (Suspended: CAPTCHA), bing (timeout), qwant" in result.message


def test_json_that_is_switched_off_is_the_persons_to_switch_on(service: SearxngStub, client: SearXNG) -> None:
    service.has_json = False
    result = fetch(client)
    assert (result.outcome, result.http_status, result.needs_person) == (Outcome.BAD_REQUEST, 403, True)
    assert "search.formats" in result.message


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (status_reply(429, {"Retry-After": "7.5"}), Outcome.RATE_LIMITED),
        (json_reply({"error": "search error"}, 500), Outcome.UNAVAILABLE),
        (json_reply({"error": "No query"}, 400), Outcome.BAD_REQUEST),
    ],
    ids=["429", "500", "400"],
)
def test_what_a_refusal_means(service: SearxngStub, client: SearXNG, reply: Any, outcome: Outcome) -> None:
    service.play(reply)
    result = fetch(client)
    assert (result.outcome, result.needs_person) == (outcome, False)


@pytest.mark.parametrize(
    "body", [[], {"results": {}}, {"results": [7]}, {"results": [], "unresponsive_engines": "all"}]
)
def test_another_form_is_invalid(service: SearxngStub, client: SearXNG, body: Any) -> None:
    service.play(json_reply(body))
    assert fetch(client).outcome == Outcome.INVALID


@pytest.mark.parametrize("engine", [[], ["one"], ["one", None], {"a": 1}, 7, None, ["one", "two", "three"], [["x"]]])
def test_silent_engines_of_another_form_are_still_silent(service: SearxngStub, client: SearXNG, engine: Any) -> None:
    service.silent = [engine]
    assert fetch(client).outcome == Outcome.PARTIAL


def test_health_asks_no_engine(service: SearxngStub, client: SearXNG) -> None:
    assert client.health().outcome == Outcome.OK
    assert (len(service.log), service.searches) == (1, 0)


def test_health_says_that_json_is_switched_off(service: SearxngStub, client: SearXNG) -> None:
    service.has_json = False
    health = client.health()
    assert health.outcome == Outcome.BAD_REQUEST
    assert "search.formats" in health.message
    service.play(json_reply({"error": "broken"}, 500))
    assert client.health().outcome == Outcome.UNAVAILABLE
