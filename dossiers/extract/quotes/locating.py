"""Takes a quote and a text; leaves the spans where the quote stands and its W3C TextQuoteSelector."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dossiers.extract.passages import crosses_joint, find_joints
from dossiers.extract.quotes.folding import extends_character, fold
from dossiers.extract.quotes.likeness import cuts_number, cuts_word, find_alike, list_numbers

Method = Literal["exact", "folded", "fuzzy"]
_REJECTED_WORK = 20_000_000


@dataclass(frozen=True, slots=True)
class Located:
    """Where a quote stands: `exact == text[start:end]`; offsets count characters, from 0.

    `method` says how it was found; `count` is the number of places where the same method finds the quote.
    """

    start: int
    end: int
    exact: str
    method: Method
    count: int


def locate_quote(quote: str, text: str) -> Located | None:
    """Find the first place where the quote stands, by the strictest method that finds any.

    `exact` is character by character, `folded` ignores what `fold` folds, `fuzzy` is 90 % alike with every number, name
    and negation of the quote in their order. Whole words are preferred, a number is never cut, a joint never crossed.
    None for a blank quote, for one that holds a joint, and where nothing is near enough.
    """
    places = locate_all(quote, text)
    return places[0] if places else None


def locate_all(quote: str, text: str) -> list[Located]:
    """Find every place where the quote stands, in order, without overlap, all by the strictest method that works."""
    quote = quote.strip()
    if not quote or find_joints(quote):
        return []
    joints = find_joints(text)
    searches: list[tuple[Method, Callable[[], list[tuple[int, int]]]]] = [
        ("exact", lambda: _find_exact(quote, text, joints)),
        ("folded", lambda: _find_folded(quote, text, joints)),
        ("fuzzy", lambda: find_alike(quote, text, joints)),
    ]
    for method, search in searches:
        if spans := search():
            return [Located(start, end, text[start:end], method, len(spans)) for start, end in spans]
    return []


def selector(text: str, start: int, end: int, context: int = 32) -> tuple[str, str, str]:
    """Give (prefix, exact, suffix) of the W3C Web Annotation TextQuoteSelector, with up to `context` characters a side.

    ValueError when the span is empty or not inside the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no span {start}:{end} in a text of {len(text)} characters")
    return text[max(0, start - context) : start], text[start:end], text[end : end + context]


def _find_exact(quote: str, text: str, joints: list[tuple[int, int]]) -> list[tuple[int, int]]:
    def map_span(start: int, end: int) -> tuple[int, int] | None:
        is_cut = extends_character(text[start]) or (end < len(text) and extends_character(text[end]))
        return None if is_cut or crosses_joint(joints, start, end) else (start, end)

    return _choose_spans(quote, text, map_span)


def _find_folded(quote: str, text: str, joints: list[tuple[int, int]]) -> list[tuple[int, int]]:
    needle = fold(quote).text.strip()
    folded = fold(text)
    if not needle or len(needle) > len(folded.text):
        return []
    numbers = list_numbers(quote)

    def map_span(start: int, end: int) -> tuple[int, int] | None:
        span = folded.source_span(start, end)
        if span is None or crosses_joint(joints, *span) or list_numbers(text[slice(*span)]) != numbers:
            return None
        return span

    return _choose_spans(needle, folded.text, map_span)


def _choose_spans(
    needle: str, hay: str, map_span: Callable[[int, int], tuple[int, int] | None]
) -> list[tuple[int, int]]:
    """Give the places where the needle is whole words; failing that, those where it cuts no number."""
    whole: list[tuple[int, int]] = []
    partial: list[tuple[int, int]] = []
    tries = max(64, _REJECTED_WORK // len(needle))  # keeps a repetitive megabyte from taking quadratic time
    place = hay.find(needle)
    while place >= 0 and tries:
        end = place + len(needle)
        span = None if cuts_number(hay, place) or cuts_number(hay, end) else map_span(place, end)
        is_whole = span is not None and not cuts_word(hay, place) and not cuts_word(hay, end)
        if span is not None:
            _append_apart(whole if is_whole else partial, span)
        tries -= not is_whole
        place = hay.find(needle, end if is_whole else place + 1)
    return whole or partial


def _append_apart(spans: list[tuple[int, int]], span: tuple[int, int]) -> None:
    if not spans or spans[-1][1] <= span[0]:
        spans.append(span)
