"""find_numbers: digits and words, units, and what is no number."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.extract.numbers import find_numbers, is_same_number, read_cardinal, read_ordinal


def values(text: str) -> list[tuple[Decimal, str]]:
    return [(number.value, number.unit) for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rose from 12% to 31.5 percent", [("12", "%"), ("31.5", "%")]),
        ("1,250,000 people in 12 towns", [("1250000", ""), ("12", "")]),
        ("1\u00a0250 people", [("1250", "")]),
        ("a $3.5 billion grant and €40m more", [("3500000000", "USD"), ("40000000", "EUR")]),
        ("24 million dollars", [("24000000", "USD")]),
        ("fifteen harbours", [("15", "")]),
        ("two hundred and six bones", [("206", "")]),
        ("twenty-five ferries", [("25", "")]),
        ("over two decades", [("240", "month")]),
        ("5 km upstream", [("5000", "m")]),
        ("between 1998 and 2004", [("1998", ""), ("2004", "")]),
        ("1998–2004", [("1998", ""), ("2004", "")]),
        ("1998-2004", [("1998", ""), ("2004", "")]),
        ("15–20% of it", [("15", "%"), ("20", "%")]),
        ("rose from 5.1 to 6.2 billion", [("5100000000", ""), ("6200000000", "")]),
        ("from $5 to $6 million", [("5000000", "USD"), ("6000000", "USD")]),
        ("12–15 GW", [("12000000000", "W"), ("15000000000", "W")]),
        ("between 30 and 40 km", [("30000", "m"), ("40000", "m")]),
        ("from 1990 to 5 million", [("1990", ""), ("5000000", "")]),
        ("5 and 6 million", [("5", ""), ("6000000", "")]),
        ("a loss of -4.5%", [("-4.5", "%")]),
        ("2 million", [("2000000", "")]),
        ("one year", [("12", "month")]),
    ],
)
def test_numbers_are_read_with_their_unit(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == [(Decimal(value), unit) for value, unit in expected]


@pytest.mark.parametrize(
    "text",
    ["one of the ports", "Table QX-33;", "the 1990s", "a 5G mast", "postcode V5Z", "two-thirds of it", "on 25/04/2022"],
)
def test_what_only_looks_like_a_number_is_left_out(text: str) -> None:
    assert find_numbers(text) == []


def test_ordinals_stand_apart() -> None:
    assert [(n.value, n.is_ordinal) for n in find_numbers("the 19th and the twentieth and 19 more")] == [
        (Decimal(19), True),
        (Decimal(20), True),
        (Decimal(19), False),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("15 nations", "fifteen nations", True),
        ("67%", "67 per cent", True),
        ("67%", "67 members", False),
        ("$2 billion", "2,000 million dollars", True),
        ("$2 billion", "€2 billion", False),
        ("two decades", "20 years", True),
        ("5 km", "5,000 metres", True),
        ("19%", "39%", False),
        ("19th", "19", False),
    ],
)
def test_equality_across_forms(one: str, other: str, same: bool) -> None:
    assert is_same_number(find_numbers(one)[0], find_numbers(other)[0]) is same


@pytest.mark.parametrize(
    ("words", "value"), [("twenty-five", 25), ("3", 3), ("two thousand ten", 2010), ("lots", None)]
)
def test_cardinals_are_read(words: str, value: int | None) -> None:
    assert read_cardinal(words) == value


@pytest.mark.parametrize(
    ("word", "value"), [("19th", 19), ("nineteenth", 19), ("twenty-first", 21), ("fifth", 5), ("fish", None)]
)
def test_ordinals_are_read(word: str, value: int | None) -> None:
    assert read_ordinal(word) == value


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=" 0123456789.,-–%$€kmbn tofiveandten'", max_size=60))
def test_every_number_reproduces_its_place(text: str) -> None:
    numbers = find_numbers(text)
    assert all(text[number.start : number.end] == number.text for number in numbers)
    assert [number.start for number in numbers] == sorted(number.start for number in numbers)
