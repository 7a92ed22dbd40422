"""Finds the encyclopedia extract, the one part that an export prints without a heading: takes blocks of stray lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dossiers.ingest.parsing.export import MAX_NAME, MAX_TEXT, ExportedCapture
from dossiers.ingest.parsing.sections import Line, Page, check_length, join_lines

IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
LEAD = 300  # characters of an article within which it names its subject


def choose_article(blocks: Sequence[list[Line]]) -> int | None:
    """Return the index of the block that is the extract: its first line is a title, prose follows.

    Of several, the first whose opening words name its title; else the first. None where no block will do.
    """
    candidates = [number for number, block in enumerate(blocks) if _is_article(block)]
    named = (number for number in candidates if _names_its_title(blocks[number]))
    return next(named, candidates[0] if candidates else None)


def _is_article(block: list[Line]) -> bool:
    written = [line for line in block if not line.is_blank]
    has_prose = len(written) == 1 or not written[1].is_item
    return has_prose and not written[0].indent and not written[0].is_item and len(written[0].text) <= MAX_NAME


def _names_its_title(block: list[Line]) -> bool:
    title, text = _split_title(block)
    bare = IN_BRACKETS.sub("", title.text.strip()).casefold()
    return bool(bare) and bare in text[:LEAD].casefold()


def _split_title(block: list[Line]) -> tuple[Line, str]:
    title = next(line for line in block if not line.is_blank)
    return title, join_lines(line for line in block if line.number > title.number)


def read_article(page: Page, block: list[Line]) -> ExportedCapture:
    """Return the extract as a capture, its title as the source's. Raises ExportError where no text follows."""
    title, text = _split_title(block)
    if not text:
        raise page.fail_after(title.number, f"the text of the encyclopedia article “{title.text.strip()[:60]}”")
    check_length(page, title.number, "an article", text, MAX_TEXT)
    return ExportedCapture("encyclopedia", title.text.strip(), text, title.number)
