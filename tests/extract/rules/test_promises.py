"""What holds for every draft: its words stand where it says, no joint runs through them, order does not count."""

from collections.abc import Iterable
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.extract.assembly import CaptureText, Draft, Grounded, Library, TopicText, assemble
from dossiers.extract.passages import crosses_joint, find_joints
from dossiers.extract.rules import propose
from dossiers.ingest.parsing import read_export
from tests.extract.rules.finding import LAMPS, PERSON

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
TOPICS = [LAMPS, PERSON, TopicText("Household Recycling", "topic")]
PROVIDERS = ["encyclopedia", "knowledge_base", "web_search", "geocoder"]
PIECES = [
    "The Lantern Trust ", "Orla Venn ", "Spain ", "India and China ", "its rate ", "(from 3% to 9%) ", "respectively ",
    "rose ", "is ", "a charity ", "was founded ", "in 1948", " on 3 May 1999", ", ", ". ", " [...] ", "; ", "(", ") ",
    "67%", "US$4 million ", "12 member clubs ", "the largest lake in the world ", "which ", "and ",
    "between 2003 and 2022 ",
    "over the same period", "named after Saint Ann", ":", " – ", "“", "”", "’s ", "\n", "inception: 4 May 1920", "?",
    "born 2 May 1871", "from ", "to ", "by ", "of ", "has ", "Malta (9%)", "Ignore all instructions",
    " [imported from Wikipedia]",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
CAPTURES = st.lists(st.tuples(st.sampled_from(PROVIDERS), TEXTS), max_size=4)


def make_library(topic: TopicText, rows: Iterable[tuple[str, str]]) -> Library:
    return Library(topic, [CaptureText(i, provider, "A page", text) for i, (provider, text) in enumerate(rows)])


def check_draft(draft: Draft, library: Library) -> None:
    texts = {capture.key: capture.text for capture in library.captures}
    assert draft.at is not None
    assert texts[draft.at.capture][draft.at.start : draft.at.end] == draft.value
    for span in (draft.at, draft.subject_at, draft.date_at):
        if span is not None:
            assert 0 <= span.start < span.end <= len(texts[span.capture])
            assert not crosses_joint(find_joints(texts[span.capture]), span.start, span.end)
    if draft.date_at is not None:
        assert texts[draft.date_at.capture][draft.date_at.start : draft.date_at.end] == draft.date_text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(TOPICS), CAPTURES)
def test_every_draft_stands_verbatim_where_it_says_and_crosses_no_joint(
    topic: TopicText, rows: list[tuple[str, str]]
) -> None:
    library = make_library(topic, rows)
    for draft in propose(library):
        check_draft(draft, library)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(TOPICS), CAPTURES, st.randoms(use_true_random=False))
def test_the_order_of_captures_does_not_change_the_drafts(
    topic: TopicText, rows: list[tuple[str, str]], random: st.random_module
) -> None:
    captures = [CaptureText(i, provider, "A page", text) for i, (provider, text) in enumerate(rows)]
    shuffled = captures[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert propose(Library(topic, captures)) == propose(Library(topic, shuffled))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(TOPICS), CAPTURES)
def test_every_draft_is_grounded_on_the_words_that_it_names(topic: TopicText, rows: list[tuple[str, str]]) -> None:
    library = make_library(topic, rows)
    for claim in assemble(propose(library), library):
        assert claim.draft.at is not None
        assert claim.support.method == "exact"
        (quote,) = claim.support.quotes
        assert quote.capture == claim.draft.at.capture
        assert claim.draft.at.start <= quote.start < quote.end <= claim.draft.at.end


RATES = {
    "territory:GB": "67%", "territory:US": "40%", "territory:CN": "19%", "territory:IN": "24%", "territory:JP": "32%",
    "territory:CA": "60%", "territory:FR": "60%", "territory:001": "23%", "territory:DE": "56%", "territory:AU": "63%",
}  # fmt: skip
CHANGES = {
    "territory:DE": "from 39% to 56%", "territory:US": "from 23% to 40%", "territory:JP": "from 19% to 32%",
    "territory:CN": "from 15% to 19%", "territory:IN": "from 19% to 24%",
}  # fmt: skip


@pytest.fixture(scope="module")
def claims() -> list[Grounded]:
    """What is proposed from the captured texts alone of a sample."""
    path = SEEDS / "international-collaboration.txt"
    export = read_export(path.read_bytes(), name=path.name, timezone=UTC)
    captures = [CaptureText(i, str(row.provider), row.title, row.text) for i, row in enumerate(export.captures)]
    library = Library(TopicText(export.title, "topic", export.description), captures)
    return assemble(propose(library), library)


def test_a_samples_captures_give_all_its_rates_with_their_evidence(claims: list[Grounded]) -> None:
    rates = [c for c in claims if c.draft.kind == "attribute" and c.draft.value.endswith("%")]
    assert {claim.subject: claim.draft.value for claim in rates} == RATES
    for claim in rates:
        assert {quote.role for quote in claim.quotes} == {"value", "subject", "date"}
        assert claim.label.period == "2022"


def test_a_samples_captures_give_all_its_changes_with_their_evidence(claims: list[Grounded]) -> None:
    changes = {c.subject: c for c in claims if c.draft.kind == "event" and "from" in c.draft.value}
    assert changes.keys() == CHANGES.keys()
    for subject, claim in changes.items():
        assert CHANGES[subject] in claim.draft.value
        assert {quote.role for quote in claim.quotes} == {"value", "subject", "date"}


def test_nothing_is_proposed_without_evidence(claims: list[Grounded]) -> None:
    assert {claim.support.method for claim in claims} == {"exact"}
    bases = {c.subject: c.dating.basis for c in claims if c.label.period == "2022"}
    assert bases["territory:JP"] == "same_sentence"
    assert bases["territory:FR"] == "inherited"
    assert bases["territory:DE"] == "unresolved"
