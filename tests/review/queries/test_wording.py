"""Segments lose no character, whatever the text and the spans."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.review.queries.wording import cut_windows, mark_spans, mark_uncovered

TEXTS = st.text(alphabet="ab C.1\n\r[…]é🔭", max_size=60) | st.sampled_from(["One two. [...] Three.", "a [...][...] b"])


@st.composite
def marked(draw):
    text = draw(TEXTS)
    points = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(points, points, st.sampled_from(["value", "date", "subject"])), max_size=4))
    return text, [(min(a, b), max(a, b), role) for a, b, role in spans if a != b]


def length(segment):
    return segment.skip or len(segment.text)


@given(marked())
@settings(max_examples=80)
def test_marked_text_is_the_text_but_for_its_joints(case):
    text, spans = case
    at = 0
    for segment in mark_spans(text, 0, len(text), spans):
        if not segment.skip:
            assert text[at : at + len(segment.text)] == segment.text
            assert (segment.mark != "") == any(a <= at and at + len(segment.text) <= b for a, b, _ in spans)
        at += length(segment)
    assert at == len(text)


@given(marked())
@settings(max_examples=80)
def test_windows_begin_where_they_say(case):
    text, spans = case
    for window in cut_windows(text, spans):
        at = window.start
        for segment in window.segments:
            assert segment.skip or text[at : at + len(segment.text)] == segment.text
            at += length(segment)


def test_windows_that_meet_are_one_and_others_are_apart():
    text = " ".join(f"Sentence number {n} stands here." for n in range(10))
    first, second, far = (text.index(f"number {n}") for n in (1, 2, 8))
    spans = [(at, at + 8, "value") for at in (first, second, far)]
    windows = cut_windows(text, spans)
    assert [window.start for window in windows] == [0, text.index("Sentence number 7")]


def test_words_that_no_quote_covers_are_marked_and_points_are_not():
    marks = [(s.text, s.mark) for s in mark_uncovered("one, famous dome.", [(0, 3), (12, 16)])]
    assert marks == [("one", ""), (", ", ""), ("famous", "uncovered"), (" ", ""), ("dome", ""), (".", "")]


def test_of_roles_on_the_same_words_the_value_is_shown():
    marks = [(s.text, s.mark) for s in mark_spans("in 1907 here", 0, 12, [(3, 7, "date"), (3, 7, "value")])]
    assert marks == [("in ", ""), ("1907", "value"), (" here", "")]


def test_a_date_is_seen_within_the_sentence_that_is_the_value():
    marks = [(s.text, s.mark) for s in mark_spans("in 1907 here", 0, 12, [(0, 12, "value"), (3, 7, "date")])]
    assert marks == [("in ", "value"), ("1907", "date"), (" here", "value")]
    marks = [(s.text, s.mark) for s in mark_spans("in Rome here", 0, 12, [(0, 12, "value"), (3, 7, "subject")])]
    assert {mark for _, mark in marks} == {"value"}


def test_a_window_shows_the_cut_at_its_edge():
    text = "Far away. Before it. [...] 67% by 2022. Similarly, it rose over the same period. And on [...] it went."
    start = text.index("over the same")
    window = cut_windows(text, [(start, start + 8, "date")])[0]
    assert (window.segments[0].mark, window.segments[0].skip, text[window.start :][:5]) == ("joint", 5, "[...]")
    assert window.segments[-1].mark == "joint"
