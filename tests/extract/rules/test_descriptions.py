"""Definitions, etymologies and superlatives."""

import pytest

from dossiers.extract.assembly import TopicText
from tests.extract.rules.finding import LAKE, LAMPS, find, tell

DEFINED = [
    ("The Lantern Trust (LT) is a charity that lends lamps to schools.", "a charity that lends lamps to schools"),
    ("The Lantern Trust, also called the Lamp Fund, is a charity in Bergen.", "a charity in Bergen"),
    ("In law, the Lantern Trust is a body of trustees, which meets in May.", "a body of trustees"),
    ("The LT is an alliance of clubs and the largest lender in Norway.", "an alliance of clubs"),
    ("The Lantern Trust happens when several clubs share their lamps.", "several clubs share their lamps"),
]


@pytest.mark.parametrize(("text", "value"), DEFINED)
def test_a_definition_ends_with_its_main_clause(text: str, value: str) -> None:
    assert [v for _, v, _ in tell(text, LAMPS, "definition")] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "The Lantern Trust is the largest lender in Norway.",
        "The Lantern Trust is a good idea.",
        "The Lamp Museum is a museum in Oslo.",
        "The Lantern Trust is not a charity in law.",
        "The Lantern Trust is in Bergen.",
        "Is the Lantern Trust a charity or a firm?",
    ],
)
def test_another_thing_a_rank_or_an_opinion_is_no_definition(text: str) -> None:
    assert tell(text, LAMPS, "definition") == []


def test_an_encyclopedia_may_define_what_its_article_is_about() -> None:
    text = 'Lamp lending (from Latin lampas "torch") is the practice of lending lamps. A lamp is a thing that shines.'
    found = find(text, LAMPS, "encyclopedia", "Lamp lending")
    assert [(s.relation, s.subject_text, s.value_text) for s in found] == [
        ("definition", "Lamp lending", "the practice of lending lamps"),
        ("etymology", "Lamp lending", 'Latin lampas "torch"'),
    ]
    assert tell(text, LAMPS, "definition") == []


ORIGINS = [
    ('The word lantern comes from Latin lanterna "lamp".', "lantern", 'Latin lanterna "lamp"'),
    ("Orrin was named after Saint Odhran by the monks.", "Orrin", "Saint Odhran"),
    ("The name Orrin goes back to Gaelic Odhran, a saint.", "Orrin", "Gaelic Odhran"),
    ("The lake takes its name from the monk who drowned in 902.", "lake", "the monk"),
    ("The name is derived from the old word for fire.", "", "the old word for fire"),
]


@pytest.mark.parametrize(("text", "subject", "value"), ORIGINS)
def test_an_origin_ends_at_its_comma_or_clause(text: str, subject: str, value: str) -> None:
    assert tell(text, LAKE, "etymology") == [(subject, value, "")]


@pytest.mark.parametrize(
    "text", ["The boat was named after her.", "The water comes from the hills.", "The name Orrin may come from Latin."]
)
def test_where_a_thing_comes_from_is_no_origin_of_a_name(text: str) -> None:
    assert tell(text, LAKE, "etymology") == []


SUPERLATIVES = [
    ("Orrin is the deepest lake in the county.", "Orrin", "the deepest lake in the county", ""),
    ("In 2013 Togo had the highest rate in the region.", "Togo", "the highest rate in the region", "2013"),
    ("Bute, one of the oldest towns in the county, has a pier.", "Bute", "one of the oldest towns in the county", ""),
    ("Orrin is Norway's third-largest lake.", "Orrin", "Norway's third-largest lake", ""),
    ("Malta's rate was one of the lowest among the islands.", "Malta", "one of the lowest among the islands", ""),
    ("The county's largest boat, the Petra, has a crew.", "Petra", "The county's largest boat", ""),
]


@pytest.mark.parametrize(("text", "subject", "value", "date"), SUPERLATIVES)
def test_a_superlative_keeps_its_scope(text: str, subject: str, value: str, date: str) -> None:
    assert tell(text, LAKE, "superlative") == [(subject, value, date)]


@pytest.mark.parametrize(
    "text",
    [
        "Orrin is the deepest.",
        "Orrin is the first lake in the county.",
        "Orrin is the most beautiful lake in the world.",
        "It is the deepest lake in the county.",
        "Most of the lakes in the county are deep.",
        "The Trust lent Malta a lamp, the largest loan in its history.",
    ],
)
def test_without_scope_or_subject_there_is_no_superlative(text: str) -> None:
    assert tell(text, LAKE, "superlative") == []


def test_the_labels_say_whose_a_description_is() -> None:
    topic = TopicText("Lake Orrin", "place")
    found = find("Lake Orrin is the deepest lake in the county. Bute is the oldest town in the county.", topic)
    assert [s.label for s in found] == ["Distinction", "Bute Distinction"]
    (origin,) = find("Polonium was named after Poland.", topic)
    assert origin.label == "Etymology of Polonium"
