"""Every search and the geocoder: answers that no service should give end in an outcome, never in an exception."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.clients.base import Context, FetchResult, Outcome, Policy, Provider, Query
from dossiers.clients.brave import Brave
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Answer
from dossiers.clients.nominatim import Nominatim
from dossiers.clients.searxng import SearXNG
from dossiers.clients.tavily import Tavily
from tests.stubs import misbehaving
from tests.stubs.server import Reply, StubServer, pick_closed_port

CLIENTS = [Tavily, Brave, SearXNG, Nominatim]
KEY = "key-that-nobody-may-see"
SPOILT = {
    "malformed": misbehaving.malformed_json,
    "challenge": misbehaving.challenge_page,
    "challenge as JSON": misbehaving.challenge_page_as_json,
    "other type": misbehaving.wrong_type,
    "bomb": lambda: misbehaving.gzip_bomb(20_000_000),
    "elsewhere": lambda: misbehaving.redirect("http://127.0.0.2:1/"),
    "empty object": lambda: Reply(200, {"Content-Type": "application/json"}, b"null"),
}
WORDS = st.sampled_from(
    "results url title content web description extra_snippets error errors code detail message unresponsive_engines "
    "retry_after_seconds auto_parameters osm_type osm_id display_name lat lon extratags published_date page_age".split()
)
GOOD = st.sampled_from(["https://lamp.example/", "A lamp.", "2024-05-04", "1.5", "node", "way", 7, {"wikidata": "Q7"}])
JSON = st.recursive(
    GOOD | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=12,
)
ITEMS = st.lists(st.dictionaries(WORDS, GOOD | JSON, min_size=4, max_size=12) | JSON, max_size=3)
SHAPES: dict[Any, Callable[[Any], Any]] = {
    Tavily: lambda items: {"results": items},
    Brave: lambda items: {"web": {"results": items}},
    SearXNG: lambda items: {"results": items, "unresponsive_engines": items},
    Nominatim: lambda items: items,
}


def fetch(client: Provider) -> FetchResult:
    return client.fetch(Query("search", "Lamp"), Context("Lamp"))


@pytest.fixture(params=CLIENTS, ids=lambda client: client.__name__)
def make_client(request: pytest.FixtureRequest, make_policy: Callable[..., Policy]) -> Callable[..., Provider]:
    return lambda url, **fields: request.param(make_policy(url, key=KEY, **fields))


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_answer_is_invalid(
    stub: StubServer, make_client: Callable[..., Provider], spoil: Callable[[], Reply]
) -> None:
    stub.play(spoil())
    result = fetch(make_client(stub.url))
    assert (result.outcome, result.found, result.requests_made) == (Outcome.INVALID, (), 1)
    assert result.message
    assert KEY not in result.message


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_health_says_so_too(stub: StubServer, make_client: Callable[..., Provider], spoil: Callable[[], Reply]) -> None:
    stub.play(spoil())
    assert make_client(stub.url).health().outcome in (Outcome.INVALID, Outcome.UNAVAILABLE)


@pytest.mark.parametrize("reply", [misbehaving.no_answer, misbehaving.cut_body, misbehaving.slow_body])
def test_an_answer_that_does_not_arrive_is_unavailable(
    stub: StubServer, make_client: Callable[..., Provider], reply: Callable[[], Reply]
) -> None:
    stub.play(reply())
    result = fetch(make_client(stub.url, timeout=0.5))
    assert (result.outcome, result.needs_person) == (Outcome.UNAVAILABLE, False)


def test_a_service_that_is_not_there_is_unavailable(make_client: Callable[..., Provider]) -> None:
    client = make_client(f"http://127.0.0.1:{pick_closed_port()}")
    assert fetch(client).outcome == Outcome.UNAVAILABLE
    assert client.health().outcome == Outcome.UNAVAILABLE


def test_a_base_address_may_end_in_a_slash(stub: StubServer, make_client: Callable[..., Provider]) -> None:
    fetch(make_client(f"{stub.url}/api/"))
    assert "//" not in stub.log[0].path
    assert stub.log[0].path.startswith("/api/")


class _Said:
    """Stands where the way out is, with an answer that came already: sockets are too slow for thousands of answers."""

    def __init__(self, data: Any, status: int) -> None:
        self.answer = Answer(status, {}, data)

    def get_json(self, url: str, *, judge: Callable[[Answer], None], **_rest: Any) -> Answer:
        judge(self.answer)
        return self.answer

    post_json = get_json


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
@given(items=ITEMS, other=JSON, is_shaped=st.booleans(), status=st.sampled_from([200, 200, 200, 403, 422, 429, 500]))
def test_no_json_is_too_odd(client: Any, items: Any, other: Any, *, is_shaped: bool, status: int) -> None:
    said = _Said(SHAPES[client](items) if is_shaped else other, status)
    provider, question = client(Policy("service", "web_search", grade="verbatim")), Query("search", "Lamp", limit=3)
    asked = {Brave: ("Lamp", 3), Nominatim: (question, Context("Lamp"))}.get(client, (question,))
    try:
        result = provider._search(said, *asked)
    except ServiceError as error:
        result = error.to_result()
    assert bool(result.found) == (result.outcome in (Outcome.OK, Outcome.PARTIAL)) or result.outcome == Outcome.PARTIAL
    assert all(text.text.strip() and text.title and text.url.startswith("http") for text in result.found)
