"""The knowledge base's client: which item is meant, what its statements say, and what refusals become."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from dossiers.clients.base import Context, FetchResult, Found, Outcome, Policy, Query
from dossiers.clients.limiter import connect_redis
from dossiers.clients.mediawiki import MediaWiki
from dossiers.clients.wikidata import Wikidata
from tests.stubs import misbehaving
from tests.stubs.mediawiki import MediaWikiStub, api_error, maxlag
from tests.stubs.server import json_reply, status_reply
from tests.stubs.wikidata import (
    WikidataStub,
    claim,
    hit,
    item,
    link,
    no_snak,
    place,
    quantity,
    string,
    time,
    words,
)

Make = Callable[..., Policy]
COPIED = {"P143": [link("Q328")]}
CITED = {"P854": [string("https://example.org/a", "url")]}


def make_lamp() -> dict[str, Any]:
    lamp = item(
        "Q7",
        "Lamp Society",
        "society for lamps",
        P31=[claim(link("Q43229"))],
        P112=[claim(link("Q20")), claim(link("Q21"), rank="deprecated")],
        P276=[claim(link("Q30"), references=[COPIED]), claim(link("Q31"), references=[COPIED, CITED])],
        P571=[claim(time("+1954-09-29T00:00:00Z"))],
        P625=[claim(place(51.50722222, -0.1275))],
        P2124=[
            claim(quantity("+23"), rank="preferred", qualifiers={"P585": [time("+2021-00-00T00:00:00Z", 9)]}),
            claim(quantity("+20"), qualifiers={"P585": [time("+2020-00-00T00:00:00Z", 9)]}),
        ],
        P214=[claim(string("12345", "external-id"))],
        P18=[claim(string("Lamp.jpg", "commonsMedia"))],
        P856=[claim(string("https://lamps.example.org", "url"))],
        P373=[claim(string("Lamps"))],
    )
    lamp["aliases"] = {"en": [{"language": "en", "value": name} for name in ("LS", "Lamps", "LS")]}
    lamp["sitelinks"] = {"enwiki": {"site": "enwiki", "title": "The Lamp Society"}}
    return lamp


@pytest.fixture
def base() -> Iterator[WikidataStub]:
    labels = {"Q20": "Ada Brook", "Q21": "Nobody", "Q30": "Northford", "Q31": "Eastmere"}
    hits = {
        "Mercury": [hit("Q50", "Mercury", "planet"), hit("Q51", "mercury", "metal"), hit("Q52", "Mercury Records")],
        "Quicksilver": [hit("Q51", "mercury", "metal", "alias", "Quicksilver")],
        "Lone": [hit("Q7", "Lone", "only one"), hit("Q8", "Lone Ranger")],
        "Bare": [{"id": "Q9"}, {"id": "not an item"}, "nonsense", {"display": {"label": {"value": "x"}}}],
        "Shown": [{"id": "Q10", "display": {"label": {"value": "shown"}, "description": {"value": "here"}}}],
    }
    with WikidataStub([make_lamp()], labels=labels, merged={"Q70": "Q7"}, hits=hits) as stub:
        yield stub


@pytest.fixture
def fetch(base: WikidataStub, make_policy: Make) -> Callable[..., FetchResult]:
    policy = make_policy(
        base.api, name="wikidata", grade="verbatim", licence="CC0 1.0", attribution="Wikidata contributors"
    )

    def ask(text: str = "", kind: Any = "entity", *, is_urgent: bool = False, **fields: Any) -> FetchResult:
        return Wikidata(policy).fetch(Query(kind, text, **fields), Context(text or "T", is_urgent=is_urgent))

    return ask


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


@pytest.fixture
def spell(base: WikidataStub, fetch: Fetch) -> Callable[..., list[str]]:
    """Return the lines that statements of one property become."""

    def write(*claims: dict[str, Any], language: str = "en", name: str = "P571") -> list[str]:
        base.items["Q7"] = item("Q7", "X", P31=[claim(link("Q43229"))], **{name: list(claims)})
        found: Found = fetch(key="wikidata:Q7", language=language).found[0]
        return [line.partition(": ")[2] for line in found.text.splitlines()[2:]]

    return write


@pytest.mark.parametrize(
    ("text", "precision", "calendar", "words_"),
    [
        ("+1954-09-29T00:00:00Z", 11, "Q1985727", "29 September 1954"),
        ("+00000002002-01-01T00:00:00Z", 11, "Q1985727", "1 January 2002"),
        ("+1954-09-00T00:00:00Z", 10, "Q1985727", "September 1954"),
        ("+1954-09-01T00:00:00Z", 10, "Q1985727", "September 1954"),
        ("+1954-00-00T00:00:00Z", 9, "Q1985727", "1954"),
        ("+1954-01-01T00:00:00Z", 9, "Q1985727", "1954"),
        ("+1954-00-00T00:00:00Z", 11, "Q1985727", "1954"),
        ("+1954-09-00T00:00:00Z", 11, "Q1985727", "September 1954"),
        ("+1954-09-29T12:00:00Z", 14, "Q1985727", "29 September 1954"),
        ("+1954-00-00T00:00:00Z", 8, "Q1985727", "1950s"),
        ("+1901-00-00T00:00:00Z", 7, "Q1985727", "20th century"),
        ("+1900-00-00T00:00:00Z", 7, "Q1985727", "19th century"),
        ("+2000-01-01T00:00:00Z", 7, "Q1985727", "20th century"),
        ("+0110-00-00T00:00:00Z", 7, "Q1985727", "2nd century"),
        ("+1050-00-00T00:00:00Z", 7, "Q1985727", "11th century"),
        ("+2001-00-00T00:00:00Z", 6, "Q1985727", "3rd millennium"),
        ("-0044-03-15T00:00:00Z", 11, "Q1985786", "15 March 44 BCE (Julian calendar)"),
        ("-0044-00-00T00:00:00Z", 9, "Q1985786", "44 BCE"),
        ("-0044-00-00T00:00:00Z", 7, "Q1985786", "1st century BCE"),
        ("-0300-00-00T00:00:00Z", 7, "Q1985786", "3rd century BCE"),
        ("-0480-00-00T00:00:00Z", 8, "Q1985786", "480s BCE"),
        ("+1642-12-25T00:00:00Z", 11, "Q1985786", "25 December 1642 (Julian calendar)"),
        ("-13798000000-00-00T00:00:00Z", 3, "Q1985727", "about 13798000000 BCE"),
    ],
)
def test_times_are_as_precise_as_they_are(
    spell: Callable[..., list[str]], text: str, precision: int, calendar: str, words_: str
) -> None:
    assert spell(claim(time(text, precision, f"http://www.wikidata.org/entity/{calendar}"))) == [words_]


@pytest.mark.parametrize(
    "text", ["", "1954", "+0000-00-00T00:00:00Z", "+1954-13-01T00:00:00Z", "+1954-01-32T00:00:00Z"]
)
def test_times_that_cannot_be_are_left_out(spell: Callable[..., list[str]], text: str) -> None:
    assert spell(claim(time(text))) == []


def test_months_are_named_in_the_language(spell: Callable[..., list[str]]) -> None:
    assert spell(claim(time("+1954-05-29T00:00:00Z")), language="de") == ["29 Mai 1954"]
    assert spell(claim(time("+1954-05-29T00:00:00Z")), language="zz") == ["29 May 1954"]


@pytest.mark.parametrize(
    ("value", "words_"),
    [
        (quantity("+8804190"), "8804190"),
        (quantity("-1.50", "Q11570"), "-1.50 kilogram"),
        (quantity("+5", "Q999999"), "5 Q999999"),
        (quantity("+23", upperBound="+24", lowerBound="+22"), "23 (between 22 and 24)"),
        (quantity("+23", upperBound="+23", lowerBound="+23"), "23"),
        (place(0.0, -0.0000000001), "0, 0"),
        (place(10.0, 20.5, "Q405"), "10, 20.5 on Q405"),
        (words("Fiat lux", "la"), "Fiat lux (la)"),
        (words("Let  there\nbe light"), "Let there be light"),
        (string("W1A 1AA"), "W1A 1AA"),
        (link("Q888888"), "Q888888"),
        (no_snak("somevalue", "wikibase-item"), "unknown value"),
        (no_snak("novalue", "wikibase-item"), "no value"),
        (
            {
                "snaktype": "value",
                "datavalue": {"type": "wikibase-entityid", "value": {"entity-type": "item", "numeric-id": 20}},
            },
            "Ada Brook",
        ),
    ],
)
def test_values_are_spelled(spell: Callable[..., list[str]], value: dict[str, Any], words_: str) -> None:
    assert spell(claim(value)) == [words_]


@pytest.mark.parametrize(
    "value",
    [
        quantity("many"),
        quantity("+"),
        place(float(500), 0.0),
        words(""),
        string("x", "math"),
        string("x", "url"),
        {"snaktype": "value"},
        {"snaktype": "value", "datatype": "time", "datavalue": {"value": "2001"}},
        {"snaktype": "value", "datatype": "quantity", "datavalue": []},
        {
            "snaktype": "value",
            "datatype": "wikibase-item",
            "datavalue": {"value": {"entity-type": "property", "id": "P1"}},
        },
    ],
)
def test_values_that_cannot_be_read_are_left_out(spell: Callable[..., list[str]], value: dict[str, Any]) -> None:
    assert spell(claim(value)) == []


def test_a_place_on_another_world_gives_no_coordinates(base: WikidataStub, fetch: Fetch) -> None:
    base.items["Q7"] = item("Q7", "Crater", P625=[claim(place(10.0, 20.0, "Q405"))])
    assert "coordinates" not in fetch(key="wikidata:Q7").found[0].features


def test_ranks(spell: Callable[..., list[str]]) -> None:
    ranks = {"+1": "normal", "+2": "preferred", "+3": "preferred", "+4": "deprecated"}
    given = [claim(quantity(amount), rank=rank) for amount, rank in ranks.items()]
    assert spell(*given) == ["2", "3"]
    assert spell(given[0], given[3]) == ["1"]
    assert spell(given[3]) == []


def test_imports_from_wikipedia_are_marked_only_where_nothing_else_supports_them(
    spell: Callable[..., list[str]],
) -> None:
    retrieved = {"P813": [time("+2020-01-01T00:00:00Z")]}
    page = {"P4656": [string("https://en.wikipedia.org/w/index.php?oldid=1", "url")]}
    marked = [[COPIED], [COPIED | retrieved], [page | retrieved], [COPIED, page]]
    plain = [[], [CITED], [COPIED, CITED], [COPIED | CITED], [retrieved]]
    for references in marked:
        assert spell(claim(quantity("+1"), references=references)) == ["1 [imported from Wikipedia]"]
    for references in plain:
        assert spell(claim(quantity("+1"), references=references)) == ["1"]


def test_qualifiers_stand_behind_the_value_in_one_order(spell: Callable[..., list[str]]) -> None:
    qualifiers = {
        "P585": [time("+2021-00-00T00:00:00Z", 9)],
        "P276": [link("Q31"), link("Q30")],
        "P1810": [string("x", "external-id")],
    }
    expected = ["5 (location: Eastmere, Northford; point in time: 2021)"]
    assert spell(claim(quantity("+5"), qualifiers=qualifiers)) == expected
    assert spell(claim(quantity("+5"), qualifiers=dict(reversed(qualifiers.items())))) == expected


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
