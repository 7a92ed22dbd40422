"""Names, labels, keys and pairs: what makes two claims the same slot."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.extract.dates import read_date
from dossiers.extract.matching import (
    Candidate,
    Gazetteer,
    QuoteSpan,
    Signature,
    claim_key,
    find_known_names,
    find_names,
    find_stems,
    has_name,
    make_signature,
    match_claims,
    parse_label,
)

GAZETTEER = Gazetteer(("Harbour Light Festival", "HLF"))


@pytest.mark.parametrize(
    ("label", "subject", "prop", "period"),
    [
        ("UK Wind Share (2019)", "territory:GB", "wind share", "2019"),
        ("Global Wind Share (2019)", "territory:001", "wind share", "2019"),
        ("Spain's Wind Share, 2019", "territory:ES", "wind share", "2019"),
        ("Wind Share in Spain", "territory:ES", "wind share", ""),
        ("Danish Wind Share (1990s)", "territory:DK", "wind share", "1990s"),
        ("Trade with Spain", "", "trade with spain", ""),
        ("Height (m)", "", "height m", ""),
        ("HLF Budget (FY 2021)", "topic", "budget", "FY 2021"),
        ("Etymology", "", "etymology", ""),
    ],
)
def test_a_label_is_parsed(label: str, subject: str, prop: str, period: str) -> None:
    parsed = parse_label(label, GAZETTEER)
    assert (parsed.subject, parsed.property, parsed.period) == (subject, prop, period)


def test_two_spellings_of_a_label_have_one_key() -> None:
    keys = {
        claim_key("attribute", label=parse_label(text, GAZETTEER))
        for text in (
            "UK Wind Share (2019)",
            "United Kingdom wind share, 2019",
            "Wind share of the United Kingdom (in 2019)",
        )
    }
    assert len(keys) == 1


def test_another_period_is_another_key() -> None:
    keys = {claim_key("attribute", label=parse_label(f"UK Wind Share ({year})", GAZETTEER)) for year in (2018, 2019)}
    assert len(keys) == 2


def test_a_key_stays_short_enough_for_an_index() -> None:
    keys = {claim_key("attribute", label=parse_label("word " * 400 + tail, GAZETTEER)) for tail in ("one", "two")}
    assert len(keys) == 2
    assert max(len(key) for key in keys) < 300


def names(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    return [name.text for name in find_names(text, GAZETTEER, known)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Engineers built it near Lake Orvo for the Tidal Power Board.", ["Lake Orvo", "Tidal Power Board"]),
        ("However, the WHO and S&E staff came.", ["WHO", "S&E"]),
        ("In May the ship left on Monday.", []),
        ("Lanterns were lit by Drs Anna and Bo Lind.", ["Drs Anna", "Bo Lind"]),
        ("The University of Lund's rector spoke.", ["University of Lund"]),
        ("Output grew from 120 MW to NOK 5 billion.", []),
        (
            "South Africa's Christiaan Barnard came to Lloyd’s Register.",
            ["South Africa", "Christiaan Barnard", "Lloyd", "Register"],
        ),
        ("Lanterns “Float” by night. Boats follow.", ["Float"]),
    ],
)
def test_names_are_found_and_sentence_openers_are_not(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_an_opener_known_elsewhere_is_a_name() -> None:
    known = find_known_names(["They flew to Ganymede in haste."], GAZETTEER)
    assert names("Ganymede is a moon.") == []
    assert names("Ganymede is a moon.", known) == ["Ganymede"]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("at UK ports", "ports of the United Kingdom", True),
        ("by German crews", "crews from Germany", True),
        ("in Italy", "22% of Italians", True),
        ("the World Tide Council met", "the WTC met", True),
        ("the WTC met", "the World Tide Council met", True),
        (
            "the Harbour Board of Lund met",
            "in Lund, where many ships came in that cold year, a new Harbour Board",
            True,
        ),
        ("the German Navy sailed", "the navy of Germany", True),
        ("at Lake Orvo", "the lake, called Orvo, froze", True),
        ("at Lake Orvo", "the lake froze", False),
        ("at New Mexico's border", "in Mexico", False),
    ],
)
def test_a_name_is_recognised_in_another_form(name: str, text: str, found: bool) -> None:
    wanted = find_names(name, GAZETTEER)[0]
    assert has_name(wanted, text, GAZETTEER) is found


def test_stems_join_inflections() -> None:
    assert find_stems("the collaborators collaborated") == find_stems("collaboration")


def make(number: int, value: str, date: str = "2019", *, start: int = 0, end: int = 50, key: str = "") -> Candidate:
    signature = make_signature(value, read_date(date), GAZETTEER)
    spans = (QuoteSpan("source", "capture", start, end, value),)
    return Candidate(number, "event", key or claim_key("event", signature=signature), value, signature, spans)


def ids(pairs: list[tuple[Candidate, Candidate]]) -> set[tuple[object, object]]:
    return {(one.id, other.id) for one, other in pairs}


def test_reworded_events_are_matched_by_quote_and_names() -> None:
    old = [make(1, "Spain's wind share was 23%."), make(2, "Denmark's wind share was 54%.")]
    new = [make(11, "Wind gave Denmark 54% of its power."), make(12, "Wind gave Spain 24% of its power.")]
    matches = match_claims(old, new)
    assert ids(matches.pairs) == {(1, 12), (2, 11)}
    assert (matches.new, matches.lost, matches.ambiguous) == ([], [], [])


def test_an_event_of_another_name_is_new_and_the_old_one_lost() -> None:
    old, new = make(1, "Spain's wind share was 23%."), make(11, "Norway's wind share was 23%.")
    matches = match_claims([old], [new])
    assert (matches.pairs, matches.new, matches.lost) == ([], [new], [old])


def test_events_that_cannot_be_told_apart_are_left_to_an_editor() -> None:
    old = [make(1, "Spain's share fell."), make(2, "Spain's share was cut.")]
    new = [make(11, "The share of Spain shrank.")]
    matches = match_claims(old, new)
    assert matches.pairs == []
    assert [(c.id, {o.id for o in olds}) for c, olds in matches.ambiguous] == [(11, {1, 2})]


def attribute(number: int, value: str, key: str = "topic | founder | ") -> Candidate:
    return Candidate(number, "attribute", key, value, Signature())


def test_an_attribute_is_matched_by_key_whatever_its_value() -> None:
    assert ids(match_claims([attribute(1, "1998")], [attribute(11, "1999")]).pairs) == {(1, 11)}


def test_a_property_with_several_values_is_matched_by_value() -> None:
    old = [attribute(1, "Ann"), attribute(2, "Bo")]
    new = [attribute(11, "Bo"), attribute(12, "Ann"), attribute(13, "Cy")]
    matches = match_claims(old, new)
    assert ids(matches.pairs) == {(1, 12), (2, 11)}
    assert [candidate.id for candidate in matches.new] == [13]


SENTENCES = st.lists(
    st.sampled_from("Spain Denmark 23% 54% share rose The In 2019 Lake Orvo of and , . WHO".split()), max_size=8
).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(SENTENCES, max_size=5), st.lists(SENTENCES, max_size=5))
def test_every_claim_comes_out_exactly_once(olds: list[str], news: list[str]) -> None:
    old, new = [make(i, text) for i, text in enumerate(olds)], [make(100 + i, text) for i, text in enumerate(news)]
    matches = match_claims(old, new)
    assert sorted(
        [n.id for _, n in matches.pairs] + [n.id for n, _ in matches.ambiguous] + [n.id for n in matches.new]
    ) == [candidate.id for candidate in new]
    assert sorted([o.id for o, _ in matches.pairs] + [o.id for o in matches.lost]) == [
        candidate.id for candidate in old
    ]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60))
def test_every_name_reproduces_its_place(text: str) -> None:
    assert all(text[name.start : name.end] == name.text for name in find_names(text, GAZETTEER))
