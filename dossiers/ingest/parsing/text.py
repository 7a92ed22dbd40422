"""Reads the text form of an export: takes decoded text, leaves an Export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from dossiers.ingest.parsing.decoding import notice_bidi_marks
from dossiers.ingest.parsing.draft import Draft
from dossiers.ingest.parsing.encyclopedia import choose_article, read_article
from dossiers.ingest.parsing.export import (
    KINDS,
    MAX_DOCUMENTS,
    MAX_NAME,
    MAX_SUMMARY,
    MAX_VALUE,
    Export,
    NotAnExport,
    quote_text,
    show_text,
)
from dossiers.ingest.parsing.items import read_attribute, read_event, read_items, read_web_result
from dossiers.ingest.parsing.location import LINK_WORDS, read_location
from dossiers.ingest.parsing.sections import (
    DOCUMENTS,
    TIMES,
    Line,
    Page,
    Section,
    check_length,
    is_heading_like,
    join_lines,
    split_blocks,
    split_sections,
)
from dossiers.ingest.parsing.times import is_doubtful, read_us_time

HEADER = "an exported topic page: a title, a kind, a context, then headings such as “First Mentioned” and “Summary”"
SENTENCE_ENDS = '.!?…)]}"”’»'
EXPECTED_SECTIONS = {
    "first_mentioned_at": "First Mentioned",
    "last_updated_at": "Last Updated",
    "research_retrieved_at": "Research Retrieved",
    "summary": "Summary",
    "documents": "Referenced in N Documents",
    "attributes": "Extracted Attributes",
    "timeline": "Timeline",
    "web": "Web Search Results",
    "location": "Location Data",
}


def read_text(text: str, *, name: str, timezone: tzinfo) -> Export:
    """Return the export that `text` prints. Raises NotAnExport, or ExportError where a section breaks off."""
    page = split_sections(text, name)
    draft = Draft(page, timezone)
    title, kind, description = _read_header(draft)
    for section in page.sections[1:]:
        READERS[section.name](draft, section)
    _refuse_cut_end(page)
    _settle_articles(draft)
    _note_sections(draft)
    return _finish(draft, title, kind, description).with_notices(notice_bidi_marks(text))


def _finish(draft: Draft, title: str, kind: str, description: str) -> Export:
    order = {"encyclopedia": 0, "web_search": 1, "geocoder": 2}
    return Export(
        title=title,
        kind=kind,
        description=description,
        summary="\n\n".join(draft.summary),
        summary_line=draft.summary_line,
        document_count=draft.document_count,
        attributes=tuple(draft.attributes),
        events=tuple(draft.events),
        places=tuple(draft.places),
        captures=tuple(sorted(draft.captures, key=lambda capture: order[capture.provider])),
        unknown_sections=tuple(draft.unknown),
        notices=tuple(draft.notices),
        first_mentioned_at=draft.times.get("first_mentioned_at"),
        last_updated_at=draft.times.get("last_updated_at"),
        research_retrieved_at=draft.times.get("research_retrieved_at"),
    )


def _read_header(draft: Draft) -> tuple[str, str, str]:
    page = draft.page
    written = [line for line in page.sections[0].lines if not line.is_blank]
    if len(page.sections) == 1:
        found = quote_text(page.last.text.strip()) if written else "an empty file"
        raise NotAnExport(page.file, page.last.number, HEADER, f"{found} and no such heading")
    if len(written) < 2:
        raise page.fail_after(written[0].number, "the topic's kind, on a line of its own below the title")
    title = check_length(page, written[0].number, "a title", written[0].text.strip(), MAX_NAME)
    description = join_lines(line for line in page.sections[0].lines if line.number > written[1].number)
    if not description:
        draft.note("section-missing", "no context (description) below the kind", written[1].number)
    check_length(page, written[1].number, "a context", description, MAX_VALUE)
    return title, _read_kind(draft, written[1]), description


def _read_kind(draft: Draft, line: Line) -> str:
    printed = " ".join(line.text.split())
    if printed.casefold() in KINDS:
        return KINDS[printed.casefold()]
    kinds = ", ".join(sorted(set(KINDS.values())))
    if not is_heading_like(line) or len(printed.split()) > 3:
        raise draft.page.fail(line.number, f"the topic's kind ({kinds})", quote_text(printed))
    draft.note("unknown-kind", f"the kind {quote_text(printed)} is none of {kinds}; taken as topic", line.number)
    return "topic"


def _read_time(draft: Draft, section: Section) -> None:
    written = [line for line in section.lines if not line.is_blank]
    expected = f"the time of “{section.title}”, such as 9/30/2025, 4:41:28 AM"
    if not written:
        raise draft.page.fail_after(section.line, expected)
    printed = written[0].text.strip()
    try:
        time = read_us_time(printed, draft.zone)
    except ValueError:
        raise draft.page.fail(written[0].number, expected, quote_text(printed)) from None
    if is_doubtful(time, draft.zone):
        message = f"{show_text(printed)} occurs twice in this time zone; the first is taken"
        draft.note("doubtful-time", message, written[0].number)
    if draft.times.setdefault(section.name, time) != time:
        draft.keep([written[0]], section.title)
    draft.keep([line for line in section.lines if line.number > written[0].number])


def _read_summary(draft: Draft, section: Section) -> None:
    blocks = split_blocks(section.lines)
    body = blocks.pop(0) if blocks else []
    text = join_lines(body)
    if not text and section.line == draft.page.last.number:
        raise draft.page.fail_after(section.line, "the text of the summary")
    check_length(draft.page, section.line, "a summary", text, MAX_SUMMARY)
    if text and text not in draft.summary:
        draft.summary.append(text)
        draft.summary_line = draft.summary_line or _first(body).number
    for block in blocks:
        draft.keep(block)


def _first(lines: list[Line]) -> Line:
    return next(line for line in lines if not line.is_blank)


def _read_documents(draft: Draft, section: Section) -> None:
    match = DOCUMENTS.fullmatch(" ".join(section.title.split()))
    count = int(match.group(1)) if match else 0
    if count > MAX_DOCUMENTS:
        raise draft.page.fail(section.line, f"a count of at most {MAX_DOCUMENTS:,} documents", f"{count:,}")
    draft.document_count = max(draft.document_count, count)
    for block in split_blocks(section.lines):
        draft.keep(block)


def _read_research(draft: Draft, section: Section) -> None:
    if section.line == draft.page.last.number:
        raise draft.page.fail_after(section.line, "a section of research, such as “Extracted Attributes”")
    draft.articles += split_blocks(section.lines)


def _read_attributes(draft: Draft, section: Section) -> None:
    items, stray = read_items(draft.page, section)
    seen = {(attribute.label, attribute.value) for attribute in draft.attributes}
    for item in items:
        attribute = read_attribute(draft.page, item, len(draft.attributes))
        if (attribute.label, attribute.value) not in seen:
            draft.attributes.append(attribute)
    draft.articles += split_blocks(stray)


def _read_timeline(draft: Draft, section: Section) -> None:
    items, stray = read_items(draft.page, section)
    seen = {(event.sentence, event.date_text) for event in draft.events}
    for item in items:
        event = read_event(draft.page, item, len(draft.events))
        if (event.sentence, event.date_text) not in seen:
            draft.events.append(event)
    draft.articles += split_blocks(stray)


def _read_web(draft: Draft, section: Section) -> None:
    items, stray = read_items(draft.page, section)
    seen = {(capture.title, capture.text) for capture in draft.captures}
    results = [read_web_result(draft.page, item) for item in items]
    draft.captures += [result for result in results if (result.title, result.text) not in seen]
    for block in split_blocks(stray):
        draft.keep(block)


def _read_location(draft: Draft, section: Section) -> None:
    place, capture, rest = read_location(draft.page, section, len(draft.places))
    if all(capture.text != known.text for known in draft.captures):
        draft.places.append(place)
        draft.captures.append(capture)
    for block in split_blocks(rest):
        draft.keep(block)


READERS: dict[str, Callable[[Draft, Section], None]] = {
    **dict.fromkeys(TIMES, _read_time),
    "summary": _read_summary,
    "documents": _read_documents,
    "research": _read_research,
    "attributes": _read_attributes,
    "timeline": _read_timeline,
    "web": _read_web,
    "location": _read_location,
}


def _settle_articles(draft: Draft) -> None:
    chosen = choose_article(draft.articles)
    for number, block in enumerate(draft.articles):
        if number == chosen:
            draft.captures.append(read_article(draft.page, block))
        else:
            draft.keep(block)


def _refuse_cut_end(page: Page) -> None:
    """Raise ExportError where the file stops inside a line: no line end, no end of a sentence or of the page."""
    last = page.last.text.lstrip()
    is_page_end = last.rstrip() == LINK_WORDS or DOCUMENTS.fullmatch(last)
    if not page.is_ended and last[-1] not in SENTENCE_ENDS and not is_page_end:
        expected = "the rest of this line (a whole export ends with a line end)"
        raise page.fail(page.last.number, expected, f"the end of the file after {quote_text(last[-40:])}")


def _note_sections(draft: Draft) -> None:
    counted: dict[str, int] = {}
    for section in draft.page.sections[1:]:
        counted[section.name] = counted.get(section.name, 0) + 1
        if counted[section.name] > 1:
            message = f"section “{section.title}” stands here again; what is new in it is kept"
            draft.note("section-repeated", message, section.line)
    if not set(counted) & {"summary", "attributes", "timeline", "web", "location"}:
        raise draft.page.fail_after(draft.page.last.number, "“Summary” or another section with content")
    missing = [heading for name, heading in EXPECTED_SECTIONS.items() if name not in counted]
    for heading in missing:
        draft.note("section-missing", f"no section “{heading}”", draft.page.last.number)
    if not any(capture.provider == "encyclopedia" for capture in draft.captures):
        draft.note("section-missing", "no encyclopedia extract", draft.page.last.number)
