"""Cuts the text of a page at its known headings: takes text with plain line ends, leaves sections of numbered lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dossiers.ingest.parsing.export import MAX_LINES, MAX_SECTIONS, MAX_TEXT, ExportError, quote_text, show_text

HEADINGS = {
    "First Mentioned": "first_mentioned_at",
    "Last Updated": "last_updated_at",
    "Research Retrieved": "research_retrieved_at",
    "Summary": "summary",
    "Research Data": "research",
    "Extracted Attributes": "attributes",
    "Timeline": "timeline",
    "Web Search Results": "web",
    "Location Data": "location",
}
DOCUMENTS = re.compile(r"Referenced in ([0-9]{1,9}) Documents?")
TIMES = ("first_mentioned_at", "last_updated_at", "research_retrieved_at")
BULLET_INDENT = 4  # a bullet that stands further in belongs to a value
HEADING_WORDS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page; `indent` is the number of white-space characters before its text."""

    number: int
    text: str

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    @property
    def is_item(self) -> bool:
        return self.text.lstrip().startswith("•") and self.indent < BULLET_INDENT


@dataclass(slots=True)
class Section:
    """A heading and the lines below it; the header, which has none, is named `header`."""

    name: str
    title: str
    line: int
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one file and its sections in printed order; `last` is the last line with text."""

    file: str
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    last: Line

    @property
    def is_ended(self) -> bool:
        """Tell whether a line end follows the last text."""
        return self.last is not self.lines[-1]

    def fail(self, line: int, expected: str, found: str) -> ExportError:
        """Return the error that names this file."""
        return ExportError(self.file, line, expected, found)

    def fail_after(self, line: int, expected: str) -> ExportError:
        """Return the error of something missing after `line`, naming the text that follows instead."""
        if line >= self.last.number:
            return self.fail(self.last.number, expected, "the end of the file")
        follower = next(after for after in self.lines[line:] if not after.is_blank)
        return self.fail(follower.number, expected, quote_text(follower.text.strip()))


def split_sections(text: str, file: str) -> Page:
    """Return the page of `text`. Raises ExportError over the limits, and where the last line was cut off."""
    if text.count("\n") >= MAX_LINES:
        raise ExportError(file, MAX_LINES, f"at most {MAX_LINES:,} lines", f"{text.count(chr(10)) + 1:,} lines")
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]
    for line in lines:
        if len(line.text) > MAX_TEXT:
            raise ExportError(file, line.number, f"a line of at most {MAX_TEXT:,} characters", f"{len(line.text):,}")
    written = [line for line in lines if not line.is_blank]
    last = written[-1] if written else lines[0]
    sections = tuple(_cut_at_headings(lines))
    if len(sections) > MAX_SECTIONS:
        raise ExportError(file, sections[MAX_SECTIONS].line, f"at most {MAX_SECTIONS} sections", f"{len(sections):,}")
    return Page(file, tuple(lines), sections, last)


def _cut_at_headings(lines: list[Line]) -> Iterator[Section]:
    section = Section("header", "", 1)
    written = 0
    for line in lines:
        written += not line.is_blank
        name = heading_name(line) if written > 1 else None  # the title may be any words, a heading's too
        if name:
            yield section
            section = Section(name, line.text.strip(), line.number)
        else:
            section.lines.append(line)
    yield section


def heading_name(line: Line) -> str | None:
    """Return the name of the section that `line` opens, or None; with or without a colon, however spaced."""
    if line.indent or len(line.text) > 100:
        return None
    words = " ".join(line.text.split()).removesuffix(":")
    return "documents" if DOCUMENTS.fullmatch(words) else HEADINGS.get(words)


def is_heading_like(line: Line) -> bool:
    """Tell whether `line` looks like a heading that this reader does not know: few words, no end of a sentence."""
    text = line.text.strip()
    is_short = 0 < len(text) <= 80 and len(text.split()) <= HEADING_WORDS
    return is_short and not line.indent and not line.is_item and text[0].isupper() and text[-1] not in '.!?:;,…"”)'


def split_blocks(lines: Iterable[Line]) -> list[list[Line]]:
    """Return stray lines as blocks: a new one begins at each line that looks like a heading and stands by itself."""
    blocks: list[list[Line]] = []
    before: Line | None = None
    numbered = list(lines)
    for line, after in zip(numbered, [*numbered[1:], None], strict=False):
        stands_alone = (before is None or before.is_blank) and (after is None or after.is_blank or after.is_item)
        if not blocks or (stands_alone and is_heading_like(line)):
            blocks.append([])
        blocks[-1].append(line)
        before = line
    return [block for block in blocks if any(not line.is_blank for line in block)]


def join_lines(lines: Iterable[Line], dedent: int = 0) -> str:
    """Return `lines` as printed, less up to `dedent` white-space characters before each, and the blanks around."""
    return "\n".join(line.text[min(dedent, line.indent) :] for line in lines).strip()


def check_length(page: Page, line: int, what: str, text: str, limit: int) -> str:
    """Return `text`. Raises ExportError where it is longer than `limit` characters."""
    if len(text) > limit:
        found = f"{len(text):,} characters: “{show_text(text, 40)}”"
        raise page.fail(line, f"{what} of at most {limit:,} characters", found)
    return text
