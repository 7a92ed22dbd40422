"""Amounts that are not stated because it is not certain whose they are, and those beside a clause that are."""

import pytest

from tests.extract.rules.finding import LAKE, find, tell

Told = list[tuple[str, str, str]]

DOUBTFUL = [
    "Lumber rates were 3% in March and 5% in April.",
    "One in six clubs closed.",
    "The barn stands on a plot of 80 m by 30 m.",
    "The club's nine shops sell 4,000 lamps per year.",
    "The valley gets 700 mm of rain a year.",
    "Boats cost US$30 per day in small towns and US$55 per day in large ones.",
]

CERTAIN: list[tuple[str, Told]] = [
    ("The crane weighs 14 tonnes and the hook 2 tonnes.", [("crane", "14 tonnes", "")]),
    ("The share among nurses was 31%, against 22% among cooks.", [("share among nurses", "31%", "")]),
    ("The park spans 310 km² (120 sq mi).", [("park", "310 km²", ""), ("park", "120 sq mi", "")]),
    ("The storm crossed the bay on 3 May 1961, killing 48 sailors.", [("storm", "48 sailors", "")]),
    ("The voyage lasted four years and two months.", [("voyage", "four years and two months", "")]),
]


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_doubtful_amount_is_not_stated(text: str) -> None:
    assert [s.value_text for s in find(text, LAKE) if s.relation == "quantity"] == []


@pytest.mark.parametrize(("text", "told"), CERTAIN, ids=[text for text, _ in CERTAIN])
def test_only_the_amounts_of_the_subject_are_stated(text: str, told: Told) -> None:
    assert tell(text, LAKE, "quantity") == told


def test_a_change_may_be_told_from_its_end() -> None:
    told = tell("Fares brought in €9 million in 2011, up from €7 million in 2010.", LAKE, "change")
    assert told == [("Fares", "€9 million in 2011, up from €7 million in 2010", "")]
