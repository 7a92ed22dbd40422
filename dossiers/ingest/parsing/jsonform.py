"""Reads the JSON form of an export (its keys: seeds/README.md): takes decoded text, leaves an Export."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from dossiers.ingest.parsing.decoding import notice_bidi_marks
from dossiers.ingest.parsing.export import (
    GRADES,
    KINDS,
    MAX_DOCUMENTS,
    MAX_ITEMS,
    MAX_NAME,
    MAX_SUMMARY,
    MAX_TEXT,
    MAX_VALUE,
    PROVIDERS,
    Attribute,
    Event,
    Export,
    ExportedCapture,
    ExportedDocument,
    NotAnExport,
    Notice,
    Place,
    UnknownSection,
)
from dossiers.ingest.parsing.jsonobject import JsonObject
from dossiers.ingest.parsing.jsontree import Tree, show_path
from dossiers.ingest.parsing.location import COORDINATE, find_range_problem

FORMAT = "dossiers-export/1"
DEGREES = re.compile(COORDINATE)


def read_json(text: str, *, name: str, timezone: tzinfo) -> Export:
    """Return the export in `text`. Raises NotAnExport without the format key, ExportError with the path of a fault."""
    tree = Tree(text, name)
    if not isinstance(tree.root, dict) or tree.root.get("format") != FORMAT:
        found = "another or no format" if isinstance(tree.root, dict) else "no object"
        raise NotAnExport(name, 1, f'a JSON object with "format": "{FORMAT}"', found)
    root = JsonObject.of_root(tree, timezone)
    root.text("format", MAX_NAME)
    export = _read_root(root)
    paths = list(islice(root.unknown(), MAX_ITEMS + 1))
    if len(paths) > MAX_ITEMS:
        raise tree.fail_at(paths[-1][1], paths[-1][0], f"among at most {MAX_ITEMS:,} unknown keys", "one more")
    unknown = tuple(
        UnknownSection(show_path(path), tree.source_at(start), tree.line_at(start)) for path, start in paths
    )
    notices = [Notice("unknown-section", f"unknown key {part.title} kept as it stands", part.line) for part in unknown]
    return replace(export, unknown_sections=unknown).with_notices([*notices, *notice_bidi_marks(text)])


def _read_root(root: JsonObject) -> Export:
    topic = root.member("topic")
    places = tuple(_read_place(item, n) for n, item in enumerate(root.items("places")))
    captures = tuple(_read_capture(item) for item in root.items("captures"))
    documents = tuple(_read_document(item) for item in root.items("documents", MAX_DOCUMENTS))
    return Export(
        **_read_topic(topic),
        summary=root.optional_text("summary", MAX_SUMMARY),
        summary_line=root.line_of("summary"),
        document_count=max(_read_count(root), len(documents)),
        documents=documents,
        attributes=tuple(_read_attribute(item, n) for n, item in enumerate(root.items("attributes"))),
        events=tuple(_read_event(item, n) for n, item in enumerate(root.items("events"))),
        places=places,
        captures=captures + _capture_places(places, captures),
    )


def _read_topic(topic: JsonObject) -> dict[str, Any]:
    return {
        "title": topic.text("title", MAX_NAME),
        "kind": KINDS[topic.choice("kind", tuple(KINDS))],
        "description": topic.optional_text("description", MAX_VALUE),
        "language": topic.optional_text("language", 16),
        "aliases": topic.texts("aliases", MAX_NAME),
        "first_mentioned_at": topic.optional_time("first_mentioned_at"),
        "last_updated_at": topic.optional_time("last_updated_at"),
        "research_retrieved_at": topic.optional_time("research_retrieved_at"),
    }


def _read_count(root: JsonObject) -> int:
    count = root.optional_number("document_count")
    if not count:
        return 0
    if not re.fullmatch("[0-9]{1,9}", count) or int(count) > MAX_DOCUMENTS:
        raise root.fail("document_count", f"a whole number up to {MAX_DOCUMENTS:,}", count)
    return int(count)


def _read_document(item: JsonObject) -> ExportedDocument:
    title, url = item.text("title", MAX_NAME), item.optional_url("url")
    return ExportedDocument(title, url, item.optional_text("text", MAX_TEXT), item.line)


def _read_attribute(item: JsonObject, position: int) -> Attribute:
    return Attribute(item.text("label", MAX_NAME), item.text("value", MAX_VALUE), position, item.line)


def _read_event(item: JsonObject, position: int) -> Event:
    sentence, date = item.text("sentence", MAX_VALUE), item.text("date", MAX_NAME)
    return Event(sentence, date, item.optional_text("source", MAX_NAME), position, item.line)


def _read_place(item: JsonObject, position: int) -> Place:
    latitude, longitude = _read_degrees(item, "latitude"), _read_degrees(item, "longitude")
    problem = find_range_problem(latitude, longitude)
    if problem:
        raise item.fail("latitude" if "latitude" in problem[0] else "longitude", *problem)
    name, category = item.text("name", MAX_VALUE), item.optional_text("category", MAX_NAME)
    return Place(name, category, latitude, longitude, position, item.line)


def _capture_places(places: tuple[Place, ...], captures: tuple[ExportedCapture, ...]) -> tuple[ExportedCapture, ...]:
    """Return the printed places as geocoder captures, like those of a text export, unless the file holds its own."""
    if any(capture.provider == "geocoder" for capture in captures):
        return ()
    return tuple(ExportedCapture("geocoder", place.name[:MAX_NAME], place.as_printed(), place.line) for place in places)


def _read_degrees(item: JsonObject, key: str) -> str:
    value = item.take(key)
    if not isinstance(value, str) or not DEGREES.fullmatch(value):
        raise item.fail(key, "degrees as a decimal number, such as 49.2619970", item.show(key))
    return str(value).replace("−", "-")


def _read_capture(item: JsonObject) -> ExportedCapture:
    published: datetime | None = item.optional_time("published_at")
    return ExportedCapture(
        provider=item.choice("provider", PROVIDERS),
        title=item.text("title", MAX_NAME),
        text=item.text("text", MAX_TEXT),
        line=item.line,
        url=item.optional_url("url"),
        publisher=item.optional_text("publisher", MAX_NAME),
        licence=item.optional_text("licence", MAX_NAME),
        attribution=item.optional_text("attribution", MAX_VALUE),
        revision_id=item.optional_text("revision_id", MAX_NAME),
        published_at=published,
        retrieved_at=item.optional_time("retrieved_at"),
        grade=item.choice("grade", GRADES, default="unknown"),
    )
