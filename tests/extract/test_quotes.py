"""Quotes are found exactly, folded or nearly; never across a joint, never with other figures, names or negations."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dossiers.extract.passages import find_joints
from dossiers.extract.quotes import fold, locate_all, locate_quote, selector

SCRAPS = st.sampled_from(
    '[...]|[…]|ﬁ|e\u0301|é|ß|ẞ|İ|\u00ad|\u200b|“|"|—|-|\u00a0|½|10²|㎏|각|\u1100\u1161\u11a8|¨|\u0345'.split("|")
    + "A|a |Word |19%|1,200|Ａ|ﾊﾟ|´|…|\n|🇨🇦|👩‍🔬".split("|")
)
TEXTS = st.lists(st.one_of(SCRAPS, st.text(max_size=8)), max_size=14).map("".join)
SLICES = st.tuples(st.integers(0, 60), st.integers(1, 60))
REPORT = (
    "Northland's share of joint papers rose from 39% to 56% over ten years. Southland and Westland both saw large "
    "rises (from 23% to 40% and from 19% to 32%, respectively). The council did not approve the plan for 12 harbours. "
    "distribution of [...] 67% by 2022."
)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_folding_maps_every_character_back_in_order(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.starts, folded.ends, strict=True))


@given(TEXTS, SLICES)
@settings(max_examples=300, deadline=None)
def test_a_folded_span_maps_back_to_text_that_folds_to_it(text: str, place: tuple[int, int]) -> None:
    folded = fold(text)
    start, end = place[0], min(len(folded.text), sum(place))
    span = folded.source_span(start, end)
    assume(span is not None)
    assert fold(text[slice(*span)]).text == folded.text[start:end]


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(TEXTS, SLICES)
@settings(max_examples=300, deadline=None)
def test_offsets_reproduce_every_located_quote(text: str, place: tuple[int, int]) -> None:
    quote = text[place[0] : sum(place)]
    for found in locate_all(quote, text):
        assert found.exact == text[found.start : found.end] != ""
        assert found.count == len(locate_all(quote, text))
        if found.method == "exact":
            assert found.exact == quote.strip()
        if found.method == "folded":
            assert fold(found.exact).text == fold(quote).text.strip()


@given(TEXTS, TEXTS, SLICES)
@settings(max_examples=300, deadline=None)
def test_no_method_crosses_a_joint(before: str, after: str, place: tuple[int, int]) -> None:
    text = f"{before} [...] {after}"
    quote = text.replace("[...]", "")[place[0] : sum(place)]
    for found in locate_all(quote, text):
        assert not any(a < found.end and found.start < b for a, b in find_joints(text))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["alpha", "Beta", "gamma", "7%", "delta"]), min_size=1, max_size=8))
def test_whole_words_of_a_text_are_always_found(words: list[str]) -> None:
    text = "intro " + " ".join(words) + " outro"
    found = locate_quote(" ".join(words).upper(), text)
    assert found is not None
    assert fold(found.exact).text == fold(" ".join(words)).text


@pytest.mark.parametrize(
    ("quote", "text", "exact"),
    [
        ("the “new” plan", 'The  "new"\nplan', 'The  "new"\nplan'),
        ("2003-2022", "in 2003–2022.", "2003–2022"),
        ("cafe\u0301", "un CAFÉ", "CAFÉ"),
        ("office", "the oﬃce", "oﬃce"),
        ("cooperation", "co\u00adoper\u200bation now", "co\u00adoper\u200bation"),
        ("straße", "STRASSE", "STRASSE"),
        ("10 km2", "some 10 km² of it", "10 km²"),
        ("it`s", "it’s so", "it’s"),
    ],
)
def test_folding_bridges_what_typesetting_changed(quote: str, text: str, exact: str) -> None:
    found = locate_quote(quote, text)
    assert found is not None
    assert (found.method, found.exact) == ("folded", exact)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("", "text"),
        (" \n", "text"),
        ("absent", ""),
        ("of f", "oﬀ"),
        ("i", "ﬁ"),
        ("cafe", "cafe\u0301"),
        ("102", "10²"),
        ("9%", "19%"),
        ("200", "1,200"),
        ("1", "1.5 million"),
        ("distribution of 67% by 2022", REPORT),
        ("distribution of [...] 67% by 2022", REPORT),
        ("[...]", REPORT),
        ("[..", REPORT),
    ],
)
def test_a_quote_is_not_found_where_it_would_cut_or_cross(quote: str, text: str) -> None:
    assert locate_quote(quote, text) is None


@pytest.mark.parametrize(("quote", "start"), [("2025", 5), ("30", 0)])
def test_the_parts_of_a_dotted_date_are_found(quote: str, start: int) -> None:
    found = locate_quote(quote, "30.9.2025")
    assert found is not None
    assert found.start == start


def test_whole_words_come_before_parts_of_words() -> None:
    assert [found.start for found in locate_all("art", "party art, art")] == [6, 11]
    assert [found.exact for found in locate_all("art", "party")] == ["art"]


def test_every_place_is_counted_by_the_strictest_method() -> None:
    places = locate_all("19%", "19% here, 119% there, 19% again")
    assert [(found.start, found.count, found.method) for found in places] == [(0, 2, "exact"), (22, 2, "exact")]


def test_a_mistyped_quote_is_found_with_whole_words() -> None:
    found = locate_quote("Northlands share of joint papers rised from 39% to 56% over ten years", REPORT)
    assert found is not None
    assert found.method == "fuzzy"
    assert found.exact == "Northland's share of joint papers rose from 39% to 56% over ten years"


@pytest.mark.parametrize(
    "quote",
    [
        "Northlands share of joint papers rised from 19% to 92% over ten years",
        "Northlands share of joint papers rised from 56% to 39% over ten years",
        "Eastlands share of joint papers rised from 39% to 56% over ten years",
        "The council did approve the plan for 12 harbours.",
        "The council did not approve the plan for 13 harbours.",
        "The council did not approve the plan for twelve harbours.",
        "Northlands share of joint papers rised from 39% to 56% over two years",
    ],
)
def test_an_altered_figure_name_or_negation_is_never_evidence(quote: str) -> None:
    assert locate_quote(quote, REPORT) is None


def test_short_quotes_are_never_found_nearly() -> None:
    assert locate_quote("Chinas rate", "China's rate") is None


def test_a_mistyped_quote_is_found_far_inside_a_long_text() -> None:
    text = "Nothing to see in this line of the log. " * 4000 + REPORT
    found = locate_quote("Southland and Westland both saw larg rises (from 23% to 40%", text)
    assert found is not None
    assert found.exact == "Southland and Westland both saw large rises (from 23% to 40%"


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("a" * 200_000, "a" * 400_000 + " b"),
        ("ab " * 60_000 + "a", "ab " * 130_000),
        ("A" * 100_000, "a" * 300_000),
        ("one two " * 200, "one two three " * 30_000),
    ],
)
def test_repetitive_giants_keep_their_offsets(quote: str, text: str) -> None:
    assert all(text.startswith(found.exact, found.start) for found in locate_all(quote, text)[:20])


def test_a_selector_holds_the_quote_and_what_surrounds_it() -> None:
    assert selector("one two three", 4, 7, context=3) == ("ne ", "two", " th")
    assert selector("one two three", 0, 13) == ("", "one two three", "")


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99)])
def test_a_selector_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no span"):
        selector("one two three", start, end)
