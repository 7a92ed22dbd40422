"""Collects what has been read of a text export so far: takes parts as their readers find them, leaves lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from dossiers.ingest.parsing.export import (
    MAX_SECTIONS,
    Attribute,
    Event,
    ExportedCapture,
    Notice,
    Place,
    UnknownSection,
    quote_text,
)
from dossiers.ingest.parsing.sections import Line, Page, is_heading_like, join_lines


@dataclass(slots=True)
class Draft:
    """What has been read of a page so far."""

    page: Page
    zone: tzinfo
    times: dict[str, datetime] = field(default_factory=dict)
    summary: list[str] = field(default_factory=list)
    summary_line: int = 0
    document_count: int = 0
    attributes: list[Attribute] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    captures: list[ExportedCapture] = field(default_factory=list)
    articles: list[list[Line]] = field(default_factory=list)
    unknown: list[UnknownSection] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def note(self, code: str, message: str, line: int) -> None:
        self.notices.append(Notice(code, message, line))

    def keep(self, lines: list[Line], title: str | None = None) -> None:
        """Keep lines that no reader knows, with a notice; without a `title` their first line is it."""
        written = [line for line in lines if not line.is_blank]
        if not written:
            return
        first = written[0]
        if len(self.unknown) >= MAX_SECTIONS:
            raise self.page.fail(
                first.number, f"at most {MAX_SECTIONS} unknown sections", quote_text(first.text.strip())
            )
        has_own_title = title is None and is_heading_like(first)
        body = [line for line in lines if line.number > first.number] if has_own_title else lines
        shown = first.text.strip() if has_own_title else title or ""
        self.unknown.append(UnknownSection(shown, join_lines(body), first.number))
        message = f"unknown section {quote_text(shown or first.text.strip())} kept as it stands"
        self.note("unknown-section", message, first.number)
