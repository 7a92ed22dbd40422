"""Brave's client: snippets without markup, limits of the second and of the month, and a key that is refused as 422."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from dossiers.clients.base import Context, FetchResult, Outcome, Policy, Query
from dossiers.clients.brave import Brave
from tests.stubs.brave import KEY, BraveStub, bad_key, month_used_up, refusal, too_fast
from tests.stubs.pages import WebPage
from tests.stubs.server import json_reply

LAMP = WebPage(
    "The &quot;Lamp&quot;",
    "https://lamp.example/old",
    ("A <strong>lamp</strong> gives light &amp; warmth.", "It was lit in 1879.", "lamp</strong> gives light"),
    "2024-05-04T10:00:00",
)


@pytest.fixture
def service() -> Iterator[BraveStub]:
    with BraveStub([LAMP]) as stub:
        yield stub


@pytest.fixture
def client(service: BraveStub, make_policy: Callable[..., Policy]) -> Brave:
    return Brave(make_policy(service.url, name="brave", key=KEY, grade="verbatim"))


def fetch(client: Brave, text: str = "Lamp", **fields: Any) -> FetchResult:
    return client.fetch(Query("search", text, **fields), Context("Lamp"))


def test_pages_are_found_with_their_snippets(client: Brave) -> None:
    result = fetch(client)
    (lamp,) = result.found
    assert (result.outcome, result.requests_made) == (Outcome.OK, 1)
    assert lamp.text == "A lamp gives light & warmth. [...] It was lit in 1879."
    assert (lamp.title, lamp.publisher, lamp.grade) == ('The "Lamp"', "lamp.example", "verbatim")
    assert lamp.published_at == datetime(2024, 5, 4, 10, tzinfo=UTC)


def test_the_grade_is_the_policys(service: BraveStub, make_policy: Callable[..., Policy]) -> None:
    client = Brave(make_policy(service.url, key=KEY, grade="unknown"))
    assert fetch(client).found[0].grade == "unknown"


def test_what_is_asked_for(service: BraveStub, client: Brave) -> None:
    fetch(client, "Lamp oil", limit=30)
    params = service.log[0].params
    assert service.log[0].headers["x-subscription-token"] == KEY
    assert (params["q"], params["count"], params["offset"]) == ("Lamp oil", "20", "0")
    assert (params["text_decorations"], params["extra_snippets"], params["result_filter"]) == ("false", "true", "web")


@pytest.mark.parametrize("text", ["a " * 300, "lantern " * 60, "x" * 500, " lamp\n oil "])
def test_a_question_is_cut_to_what_the_service_takes(service: BraveStub, client: Brave, text: str) -> None:
    assert fetch(client, text).outcome == Outcome.OK
    sent = service.log[0].params["q"]
    assert len(sent) <= 400
    assert len(sent.split()) <= 50
    assert set(sent.split()) <= {*text.split(), "x" * 400}


def test_a_snippet_that_was_cut_before_keeps_its_beginning(service: BraveStub, client: Brave) -> None:
    service.pages = [
        WebPage("Cut", "https://cut.example/", ("67% by 2022. Others came later.", "over the same period"))
    ]
    assert fetch(client).found[0].text == "67% by 2022. Others came later. [...] over the same period"


def test_nothing_found_is_empty(service: BraveStub, client: Brave) -> None:
    service.pages = []
    assert fetch(client).outcome == Outcome.EMPTY


def test_another_wait_is_for_the_second(service: BraveStub, client: Brave) -> None:
    service.play(too_fast("3, 1419704"))
    result = fetch(client)
    assert (result.outcome, result.retry_after, result.needs_person) == (Outcome.RATE_LIMITED, 3.0, False)
    assert "rate limit exceeded" in result.message


def test_a_month_without_a_limit_is_never_used_up(service: BraveStub, client: Brave) -> None:
    service.play(too_fast("2, 0", "0, 0", "50, 0"))
    result = fetch(client)
    assert (result.outcome, result.retry_after) == (Outcome.RATE_LIMITED, 2.0)


def test_a_month_that_is_used_up_waits_for_its_end_and_for_nobody(service: BraveStub, client: Brave) -> None:
    service.play(month_used_up(1_419_704))
    result = fetch(client)
    assert (result.outcome, result.retry_after, result.needs_person) == (Outcome.QUOTA, 1_419_704.0, False)
    assert (result.http_status, len(service.log)) == (429, 1)


@pytest.mark.parametrize("headers", [{}, {"X-RateLimit-Remaining": "x", "X-RateLimit-Reset": ","}])
def test_a_refusal_without_numbers_is_a_refusal_of_this_moment(
    service: BraveStub, client: Brave, headers: dict[str, str]
) -> None:
    service.play(refusal(429, "RATE_LIMITED", headers=headers))
    result = fetch(client)
    assert (result.outcome, result.retry_after) == (Outcome.RATE_LIMITED, None)


@pytest.mark.parametrize(
    ("reply", "outcome", "needs_person"),
    [
        (bad_key(), Outcome.AUTH, True),
        (json_reply({"errors": [{"code": "SUBSCRIPTION_TOKEN_INVALID"}]}, 422), Outcome.AUTH, True),
        (refusal(401, "UNAUTHORIZED"), Outcome.AUTH, True),
        (refusal(403, "OPTION_NOT_IN_PLAN"), Outcome.AUTH, True),
        (refusal(422, "VALIDATION"), Outcome.BAD_REQUEST, False),
        (refusal(429, "QUOTA_LIMITED"), Outcome.QUOTA, False),
        (refusal(500, "INTERNAL"), Outcome.UNAVAILABLE, False),
    ],
    ids=["bad key", "bad key in a list", "401", "403", "422", "quota", "500"],
)
def test_what_a_refusal_means(
    service: BraveStub, client: Brave, reply: Any, outcome: Outcome, needs_person: bool
) -> None:
    service.play(reply)
    result = fetch(client)
    assert (result.outcome, result.needs_person) == (outcome, needs_person)
    assert KEY not in result.message


@pytest.mark.parametrize(
    "body",
    [[], {"web": []}, {"web": {"results": {}}}, {"web": {"results": [{"url": 7}]}}, {"web": {"results": [None]}}],
)
def test_another_form_is_invalid(service: BraveStub, client: Brave, body: Any) -> None:
    service.play(json_reply(body))
    assert fetch(client).outcome == Outcome.INVALID


def test_snippets_of_another_form_are_left_out_and_counted(service: BraveStub, client: Brave) -> None:
    good = {"title": "A", "url": "https://a.example/", "description": "Words."}
    service.play(json_reply({"web": {"results": [good, {**good, "extra_snippets": [7]}]}}))
    result = fetch(client)
    assert (result.outcome, len(result.found)) == (Outcome.PARTIAL, 1)


def test_health_asks_for_one_result(service: BraveStub, client: Brave) -> None:
    assert client.health().outcome == Outcome.OK
    assert [asked.params["count"] for asked in service.log] == ["1"]
    service.play(bad_key())
    assert client.health().outcome == Outcome.AUTH
