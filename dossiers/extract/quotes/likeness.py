"""Takes a quote that stands nowhere word for word; leaves the spans that are 90 % alike and say the same things."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from rapidfuzz import fuzz

from dossiers.extract.quotes.folding import Folded, fold

LEAST_LIKENESS = 90.0
_SHORTEST, _LONGEST = 12, 2_000  # fewer characters prove nothing; more would take seconds
_WINDOWS = 8
_SMALL_PIECE = 20_000
_ANCHOR = re.compile(r"[^\W_]{4,}|\d+")
_TOKEN = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_NUMBER = re.compile(r"(?<![^\W\d_])\d+(?:,\d{3})*(?:\.\d+)?(?!\d)|[^\W\d_]+")
_DATE = re.compile(r"\d{1,2}[.]\d{1,2}[.]\d{2,4}")
_NUMBER_WORDS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion "
    "half third quarter dozen first second fourth fifth sixth seventh eighth ninth tenth once twice".split()
)
_NEGATIONS = frozenset("not no never none neither nor without cannot hardly barely except unless".split())


def list_numbers(text: str) -> list[str]:
    """List the numbers in order, as bare digits or as the word that stands there; a digit inside a name is none."""
    found = []
    for token in _NUMBER.findall(text):
        if token[0].isdecimal():
            found.append("".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in token.replace(",", "")))
        elif token.lower() in _NUMBER_WORDS:
            found.append(token.lower())
    return found


def cuts_word(text: str, at: int) -> bool:
    """Say whether a span that begins or ends at this offset would cut a word."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def cuts_number(text: str, at: int) -> bool:
    """Say whether a span that begins or ends at this offset would cut a number, its decimals or its thousands."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isdecimal() and after.isdecimal():
        return True
    if not (before in ".," or after in ".,"):
        return False
    left, right = text[max(0, at - 12) : at], text[at : at + 12]
    left, right = re.search(r"[\d.,]*\Z", left).group(), re.match(r"[\d.,]*", right).group()  # type: ignore[union-attr]
    joined = left + right
    inside = re.search(r"\d[.,]\d", joined[max(0, len(left) - 2) : len(left) + 2])
    return inside is not None and not _DATE.fullmatch(joined.strip(".,"))


def find_alike(quote: str, text: str, joints: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Find the spans of whole words, clear of joints, that are 90 % like the quote and hold all that it asserts.

    Likeness alone is no evidence: an invented figure hardly lowers it. So the numbers of the quote must stand in the
    span in their order, its names must be there, and it must have as many negations. Quotes under 12 or over 2,000
    characters are never found.
    """
    needle = fold(quote).text.strip()
    if not _SHORTEST <= len(needle) <= _LONGEST:
        return []
    folded = fold(text)
    found: list[tuple[int, int]] = []
    for start, end in _choose_windows(needle, folded, _list_pieces(folded, len(text), joints)):
        span = _align(needle, folded, start, end)
        if span and _asserts_the_same(quote, text[slice(*span)]):
            found.append(span)
    return _keep_apart(sorted(found))


def _list_pieces(folded: Folded, size: int, joints: list[tuple[int, int]]) -> list[tuple[int, int]]:
    edges = [0, *(edge for joint in joints for edge in joint), size]
    places = [bisect_left(folded.starts, edge) for edge in edges]
    return [(a, b) for a, b in zip(places[::2], places[1::2], strict=True) if b > a]


def _choose_windows(needle: str, folded: Folded, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Choose the stretches where most words of the quote stand about as far apart as in the quote."""
    size = len(needle)
    step, margin = max(8, size // 4), size // 4 + 16
    offsets: dict[str, int] = {}
    for match in _ANCHOR.finditer(needle):
        offsets.setdefault(match.group(), match.start())
    hits: Counter[tuple[int, int]] = Counter()
    for number, (start, end) in enumerate(pieces):
        for match in _ANCHOR.finditer(folded.text, start, end):
            if (offset := offsets.get(match.group())) is not None:
                lane = (match.start() - offset) // step
                hits.update(((number, lane), (number, lane - 1)))
    windows = [
        (max(pieces[number][0], lane * step - margin), min(pieces[number][1], lane * step + 2 * step + size + margin))
        for (number, lane), _ in hits.most_common(_WINDOWS)
    ]
    return windows + [piece for piece in pieces[:_WINDOWS] if piece[1] - piece[0] <= _SMALL_PIECE and size <= 400]


def _align(needle: str, folded: Folded, start: int, end: int) -> tuple[int, int] | None:
    window = folded.text[start:end]
    best = fuzz.partial_ratio_alignment(needle, window, score_cutoff=LEAST_LIKENESS)
    if best is None or len(window) < len(needle) * 0.8:
        return None
    a = max(
        _list_word_edges(window, best.dest_start), key=lambda edge: fuzz.ratio(needle, window[edge : best.dest_end])
    )
    b = max(_list_word_edges(window, best.dest_end), key=lambda edge: fuzz.ratio(needle, window[a:edge]))
    likeness = fuzz.ratio(needle, window[a:b])
    if likeness < LEAST_LIKENESS or cuts_word(window, a) or cuts_word(window, b):
        return None
    chunk = window[a:b]
    a, b = a + len(chunk) - len(chunk.lstrip()), b - len(chunk) + len(chunk.rstrip())
    if cuts_number(folded.text, start + a) or cuts_number(folded.text, start + b):
        return None
    return folded.source_span(start + a, start + b)


def _list_word_edges(text: str, at: int) -> list[int]:
    nearby = range(max(0, at - 12), min(len(text), at + 12) + 1)
    return [edge for edge in nearby if not cuts_word(text, edge)] or [at]


def _asserts_the_same(quote: str, span: str) -> bool:
    numbers = iter(list_numbers(span))
    if not all(number in numbers for number in list_numbers(quote)):  # one iterator: in the same order
        return False
    if count_negations(quote) != count_negations(span):
        return False
    words = {word.lower() for word in _TOKEN.findall(span)}
    return all(_has_alike(name, words) for name in _list_names(quote))


def count_negations(text: str) -> int:
    """Count the words that deny: "not", "never", "without", "isn't"."""
    low = (word.lower().replace("’", "'") for word in _TOKEN.findall(text))
    return sum(word in _NEGATIONS or word.endswith("n't") for word in low)


def _list_names(text: str) -> Iterator[str]:
    """Yield the words that carry a capital or a digit; a typing error in them is allowed, another name is not."""
    for word in _TOKEN.findall(text):
        if any(c.isupper() for c in word) or (any(c.isdecimal() for c in word) and not word.isdecimal()):
            yield word.lower()


def _has_alike(name: str, words: set[str]) -> bool:
    return name in words or any(fuzz.ratio(name, word) >= LEAST_LIKENESS for word in words)


def _keep_apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or kept[-1][1] <= span[0]:
            kept.append(span)
    return kept
