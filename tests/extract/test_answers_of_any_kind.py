"""Whatever a model answers: reading never raises, and every draft stands at its offsets in a passage that was shown."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.extract.assembly import assemble
from dossiers.extract.prompts import Answer, Prompt, read_answer
from tests.extract.answers import ARTICLE_PROMPT, LIBRARY, WEB_PROMPT, read, read_at, write

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PIECES = [passage.text for passage in WEB_PROMPT.passages] + [
    "17%",
    "37%",
    "58%",
    "2021",
    "Spain",
    "",
    "1974",
    "\ud800",
]


@st.composite
def cut_out(draw: st.DrawFn) -> str:
    """Cut a stretch out of a passage or another text, which is what models do when they go wrong."""
    text = draw(st.sampled_from(PIECES) | st.text(max_size=30))
    start = draw(st.integers(0, len(text)))
    return text[start : draw(st.integers(start, len(text)))] if draw(st.booleans()) else text


ITEM = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["attribute", "event", "summary"]),
        "passage": st.sampled_from([f"P{number}" for number in range(16)]),
        "quote": cut_out(),
        "value": cut_out(),
        "label": st.sampled_from(["Rate", "Recycling rate (2021)", "<i>"]) | cut_out(),
        "subject": st.sampled_from(["", "Spain", "Italy"]) | cut_out(),
        "date": st.sampled_from(["", "2021", "1974"]) | cut_out(),
    }
)


def expect_true(answer: Answer, prompt: Prompt) -> None:
    keys = {passage.capture.key for passage in prompt.passages}
    for draft in answer.drafts:
        assert draft.at is not None or draft.kind == "summary"
        if draft.at is not None:
            assert read_at(draft) == draft.value
            assert draft.at[0] in keys
            inside = [s for s in prompt.passages if s.capture.key == draft.at[0]]
            assert any(s.passage.start <= draft.at[1] < draft.at[2] <= s.passage.end for s in inside)
        for words, place in ((draft.label, draft.subject_at), (draft.date_text, draft.date_at)):
            if place is not None:
                assert place.capture in keys
                assert draft.kind == "event" or words
    for problem in answer.problems:
        assert problem.message
        assert str(problem).isprintable()


@settings(max_examples=400, deadline=None)
@given(st.lists(ITEM, max_size=5))
def test_whatever_is_cut_out_every_draft_stands_at_its_offsets(items: list[dict[str, str]]) -> None:
    for prompt in (WEB_PROMPT, ARTICLE_PROMPT):
        answer = read(*items, prompt=prompt)
        expect_true(answer, prompt)
        for claim in assemble([draft for draft in answer.drafts if draft.at], LIBRARY):
            assert claim.support.method == "exact"


@settings(max_examples=200, deadline=None)
@given(JSON, st.lists(ITEM | JSON, max_size=3), st.text(max_size=10), st.integers(0, 400))
def test_no_answer_raises(anything: Any, items: list[Any], prose: str, cut: int) -> None:
    for text in (json.dumps(anything), prose + write(*items), write(*items)[:cut], json.dumps({"items": anything})):
        expect_true(read_answer(text, WEB_PROMPT, LIBRARY), WEB_PROMPT)
