"""Takes two wordings, or a text and the spans that matter in it; leaves the segments a template writes one by one."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dossiers.extract.passages import find_joints, split_passages
from dossiers.refresh.assembly import Segment

_EDGES = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)
_ROLES = ("value", "date", "subject")
Span = tuple[int, int, str]


@dataclass(frozen=True)
class Window:
    """A stretch of a capture that begins at character `start` of it."""

    start: int
    segments: list[Segment]


def mark_uncovered(value: str, covered: Iterable[tuple[int, int]]) -> list[Segment]:
    """Return the value in segments, "uncovered" where no quote covers its words; spaces and points alone never are."""
    edges = sorted({0, len(value), *(min(e, len(value)) for span in covered for e in span)})
    found = []
    for start, end in itertools.pairwise(edges):
        is_covered = any(a <= start and end <= b for a, b in covered)
        lead, words, rest = _EDGES.fullmatch(value[start:end]).groups()  # type: ignore[union-attr]
        marked = ((lead, ""), (words, "" if is_covered else "uncovered"), (rest, ""))
        found += [Segment(text, mark) for text, mark in marked if text]
    return found


def mark_spans(text: str, start: int, end: int, spans: Sequence[Span]) -> list[Segment]:
    """Return `text[start:end]` in segments marked with the roles of the spans, its joints as segments of their own.

    Where spans overlap, the shorter of value and date shows, so that a date is seen within the sentence that is the
    value; of equal ones the value. A subject shows where neither stands.
    """
    joints = [(a, b) for a, b in find_joints(text) if a < end and b > start]
    stretches = [(a, b) for a, b, _ in spans] + joints
    edges = sorted({start, end, *(edge for stretch in stretches for edge in stretch if start < edge < end)})
    return [_make_segment(text, a, b, spans, joints) for a, b in itertools.pairwise(edges)]


def cut_windows(text: str, spans: Sequence[Span], *, around: int = 1) -> list[Window]:
    """Return the sentences that the spans touch with `around` more on each side, those that meet as one window."""
    passages = split_passages(text)
    wanted: set[int] = set()
    for start, end, _ in spans:
        touched = [i for i, p in enumerate(passages) if p.start < end and p.end > start]
        if touched:
            wanted |= set(range(max(0, touched[0] - around), min(len(passages), touched[-1] + 1 + around)))
    windows = []
    for run in _group(sorted(wanted)):
        start, end = _take_cuts(text, passages[run[0]].start, passages[run[-1]].end)
        windows.append(Window(start, mark_spans(text, start, end, spans)))
    return windows


def _take_cuts(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a window by the joints right beside it, so that a cut shows where the words break off."""
    for a, b in find_joints(text):
        if b <= start and not text[b:start].strip():
            start = a
        if a >= end and not text[end:a].strip():
            end = b
    return start, end


def _make_segment(text: str, start: int, end: int, spans: Sequence[Span], joints: list[tuple[int, int]]) -> Segment:
    if any(a <= start and end <= b for a, b in joints):
        return Segment("cut", "joint", end - start)
    around = [(role == "subject", b - a, role == "date", role) for a, b, role in spans if a <= start and end <= b]
    known = [rank for rank in around if rank[-1] in _ROLES]
    return Segment(text[start:end], min(known)[-1] if known else "")


def _group(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
