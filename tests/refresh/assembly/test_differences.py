"""Differences hold both texts, character for character, and fold away only what is the same."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.refresh.assembly import diff_texts, diff_words, differences
from dossiers.refresh.assembly.differences import find_sentence

LETTERS = st.text(alphabet="ab C.1\n\r[…]é🔭", max_size=60)
SENTENCES = st.sampled_from(
    ["It is old. ", "It was built in 1907.\n", "Dr. Sample came. ", "", "A [...] b. ", "x\r\n", "\n\n"]
)
TEXTS = LETTERS | st.lists(SENTENCES, max_size=25).map("".join)


def join(segments, *, without):
    return "".join(segment.text for segment in segments if segment.mark != without)


def unfold(stretches):
    return [segment for stretch in stretches for segment in stretch.segments]


@given(LETTERS, LETTERS)
@settings(max_examples=60)
def test_a_difference_of_words_holds_both_wordings(before, after):
    segments = diff_words(before, after)
    assert join(segments, without="ins") == before
    assert join(segments, without="del") == after


@given(TEXTS, TEXTS)
@settings(max_examples=150)
def test_taking_and_adding_what_is_marked_gives_the_new_text(before, after):
    segments = unfold(diff_texts(before, after))
    assert join(segments, without="ins") == before
    assert join(segments, without="del") == after
    assert {segment.mark for segment in segments} <= {"", "del", "ins"}
    assert all(segment.text for segment in segments)


@given(TEXTS, TEXTS)
@settings(max_examples=100)
def test_only_what_is_the_same_is_folded(before, after):
    for stretch in diff_texts(before, after):
        assert (stretch.sentences > 0) == stretch.is_folded
        assert not stretch.is_folded or [segment.mark for segment in stretch.segments] == [""]


@given(TEXTS)
@settings(max_examples=60)
def test_the_same_text_has_no_difference(text):
    assert [segment.mark for segment in unfold(diff_texts(text, text)) if segment.mark] == []


def number(*numbers):
    return "".join(f"Sentence number {n} stands here. " for n in numbers)


def test_a_changed_word_is_marked_and_its_neighbours_stay_in_sight():
    before = number(*range(10)) + "The roof is of oak. " + number(*range(10, 20))
    stretches = diff_texts(before, before.replace("oak", "pine"))
    assert [stretch.sentences for stretch in stretches] == [8, 0, 0, 0, 8]
    assert [(s.text, s.mark) for s in stretches[2].segments if s.mark] == [("oak", "del"), ("pine", "ins")]
    assert stretches[1].segments[0].text == number(8, 9)
    assert stretches[3].segments[0].text == number(10, 11)


def test_few_sentences_between_two_changes_are_not_folded():
    middle = number(*range(6))
    stretches = diff_texts(f"One door. {middle}One gate.", f"Two doors. {middle}Two gates.")
    assert [stretch.is_folded for stretch in stretches] == [False, False, False]
    assert any(stretch.is_folded for stretch in diff_texts(f"One door. {middle * 2}", f"Two doors. {middle * 2}"))


def test_another_sentence_is_exchanged_whole():
    _, changed = diff_texts(number(1, 2) + "Alpha beta gamma. ", number(1, 2) + "Delta epsilon zeta. ")
    assert [(segment.text, segment.mark) for segment in changed.segments] == [
        ("Alpha beta gamma. ", "del"),
        ("Delta epsilon zeta. ", "ins"),
    ]


@pytest.mark.parametrize("limit", ["_MOST_WORDS", "_MOST_PAIRS"])
def test_beyond_its_limits_a_change_is_one_exchange(monkeypatch, limit):
    monkeypatch.setattr(differences, limit, 0)
    before, after = number(1, 2, 3), number(4, 2, 5)
    stretches = diff_texts(before, after)
    segments = unfold(stretches)
    assert join(segments, without="ins") == before
    assert join(segments, without="del") == after
    if limit == "_MOST_PAIRS":
        assert len(stretches) == 1
    else:
        assert [segment.mark for segment in segments] == ["del", "ins", "", "del", "ins"]


def test_texts_beyond_any_page_are_compared_in_a_bounded_number_of_steps():
    before = "".join(f"Line {n} of {n * n} was kept. " for n in range(4_000))
    after = before.replace("was kept", "is kept", 50)
    assert join(unfold(diff_texts(before, after)), without="del") == after
    alike = "It rained. " * 3_000
    assert join(unfold(diff_texts(f"A. {alike}B. ", f"C. {alike[:-11]}D. ")), without="ins") == f"A. {alike}B. "


@given(st.lists(st.integers(0, 100), unique=True, min_size=1).map(sorted), st.integers(0, 120))
def test_a_place_lies_in_the_last_sentence_that_begins_before_it(starts, offset):
    found = find_sentence(starts, offset)
    assert starts[found] <= offset or found == 0
    assert all(later > offset for later in starts[found + 1 :])
    assert all(a < b for a, b in pairwise(starts))
