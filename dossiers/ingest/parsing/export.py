"""Names what an export says, free of any store: takes nothing, leaves frozen dataclasses, limits and the two errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

MAX_BYTES = 5_000_000
MAX_LINES = 100_000
MAX_TEXT = 200_000  # characters of one capture, document or printed line
MAX_SUMMARY = 20_000  # characters
MAX_WORK = 100_000_000  # statements times characters of captures: each statement is looked up in each capture
MAX_VALUE = 10_000  # characters of one statement
MAX_NAME = 300  # characters of a title, label or date: with a URL, still short enough for a database index
MAX_URL = 1_200  # bytes
MAX_ITEMS = 2_000  # items of one section
MAX_DOCUMENTS = 1_000
MAX_SECTIONS = 200  # sections of a page, known or not

KINDS = {
    "topic": "topic",
    "person": "person",
    "organization": "organization",
    "organisation": "organization",
    "place": "place",
    "location": "place",
    "event": "event",
    "work": "work",
}
PROVIDERS = ("encyclopedia", "web_search", "knowledge_base", "geocoder")
GRADES = ("verbatim", "rewritten", "unknown")


class ExportError(Exception):
    """Says where an export cannot be read, what was expected there and what stands there instead."""

    def __init__(self, file: str, line: int, expected: str, found: str) -> None:
        self.file, self.line, self.expected, self.found = file, line, expected, found
        super().__init__(f"{show_text(file, 200)}:{line}: expected {expected}, found {found}")


class NotAnExport(ExportError):
    """Says that a file is something else than an exported topic page."""


def show_text(text: str, limit: int = 60) -> str:
    """Return `text` fit for one line of a terminal: shortened to `limit` characters, unprintable ones escaped."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in short)


def quote_text(text: str) -> str:
    """Return `text` as a message shows what was found: in quotation marks, or named when there is nothing."""
    return f"“{show_text(text)}”" if text.strip() else "nothing"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about an export that its reader should know and that did not stop the reading."""

    code: str
    message: str
    line: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """A label and its value as printed."""

    label: str
    value: str
    position: int
    line: int


@dataclass(frozen=True, slots=True)
class Event:
    """A timeline sentence, its date and the word that names its source, as printed."""

    sentence: str
    date_text: str
    source_word: str
    position: int
    line: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place as printed; the coordinates are WGS 84 degrees, kept as text beside the number."""

    name: str
    category: str
    latitude_text: str
    longitude_text: str
    position: int
    line: int

    @property
    def latitude(self) -> Decimal:
        return Decimal(self.latitude_text)

    @property
    def longitude(self) -> Decimal:
        return Decimal(self.longitude_text)

    def as_printed(self) -> str:
        """Return the block that a text export prints for this place."""
        parts = (self.name, self.category, f"Coordinates: {self.latitude_text}, {self.longitude_text}")
        return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ExportedCapture:
    """A retrieved text that the export holds, with what it says of its source; the text form knows a title only."""

    provider: str
    title: str
    text: str
    line: int
    url: str = ""
    publisher: str = ""
    licence: str = ""
    attribution: str = ""
    revision_id: str = ""
    published_at: datetime | None = None
    retrieved_at: datetime | None = None
    grade: str = "unknown"


@dataclass(frozen=True, slots=True)
class ExportedDocument:
    """A document that the export holds (the JSON form only)."""

    title: str
    url: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class UnknownSection:
    """A part of the export that this reader has no name for, kept verbatim."""

    title: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Export:
    """One exported topic page; times are aware and in UTC, or None where the page does not print them."""

    title: str
    kind: str
    description: str
    language: str = ""
    first_mentioned_at: datetime | None = None
    last_updated_at: datetime | None = None
    research_retrieved_at: datetime | None = None
    summary: str = ""
    summary_line: int = 0
    document_count: int = 0
    aliases: tuple[str, ...] = ()
    documents: tuple[ExportedDocument, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    events: tuple[Event, ...] = ()
    places: tuple[Place, ...] = ()
    captures: tuple[ExportedCapture, ...] = ()
    unknown_sections: tuple[UnknownSection, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def work(self) -> int:
        """Return how much there is to look up: statements (about 50 characters a summary sentence) times characters."""
        statements = len(self.attributes) + len(self.events) + len(self.places) + len(self.summary) // 50
        return statements * sum(len(capture.text) for capture in self.captures)

    def with_notices(self, notices: Iterable[Notice]) -> Export:
        """Return the same export with `notices` added, all of them in the order of their lines."""
        return replace(self, notices=tuple(sorted((*self.notices, *notices), key=lambda notice: notice.line)))
