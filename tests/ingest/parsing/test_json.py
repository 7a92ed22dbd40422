"""Reading the JSON form: the same content with sources, strict types, and faults told by path and line."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dossiers.ingest.parsing import ExportError, NotAnExport, read_export
from tests.ingest.rendering import PLAIN, list_captures, without_lines

PAGE = {
    "format": "dossiers-export/1",
    "topic": {
        "title": PLAIN.title,
        "kind": "topic",
        "description": PLAIN.description,
        "first_mentioned_at": "2025-03-09T15:04:05Z",
        "last_updated_at": "2025-03-09T08:04:05-07:00",
        "research_retrieved_at": "3/9/2025, 3:04:05\u202fPM",
    },
    "document_count": 2,
    "summary": PLAIN.summary,
    "attributes": [{"label": a.label, "value": a.value} for a in PLAIN.attributes],
    "events": [{"sentence": e.sentence, "date": e.date_text, "source": e.source_word} for e in PLAIN.events],
    "places": [
        {"name": p.name, "category": p.category, "latitude": 7.25, "longitude": p.longitude_text} for p in PLAIN.places
    ],
    "captures": [{"provider": c.provider, "title": c.title, "text": c.text} for c in PLAIN.captures],
}
RAW = json.dumps(PAGE, indent=2, ensure_ascii=False).replace("7.25", "49.2619970")
SOURCED = {
    "provider": "web_search",
    "title": "Lights of the quay",
    "text": "The lamp was lit in 1848.",
    "url": "https://quay.example/lights",
    "publisher": "Quay Press",
    "licence": "CC BY 4.0",
    "attribution": "Quay Press, 2024",
    "revision_id": "77",
    "published_at": "2024-02-01",
    "retrieved_at": "2025-03-09T15:00:00Z",
    "grade": "verbatim",
}


def read(page, zone="UTC"):
    raw = page if isinstance(page, str) else json.dumps(page)
    return read_export(raw.encode(), name="page.json", timezone=ZoneInfo(zone))


def refuse(page):
    with pytest.raises(ExportError) as caught:
        read(page)
    return caught.value


def changed(**members):
    return {**deepcopy(PAGE), **members}


def test_the_json_form_says_what_the_text_form_says():
    export = read(RAW)
    assert without_lines(export) == PLAIN
    assert export.notices == ()
    assert list_captures(export, "geocoder")[0].text == PLAIN.places[0].as_printed()


def test_coordinates_keep_their_printed_digits():
    assert read(RAW).places[0].latitude_text == "49.2619970"


def test_a_capture_carries_its_source():
    (capture,) = read(changed(captures=[SOURCED], places=[])).captures
    times = {"published_at": datetime(2024, 2, 1, tzinfo=UTC), "retrieved_at": datetime(2025, 3, 9, 15, tzinfo=UTC)}
    assert {name: getattr(capture, name) for name in SOURCED} == {**SOURCED, **times}


def test_times_without_an_offset_are_in_the_given_zone():
    page = changed(topic={**PAGE["topic"], "first_mentioned_at": "2025-03-09T08:04:05"})
    assert read(page, "America/Vancouver").first_mentioned_at == PLAIN.first_mentioned_at


def test_documents_are_held_and_counted():
    export = read(changed(documents=[{"title": "Letter", "url": "https://a.example/", "text": "Dear pilots"}] * 3))
    assert export.document_count == 3
    assert replace(export.documents[0], line=0).text == "Dear pilots"


def test_own_geocoder_captures_replace_the_printed_block():
    own = {"provider": "geocoder", "title": "Quay 1", "text": "as answered"}
    assert [c.text for c in read(changed(captures=[own])).captures] == ["as answered"]


def test_unknown_keys_are_kept_as_written_and_reported():
    topic = {**PAGE["topic"], "mood": "calm"}
    raw = json.dumps(changed(topic=topic, extra=[1.50, {"deep": None}]), indent=1)
    export = read(raw)
    kept = {part.title: part.text for part in export.unknown_sections}
    assert kept["topic.mood"] == '"calm"'
    assert json.loads(kept["extra"]) == [1.5, {"deep": None}]
    lines = raw.split("\n")
    assert all(part.title.split(".")[-1] in lines[part.line - 1] for part in export.unknown_sections)
    assert [notice.code for notice in export.notices] == ["unknown-section"] * 2


@pytest.mark.parametrize(
    ("old", "new", "path", "found"),
    [
        ('"kind": "topic"', '"kind": "dog"', "topic.kind", "“dog”"),
        ('"kind": "topic"', '"kind": null', "topic.kind", "null"),
        ('"label": "Height"', '"label": 5', "attributes[0].label", "5"),
        ('"label": "Height"', '"label": " "', "attributes[0].label", "nothing"),
        ('"label": "Height"', '"name": "Height"', "attributes[0].label", "nothing"),
        ('"date": "1901–1933"', '"date": true', "events[1].date", "true"),
        ('"2025-03-09T15:04:05Z"', '"2025-13-09"', "topic.first_mentioned_at", "2025-13-09"),
        ('"2025-03-09T15:04:05Z"', '"0001-01-01T00:00:00+23:00"', "topic.first_mentioned_at", "0001"),
        ("49.2619970", "1e400", "places[0].latitude", "1e400"),
        ("49.2619970", "91", "places[0].latitude", "91"),
        ('"-123.1223816"', '"west"', "places[0].longitude", "west"),
        ('"provider": "web_search"', '"provider": "rumour"', "captures[1].provider", "rumour"),
        ('"document_count": 2', '"document_count": 1' + "0" * 5000, "document_count", "1000"),
        ('"document_count": 2', '"document_count": -2', "document_count", "-2"),
        ('"document_count": 2', '"document_count": "2"', "document_count", "“2”"),
        ('"12 m"', '"12\\u0000m"', "attributes[0].value", "U+0000"),
        ('"12 m"', '"12\\ud800m"', "attributes[0].value", "U+D800"),
        ('"value": "12 m"', '"value": "12 m",\n"value": "13 m"', "attributes[0].value", "twice"),
        ('"topic": {', '"topic": 5, "other": {', "topic", "something else"),
    ],
)
def test_a_fault_names_its_path_and_line(old, new, path, found):
    raw = RAW.replace(old, new, 1)
    error = refuse(raw)
    assert error.expected.startswith(f"{path} to be ")
    assert found in error.found
    assert abs(error.line - raw.count("\n", 0, raw.index(new)) - 1) <= 1 + new.count("\n")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://",
        "https://a.example/a b",
        "//a.example",
        "http://[",
        7,
        "https://a/" + "b" * 1200,
    ],
)
def test_only_web_addresses_are_urls(url):
    assert "captures[0].url" in refuse(changed(captures=[{**SOURCED, "url": url}])).expected


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("", 1),
        ("5", 1),
        ("[]", 1),
        ("{}", 1),
        ('{"format": "dossiers-export/9"}', 1),
        ('{\n"format": NaN}', 2),
        ('{\n"a": "NaN",\n"format": -Infinity}', 3),
        (RAW[:300], RAW[:300].count("\n") + 1),
        ("[" * 100_000, 1),
        ('{"a":' * 100_000, 1),
        ('{"format": "dossiers-export/1",\n"a": ' + "[" * 60 + "]" * 60 + "}", 2),
    ],
)
def test_json_that_is_no_export_is_refused(raw, line):
    error = refuse(raw)
    assert isinstance(error, NotAnExport)
    assert error.line == line


def test_lists_and_unknown_keys_have_limits():
    assert "at most 2,000" in refuse(changed(events=[{}] * 2001)).expected
    assert "2,000 unknown keys" in refuse(changed(**{f"key{n}": 1 for n in range(2001)})).expected
