"""Passages that say what a statement says come first, and what is missing lowers the score."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.extract.support import PassageIndex, find_missing, rank_passages, support_score

WORDS = st.sampled_from(
    [
        "The",
        "mill",
        "mills",
        "Northland",
        "opened",
        "opening",
        "in",
        "1820",
        "1,820",
        "two",
        "2",
        "NASA",
        "UK",
        "river",
        "é",
        "",
        ".",
    ]
)
TEXTS = st.lists(WORDS, max_size=10).map(" ".join)
HARBOUR = [
    "Harbour Street Association | About us",
    "Menu",
    "The association was founded by Ada Brook in 1911.",
    "It runs three boats and a ferry to the island.",
    "In 1956 the ferry carried 1,200 passengers a day.",
    "Membership fees are due in spring.",
    "Menu",
]


def rank(statement: str, passages: list[str]) -> list[int]:
    return [ranked.index for ranked in rank_passages(statement, passages)]


@given(TEXTS, st.lists(TEXTS, max_size=8))
@settings(max_examples=200, deadline=None)
def test_every_passage_is_ranked_once_with_falling_scores(statement: str, passages: list[str]) -> None:
    ranked = rank_passages(statement, passages)
    assert sorted(item.index for item in ranked) == list(range(len(passages)))
    assert [item.score for item in ranked] == sorted((item.score for item in ranked), reverse=True)
    assert all(item.score >= 0 for item in ranked)


@given(TEXTS, st.lists(TEXTS, max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_prepared_index_ranks_the_same(statement: str, passages: list[str]) -> None:
    assert PassageIndex(passages).rank(statement) == rank_passages(statement, passages)


@given(TEXTS, st.lists(TEXTS, max_size=6), TEXTS)
@settings(max_examples=300, deadline=None)
def test_another_passage_never_lowers_support(statement: str, passages: list[str], another: str) -> None:
    before = support_score(statement, passages)
    assert 0 <= before <= support_score(statement, [*passages, another]) <= 1


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_text_is_ranked_and_scored(statement: str, passages: list[str]) -> None:
    assert len(rank_passages(statement, passages)) == len(passages)
    assert 0 <= support_score(statement, passages) <= 1


def test_passages_that_share_nothing_keep_their_order() -> None:
    assert rank("Zebra quartz", HARBOUR) == list(range(len(HARBOUR)))


@pytest.mark.parametrize(
    ("statement", "best"),
    [
        ("Ada Brook founded the association in 1911.", 2),
        ("Twelve hundred? No: 1200 passengers took the ferry each day in 1956.", 4),
        ("The association has 3 boats.", 3),
        ("Members' fees fall due in the spring", 5),
        ("ADA BROOK", 2),
    ],
)
def test_the_passage_that_says_it_comes_first(statement: str, best: int) -> None:
    assert rank(statement, HARBOUR)[0] == best


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("A share of 1200 of them", "some 1,200 people"),
        ("five boats", "a fleet of 5"),
        ("the 2nd bridge", "the second one"),
        ("opened on 24 August 2016", "2016-08-24"),
        ("in Sept. 1999", "that September"),
        ("the UK rate", "rates in the United Kingdom"),
        ("the United Kingdom", "UK rates"),
        ("members of the Cafe Society", "the café"),
        ("They collaborate", "a collaboration"),
        ("studies of it", "one study"),
        ("the U.S. rate", "the US"),
    ],
)
def test_other_writings_of_the_same_word_are_found(statement: str, passage: str) -> None:
    assert rank(statement, ["nothing here", passage])[0] == 1
    assert support_score(statement, [passage]) > 0


def test_the_pronoun_us_is_no_country() -> None:
    assert support_score("the US", ["they told us"]) == 0


def test_a_neighbour_of_the_best_passage_comes_before_strangers() -> None:
    passages = ["Rain fell.", "Snow fell.", "The bridge at Holm was closed for 9 days.", "It reopened.", "Wind rose."]
    assert set(rank("The Holm bridge closed for 9 days", passages)[:3]) == {1, 2, 3}


def test_evidence_in_two_parts_comes_before_the_same_part_twice() -> None:
    passages = [
        "The tower of Holm is tall, says the guide.",
        "The tower of Holm is tall, says the map.",
        "Its bells were cast by Ivar Lund.",
    ]
    assert 2 in rank("The tower of Holm is tall; Ivar Lund cast the bells.", passages)[:2]


def test_a_line_of_a_menu_that_is_repeated_comes_after_a_sentence() -> None:
    passages = [
        "Ferry boats",
        "Ferry boats",
        "Ferry boats",
        "The ferry boats leave at noon from the pier.",
        "Ferry boats",
    ]
    assert rank("When do the ferry boats leave?", passages)[0] == 3


def test_an_identical_sentence_supports_wholly_and_a_stranger_not_at_all() -> None:
    statement = "Ada Brook founded the association in 1911."
    assert support_score(statement, [statement]) == pytest.approx(1)
    assert support_score(statement, ["Snow fell on the hills all night."]) == 0
    assert support_score(statement, []) == 0


@pytest.mark.parametrize("statement", ["", "  ", "of the and"])
def test_a_statement_without_content_has_no_support(statement: str) -> None:
    assert support_score(statement, ["anything at all"]) == 0


@pytest.mark.parametrize("changed", ["19", "Eva"])
def test_a_missing_number_or_name_lowers_support_clearly(changed: str) -> None:
    passage = "In the north Ada Brook rebuilt 12 of the old stone mills beside the river."
    statement = "In the north Ada Brook rebuilt 12 of the old mills."
    altered = statement.replace("12", "19") if changed == "19" else statement.replace("Ada", "Eva")
    assert support_score(altered, [passage]) < 0.7 * support_score(statement, [passage])


def test_words_scattered_over_strange_passages_support_less_than_one_sentence() -> None:
    statement = "The council sold the harbour to a private company."
    scattered = ["The council met.", "A harbour seal slept.", "They sold bread.", "A private road.", "No company came."]
    together = ["Last year the council sold the old harbour to a private company."]
    assert support_score(statement, scattered) < 0.8 * support_score(statement, together)


def test_missing_names_and_numbers_are_listed_and_sentence_openers_are_not() -> None:
    passages = ["Ada Brook founded it in 1911.", "The United Kingdom joined later."]
    assert find_missing("Beyond doubt Ada Brook and Eva Lund founded it in 1911 or 1912.", passages) == [
        "eva",
        "lund",
        "1912",
    ]
    assert find_missing("The UK joined Ada.", passages) == []
