"""A page from an edition: marked quotes, the order of facts, links and words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.read.assembly import (
    Status,
    arrange_page,
    find_link,
    find_machine_date,
    mark_pieces,
    say_coordinates,
    say_time,
)

spans = st.tuples(st.integers(-3, 40), st.integers(-3, 40), st.sampled_from(["value", "date", "subject"]))
MAP = "https://map.example/{lat}/{lon}"


@given(st.text(max_size=30), st.lists(spans, max_size=5))
@settings(max_examples=150)
def test_marked_pieces_are_the_text_whatever_the_spans(text: str, found: list[tuple[int, int, str]]) -> None:
    assert "".join(piece.text for piece in mark_pieces(text, found)) == text


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ([(9, 13, "date"), (9, 13, "value")], ["", "value", ""]),
        ([(0, 18, "value"), (9, 13, "date")], ["value", "date", "value"]),
        ([(0, 18, "date"), (9, 13, "value")], ["date", "value", "date"]),
        ([(0, 18, "value"), (9, 13, "subject")], ["value"]),
    ],
)
def test_of_overlapping_quotes_the_shorter_shows_of_equal_ones_the_value_and_the_subject_last(
    found: list[tuple[int, int, str]], shown: list[str]
) -> None:
    pieces = mark_pieces("built in 1907 here", found)
    texts = ["built in ", "1907", " here"] if len(shown) == 3 else ["built in 1907 here"]
    assert [(piece.text, piece.role) for piece in pieces] == list(zip(texts, shown, strict=True))


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://press.example/a?b=c", True),
        ("http://press.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//press.example", False),
        ("https:///path", False),
        ("http://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, is_link: bool) -> None:
    assert find_link(url) == (url if is_link else "")


@pytest.mark.parametrize(
    ("edtf", "machine"),
    [*[(date, date) for date in ("1907", "1907-03", "1907-03-04")],
     *[(date, "") for date in ("2003/2022", "19XX", "-0499", "1907?", "0000", "")]],
)  # fmt: skip
def test_only_plain_dates_are_given_to_machines(edtf: str, machine: str) -> None:
    assert find_machine_date(edtf) == machine


def test_times_and_coordinates_are_spelled_for_people() -> None:
    time = say_time("2026-05-02T09:20:00Z")
    assert time is not None and (time.day, time.full) == ("2 May 2026", "2 May 2026, 09:20 UTC")
    assert say_coordinates("46.1234", "-7.5") == "46.12340° N, 7.50000° W"
    assert say_coordinates("-46", "7.5") == "46.00000° S, 7.50000° E"
    assert say_coordinates(None, None) == ""


def event(number: int, date_sort: int | None, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"fact-{number}", "kind": "event", "position": number, "label": "", "value": f"event {number}",
        "date_text": "then", "date_edtf": "", "date_sort": date_sort, "lat": None, "lon": None, "evidence": [],
        "approvals": [{"editor": "Ada", "at": "2026-05-02T09:20:00Z", "action": "approve"}], "is_statement": False,
        "since": {"edition": 1, "at": "2026-05-02T10:00:00Z"},
    } | fields  # fmt: skip


def content(facts: list[dict[str, Any]], sources: list[dict[str, Any]] | None = None, **topic: Any) -> dict[str, Any]:
    times = {"first_mentioned_at": None, "last_updated_at": None, "research_retrieved_at": None}
    return {
        "edition": 1, "published_at": "2026-05-02T10:00:00Z", "facts": facts, "sources": sources or [], "documents": [],
        "topic": {"kind": "topic", **times, **topic},
    }  # fmt: skip


def source(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number, "provider": "web_search", "grade": "verbatim", "url": None, "title": f"Source {number}",
        "retrieved_at": "2026-05-01T10:00:00Z", "published_at": None,
    } | fields  # fmt: skip


def quote(capture: int, text: str, start: int, exact: str, role: str = "value", **fields: Any) -> dict[str, Any]:
    at = start + text.index(exact)
    return {
        "capture": capture, "role": role, "exact": exact, "start": at, "end": at + len(exact), "method": "exact",
        "date_basis": "", "passage": {"text": text, "start": start},
    } | fields  # fmt: skip


def test_events_stand_by_date_and_those_without_one_last() -> None:
    facts = [event(1, None), event(2, 500), event(3, -900), event(4, None), event(5, 500)]
    page = arrange_page(content(facts), Status(1), map_link=MAP)
    assert [fact.id for fact in page.timeline] == ["fact-3", "fact-2", "fact-5", "fact-1", "fact-4"]
    assert page.timeline[-1].date_notes == ["It could not be placed on the calendar."]


@pytest.mark.parametrize(
    ("said", "shown"),
    [({"label": "Rate (2022)", "value": "56%"}, ""), ({"label": "Founded", "value": "in 2022"}, ""), ({}, "2022")],
)
def test_a_date_is_not_printed_twice(said: dict[str, str], shown: str) -> None:
    fact = event(1, 1, kind="attribute", date_text="2022", **said)
    assert arrange_page(content([fact]), Status(1), map_link=MAP).attributes[0].shown_date == shown


def test_quotes_from_one_passage_are_printed_once() -> None:
    first, second = "It was built in 1907.", "It has three domes."
    evidence = [
        quote(7, second, 40, "three domes"), quote(7, first, 0, "1907", "date", date_basis="inherited"),
        quote(7, second, 40, "It", "subject"), quote(5, "Else.", 9, "Else"),
    ]  # fmt: skip
    page = arrange_page(content([event(1, 1, evidence=evidence)], [source(5), source(7)]), Status(1), map_link=MAP)
    [fact] = page.timeline
    marked = [[[(p.text, p.role) for p in passage if p.role] for passage in q.passages] for q in fact.quotes]
    assert marked == [
        [[("1907", "date")], [("It", "subject"), ("three domes", "value")]],
        [[("Else", "value")]],
    ]
    assert [q.source["number"] for q in fact.quotes] == [2, 1]
    assert fact.date_notes == ["The date is taken from a neighbouring sentence."]


def test_how_loosely_a_source_is_quoted_is_said_once() -> None:
    evidence = [quote(5, "One.", 0, "One", method="paraphrase"), quote(5, "Two.", 5, "Two", method="fuzzy")]
    page = arrange_page(content([event(1, 1, evidence=evidence)], [source(5)]), Status(1), map_link=MAP)
    assert [shown.notes for shown in page.timeline[0].quotes] == [["The source says this in other words."]]


def test_words_that_are_only_the_nearest_are_never_shown_as_the_source_of_a_fact() -> None:
    evidence = [quote(5, "They built a bridge.", 0, "built a bridge", method="nearest")]
    page = arrange_page(content([event(1, 1, evidence=evidence)], [source(5)]), Status(1), map_link=MAP)
    [fact] = page.timeline
    assert fact.basis == "No source quoted says this, approved by Ada"
    assert [[(p.text, p.role) for p in passage] for passage in fact.quotes[0].passages] == [
        [("They built a bridge.", "")]
    ]
    assert fact.quotes[0].notes[0].startswith("The source does not say this.")


def test_overlapping_passages_are_joined() -> None:
    evidence = [quote(5, "One. Two.", 0, "One"), quote(5, "Two. Three.", 5, "Three")]
    page = arrange_page(content([event(1, 1, evidence=evidence)], [source(5)]), Status(1), map_link=MAP)
    [[passage]] = [quote.passages for quote in page.timeline[0].quotes]
    assert "".join(piece.text for piece in passage) == "One. Two. Three."


def test_the_four_times_are_each_their_own() -> None:
    sources = [source(1, published_at="2025-01-01T00:00:00Z"), source(2)]
    status = Status(1, checked_at=datetime(2026, 6, 1, tzinfo=UTC))
    page = arrange_page(content([event(1, 1)], sources), status, map_link=MAP)
    assert [time.iso if time else None for _, time, _ in page.clocks] == [
        "2025-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-05-02T10:00:00Z", "2026-05-02T09:20:00Z",
    ]  # fmt: skip


def test_a_time_that_is_not_known_is_not_replaced_by_another() -> None:
    draft = event(1, 1, since={"edition": 1, "at": None}, approvals=[])
    page = arrange_page(content([draft], [source(1)]), Status(1), map_link=MAP)
    assert [time for _, time, _ in page.clocks] == [None, None, None, None]
    assert page.times == []


def test_health_is_said_in_words_on_the_fact() -> None:
    facts = [event(1, 1), event(2, 2)]
    page = arrange_page(content(facts), Status(1, {"fact-2": "source_changed"}), map_link=MAP)
    assert [fact.health for fact in page.timeline] == ["", "The source has changed since this was reviewed."]
    assert page.health_count == 1


def test_a_place_opens_on_the_map_that_the_settings_name() -> None:
    place = event(1, None, kind="place", lat="46.5", lon="-7.25", date_text="")
    page = arrange_page(content([place]), Status(1), map_link=MAP)
    assert page.places[0].map_url == "https://map.example/46.5/-7.25"
    assert arrange_page(content([place]), Status(1), map_link="javascript:{lat}").places[0].map_url == ""


def test_an_older_edition_says_what_superseded_it() -> None:
    assert arrange_page(content([]), Status(3), map_link=MAP).superseded_by == 3
    assert arrange_page(content([]), Status(1), map_link=MAP).superseded_by is None
