"""The knowledge base's client: which item is meant, what its statements say, and what refusals become."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from dossiers.clients.base import Context, FetchResult, Outcome, Policy, Query
from dossiers.clients.limiter import connect_redis
from dossiers.clients.mediawiki import MediaWiki
from dossiers.clients.wikidata import Wikidata
from tests.clients.lamps import make_lamp
from tests.stubs import misbehaving
from tests.stubs.mediawiki import MediaWikiStub, api_error, maxlag
from tests.stubs.server import json_reply, status_reply
from tests.stubs.wikidata import (
    WikidataStub,
    claim,
    item,
    link,
    quantity,
    string,
    time,
)

Make = Callable[..., Policy]
Fetch = Callable[..., FetchResult]


def test_an_item_is_a_text_of_one_statement_a_line(fetch: Fetch) -> None:
    (found,) = fetch(key="wikidata:Q7").found
    assert found.text.splitlines() == [
        "Lamp Society: society for lamps",
        "instance of: organization",
        "founded by: Ada Brook",
        "location: Eastmere",
        "location: Northford [imported from Wikipedia]",
        "inception: 29 September 1954",
        "coordinate location: 51.507222, -0.1275",
        "member count: 23 (point in time: 2021)",
    ]


def test_what_the_text_comes_with(base: WikidataStub, fetch: Fetch) -> None:
    result = fetch(key="wikidata:Q7")
    (found,) = result.found
    permanent = f"{base.url}/wiki/Q7?oldid=77"
    assert (result.outcome, result.message, result.requests_made) == (Outcome.OK, "", 2)
    assert (found.title, found.entity, found.revision_id) == ("Lamp Society", "wikidata:Q7", "77")
    assert (found.url, found.publisher, found.grade) == (f"{base.url}/wiki/Q7", "127.0.0.1", "verbatim")
    assert found.published_at == datetime(2026, 4, 1, 8, 30, tzinfo=UTC)
    assert found.attribution == f"Wikidata contributors, “Lamp Society”, {permanent}"
    assert found.features == {
        "description": "society for lamps",
        "aliases": ["LS", "Lamps"],
        "coordinates": ["51.507222", "-0.1275"],
        "sitelink": "The Lamp Society",
        "instance_of": ["organization"],
        "instance_of_ids": ["Q43229"],
        "chosen_by": "key",
    }
    assert found.payload is not None and set(found.payload["claims"]) == {
        "P31",
        "P112",
        "P276",
        "P571",
        "P625",
        "P2124",
    }
    json.dumps(found.payload)


def test_the_same_statements_in_any_order_are_the_same_bytes(base: WikidataStub, fetch: Fetch) -> None:
    chance, digests = random.Random(3), set()  # noqa: S311 - an order, not a secret
    for revision in range(5):
        lamp = make_lamp()
        for given in lamp["claims"].values():
            chance.shuffle(given)
        names = list(lamp["claims"])
        chance.shuffle(names)
        lamp["claims"] = {name: lamp["claims"][name] for name in names}
        lamp["lastrevid"], lamp["modified"] = revision, f"2026-05-0{revision + 1}T00:00:00Z"
        base.items["Q7"] = lamp
        digests.add(hashlib.sha256(fetch(key="wikidata:Q7").found[0].text.encode()).hexdigest())
    assert len(digests) == 1


def test_labels_are_asked_for_by_the_batch_and_once(base: WikidataStub, fetch: Fetch) -> None:
    base.items["Q7"] = item("Q7", "Many", P112=[claim(link(f"Q{n}")) for n in range(100, 112)], **{
        f"P{n}": [claim(link(f"Q{10 * n + k}")) for k in range(8)] for n in range(2000, 2008)
    })  # fmt: skip
    assert fetch(key="wikidata:Q7").requests_made == 3
    asked = [asked.params["ids"].split("|") for asked in base.log if asked.params.get("props") == "labels"]
    assert [len(ids) for ids in asked] == [50, 35]
    assert fetch(key="wikidata:Q7").requests_made == 1


class TestWhichItem:
    def test_a_search_gives_candidates(self, fetch: Fetch) -> None:
        result = fetch("Mercury", "search", limit=2)
        assert (result.outcome, result.found) == (Outcome.OK, ())
        assert [(found.key, found.title, found.description) for found in result.candidates] == [
            ("wikidata:Q50", "Mercury", "planet"),
            ("wikidata:Q51", "mercury", "metal"),
        ]
        assert result.candidates[0].features == {"match": "label", "match_text": "Mercury", "match_language": "en"}

    def test_hits_may_lack_anything(self, fetch: Fetch) -> None:
        assert [(found.key, found.title) for found in fetch("Bare", "search").candidates] == [("wikidata:Q9", "Q9")]
        (shown,) = fetch("Shown", "search").candidates
        assert (shown.title, shown.description) == ("shown", "here")
        assert fetch("Nothing", "search").outcome == Outcome.EMPTY
        assert fetch("  ", "search").outcome == Outcome.EMPTY

    def test_the_only_one_of_that_name_is_followed(self, fetch: Fetch) -> None:
        result = fetch("lone")
        assert result.outcome == Outcome.EMPTY  # the stand-in finds by the exact spelling only
        result = fetch("Lone")
        assert (result.outcome, result.found[0].entity) == (Outcome.OK, "wikidata:Q7")
        assert result.found[0].features["chosen_by"] == "label"
        assert [found.key for found in result.candidates] == ["wikidata:Q7", "wikidata:Q8"]

    def test_several_of_that_name_are_a_question(self, fetch: Fetch) -> None:
        result = fetch("Mercury")
        assert (result.outcome, result.found) == (Outcome.PARTIAL, ())
        assert "several items" in result.message
        assert [found.key for found in result.candidates] == ["wikidata:Q50", "wikidata:Q51"]

    def test_another_name_of_an_item_is_a_question(self, fetch: Fetch) -> None:
        result = fetch("Quicksilver")
        assert (result.outcome, result.found, len(result.candidates)) == (Outcome.PARTIAL, (), 1)

    def test_no_item_of_that_name_is_empty(self, fetch: Fetch) -> None:
        assert fetch("Nothing").outcome == Outcome.EMPTY

    def test_a_merged_item_says_so(self, fetch: Fetch) -> None:
        (found,) = fetch(key="wikidata:Q70").found
        assert (found.entity, found.features["redirected_from"]) == ("wikidata:Q7", "wikidata:Q70")

    def test_a_missing_item_is_empty(self, base: WikidataStub, fetch: Fetch) -> None:
        assert fetch(key="wikidata:Q999").outcome == Outcome.EMPTY
        base.play(api_error("no-such-entity"))
        assert fetch(key="wikidata:Q7").outcome == Outcome.EMPTY

    def test_a_key_that_is_none_is_not_asked_for(self, base: WikidataStub, fetch: Fetch) -> None:
        for key in ("wikidata:P31", "osm:way/1", "wikidata:Q7|Q8", "wikidata:Q0"):
            assert fetch(key=key).outcome == Outcome.BAD_REQUEST
        assert fetch("Lamp", "page").outcome == Outcome.BAD_REQUEST
        assert base.log == []

    def test_another_item_than_the_one_asked_for_is_refused(self, base: WikidataStub, fetch: Fetch) -> None:
        base.play(json_reply({"entities": {"Q8": make_lamp() | {"id": "Q8"}}}))
        assert fetch(key="wikidata:Q7").outcome == Outcome.INVALID

    def test_an_item_that_lists_meanings_is_no_text(self, base: WikidataStub, fetch: Fetch) -> None:
        base.items["Q7"] = item("Q7", "Lamp", P31=[claim(link("Q4167410"))])
        result = fetch(key="wikidata:Q7")
        assert (result.outcome, result.found) == (Outcome.PARTIAL, ())

    def test_an_item_without_statements_is_empty(self, base: WikidataStub, fetch: Fetch) -> None:
        base.items["Q7"] = item("Q7", "Lamp", "a lamp", P214=[claim(string("1", "external-id"))])
        assert fetch(key="wikidata:Q7").outcome == Outcome.EMPTY


def test_the_newest_of_many_are_kept_and_the_rest_is_said(base: WikidataStub, fetch: Fetch) -> None:
    years = [
        claim(quantity(f"+{year}"), qualifiers={"P585": [time(f"+{year}-00-00T00:00:00Z", 9)]})
        for year in range(1990, 2010)
    ]
    base.items["Q7"] = item("Q7", "City", P1082=years)
    result = fetch(key="wikidata:Q7")
    lines = result.found[0].text.splitlines()[1:]
    assert lines[0] == "population: 1998 (point in time: 1998)"
    assert lines[-1] == "population: 2009 (point in time: 2009)"
    assert len(lines) == 12
    assert result.found[0].features["left_out"] == 8
    assert "8 more statements of Q7 are left out" in result.message


def test_an_item_has_an_end(base: WikidataStub, fetch: Fetch) -> None:
    claims = {f"P{number}": [claim(string("x"))] for number in range(3000, 3200)}
    base.items["Q7"] = item("Q7", "Much", **claims)
    result = fetch(key="wikidata:Q7")
    assert len(result.found[0].text.splitlines()) == 151
    assert result.found[0].features["left_out"] == 50


@pytest.mark.parametrize(
    "damage",
    [
        {"claims": []},
        {"claims": {"P31": "x", "bad": [], "P571": [None, 3, {}, {"mainsnak": []}]}},
        {"labels": [], "descriptions": 3, "aliases": [], "sitelinks": []},
        {"labels": {"en": "x"}, "aliases": {"en": [3]}, "lastrevid": None, "modified": "yesterday"},
    ],
)
def test_no_shape_of_an_item_breaks_the_reading(base: WikidataStub, fetch: Fetch, damage: dict[str, Any]) -> None:
    base.items["Q7"] = make_lamp() | damage
    assert fetch(key="wikidata:Q7").outcome in {Outcome.OK, Outcome.EMPTY}


def test_labels_fall_back_to_what_is_the_same_everywhere(base: WikidataStub, fetch: Fetch) -> None:
    lamp = make_lamp()
    lamp["labels"] = {"mul": {"language": "mul", "value": "LAMP"}, "en": {"language": "en", "value": "Lamp Society"}}
    base.items["Q7"] = lamp
    assert fetch(key="wikidata:Q7", language="fr").found[0].title == "LAMP"
    assert base.log[0].params["languages"] == "fr|mul|en"
    assert base.log[0].params["sitefilter"] == "frwiki"


def test_refusals_half_way_leave_nothing(base: WikidataStub, fetch: Fetch) -> None:
    answer = json_reply({"entities": {"Q7": make_lamp()}})
    for reply, outcome in [
        (maxlag(40.0), Outcome.UNAVAILABLE),
        (status_reply(429, {"Retry-After": "0.9"}), Outcome.RATE_LIMITED),
    ]:
        base.play(answer, reply)
        result = fetch(key="wikidata:Q7")
        assert (result.outcome, result.found, result.requests_made) == (outcome, (), 2)
        assert result.retry_after is not None
        wait_out(base)


def wait_out(base: WikidataStub) -> None:
    """Forget that the service wants us to wait."""
    connect_redis().delete(f"limiter:host:127.0.0.1:{base.port}:state")


def test_a_challenge_page_is_invalid(base: WikidataStub, fetch: Fetch) -> None:
    base.play(misbehaving.challenge_page())
    assert fetch(key="wikidata:Q7").outcome == Outcome.INVALID


def test_health(base: WikidataStub, make_policy: Make) -> None:
    assert Wikidata(make_policy(base.api)).health().outcome == Outcome.OK


def test_made_up_items_match_made_up_pages_and_change_with_the_edition(make_policy: Make) -> None:
    changed, titles = 0, [f"Society {number}" for number in range(40)]
    with MediaWikiStub(invents=True) as wiki, WikidataStub(invents=True) as base:
        pages, facts = MediaWiki(make_policy(wiki.api)), Wikidata(make_policy(base.api))
        for title in titles:
            base.edition = 1
            entity = pages.fetch(Query("page", title), Context(title)).found[0].entity
            before = facts.fetch(Query("entity", title, key=entity), Context(title)).found[0]
            assert before.title == title
            base.edition = 2
            after = facts.fetch(Query("entity", title, key=entity), Context(title)).found[0]
            changed += before.text != after.text
    assert 0 < changed < len(titles) / 2
