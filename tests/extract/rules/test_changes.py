"""Changes from one value to another, whose they are, and what they end with."""

import pytest

from tests.extract.rules.finding import LAMPS, find, tell

Told = list[tuple[str, str, str]]

STATED: list[tuple[str, Told]] = [
    ("Peru's debt rose from 24% to 36% of GDP between 2004 and 2010.", [
        ("Peru", "from 24% to 36%", "between 2004 and 2010"),
    ]),
    ("Malaria cases fell from an estimated 9,000 in 1990 to 12 in 2020.", [
        ("Malaria cases", "from an estimated 9,000 in 1990 to 12 in 2020", ""),
    ]),
    ("The bank cut its rate from 5.25% in May 2007 to a range of 0–0.25% in June 2009.", [
        ("bank", "from 5.25% in May 2007 to a range of 0–0.25% in June 2009", ""),
    ]),
    ("The share of trams dropped between 2000 and 2020 (from 32% to 22%).", [
        ("trams", "from 32% to 22%", "between 2000 and 2020"),
    ]),
    ("Between 2001 and 2009 Togo and Ghana gained (from 2% to 4% and from 3% to 9%, respectively).", [
        ("Togo", "from 2% to 4%", "Between 2001 and 2009"), ("Ghana", "from 3% to 9%", "Between 2001 and 2009"),
    ]),
    ("There was less change in 2003 in the rates for Chad (from 1% to 2%) and Mali (from 4% to 5%).", [
        ("Chad", "from 1% to 2%", "2003"), ("Mali", "from 4% to 5%", "2003"),
    ]),
    ("Oslo came close behind: its rate climbed from 39% to 56% over the same period.", [
        ("Oslo", "from 39% to 56%", "over the same period"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), STATED, ids=[text for text, _ in STATED])
def test_a_change_is_given_to_its_subject_with_its_period(text: str, told: Told) -> None:
    assert tell(text, LAMPS, "change") == told


@pytest.mark.parametrize(
    "text",
    [
        "The shop is open from 9 to 17.",
        "Lengths ranging from 3 m to 8 m rose in favour.",
        "He was president from 1961 to 1968 and saw a rise in prices.",
        "It rose from 3% to 8%.",
        "Prices could rise from 3% to 8%.",
    ],
)
def test_a_spread_or_a_span_of_years_is_no_change(text: str) -> None:
    assert tell(text, LAMPS, "change", "endpoint") == []


ENDS = [
    ("Peru's debt rose from 24% to 36% between 2004 and 2010.", "Peru Debt (2010)", "36%"),
    ("Peru's debt rose from 24% in 2004 to 36% in May 2010.", "Peru Debt (May 2010)", "36%"),
    ("Peru's debt rose from 24% to 36% from May 2004 to June 2010.", "Peru Debt (June 2010)", "36%"),
    ("The price fell from US$9 a barrel in 2001 to US$4 a barrel in 2002.", "Price (2002)", "US$4 a barrel"),
]


@pytest.mark.parametrize(("text", "label", "value"), ENDS)
def test_the_last_value_of_a_change_is_stated_at_its_end(text: str, label: str, value: str) -> None:
    assert [(s.label, s.value_text) for s in find(text) if s.relation == "endpoint"] == [(label, value)]


def test_what_an_editor_is_shown_holds_one_change_only() -> None:
    text = "In 2004 Togo and Ghana rose (from 2% to 4% and from 3% to 9%, respectively) and Mali (from 1% to 2%) too."
    shown = [s.make_draft().value for s in find(text) if s.relation == "change"]
    assert shown == ["from 2% to 4%", "from 3% to 9%", "Mali (from 1% to 2%)"]
    (alone,) = [s.make_draft().value for s in find("Oslo's rate rose from 2% to 4%.") if s.relation == "change"]
    assert alone == "Oslo's rate rose from 2% to 4%"


def test_the_same_period_ends_where_the_sentence_before_it_ended() -> None:
    text = "a better share of [...] 67% by 2022. Oslo's rate rose from 39% to 56% over the same period."
    (end,) = [s for s in find(text) if s.relation == "endpoint"]
    assert (end.label, end.date) == ("Oslo Rate (2022)", None)
