"""read_date and find_periods: what is read, what is left unread, and that bounds stay in order."""

from datetime import date
from itertools import pairwise

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.extract.dates import Bound, does_exclude, find_periods, is_within, read_date, sort_key
from dossiers.extract.dates.values import read_bounds

PUBLISHED = date(2020, 5, 1)


@pytest.mark.parametrize(
    ("words", "edtf", "earliest", "latest", "precision"),
    [
        ("1987", "1987", "1987-01-01", "1987-12-31", "year"),
        ("1987–1994", "1987/1994", "1987-01-01", "1994-12-31", "year"),
        ("1987-1994", "1987/1994", "1987-01-01", "1994-12-31", "year"),
        ("1987 — 1994", "1987/1994", "1987-01-01", "1994-12-31", "year"),
        ("between 1987 and 1994", "1987/1994", "1987-01-01", "1994-12-31", "year"),
        ("from 1987 to 1994", "1987/1994", "1987-01-01", "1994-12-31", "year"),
        ("1987–94", "1987/1994", "1987-01-01", "1994-12-31", "year"),
        ("1987/1994", "1987/1994", "1987-01-01", "1994-12-31", "year"),
        ("since 1987", "1987/..", "1987-01-01", None, "year"),
        ("1987–present", "1987/..", "1987-01-01", None, "year"),
        ("until 1987", "../1987", None, "1987-12-31", "year"),
        ("by 1987", "../1987", None, "1987-12-31", "year"),
        ("before 1987", "../1986", None, "1986-12-31", "year"),
        ("after 1987", "1988/..", "1988-01-01", None, "year"),
        ("before May 1987", "../1987-04-30", None, "1987-04-30", "month"),
        ("500 BC", "-0499", "-0499-01-01", "-0499-12-31", "year"),
        ("1 BC", "0000", "0000-01-01", "0000-12-31", "year"),
        ("44 BCE", "-0043", "-0043-01-01", "-0043-12-31", "year"),
        ("500–450 BC", "-0499/-0449", "-0499-01-01", "-0449-12-31", "year"),
        ("AD 79", "0079", "0079-01-01", "0079-12-31", "year"),
        ("79 CE", "0079", "0079-01-01", "0079-12-31", "year"),
        ("500 B.C.", "-0499", "-0499-01-01", "-0499-12-31", "year"),
        ("500–450 B.C.", "-0499/-0449", "-0499-01-01", "-0449-12-31", "year"),
        ("the sixth century B.C.", "-0599/-0500", "-0599-01-01", "-0500-12-31", "century"),
        ("79 C.E.", "0079", "0079-01-01", "0079-12-31", "year"),
        ("5th century BC", "-0499/-0400", "-0499-01-01", "-0400-12-31", "century"),
        ("19th century", "18XX", "1800-01-01", "1899-12-31", "century"),
        ("the XIX century", "18XX", "1800-01-01", "1899-12-31", "century"),
        ("early twentieth century", "1901/1933", "1901-01-01", "1933-12-31", "century"),
        ("late 19th century", "1867/1900", "1867-01-01", "1900-12-31", "century"),
        ("second half of the 18th century", "1751/1800", "1751-01-01", "1800-12-31", "century"),
        ("2nd millennium BC", "-1999/-1000", "-1999-01-01", "-1000-12-31", "millennium"),
        ("1990s", "199X", "1990-01-01", "1999-12-31", "decade"),
        ("In the early 1990s", "1990/1993", "1990-01-01", "1993-12-31", "decade"),
        ("mid-to-late 1990s", "1994/1999", "1994-01-01", "1999-12-31", "decade"),
        ("early to mid-19th century", "1801/1866", "1801-01-01", "1866-12-31", "century"),
        ("pre-1950", "../1949", None, "1949-12-31", "year"),
        ("post-1950", "1951/..", "1951-01-01", None, "year"),
        ("5 May – 7 June 2021", "2021-05-05/2021-06-07", "2021-05-05", "2021-06-07", "day"),
        ("May 5 to June 7, 2021", "2021-05-05/2021-06-07", "2021-05-05", "2021-06-07", "day"),
        ("late 2019", "2019-09/2019-12", "2019-09-01", "2019-12-31", "year"),
        ("c. 1066", "1066~", "1066-01-01", "1066-12-31", "year"),
        ("circa 1066–1070", "1066~/1070", "1066-01-01", "1070-12-31", "year"),
        ("1066?", "1066?", "1066-01-01", "1066-12-31", "year"),
        ("spring 2019", "2019-21", "2019-03-01", "2019-05-31", "season"),
        ("Q3 2021", "2021-35", "2021-07-01", "2021-09-30", "quarter"),
        ("third quarter of 2021", "2021-35", "2021-07-01", "2021-09-30", "quarter"),
        ("first half of 2021", "2021-01/2021-06", "2021-01-01", "2021-06-30", "half"),
        ("May 2021", "2021-05", "2021-05-01", "2021-05-31", "month"),
        ("2021-05", "2021-05", "2021-05-01", "2021-05-31", "month"),
        ("May–June 2021", "2021-05/2021-06", "2021-05-01", "2021-06-30", "month"),
        ("3 May 2021", "2021-05-03", "2021-05-03", "2021-05-03", "day"),
        ("May 3rd, 2021", "2021-05-03", "2021-05-03", "2021-05-03", "day"),
        ("4th of July 1776", "1776-07-04", "1776-07-04", "1776-07-04", "day"),
        ("3–5 May 2021", "2021-05-03/2021-05-05", "2021-05-03", "2021-05-05", "day"),
        ("2021-05-03", "2021-05-03", "2021-05-03", "2021-05-03", "day"),
        ("25/04/2021", "2021-04-25", "2021-04-25", "2021-04-25", "day"),
        ("04/25/2021", "2021-04-25", "2021-04-25", "2021-04-25", "day"),
        ("Opened 25 December 2021", "2021-12-25", "2021-12-25", "2021-12-25", "day"),
    ],
)
def test_a_date_is_read(words: str, edtf: str, earliest: str | None, latest: str | None, precision: str) -> None:
    value = read_date(words)
    assert (value.edtf, value.earliest, value.latest, value.precision) == (edtf, earliest, latest, precision)
    assert value.verbatim == words


@pytest.mark.parametrize(
    "words",
    [
        "03/04/2021",
        "1/2/2021",
        "",
        "soon",
        "31 February 2020",
        "2021-13-45",
        "1994–1987",
        "1987 or 1988",
        "12 May",
        "Q7 2020",
        "turn of the 20th century",
        "eve of 2000",
        "week of 5 May 1999",
        "fiscal year 2020",
        "no earlier than 1949",
    ],
)
def test_what_is_not_certain_stays_unread(words: str) -> None:
    value = read_date(words)
    assert (value.verbatim, value.edtf, value.earliest, value.latest, value.precision) == (
        words,
        None,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("past two decades", "2000/2020"),
        ("over the last 10 years", "2010/2020"),
        ("the past decade", "2010/2020"),
        ("Centuries ago", "../1820"),
        ("20 years ago", "2000"),
        ("last year", "2019"),
        ("this year", "2020"),
        ("past three months", "2020-02/2020-05"),
        ("for centuries", "../2020"),
    ],
)
def test_relative_words_need_the_day_of_publication(words: str, edtf: str) -> None:
    assert read_date(words).edtf is None
    assert read_date(words, PUBLISHED).edtf == edtf


def test_vague_counts_stay_unread_even_with_an_anchor() -> None:
    assert read_date("past few decades", PUBLISHED).edtf is None


def phrases(sentence: str) -> list[tuple[str, str, str | None]]:
    return [(sentence[p.start : p.end], p.basis, p.value.edtf) for p in find_periods(sentence, PUBLISHED)]


def test_period_phrases_are_found_in_a_sentence() -> None:
    sentence = (
        "For centuries barges came here, and in the early twentieth century, between 1903 and 1911, they left by 1912."
    )
    assert phrases(sentence) == [
        ("For centuries", "relative", "../2020"),
        ("the early twentieth century", "absolute", "1901/1933"),
        ("between 1903 and 1911", "absolute", "1903/1911"),
        ("by 1912", "absolute", "../1912"),
    ]


@pytest.mark.parametrize(
    "phrase",
    ["over the same period", "that year", "since then", "at the time", "the year before", "eleven weeks later"],
)
def test_anaphoric_phrases_are_found_and_hold_no_date(phrase: str) -> None:
    assert phrases(f"Traffic doubled {phrase} in the port.")[0][1:] == ("anaphoric", None)


def test_a_count_that_a_date_follows_needs_no_other_sentence() -> None:
    assert [p[:2] for p in phrases("It ended eleven weeks later, on 20 July 1931.")] == [("20 July 1931", "absolute")]


def test_an_ambiguous_date_is_found_and_holds_no_date() -> None:
    assert phrases("It opened on 03/04/2021.") == [("03/04/2021", "ambiguous", None)]


@pytest.mark.parametrize(
    "sentence", ["rose by 67%", "a herd of 2000 sheep", "paid $1998 for it", "1,998 boats", "Room 1998a"]
)
def test_counts_are_not_taken_for_years(sentence: str) -> None:
    assert phrases(sentence) == []


def test_a_period_excludes_a_date_before_it() -> None:
    early = find_periods("in the early twentieth century")[0]
    assert early.is_excluding(read_date("Centuries ago", PUBLISHED))
    assert not early.is_excluding(read_date("1920"))
    assert not early.is_excluding(read_date("never"))


def test_bounds_sort_across_the_era() -> None:
    days = [Bound("-0499-01-01"), Bound("0000-12-31"), Bound("0001-01-01"), Bound("1066-10-14"), Bound("2020-05-01")]
    assert sorted([days[3], days[0], days[4], days[2], days[1]]) == days
    assert sort_key("0001-01-01") == 1
    assert sort_key("0001-01-01") - sort_key("0000-12-31") == 1
    assert sort_key("2020-05-01") == PUBLISHED.toordinal()
    assert (days[0].year, days[0].month, days[0].day) == (-499, 1, 1)


def test_containment_and_exclusion() -> None:
    assert is_within(read_date("1990"), read_date("1987–1994"))
    assert not is_within(read_date("1990"), read_date("since 1987"))
    assert does_exclude(read_date("1986"), read_date("since 1987"))
    assert not does_exclude(read_date("1994"), read_date("since 1987"))


WORDS = st.lists(
    st.sampled_from(
        "early late mid 19th twentieth century centuries ago past two decades since between and 1990s 2022 500 BC AD"
        " – - / . c. May 3rd Q3 2003–2022 03/04/2022 for the over same period of last year ~ ? X".split()
    ),
    max_size=7,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=40), WORDS), st.sampled_from([None, PUBLISHED, date(1, 1, 1), date(9999, 12, 31)]))
def test_reading_never_raises_and_keeps_bounds_in_order(words: str, anchor: date | None) -> None:
    value = read_date(words, anchor)
    assert value.verbatim == words
    if value.earliest and value.latest:
        assert value.earliest <= value.latest
    if value.edtf is None:
        assert (value.earliest, value.latest, value.precision) == (None, None, None)
    periods = find_periods(words, anchor)
    assert all(one.end <= other.start for one, other in pairwise(periods))


PLAIN = st.one_of(
    st.integers(0, 9999).map("{:04d}".format),
    st.tuples(st.integers(1, 9999), st.integers(1, 12)).map(lambda p: f"{p[0]:04d}-{p[1]:02d}"),
    st.dates().map(lambda day: f"{day.year:04d}-{day.month:02d}-{day.day:02d}"),
    st.integers(0, 999).map("{:03d}X".format),
    st.integers(0, 99).map("{:02d}XX".format),
)


@settings(max_examples=60, deadline=None)
@given(PLAIN)
def test_plain_values_have_the_bounds_that_the_standards_parser_gives(value: str) -> None:
    parsed = edtf.parse_edtf(value)
    lower, upper = parsed.lower_strict(), parsed.upper_strict()
    assert read_bounds(value) == tuple("{:04d}-{:02d}-{:02d}".format(*side[:3]) for side in (lower, upper))


@pytest.mark.parametrize("value", ["2023-02-29", "2024-04-31", "2024-13", "2024-00-10"])
def test_a_day_that_no_calendar_has_is_no_bound(value: str) -> None:
    with pytest.raises(ValueError, match=r"no such day|not an EDTF"):
        read_bounds(value)
