"""Take the tokens of a sentence; leave the phrases between its signs and conjunctions."""

from collections.abc import Iterator, Sequence

from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import (
    AUXILIARIES,
    find_verb,
    is_participle,
    is_present,
    is_verb,
    skip_adverbs,
)
from dossiers.extract.rules.words import words

_STOPS = frozenset(", ; : – — ( )".split())
Segment = tuple[str, list[Token]]


def split_segments(flat: Sequence[Token]) -> Iterator[Segment]:
    """Split at the signs between phrases, before subordinate clauses, and where "and" opens another predicate."""
    sign, segment = "", list[Token]()
    for place, token in enumerate(flat):
        splits = segment and (_opens_clause(flat, place) or _joins_predicate(segment, flat, place))
        if (token.low in _STOPS and not _joins_numbers(flat, place)) or splits:
            if segment:
                yield sign, segment
            sign, segment = (token.low, []) if token.low in _STOPS else ("and", [token])
        else:
            segment.append(token)
    if segment:
        yield sign, segment


def _joins_numbers(flat: Sequence[Token], place: int) -> bool:
    """Tell whether a dash joins the ends of a spread: "25–30"."""
    around = flat[place - 1 : place + 2] if place else []
    is_dash = len(around) == 3 and around[1].text in "–—" and around[0].end == around[1].start
    return is_dash and around[0].number is not None and around[2].number is not None


def _opens_clause(flat: Sequence[Token], place: int) -> bool:
    token = flat[place]
    if token.low in words("words", "subordinators") or token.low in words("words", "relatives"):
        return flat[place - 1].low not in words("words", "prepositions")
    return token.low == "that" and place + 1 < len(flat) and is_verb(flat[place + 1 : place + 3], 0)


def _joins_predicate(segment: list[Token], flat: Sequence[Token], place: int) -> bool:
    """Tell whether "and" joins a second predicate or clause rather than two nouns."""
    if flat[place].low not in words("words", "conjunctions") | {"but"}:
        return False
    rest = list(flat[place + 1 : place + 16])
    end = next((i for i, token in enumerate(rest) if token.low in _STOPS), len(rest))
    rest = rest[:end]
    begin = skip_adverbs(rest, 0)
    has_verb = find_verb(segment) >= 0
    if begin < len(rest) and is_verb(rest, begin) and not _is_noun_list(segment, rest, begin):
        return has_verb or not is_present(rest[begin].low)
    if not has_verb:
        return False
    verb = find_verb(rest)
    return 0 < verb <= 8 and not any(token.low in ("and", "or") for token in rest[:verb]) and _is_finite(rest[verb])


def _is_noun_list(segment: list[Token], rest: list[Token], begin: int) -> bool:
    """Tell whether the word behind "and" is rather an adjective in -ed: "Polish and naturalised French"."""
    following = rest[begin + 1] if begin + 1 < len(rest) else None
    is_form = is_participle(rest[begin].low) and rest[begin].low not in AUXILIARIES
    return (is_form and (following is None or following.is_name) and find_verb(segment) < 0) or (
        is_form
        and following is not None
        and following.is_name
        and following.text.endswith(("ish", "ench", "an", "ese"))
    )


def _is_finite(token: Token) -> bool:
    return token.low in AUXILIARIES or not token.low.endswith("s")
