"""Prints an Export in the text form, as the exporting site does, and holds one page that tests vary."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from dossiers.ingest.parsing import Attribute, Event, Export, ExportedCapture, Place

MOMENT = datetime(2025, 3, 9, 15, 4, 5, tzinfo=UTC)
PLAIN = Export(
    title="Harbour Lights",
    kind="topic",
    description="Named in a letter to the pilots’ guild.",
    first_mentioned_at=MOMENT,
    last_updated_at=MOMENT,
    research_retrieved_at=MOMENT,
    summary="The lights guide ships. They were lit in 1848.",
    document_count=2,
    attributes=(Attribute("Height", "12 m", 0, 0), Attribute("Colour – night", "Red • then white", 1, 0)),
    events=(
        Event("The tower was lit.", "1848", "web_search_results", 0, 0),
        Event("It was dimmed.", "1901–1933", "", 1, 0),
    ),
    places=(Place("Harbour Lights, Quay 1", "tower", "49.2619970", "-123.1223816", 0, 0),),
    captures=(
        ExportedCapture("encyclopedia", "Lighthouse", "A lighthouse is a tower.\n\nIt guides ships.", 0),
        ExportedCapture("web_search", "Lights | Quay", "of the quay [...] was lit in 1848 and", 0),
    ),
)


def list_captures(export: Export, provider: str) -> list[ExportedCapture]:
    """List the captures that a provider gave, in printed order."""
    return [capture for capture in export.captures if capture.provider == provider]


def render_export(export: Export, *, newline: str = "\n", space: str = " ") -> bytes:
    """Return `export` as a text export; `space` is what the page puts before bullets, values and AM."""
    parts = [export.title, export.kind.title(), export.description, *_render_times(export, space)]
    parts += ["Summary", export.summary] if export.summary else []
    parts += [f"Referenced in {export.document_count} Document{'s' * (export.document_count != 1)}\nResearch Data"]
    parts += _render_items("Extracted Attributes", [(a.label, a.value) for a in export.attributes], space)
    parts += _render_items("Timeline", [(_render_sentence(e), e.date_text) for e in export.events], space)
    for article in list_captures(export, "encyclopedia"):
        parts += [article.title, article.text]
    results = [(c.title, f"{c.url}\n\n{c.text}" if c.url else c.text) for c in list_captures(export, "web_search")]
    parts += _render_items("Web Search Results", results, space)
    for place in export.places:
        parts += ["Location Data", place.as_printed(), "Open Map"]
    return "\n\n".join(parts).replace("\n", newline).encode()


def _render_times(export: Export, space: str) -> list[str]:
    times = {
        "First Mentioned": export.first_mentioned_at,
        "Last Updated": export.last_updated_at,
        "Research Retrieved": export.research_retrieved_at,
    }
    return [part for label, time in times.items() if time for part in (label, render_time(time, space))]


def render_time(time: datetime, space: str = " ") -> str:
    """Return the time as a browser in the United States prints it."""
    half = "AM" if time.hour < 12 else "PM"
    day = f"{time.month}/{time.day}/{time.year:04}"
    return f"{day}, {time.hour % 12 or 12}:{time.minute:02}:{time.second:02}{space}{half}"


def _render_sentence(event: Event) -> str:
    return f"{event.sentence} (Source: {event.source_word})" if event.source_word else event.sentence


def _render_items(heading: str, items: list[tuple[str, str]], space: str) -> list[str]:
    if not items:
        return []
    shown = []
    for head, body in items:
        indented = "\n".join(space * 4 + line if line.strip() else line for line in body.split("\n"))
        shown += [f"{space * 2}•{space}{head}", indented]
    return [f"{heading}\n{shown[0]}", *shown[1:]]


def without_lines(export: Export) -> Export:
    """Return `export` with what only a file has taken out: line numbers, notices and the geocoder's printed block."""
    return replace(
        export,
        summary_line=0,
        notices=(),
        attributes=tuple(replace(part, line=0) for part in export.attributes),
        events=tuple(replace(part, line=0) for part in export.events),
        places=tuple(replace(part, line=0) for part in export.places),
        captures=tuple(replace(part, line=0) for part in export.captures if part.provider != "geocoder"),
    )
