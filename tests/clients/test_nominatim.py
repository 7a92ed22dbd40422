"""Nominatim's client: every hit is shown and none is chosen, digits stay, pins hold, and ideas have no shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dossiers.clients.base import Context, FetchResult, Outcome, Policy, Query
from dossiers.clients.nominatim import Nominatim
from tests.stubs.nominatim import NominatimStub, blocked, error, make_hit, too_many
from tests.stubs.server import json_reply

HILL = make_hit("Lamp Hill, Lakeshire", "node", 7, "natural", "peak", place_rank=18, extratags={"wikidata": "Q77"})
SHOP = make_hit("Lamp Hill Lights, High Street", "way", 437595031, "shop", "lighting", addresstype="shop")
TOWN = make_hit("Lamp Hill Town", "relation", 12, "place", "town", lat="-0.0010", lon="100.50")


@pytest.fixture
def service() -> Iterator[NominatimStub]:
    with NominatimStub([HILL, SHOP, TOWN]) as stub:
        yield stub


@pytest.fixture
def client(service: NominatimStub, make_policy: Callable[..., Policy]) -> Nominatim:
    return Nominatim(make_policy(service.url, name="nominatim", grade="verbatim", licence="ODbL 1.0"))


def fetch(client: Nominatim, text: str = "Lamp Hill", kind: str = "place", **fields: Any) -> FetchResult:
    return client.fetch(Query("place", text, **fields), Context(text, kind))


def test_every_hit_is_shown_with_what_tells_it_apart(client: Nominatim) -> None:
    result = fetch(client)
    hill, shop, town = result.found
    assert (result.outcome, result.requests_made) == (Outcome.OK, 1)
    assert [text.entity for text in result.found] == ["osm:node/7", "osm:way/437595031", "osm:relation/12"]
    assert (hill.text, hill.title, hill.url) == (
        "Lamp Hill, Lakeshire",
        "Lamp Hill, Lakeshire",
        "https://www.openstreetmap.org/node/7",
    )
    assert hill.features == {
        "name": "Lamp Hill",
        "category": "natural",
        "type": "peak",
        "addresstype": "natural",
        "place_rank": 18,
        "importance": 9.99999999995449e-06,
        "boundingbox": ["49.26", "49.27", "-123.13", "-123.12"],
        "lat": "49.2619970",
        "lon": "-123.1223816",
        "coordinates": ["49.2619970", "-123.1223816"],
        "wikidata": "Q77",
    }
    assert "wikidata" not in shop.features
    assert (hill.licence, hill.attribution, hill.grade) == ("ODbL 1.0", "© OpenStreetMap contributors", "verbatim")
    assert town.features["coordinates"] == ["-0.0010", "100.50"]


def test_the_payload_holds_what_a_place_is_read_from(client: Nominatim) -> None:
    payload = fetch(client).found[0].payload
    assert payload is not None
    read = {key: payload[key] for key in ("name", "category", "lat", "lon")}
    assert read == {"name": "Lamp Hill, Lakeshire", "category": "peak", "lat": "49.2619970", "lon": "-123.1223816"}
    assert payload["hit"]["osm_id"] == 7


def test_the_same_place_gives_the_same_text_again(client: Nominatim) -> None:
    first, again = fetch(client), fetch(client)
    assert first.found[0].payload != again.found[0].payload  # the service's own id of a place is another each time
    assert [(text.text, text.entity) for text in first.found] == [(text.text, text.entity) for text in again.found]


def test_what_is_asked_for(service: NominatimStub, client: Nominatim) -> None:
    fetch(client, language="de", limit=2)
    asked = service.log[0]
    assert asked.path == "/search"
    assert asked.params == {
        "q": "Lamp Hill",
        "format": "jsonv2",
        "addressdetails": "1",
        "extratags": "1",
        "limit": "2",
        "accept-language": "de",
    }


@pytest.mark.parametrize("kind", ["topic", "person"])
def test_a_point_of_interest_is_never_an_idea_or_a_person(service: NominatimStub, client: Nominatim, kind: str) -> None:
    result = fetch(client, kind=kind)
    assert "osm:way/437595031" not in {text.entity for text in result.found}
    service.hits = [SHOP]
    assert fetch(client, kind=kind).outcome == Outcome.EMPTY


def test_an_organization_may_be_a_point_of_interest(service: NominatimStub, client: Nominatim) -> None:
    assert len(fetch(client, kind="organization").found) == 3
    assert "layer" not in service.log[0].params


def test_a_pinned_place_is_looked_up_by_its_id(service: NominatimStub, client: Nominatim) -> None:
    for key, asked in (("osm:node/7", "N7"), ("osm:way/437595031", "W437595031"), ("osm:relation/12", "R12")):
        result = fetch(client, key=key)
        assert [text.entity for text in result.found] == [key]
        assert (service.log[-1].path, service.log[-1].params["osm_ids"]) == ("/lookup", asked)


def test_a_pinned_place_that_is_gone_is_empty(client: Nominatim) -> None:
    assert fetch(client, key="osm:node/8").outcome == Outcome.EMPTY


def test_a_pin_takes_no_other_thing(service: NominatimStub, client: Nominatim) -> None:
    service.play(json_reply([SHOP]))
    assert fetch(client, key="osm:node/7").outcome == Outcome.INVALID


@pytest.mark.parametrize(
    "key", ["capture:7", "osm:node/7,W1", "osm:node/0", "osm:area/7", "wikidata:Q7", "osm:node/7\n"]
)
def test_a_key_of_another_kind_is_not_sent(service: NominatimStub, client: Nominatim, key: str) -> None:
    result = fetch(client, key=key)
    assert (result.outcome, result.requests_made, service.log) == (Outcome.BAD_REQUEST, 0, [])


def test_no_hit_is_empty(client: Nominatim) -> None:
    assert fetch(client, "Nowhere").outcome == Outcome.EMPTY


@pytest.mark.parametrize(
    ("reply", "outcome", "needs_person", "status"),
    [
        (blocked(), Outcome.QUOTA, True, 403),
        (error(403, "Usage limit reached", 200), Outcome.QUOTA, True, 403),
        (error(400), Outcome.BAD_REQUEST, False, 400),
        (error(400, status=200), Outcome.BAD_REQUEST, False, 400),
        (json_reply({"error": "Unable to search"}), Outcome.BAD_REQUEST, False, 400),
        (error(503, "Search temporarily unavailable"), Outcome.UNAVAILABLE, False, 503),
        (error(503, "Search temporarily unavailable", 200), Outcome.UNAVAILABLE, False, 503),
        (too_many("7.5"), Outcome.RATE_LIMITED, False, 429),
    ],
    ids=["403 page", "403 inside", "400", "400 inside", "words inside", "503", "503 inside", "429"],
)
def test_what_a_refusal_means(
    service: NominatimStub,
    client: Nominatim,
    reply: Any,
    outcome: Outcome,
    needs_person: bool,
    status: int,
) -> None:
    service.play(reply)
    result = fetch(client)
    assert (result.outcome, result.needs_person, result.http_status) == (outcome, needs_person, status)


@pytest.mark.parametrize(
    "change",
    [
        {"osm_type": "area"},
        {"osm_id": "7"},
        {"osm_id": True},
        {"osm_id": 10**30},
        {"display_name": ""},
        {"display_name": 7},
        {"lat": "91"},
        {"lat": "north"},
        {"lon": None},
        {"lon": "1e3"},
        {"lat": "nan"},
    ],
    ids=str,
)
def test_a_hit_of_another_form_is_left_out_and_counted(
    service: NominatimStub, client: Nominatim, change: dict[str, Any]
) -> None:
    service.play(json_reply([HILL, {**SHOP, **change}]))
    result = fetch(client)
    assert (result.outcome, [text.entity for text in result.found]) == (Outcome.PARTIAL, ["osm:node/7"])


def test_degrees_that_come_as_numbers_are_kept_too(service: NominatimStub, client: Nominatim) -> None:
    service.play(json_reply([{**HILL, "lat": 49.5, "lon": -3}]))
    assert fetch(client).found[0].features["coordinates"] == ["49.5", "-3"]


@pytest.mark.parametrize("body", [{}, {"results": []}, [[]], "x", 7])
def test_another_form_is_invalid(service: NominatimStub, client: Nominatim, body: Any) -> None:
    service.play(json_reply(body))
    assert fetch(client).outcome == Outcome.INVALID


def test_health_looks_nothing_up(service: NominatimStub, client: Nominatim) -> None:
    assert client.health().outcome == Outcome.OK
    assert [asked.path for asked in service.log] == ["/status"]
    service.status = 700
    health = client.health()
    assert health.outcome == Outcome.UNAVAILABLE
    assert "Query failed" in health.message


def test_a_made_up_place_stays_where_it_is(make_policy: Callable[..., Policy]) -> None:
    with NominatimStub() as stub:
        client = Nominatim(make_policy(stub.url))
        first, again, other = fetch(client, "Some Town"), fetch(client, "Some Town"), fetch(client, "Other Town")
    assert first.found[0].entity == again.found[0].entity != other.found[0].entity
    assert first.found[0].text == again.found[0].text
