"""Take a draft's value; leave the quotes that carry it: word for word, nearly so, or in other words."""

import re
from collections.abc import Sequence

from dossiers.extract.assembly.covering import Cover, cover_value, list_stretches, list_uncovered
from dossiers.extract.assembly.inputs import Draft
from dossiers.extract.assembly.library import Library
from dossiers.extract.assembly.occurrences import Context, choose_occurrence, find_occurrences
from dossiers.extract.assembly.results import METHODS, Method, Quote, Support

_PART = re.compile(r"[^;\n\r•]+")
_EDGES = " \t\u00a0.,:;!?"
_MOST_NEAREST = 3
_MOST_PARTS = 40


def ground_value(draft: Draft, context: Context, library: Library) -> Support:
    """Ground a value as a whole, or the parts of an attribute ("a; b; c") where the whole stands nowhere."""
    whole = _trim(draft.text, 0, len(draft.text))
    if whole[0] >= whole[1] or draft.is_too_long:
        return Support("nearest", score=0.0)
    if named := _take_named(draft, whole, library):
        return named
    parts = split_parts(draft.text) if draft.kind == "attribute" else [whole]
    located = _locate(draft, whole, context, library)
    if located:
        return located
    parts = parts[:_MOST_PARTS]
    return _join([_ground_part(draft, part, context, library) for part in parts], parts)


def _take_named(draft: Draft, whole: tuple[int, int], library: Library) -> Support | None:
    """Quote the place that the draft names, where the value stands there word for word."""
    found = library.read(draft.at)
    if draft.at is None or found is None or found[1] != draft.text or found[0].is_place != (draft.kind == "place"):
        return None
    sentence = library.find_sentence(draft.at.capture, draft.at.start)
    start, end = draft.at.start + whole[0], draft.at.start + whole[1]
    number = sentence.number if sentence else -1
    return Support("exact", (library.quote(found[0], (start, end), "value", "exact", covers=whole, sentence=number),))


def split_parts(value: str) -> list[tuple[int, int]]:
    """Split a value at semicolons, line breaks and bullets into the spans of its parts."""
    spans = [_trim(value, match.start(), match.end()) for match in _PART.finditer(value)]
    return [(start, end) for start, end in spans if start < end] or [_trim(value, 0, len(value))]


def _trim(value: str, start: int, end: int) -> tuple[int, int]:
    """Leave white space and the punctuation that ends a sentence out of a span."""
    while start < end and value[start] in _EDGES:
        start += 1
    while end > start and value[end - 1] in _EDGES:
        end -= 1
    return start, end


def _ground_part(draft: Draft, part: tuple[int, int], context: Context, library: Library) -> Support:
    return _locate(draft, part, context, library) or _cover(draft.text, part, context, library)


def _locate(draft: Draft, part: tuple[int, int], context: Context, library: Library) -> Support | None:
    """Quote a part that stands in a capture, in the sentence that speaks of the claim's subject."""
    is_place = draft.kind == "place"
    occurrences = find_occurrences(draft.text[slice(*part)], library, is_place=is_place)
    best = choose_occurrence(occurrences, context)
    if best is None:
        return None
    number = best.sentence.number if best.sentence else -1
    span = (best.start, best.end)
    quote = library.quote(best.capture, span, "value", best.method, covers=part, sentence=number)
    return Support(best.method, (quote,))


def _cover(value: str, part: tuple[int, int], context: Context, library: Library) -> Support:
    """Quote the passages that carry a part in other words, whole; else show the nearest."""
    text = value[slice(*part)]
    cover = cover_value(text, library, context.subject)
    method: Method = "paraphrase" if cover.is_enough else "nearest"
    quotes = [_quote_passage(cover, place, part[0], method, library) for place in range(len(cover.chosen))]
    missing = cover.missing
    uncovered = [(start + part[0], end + part[0]) for start, end in list_uncovered(cover.items, cover.carried)]
    return Support(
        method,
        tuple(quotes[: _MOST_NEAREST if method == "nearest" else None]),
        tuple(text[item.start : item.end] for item in missing if item.name),
        tuple(text[item.start : item.end] for item in missing if item.number),
        tuple(uncovered),
        score=cover.score,
    )


def _quote_passage(cover: Cover, place: int, offset: int, method: Method, library: Library) -> Quote:
    sentence, carried = cover.chosen[place]
    stretches = list_stretches(cover.items, carried)
    longest = max(stretches, key=lambda stretch: stretch[1] - stretch[0], default=None)
    covers = (longest[0] + offset, longest[1] + offset) if longest else None
    return library.quote(sentence.capture, sentence.span, "value", method, covers=covers, sentence=sentence.number)


def _join(parts: Sequence[Support], spans: Sequence[tuple[int, int]]) -> Support:
    """Join the parts of a value: the weakest says how it is grounded; several near quotes are a paraphrase."""
    method = max((part.method for part in parts), key=METHODS.index)
    return Support(
        "paraphrase" if method == "fuzzy" and len(parts) > 1 else method,
        _merge([quote for part in parts for quote in part.quotes]),
        tuple(name for part in parts for name in part.missing_names),
        tuple(number for part in parts for number in part.missing_numbers),
        tuple(stretch for part in parts for stretch in part.uncovered),
        tuple(span for part, span in zip(parts, spans, strict=True) if not part.is_grounded and len(parts) > 1),
        min(part.score for part in parts),
    )


def _merge(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Keep each place once for each stretch that it covers."""
    return tuple({(quote.capture, quote.start, quote.end, quote.covers): quote for quote in quotes}.values())
