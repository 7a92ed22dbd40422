"""Answers of a model: what becomes a draft stands where it says, and everything else is a problem with a sentence."""

import json
from typing import Any

import pytest

from dossiers.extract.assembly import Span, assemble
from dossiers.extract.prompts import Answer, read_answer
from tests.extract.answers import (
    ARTICLE_PROMPT,
    BERGEN,
    LIBRARY,
    RATE,
    SPAIN,
    WEB_PROMPT,
    list_codes,
    make_item,
    read,
    read_alone,
    read_at,
    write,
)
from tests.extract.samples import FUND, SURVEY


def read_text(text: str) -> Answer:
    return read_answer(text, WEB_PROMPT, LIBRARY)


def test_statements_become_drafts_at_their_own_words() -> None:
    answer = read(RATE, SPAIN, BERGEN)
    assert (answer.outcome, answer.problems) == ("ok", ())
    rate, spain, bergen = answer.drafts
    assert [(d.kind, d.label, d.value, d.date_text) for d in answer.drafts] == [
        ("attribute", "worldwide Recycling rate (2021)", "17%", "2021"),
        ("attribute", "Spain Recycling rate (2021)", "37%", "2021"),
        ("event", "", "Bergen opened its first kerbside scheme in 1974", "1974"),
    ]
    assert rate.at == ("survey", SURVEY.index("17%"), SURVEY.index("17%") + 3)
    assert spain.at == ("survey", SURVEY.index("37%, resp"), SURVEY.index("37%, resp") + 3)
    assert (bergen.at, bergen.subject_at) == (
        Span("fund", FUND.index("Bergen"), FUND.index(" 1974") + 5),
        Span("fund", FUND.index("Bergen"), FUND.index("Bergen") + 6),
    )
    assert spain.subject_at == Span("survey", SURVEY.index("Spain"), SURVEY.index("Spain") + 5)
    assert spain.date_at == Span("survey", SURVEY.index("2021 (from"), SURVEY.index("2021 (from") + 4)
    assert [draft.position for draft in answer.drafts] == [0, 1, 2]


def test_grounding_quotes_the_words_that_the_model_named() -> None:
    claims = assemble(read(RATE, SPAIN, BERGEN).drafts, LIBRARY)
    for claim in claims:
        quote = claim.support.quotes[0]
        assert claim.support.method == "exact"
        assert (quote.capture, quote.start, quote.end) == claim.draft.at
    assert [claim.label.subject for claim in claims][1] == "territory:ES"
    assert [claim.dating.basis for claim in claims] == ["same_sentence"] * 3


def test_a_value_said_twice_is_the_one_of_its_subject() -> None:
    quote = "above the worldwide rate included South Korea (59%), Slovenia (58%), and Italy (58%)"
    items = [
        make_item("attribute", "Of the twenty", quote, "58%", label="Recycling rate", subject=country)
        for country in ("Italy", "Slovenia")
    ]
    italy, slovenia = read(*items).drafts
    assert italy.at == ("survey", SURVEY.rindex("58%"), SURVEY.rindex("58%") + 3)
    assert slovenia.at == ("survey", SURVEY.index("58%"), SURVEY.index("58%") + 3)


def test_white_space_and_quotation_marks_are_folded_and_the_captures_spelling_stays() -> None:
    item = make_item(
        "attribute", "Household recycling means", 'means the  "sorting" of\nused materials', 'the "sorting" of used',
        label="Meaning",
    )  # fmt: skip
    (draft,) = read(item).drafts
    assert draft.value == "the “sorting” of used" == read_at(draft)


def test_the_topics_own_name_needs_no_place_in_the_passage() -> None:
    (draft,) = read(RATE | {"subject": "Household Recycling"}).drafts
    assert draft.label == "Recycling rate (2021)"


def test_a_label_that_says_subject_and_time_itself_is_not_lengthened() -> None:
    (draft,) = read(SPAIN | {"label": "Recycling rate of Spain (2021)"}).drafts
    assert draft.label == "Recycling rate of Spain (2021)"


def test_words_that_are_no_date_stay_out_of_the_label() -> None:
    sweden = "Sweden’s recycling rate rose from 24% to 39% during the same period"
    item = make_item("attribute", "Likewise", sweden, "39%", label="Recycling rate", subject="Sweden",
                     date="during the same period")  # fmt: skip
    (draft,) = read(item).drafts
    assert (draft.label, draft.date_text) == ("Sweden Recycling rate", "during the same period")


def test_a_date_may_stand_in_the_passage_beside() -> None:
    item = make_item("attribute", "Of the twenty", "South Korea (59%)", "59%", label="Recycling rate",
                     subject="South Korea", date="2021")  # fmt: skip
    (draft,) = read(item).drafts
    assert draft.label == "South Korea Recycling rate (2021)"


def test_nothing_is_a_good_answer() -> None:
    assert read() == Answer((), (), "empty")


BAD_ITEMS: list[tuple[str, Any]] = [
    ("unknown-passage", RATE | {"passage": "P99"}),
    ("unknown-passage", RATE | {"passage": "P0"}),
    ("unknown-passage", RATE | {"passage": "any page"}),
    ("quote-not-found", RATE | {"passage": "P1"}),
    ("quote-not-found", RATE | {"quote": "the worldwide household recycling rate was 71%"}),
    ("quote-not-found", RATE | {"quote": "In 2021, the worldwide household recycling rate was approximately 17%"}),
    ("quote-not-found", RATE | {"quote": "in 2021, The Worldwide household recycling rate was 17%"}),
    ("quote-not-found", RATE | {"quote": "household recycling rate was 1"}),
    ("value-not-in-quote", RATE | {"value": "18%"}),
    ("value-not-in-quote", RATE | {"value": "large gaps between countries"}),
    ("value-not-in-quote", RATE | {"value": "7%"}),
    ("number-cut", RATE | {"value": "17"}),
    ("foreign-number", RATE | {"label": "Recycling rate of 45 countries"}),
    ("foreign-subject", RATE | {"label": "Recycling rate, unlike Norway"}),
    ("subject-not-in-passage", RATE | {"subject": "Japan"}),
    ("other-subject", SPAIN | {"value": "12%"}),
    ("other-subject", SPAIN | {"subject": "Turkey"}),
    ("date-not-in-passage", RATE | {"date": "1999"}),
    ("date-not-in-passage", BERGEN | {"date": "1974-05"}),
    ("no-date", BERGEN | {"date": ""}),
    ("no-label", RATE | {"label": " .. "}),
    ("markup", RATE | {"label": "<b>Rate</b>"}),
    ("markup", RATE | {"label": "Rate, see http://example.org"}),
    ("unknown-kind", RATE | {"kind": "place"}),
    ("not-asked", make_item("summary", "Bergen opened", "Bergen opened", "Bergen was first.")),
    ("missing", {key: value for key, value in RATE.items() if key != "quote"}),
    ("missing", RATE | {"value": " \n"}),
    ("missing", RATE | {"value": None}),
    ("missing", RATE | {"value": " –, "}),
    ("wrong-type", RATE | {"value": 17}),
    ("wrong-type", RATE | {"value": ["17%"]}),
    ("wrong-type", RATE | {"label": {"text": "Rate"}}),
    ("wrong-type", RATE | {"subject": False}),
    ("wrong-type", "17%"),
    ("wrong-type", None),
    ("wrong-type", [RATE]),
    ("too-long", RATE | {"label": "Rate " * 100}),
    ("too-long", RATE | {"quote": "x" * 100_000}),
    ("unprintable", RATE | {"value": "17%\x00"}),
    ("unprintable", RATE | {"label": "Rate \ud800"}),
]


@pytest.mark.parametrize(("code", "item"), BAD_ITEMS)
def test_a_bad_item_is_a_problem_and_the_good_ones_stay(code: str, item: Any) -> None:
    answer = read(item, BERGEN)
    assert [draft.kind for draft in answer.drafts] == ["event"]
    assert list_codes(answer) == [code]
    problem = answer.problems[0]
    assert problem.item == 1
    assert problem.message.endswith(".")
    assert str(problem).isprintable()
    assert len(str(problem)) < 300


def test_part_of_a_sentence_may_not_lose_its_not() -> None:
    text = "The council did not open a depot in 1990, it said."
    item = make_item("event", "P1", "open a depot in 1990", "open a depot in 1990", date="1990")
    assert list_codes(read_alone(text, item)) == ["negation-lost"]
    whole = item | {"quote": text, "value": "The council did not open a depot in 1990"}
    assert read_alone(text, whole).outcome == "ok"


@pytest.mark.parametrize(
    ("text", "value", "fits"),
    [
        ("The deficit was -5 million euros.", "5 million euros", False),
        ("It cost $5 million.", "5 million", False),
        ("It cost $5 million.", "$5", False),
        ("It cost $5 million.", "$5 million", True),
        ("It holds 15-20% of all.", "20%", True),
        ("It holds 1,500 books.", "500 books", False),
        ("It weighs 3.5 kg.", "5 kg", False),
    ],
)
def test_a_number_is_taken_whole(text: str, value: str, fits: bool) -> None:
    answer = read_alone(text, make_item("attribute", "P1", text, value, label="Amount"))
    assert [draft.value for draft in answer.drafts] == ([value] if fits else [])


def test_what_was_said_before_is_said_once() -> None:
    answer = read(BERGEN, BERGEN | {"quote": "Bergen opened its first kerbside scheme in 1974"})
    assert (len(answer.drafts), list_codes(answer)) == (1, ["duplicate"])


def test_a_summary_sentence_of_its_own_words_is_left_to_grounding() -> None:
    quote = "Recycling is the third album by the Norwegian band Tin Heart."
    own = make_item("summary", "P1", quote, "Tin Heart of Norway made it.")
    same = make_item("summary", "P1", quote, quote)
    foreign = make_item("summary", "P1", "It sold a million", "It sold a million.")
    answer = read(own, same, foreign, prompt=ARTICLE_PROMPT)
    assert [(draft.value, draft.at is None) for draft in answer.drafts] == [
        ("Tin Heart of Norway made it.", True),
        (quote, False),
    ]
    assert list_codes(answer) == ["quote-not-found"]


def test_a_summary_has_no_more_sentences_than_were_asked_for() -> None:
    quote = "It was recorded in Oslo in 1998."
    items = [make_item("summary", "P2", quote, f"It was made in {word}.") for word in "ABCDEFGH"]
    answer = read(*items, prompt=ARTICLE_PROMPT)
    assert (len(answer.drafts), list_codes(answer)) == (6, ["too-many", "too-many"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"Here you are:\n{write(BERGEN)}", "prose"),
        ('<think>{"items": []} or not?</think>\n' + write(BERGEN), "prose"),
        (f"{write(BERGEN)}\nI hope that helps.", "prose"),
        (f"```json\n{write(BERGEN)}\n```", "fenced"),
        (f"```\n{write(BERGEN)}```", "fenced"),
        (json.dumps({"items": [BERGEN], "reasoning": "because"}), "unknown-field"),
        (write(BERGEN | {"url": "https://example.org", "confidence": 0.99}), "unknown-field"),
    ],
)
def test_an_answer_in_the_wrong_dress_is_read_and_noted(text: str, code: str) -> None:
    answer = read_text(text)
    assert (answer.outcome, len(answer.drafts)) == ("ok", 1)
    assert set(list_codes(answer)) == {code}


@pytest.mark.parametrize(
    ("text", "outcome", "code"),
    [
        ("", "invalid", "blank"),
        (" \n", "invalid", "blank"),
        ("I cannot help with that.", "invalid", "no-json"),
        ("null", "invalid", "no-json"),
        ("[]", "invalid", "no-json"),
        ("{}", "invalid", "not-as-agreed"),
        ('{"items": {}}', "invalid", "not-as-agreed"),
        ('{"items": null}', "invalid", "not-as-agreed"),
        ('{"items": [], "items": []}', "invalid", "not-as-agreed"),
        (write(BERGEN) + write(BERGEN), "invalid", "not-as-agreed"),
        (json.dumps([BERGEN]), "invalid", "not-as-agreed"),
        ("{'items': []}", "invalid", "no-json"),
        ('{"items": [NaN]}', "invalid", "no-json"),
        ('{"items": [], }', "invalid", "no-json"),
        ('{"items": [' + "[" * 100_000, "invalid", "too-deep"),
        ('{"items": ' + '{"a":' * 30_000, "invalid", "too-deep"),
        ('{"items": []}' + " " * 300_000, "invalid", "too-long"),
        ('{"items": ["\x00"]}', "invalid", "no-json"),
        (write(BERGEN)[:-1], "truncated", "truncated"),
        (write(BERGEN)[:-2], "truncated", "truncated"),
        (write(BERGEN, BERGEN)[:-30], "truncated", "truncated"),
        ("{", "truncated", "truncated"),
        ("```json\n" + write(BERGEN)[:-9], "truncated", "truncated"),
    ],
)
def test_an_answer_that_cannot_be_read_gives_nothing(text: str, outcome: str, code: str) -> None:
    answer = read_text(text)
    assert (answer.outcome, answer.drafts) == (outcome, ())
    assert list_codes(answer)[-1] == code


def test_an_answer_of_bad_items_alone_is_invalid() -> None:
    assert read(RATE | {"value": "99%"}).outcome == "invalid"


def test_more_items_than_agreed_are_not_read() -> None:
    answer = read(*([RATE | {"value": "99%"}] * 150))
    assert len(answer.problems) == 101
    assert list_codes(answer)[-1] == "too-many"


def test_a_field_given_twice_is_not_chosen_from() -> None:
    text = write(BERGEN).replace('"value"', '"value": "Bergen closed it", "value"', 1)
    assert list_codes(read_text(text)) == ["wrong-type"]
