"""Reads the bulleted sections of a page: takes a section, leaves items of a head and a body, and stray lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dossiers.ingest.parsing.export import (
    MAX_ITEMS,
    MAX_NAME,
    MAX_TEXT,
    MAX_URL,
    MAX_VALUE,
    Attribute,
    Event,
    ExportedCapture,
)
from dossiers.ingest.parsing.sections import BULLET_INDENT, Line, Page, Section, check_length, join_lines

SOURCE_WORD = re.compile(r"\(Source: ([^()]{1,100})\)$")
URL_LINE = re.compile(r"https?://[^\s/?#]+[^\s]*")


@dataclass(frozen=True, slots=True)
class Item:
    """One bullet: its own words and the indented lines below it."""

    head: str
    line: int
    body: tuple[Line, ...]

    @property
    def written(self) -> tuple[Line, ...]:
        return tuple(line for line in self.body if not line.is_blank)


def read_items(page: Page, section: Section) -> tuple[list[Item], list[Line]]:
    """Return the items of `section` and its stray lines: those before the first bullet, and all from the first line
    without an indent on.

    Raises ExportError where the file ends at the heading, for a bullet without words and for too many bullets.
    """
    groups, stray = _group_lines(section.lines)
    if not groups and section.line == page.last.number:
        raise page.fail_after(section.line, f"a bullet (•) below “{section.title}”")
    if len(groups) > MAX_ITEMS:
        raise page.fail(groups[MAX_ITEMS][0].number, f"at most {MAX_ITEMS:,} bullets", f"{len(groups):,} bullets")
    return [_read_item(page, section, group) for group in groups], stray


def _group_lines(lines: Iterable[Line]) -> tuple[list[list[Line]], list[Line]]:
    groups: list[list[Line]] = []
    stray: list[Line] = []
    is_over = False
    for line in lines:
        if line.is_item and not is_over:
            groups.append([line])
        elif groups and not is_over and (line.is_blank or line.indent):
            groups[-1].append(line)
        else:
            is_over = bool(groups)
            stray.append(line)
    return groups, stray


def _read_item(page: Page, section: Section, group: list[Line]) -> Item:
    head = group[0].text.lstrip().removeprefix("•").strip()
    if not head:
        raise page.fail_after(group[0].number, f"words after the bullet in “{section.title}”")
    return Item(head, group[0].number, tuple(group[1:]))


def read_attribute(page: Page, item: Item, position: int) -> Attribute:
    """Return the attribute of `item`. Raises ExportError where it has a label and no value."""
    label = check_length(page, item.line, "a label", item.head, MAX_NAME)
    value = join_lines(item.body, BULLET_INDENT)
    if not value:
        raise page.fail_after(item.line, f"the value of “{label}”, indented below its label")
    return Attribute(label, check_length(page, item.line, "a value", value, MAX_VALUE), position, item.line)


def read_event(page: Page, item: Item, position: int) -> Event:
    """Return the event of `item`: the last line is its date. Raises ExportError where it has none."""
    written = item.written
    if not written or SOURCE_WORD.search(written[-1].text.strip()):
        end = written[-1].number if written else item.line
        raise page.fail_after(end, "the event's date, indented below its sentence")
    date = check_length(page, written[-1].number, "a date", written[-1].text.strip(), MAX_NAME)
    rest = [line for line in item.body if line.number < written[-1].number]
    sentence = "\n".join(part for part in (item.head, join_lines(rest, BULLET_INDENT)) if part)
    source = SOURCE_WORD.search(sentence)
    sentence = sentence[: source.start()].rstrip() if source else sentence
    if not sentence:
        raise page.fail(item.line, "a sentence before “(Source: …)”", "nothing")
    check_length(page, item.line, "a sentence", sentence, MAX_VALUE)
    return Event(sentence, date, source.group(1) if source else "", position, item.line)


def read_web_result(page: Page, item: Item) -> ExportedCapture:
    """Return the search result of `item`; a first line that is a bare URL is its address.

    Raises ExportError where it has no text.
    """
    title = check_length(page, item.line, "a title", item.head, MAX_NAME)
    written = item.written
    url = written[0].text.strip() if written and URL_LINE.fullmatch(written[0].text.strip()) else ""
    body = [line for line in item.body if not url or line.number > written[0].number]
    text = join_lines(body, BULLET_INDENT)
    if not text:
        raise page.fail_after(item.line, f"the retrieved text of “{title[:60]}”, indented below its title")
    check_length(page, item.line, "a retrieved text", text, MAX_TEXT)
    if len(url.encode()) > MAX_URL:
        raise page.fail(written[0].number, f"a URL of at most {MAX_URL:,} bytes", f"{len(url.encode()):,} bytes")
    return ExportedCapture("web_search", title, text, item.line, url=url)
