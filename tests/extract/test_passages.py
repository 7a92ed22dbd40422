"""Passages keep exact offsets, end where sentences end, and never cross a joint."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.extract.passages import crosses_joint, find_joints, split_lines, split_passages

SCRAPS = st.sampled_from(
    "[...]|[…]| [ ... ] |. |! |\n|\r\n|\n\n|Dr. |3.5%| 67% by 2022. |“So?” |• item|é|ﬁ|。|...".split("|")
)
TEXTS = st.lists(st.one_of(SCRAPS, st.text(max_size=12)), max_size=12).map("".join)


def read_sentences(text: str) -> list[str]:
    return [passage.text for passage in split_passages(text)]


def read_fragments(text: str) -> list[str]:
    return [passage.text for passage in split_passages(text) if passage.fragment]


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_offsets_reproduce_every_passage(text: str) -> None:
    assert all(passage.text == text[passage.start : passage.end] for passage in split_passages(text))


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_passages_are_ordered_and_never_blank(text: str) -> None:
    passages = split_passages(text)
    assert all(passage.text.strip() == passage.text != "" for passage in passages)
    assert all(a.end <= b.start for a, b in pairwise(passages))


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_passages_and_joints_cover_all_but_white_space(text: str) -> None:
    covered = [(passage.start, passage.end) for passage in split_passages(text)] + find_joints(text)
    rest = "".join(c for i, c in enumerate(text) if not any(a <= i < b for a, b in covered))
    assert rest.strip() == ""


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_passage_never_touches_a_joint(text: str) -> None:
    joints = find_joints(text)
    for passage in split_passages(text):
        assert not any(a < passage.end and passage.start < b for a, b in joints)
        assert not crosses_joint(joints, passage.start, passage.end)


@given(TEXTS, st.integers(0, 40), st.integers(1, 40))
@settings(max_examples=200, deadline=None)
def test_crossing_a_joint_is_sharing_a_character_with_it(text: str, start: int, length: int) -> None:
    joints = find_joints(text)
    expected = any(a < start + length and start < b for a, b in joints)
    assert crosses_joint(joints, start, start + length) is expected


@pytest.mark.parametrize("joint", ["[...]", "[…]", "[ ... ]", "[. . .]"])
def test_joints_are_found_in_each_writing(joint: str) -> None:
    assert find_joints(f"one {joint} two") == [(4, 4 + len(joint))]


@pytest.mark.parametrize("text", ["one ... two", "[1]", "[sic]", "[..]", "(...)"])
def test_other_dots_and_brackets_are_no_joints(text: str) -> None:
    assert find_joints(text) == []


@pytest.mark.parametrize(
    "sentences",
    [
        ["Dr. J. R. Moss of the U.S. Navy paid $3.5 million.", "The ship sank."],
        ["It came ca. 1900 from St. Ives, i.e. by sea.", "See Fig. 3 and No. 5 there."],
        ["The firm Bolt Inc. was sold.", "It had grown since Jan. 5, 2001."],
        ["They met at 5 p.m.", "The talk went on.", "Nobody left."],
        ["He was born c. 1890 in St. Ives."],
        ["We chose plan B.", "The end."],
        ["“Really?” he asked.", "“Yes!”", "She left."],
        ["The rate was 3.5.", "Then it fell to 2.1%."],
        ["First it rose.[12]", "Then it fell.[3][4]", "It stayed."],
        ["Is it so?", "It is!", "And yet... nothing moved."],
        ["Er kam um 8 Uhr.", "Ähnlich war es später."],
        ["Smith et al. Nature published it.", "Others did not."],
        ["(It was late.)", "They slept."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    assert read_sentences(" ".join(sentences)) == sentences


def test_a_note_mark_may_touch_the_next_sentence() -> None:
    assert read_sentences("First it rose.[1]Then it fell.") == ["First it rose.[1]", "Then it fell."]


def test_wide_stops_need_no_space() -> None:
    assert read_sentences("他来了。她走了！") == ["他来了。", "她走了！"]


def test_a_wrapped_line_stays_in_its_sentence() -> None:
    wrapped = (
        "The committee of the northern provinces met again in the town hall, where\nit had met before. It rose late."
    )
    assert len(read_sentences(wrapped)) == 2


def test_headings_and_list_items_stand_alone() -> None:
    text = "Early years\nThe mill was built in 1820.\n\n• Wheat\n• Rye, which grew\n  near the river\n1. Oats"
    assert read_sentences(text) == [
        "Early years",
        "The mill was built in 1820.",
        "• Wheat",
        "• Rye, which grew\n  near the river",
        "1. Oats",
    ]


def test_a_joint_ends_a_sentence_and_leaves_two_fragments() -> None:
    text = "Output grew through better distribution of [...] 67% by 2022. Similarly, the north grew."
    assert read_sentences(text) == [
        "Output grew through better distribution of",
        "67% by 2022.",
        "Similarly, the north grew.",
    ]
    assert read_fragments(text) == ["Output grew through better distribution of", "67% by 2022."]


def test_whole_sentences_beside_a_joint_are_no_fragments() -> None:
    assert read_fragments("It rose. [...] “It fell,” she said. [...] Then it stayed (for years).") == []


def test_only_the_sentences_at_a_cut_are_fragments() -> None:
    assert read_fragments("evolved over time. it then rested. Then, regions,") == [
        "evolved over time. it then rested.",
        "Then, regions,",
    ]
    assert read_fragments("One. two\n\nthree\n\nFour.") == []


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "[...]", " [...] […] "])
def test_texts_without_words_have_no_passages(text: str) -> None:
    assert split_passages(text) == []


@pytest.mark.parametrize("unit", [" ", "\n", "[", ". ", ".", "a.\n", "x" * 50, "[...]"])
def test_long_monotonous_texts_are_split_without_losing_an_offset(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert all(text.startswith(passage.text, passage.start) for passage in split_passages(text)[:50])


def test_a_list_is_split_at_its_lines_alone() -> None:
    text = "inception: 4 May 1920. Later moved\n\n  seat: Bergen \nname: [...] Bute"
    lines = split_lines(text)
    assert [line.text for line in lines] == ["inception: 4 May 1920. Later moved", "seat: Bergen", "name:", "Bute"]
    assert all(text[line.start : line.end] == line.text for line in lines)
