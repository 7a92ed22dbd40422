"""Dated happenings, and the founding, birth and death of the topic."""

import pytest

from dossiers.extract.assembly import TopicText
from tests.extract.rules.finding import LAMPS, PERSON, find, tell

HAPPENINGS = [
    ("On 3 May 1907 the harbour board opened the first pier.", "harbour board", "3 May 1907"),
    ("The pier was rebuilt in the 1920s.", "pier", "the 1920s"),
    ("A storm struck the coast between 3 and 5 May 1911.", "storm", "between 3 and 5 May 1911"),
    ("The Orrin Ferry, 40 metres long, sank in June 1958.", "Orrin Ferry", "June 1958"),
    ("Ada Holm, Pia Lund and Siri Dahl shared the prize in 1960.", "Ada Holm, Pia Lund and Siri Dahl", "1960"),
    ("Bo Krag of Malmö took office on 1 July 2017.", "Bo Krag of Malmö", "1 July 2017"),
]


@pytest.mark.parametrize(("text", "subject", "date"), HAPPENINGS)
def test_a_dated_happening_is_its_whole_sentence(text: str, subject: str, date: str) -> None:
    assert tell(text, LAMPS, "event") == [(subject, text.rstrip("."), date)]


def test_two_dated_happenings_of_a_sentence_are_two() -> None:
    text = "Siri Dahl announced the find in July 1898 and that of a second in May 1899."
    assert [date for *_, date in tell(text, LAMPS, "event")] == ["July 1898", "May 1899"]


@pytest.mark.parametrize(
    "text",
    [
        "The pier has stood since 1907.",
        "The Dahl Society has awarded a medal since 1998.",
        "The pier was 40 metres long in 1907.",
        "The rate was 9% in 2010.",
        "Prices doubled in 1923.",
        "The treaty, signed on 7 February 1992, is in force.",
        "The town that burned in 1907 has a pier.",
        "It was opened in 1907.",
        "This pier was opened in 1907.",
        "The pier was not opened in 1907.",
        "The pier will be opened in 2031.",
        "Siri Dahl, A History of Piers, 1937, pp. 112–118.",
        "The film Pier (1982) stars Bo Krag.",
        "The article was last updated on 3 May 2021.",
        "The 2010 final drew a crowd.",
    ],
)
def test_a_state_a_measurement_or_an_aside_is_no_happening(text: str) -> None:
    assert tell(text, LAMPS, "event", "inception") == []


def test_she_is_the_topic_only_where_the_topic_is_a_person() -> None:
    text = "In 1891 she left for Oslo."
    assert tell(text, PERSON, "event") == [("", "In 1891 she left for Oslo", "1891")]
    assert tell(text, LAMPS, "event") == []


LIVES: list[tuple[str, TopicText, list[tuple[str, str]]]] = [
    ("The Lantern Trust was founded in Bergen on 7 April 1948.", LAMPS, [("inception", "7 April 1948")]),
    ("Founded in 1948, the LT has 12 clubs.", LAMPS, [("inception", "1948")]),
    ("The LT, which was established in 1948, has 12 clubs.", LAMPS, [("inception", "1948")]),
    ("The LT came into being on 1 May 1948.", LAMPS, [("inception", "1 May 1948")]),
    ("Orla Venn was born in Cork on 2 May 1871.", PERSON, [("birth", "2 May 1871")]),
    ("Orla Venn (born 2 May 1871; died 9 June 1940) was a painter.", PERSON, [
        ("birth", "2 May 1871"), ("death", "9 June 1940"),
    ]),
    ("Orla Mary Venn (2 May 1871 – 9 June 1940) was a painter.", PERSON, [
        ("birth", "2 May 1871"), ("death", "9 June 1940"),
    ]),
    ("Venn died on 9 June 1940 in Cork.", PERSON, [("death", "9 June 1940")]),
    ("Her brother, Tom Venn (born 1873), was a sailor.", PERSON, []),
    ("The Lantern Fund was founded in 1950.", LAMPS, []),
    ("Tom Venn was born in 1873.", PERSON, []),
    ("The Venns had two sons, Tom (born 1897) and Bo (born 1899).", PERSON, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "topic", "told"), LIVES, ids=[text for text, *_ in LIVES])
def test_only_the_topics_own_dates_of_life_are_told(text: str, topic: TopicText, told: list[tuple[str, str]]) -> None:
    found = [s for s in find(text, topic) if s.relation in ("inception", "birth", "death")]
    assert [(s.relation, s.value_text) for s in found] == told
    assert {s.label for s in found} <= {"Founded", "Born", "Died"}
