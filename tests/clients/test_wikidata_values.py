"""Values, ranks, qualifiers and references: how statements are spelled, and which are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dossiers.clients.base import FetchResult, Found
from tests.clients.lamps import CITED, COPIED
from tests.stubs.wikidata import (
    WikidataStub,
    claim,
    item,
    link,
    no_snak,
    place,
    quantity,
    string,
    time,
    words,
)

Fetch = Callable[..., FetchResult]


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
