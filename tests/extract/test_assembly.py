"""Grounding: which words a claim rests on, whose value it is, and where its date comes from."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.extract.assembly import CaptureText, Draft, Grounded, Library, TopicText, assemble
from dossiers.extract.passages import find_joints
from tests.extract.samples import CAPTURES, SURVEY, TOPIC, attribute, event, make_capture, place

LIBRARY = Library(TOPIC, CAPTURES)


def ground(draft: Draft, library: Library = LIBRARY) -> Grounded:
    return assemble([draft], library)[0]


def sentence_of(claim: Grounded) -> str:
    return claim.sentences[0].text


RATES = [
    ("South Korea", "59%", "South Korea (59%)"),
    ("Slovenia", "58%", "Slovenia (58%)"),
    ("Italy", "58%", "Italy (58%)"),
    ("Turkey", "12%", "from 5% to 12%"),
    ("Spain", "37%", "from 30% to 37%"),
    ("Chile", "13%", "from 12% to 13%"),
    ("Sweden", "39%", "from 24% to 39%"),
    ("Global", "17%", "rate was 17%"),
]


@pytest.mark.parametrize(("subject", "value", "context"), RATES)
def test_a_short_value_is_quoted_where_its_subject_is(subject: str, value: str, context: str) -> None:
    claim = ground(attribute(f"{subject} Recycling Rate (2021)", value))
    quote = claim.support.quotes[0]
    assert (claim.support.method, quote.exact, quote.capture) == ("exact", value, "survey")
    assert SURVEY[: quote.end].endswith(context.removesuffix(")"))
    assert claim.subject_quote is not None
    assert claim.subject in claim.sentences[0].keys


def test_a_value_in_a_cut_fragment_gives_way_to_the_one_beside_its_subject() -> None:
    quote = ground(attribute("Spain Recycling Rate (2021)", "37%")).support.quotes[0]
    assert SURVEY[quote.start : quote.end] == "37%"
    assert quote.start > SURVEY.index("37% in 2021") + 3


@pytest.mark.parametrize(
    ("draft", "basis", "reason", "phrase"),
    [
        (attribute("Global Recycling Rate (2021)", "17%"), "same_sentence", "", "2021"),
        (attribute("Turkey Recycling Rate (2021)", "12%"), "same_sentence", "", "between 2010 and 2021"),
        (attribute("Italy Recycling Rate (2021)", "58%"), "inherited", "neighbour", "2021"),
        (attribute("Sweden Recycling Rate (2021)", "39%"), "unresolved", "cut", "during the same period"),
        (
            event("Sweden's recycling rate rose from 24% to 39%.", "2010-2021"),
            "unresolved",
            "cut",
            "during the same period",
        ),
        (
            event("Sorting rates climbed steadily.", "Last fifteen years"),
            "relative",
            "relative",
            "over the last fifteen years",
        ),
        (event("Bergen opened its first kerbside scheme.", "1975"), "unresolved", "missing", ""),
        (event("Bergen opened its first kerbside scheme.", "1974"), "same_sentence", "", "1974"),
    ],
)
def test_a_date_says_where_it_comes_from(draft: Draft, basis: str, reason: str, phrase: str) -> None:
    dating = ground(draft).dating
    assert (dating.basis, dating.reason, dating.phrase) == (basis, reason, phrase)


def test_the_same_period_is_inherited_from_a_whole_sentence_before() -> None:
    text = "Norway grew between 2010 and 2021. Denmark's share rose from 4% to 9% over the same period."
    library = Library(TOPIC, [make_capture("a", "web_search", "A", text)])
    dating = ground(event("Denmark's share rose from 4% to 9%.", "2010–2021"), library).dating
    assert (dating.basis, dating.phrase) == ("inherited", "between 2010 and 2021")


def test_a_relative_date_is_read_against_publication_and_never_retrieval() -> None:
    text = "Sorting rates climbed steadily over the past decade."
    draft = event("Sorting rates climbed steadily.", "Past decade")
    undated = Library(TOPIC, [make_capture("a", "web_search", "A", text)])
    dated = Library(TOPIC, [make_capture("a", "web_search", "A", text, published_at=date(2015, 6, 1))])
    assert ground(draft, undated).dating.value.edtf is None
    assert ground(draft, dated).dating.value.edtf == "2005/2015"


@pytest.mark.parametrize(
    ("text", "words", "basis", "reason"),
    [
        ("In 2023 sales were 6 tonnes, up from 5 tonnes the year before.", "2022", "relative", "counted"),
        ("In 2019 a plant closed. A year later a depot opened with 5 tonnes.", "A year later", "relative", "counted"),
        ("A depot opened with 5 tonnes over the same period.", "2022", "unresolved", "missing"),
        ("It rose by 2022. [...] A depot opened with 5 tonnes over the same period.", "2022", "unresolved", "cut"),
    ],
)
def test_a_date_that_counts_from_another_says_so(text: str, words: str, basis: str, reason: str) -> None:
    library = Library(TOPIC, [make_capture("a", "web_search", "A", text)])
    dating = ground(event("It was 5 tonnes.", words), library).dating
    assert (dating.basis, dating.reason) == (basis, reason)


@pytest.mark.parametrize(
    ("draft", "method"),
    [
        (attribute("Definition", "'Sorting' of used materials in the home"), "folded"),
        (attribute("Trade", "collected cloth and bones"), "exact"),
        (attribute("Trade", "rag pickers have collected the cloth and bones in the towns"), "fuzzy"),
        (attribute("Participating Cities", "40"), "folded"),
        (attribute("Goals", "Save raw materials; create jobs"), "paraphrase"),
        (attribute("Goals", "saves raw materials; collected cloth"), "exact"),
        (attribute("Goals", "Save raw materials; lower the price of bread"), "nearest"),
        (event("Bergen was where the first kerbside scheme opened.", "1974"), "paraphrase"),
        (event("The Green Dot Express was launched by Anja Keller.", "2016"), "nearest"),
        (event("Turkey's household recycling rate rose from 5% to 12%.", "2010-2021"), "paraphrase"),
        (event("Turkey's household recycling rate rose from 30% to 37%.", "2010-2021"), "nearest"),
        (event("Sweden's household recycling rate rose from 24% to 37%.", "2010-2021"), "nearest"),
        (Draft("summary", "Recycling is taught in most primary schools."), "nearest"),
        (Draft("summary", "The UK and Norway agreed."), "nearest"),
        (Draft("summary", "Forty towns were visited by the Green Dot Express."), "paraphrase"),
        (place(), "exact"),
    ],
)
def test_a_value_is_grounded_as_far_as_its_sources_carry_it(draft: Draft, method: str) -> None:
    assert ground(draft).support.method == method


PERSON = Library(
    TopicText("Alma Long", "person", "The diver whom a talk about Malta named."),
    [
        make_capture("life", "encyclopedia", "Alma Long", "Born in Gozo, Malta, she went to sea at twelve."),
        make_capture("other", "web_search", "Others", "A doctor came by."),
        make_capture(
            "work", "web_search", "Divers", "In 1931 Long came to Sliema for the summer. From 1934 she led the school."
        ),
    ],
)


@pytest.mark.parametrize(
    ("draft", "method", "quotes"),
    [
        (event("Alma Long was born in Gozo.", "1900"), "paraphrase", 1),
        (event("Alma Long was born in Lima.", "1900"), "nearest", 0),
        (event("Alma Long was a doctor.", "1900"), "nearest", 0),
        (event("Long led the school in Sliema.", "1934"), "paraphrase", 2),
        (event("Long came to Sliema.", "1931"), "exact", 1),
    ],
)
def test_the_topics_own_name_counts_neither_for_nor_against_a_value(draft: Draft, method: str, quotes: int) -> None:
    support = ground(draft, PERSON).support
    assert support.method == method
    assert not support.is_grounded or len(support.quotes) == quotes
    assert not support.is_grounded or not support.uncovered


def test_a_person_is_known_by_the_surname_as_printed() -> None:
    keys = [mention.text for mention in PERSON.gazetteer.find_mentions("Long ago Alma Long sailed a long way.")]
    assert keys == ["Long", "Alma Long"]
    assert TopicText("Alma Long, Jr.", "person", aliases=("Alma (diver)", "A. L.")).surnames == ("Long",)
    assert TopicText("Long Harbour", "place").surnames == ()


def test_a_value_that_clearly_is_anothers_gives_way_to_one_whose_subject_was_cut() -> None:
    text = "For Kenya and Spain the shares were 4% and 15%, respectively. [...] 15% by then. Poland came last."
    library = Library(TOPIC, [make_capture("a", "web_search", "A", text)])
    assert ground(attribute("Poland Recycling Share", "15%"), library).support.quotes[0].start == text.rindex("15%")


def test_what_is_missing_is_named() -> None:
    support = ground(event("The Green Dot Express, with Anja Keller, toured 50 cities.", "2016")).support
    assert (support.missing_names, support.missing_numbers) == (("Anja Keller",), ("50",))


def test_the_parts_that_nothing_supports_are_told() -> None:
    draft = attribute("Goals", "Save raw materials; lower the price of bread")
    assert [draft.value[start:end] for start, end in ground(draft).support.failed] == ["lower the price of bread"]


def test_uncovered_stretches_of_a_paraphrase_show() -> None:
    draft = event("Bergen, a harbour town, opened its first kerbside scheme.", "1974")
    support = ground(draft).support
    assert support.method == "paraphrase"
    assert [draft.value[start:end] for start, end in support.uncovered] == ["harbour town"]


def test_the_topics_description_is_no_evidence() -> None:
    claim = ground(Draft("summary", TOPIC.description))
    assert claim.support.method == "nearest"
    assert "Anja Keller" in claim.support.missing_names


def test_an_address_supports_no_statement() -> None:
    assert ground(attribute("Street", "Milton Road")).support.quotes == ()


def test_a_summary_becomes_one_claim_for_each_sentence() -> None:
    claims = assemble([Draft("summary", "Bergen came first. The fund, e.g. its train, followed in 1991.")], LIBRARY)
    assert [claim.draft.value for claim in claims] == [
        "Bergen came first.",
        "The fund, e.g. its train, followed in 1991.",
    ]


def test_keys_within_a_kind_differ() -> None:
    drafts = [
        attribute("Founder", "Ann"),
        attribute("Founder", "Bo"),
        event("It grew.", "1974"),
        event("It shrank.", "1974"),
    ]
    claims = assemble([*drafts, attribute("Founder", "Ann")], LIBRARY)
    assert len({(claim.draft.kind, claim.key) for claim in claims}) == 5


def test_values_are_typed() -> None:
    typed = [
        ground(attribute("x", value)).typed for value in ("2.5 million euros", "15%", "May 1991", "red, then blue")
    ]
    assert [(t.type, str(t.number or ""), t.unit) for t in typed] == [
        ("number", "2500000", "EUR"),
        ("number", "15", "%"),
        ("date", "", ""),
        ("text", "", ""),
    ]
    assert ground(place()).typed.type == "coordinates"


WORDS = "the rate of Spain Turkey rose from 5% to 12% in 2021 (58%) [...] . ; over same period 2010–2021 “x” ﬁ".split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(TEXTS, st.text(max_size=60)), max_size=3), TEXTS, TEXTS, st.sampled_from(["2021", "", "soon"])
)
def test_every_quote_stands_in_its_capture_and_crosses_no_joint(
    texts: list[str], label: str, value: str, when: str
) -> None:
    captures = [CaptureText(number, "web_search", "t", text) for number, text in enumerate(texts)]
    drafts = [Draft("attribute", value, label), Draft("event", value, date_text=when), Draft("summary", value)]
    for claim in assemble(drafts, Library(TopicText("Bergen"), captures)):
        for quote in claim.quotes:
            text = texts[quote.capture]  # type: ignore[call-overload]
            assert text[quote.start : quote.end] == quote.exact
            assert text[: quote.start].endswith(quote.prefix)
            assert text[quote.end :].startswith(quote.suffix)
            assert not any(start < quote.end and quote.start < end for start, end in find_joints(text))
            assert quote.covers is None or 0 <= quote.covers[0] < quote.covers[1] <= len(claim.draft.value)


def test_a_value_too_long_to_be_a_statement_is_not_searched_for() -> None:
    claim = ground(attribute("Trade", "collected cloth and bones " * 1_000))
    assert (claim.support.method, claim.support.quotes) == ("nearest", ())


def test_a_summary_without_end_is_kept_whole() -> None:
    draft = Draft("summary", "Bergen came first. " * 2_000)
    parts = [claim.draft.value for claim in assemble([draft], Library(TOPIC, []))]
    assert len(parts) == 201
    assert sum(part.count("Bergen") for part in parts) == 2_000


def test_of_a_passage_without_end_only_the_beginning_is_quoted() -> None:
    text = "Bergen sorts " + "glass and paper and " * 1_000
    library = Library(TOPIC, [make_capture("a", "web_search", "A", text)])
    quote = ground(Draft("summary", "Paper and glass are sorted by Bergen."), library).support.quotes[0]
    assert quote.exact == text[: quote.end]
    assert quote.end <= 4_000
