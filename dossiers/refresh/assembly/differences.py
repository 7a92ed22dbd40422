"""Takes two wordings; leaves what was taken away and what was added, character for character."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from dossiers.extract.passages import split_passages

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")
_KEPT = 2  # unchanged sentences that stay in sight on each side of a change
_FOLDED = 3  # fewer unchanged sentences than this are not worth folding away
_MOST_WORDS = 1_500  # tokens of both sides that are still compared one by one
_MOST_PAIRS = 100_000  # of equal sentences: beyond, what differs is shown as one exchange
_ALIKE = 0.3  # of the words: below, a sentence was exchanged rather than changed


@dataclass(frozen=True)
class Segment:
    """A run of text; `mark` names what it is, empty for plain text. A joint's `skip` counts its characters."""

    text: str
    mark: str = ""
    skip: int = 0


@dataclass(frozen=True)
class Stretch:
    """Segments that belong together; a folded one holds `sentences` unchanged sentences, which may stay out of sight.

    All plain and "del" segments in order are the old text, all plain and "ins" segments the new one.
    """

    segments: list[Segment]
    is_folded: bool = False
    sentences: int = 0


def diff_words(before: str, after: str) -> list[Segment]:
    """Return the segments of both wordings in one line, marked "del" and "ins" where they differ."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[Segment] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Segment("".join(old[a:b])))
        else:
            found += _exchange("".join(old[a:b]), "".join(new[c:d]))
    return found


def diff_texts(before: str, after: str) -> list[Stretch]:
    """Return two texts as stretches of sentences: changed words marked, long unchanged stretches folded."""
    old, new = _cut_sentences(before), _cut_sentences(after)
    found: list[Stretch] = []
    for is_same, a, b, c, d in _match_sentences(old, new):
        if is_same:
            found += _fold(new[c:d], is_first=a == c == 0, is_last=d == len(new) and b == len(old))
        else:
            found.append(Stretch(_diff_sentences(old[a:b], new[c:d])))
    return found


def _cut_sentences(text: str) -> list[str]:
    """Cut where sentences begin; nothing is left out, so the pieces joined are the text."""
    starts = [passage.start for passage in split_passages(text)]
    edges = [0, *starts[1:], len(text)] if text else []
    return [text[a:b] for a, b in pairwise(edges)]


def _match_sentences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield what is the same and what is not, in order. The same beginning and end are taken off first: it is quick."""
    head = _count_same(old, new)
    tail = _count_same(old[head:][::-1], new[head:][::-1])
    a, c = len(old) - tail, len(new) - tail
    if head:
        yield True, 0, head, 0, head
    if _count_pairs(old[head:a], new[head:c]) > _MOST_PAIRS:
        yield False, head, a, head, c
    else:
        matcher = SequenceMatcher(None, old[head:a], new[head:c], autojunk=False)
        for kind, i, j, k, m in matcher.get_opcodes():
            yield kind == "equal", i + head, j + head, k + head, m + head
    if tail:
        yield True, a, len(old), c, len(new)


def _count_pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """Count the pairs of equal sentences: what matching them costs, small unless a text repeats itself without end."""
    counted = Counter(new)
    return sum(number * counted[sentence] for sentence, number in Counter(old).items())


def _count_same(old: Sequence[str], new: Sequence[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _diff_sentences(old: Sequence[str], new: Sequence[str]) -> list[Segment]:
    """Compare word by word where the sentences are short enough and have words in common, else exchange them whole."""
    before, after = "".join(old), "".join(new)
    if not before or not after or len(_TOKEN.findall(before)) + len(_TOKEN.findall(after)) > _MOST_WORDS:
        return _exchange(before, after)
    found = diff_words(before, after)
    same = sum(_count_words(segment.text) for segment in found if not segment.mark)
    is_alike = same >= _ALIKE * max(_count_words(before), _count_words(after))
    return found if is_alike else _exchange(before, after)


def _count_words(text: str) -> int:
    return len(_WORD.findall(text))


def _exchange(before: str, after: str) -> list[Segment]:
    return [Segment(text, mark) for text, mark in ((before, "del"), (after, "ins")) if text]


def _fold(sentences: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Stretch]:
    """Keep the neighbours of a change in sight, and fold what lies between."""
    start = 0 if is_first else min(_KEPT, len(sentences))
    end = len(sentences) if is_last else max(start, len(sentences) - _KEPT)
    if end - start < _FOLDED:
        start = end = 0
    parts = ((sentences[:start], False), (sentences[start:end], True), (sentences[end:], False))
    for part, is_folded in parts:
        if part:
            yield Stretch([Segment("".join(part))], is_folded, len(part) if is_folded else 0)


def find_sentence(starts: Sequence[int], offset: int) -> int:
    """Return the number of the sentence that an offset lies in, from 0, given where the sentences start."""
    return max(0, bisect_right(starts, offset) - 1)
