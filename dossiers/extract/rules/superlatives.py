"""Find what stands above all others of its kind: "X is the largest ... in the world"."""

import re
from collections.abc import Iterator, Sequence

from dossiers.extract.matching import TOPIC_KEY
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.labels import make_label
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.subjects import Span, find_owner, list_names, span_of
from dossiers.extract.rules.timing import list_dates
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import AUXILIARIES, is_adverb, is_verb
from dossiers.extract.rules.words import base_of, superlatives, words

_SUPERLATIVE = re.compile(r"\b(?:most|least|worst|[^\W\d_-]+(?:est|most))\b", re.IGNORECASE)
_LEADING = frozenset("among by far been at the time with then".split())


def has_superlative(text: str) -> bool:
    """Tell whether a word of a text may be a superlative."""
    return _SUPERLATIVE.search(text) is not None


def opens_other(flat: Sequence[Token], place: int, begin: int) -> bool:
    """Tell whether "and" opens a superlative or another statement rather than more of the description."""
    rest = flat[place + 1 : place + 8]
    if not rest:
        return False
    if rest[0].low in ("the", "one") and any(is_superlative(rest, i) for i in range(min(5, len(rest)))):
        return True
    if is_superlative(rest, 0):
        return True
    is_relative = any(t.low in ("that", "which", "who", "when", "where") for t in flat[begin:place])
    return rest[0].low in AUXILIARIES and not is_relative


def is_superlative(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a word is in -est or follows "most" or "least"."""
    low = tokens[place].low
    if [t.low for t in tokens[place + 1 : place + 2]] == ["known"]:
        return False
    if low in superlatives() or any(part in superlatives() for part in low.split("-")):
        return True
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return (
        low in ("most", "least") and following is not None and following.is_word and following.low not in ("of", "in")
    )


def find_superlatives(parsed: Parsed) -> Iterator[Statement]:
    """Find "the largest river in the world" said of a subject, as a predicate or in apposition."""
    for clause in parsed.clauses:
        if clause.kind == "aside" and clause.parent and (found := _find_named_beside(clause, clause.parent, parsed)):
            yield found
        elif (
            clause.kind == "main"
            and clause.predicate
            and base_of(clause.predicate[0].low) in words("superlative", "verbs")
        ):
            yield from _find_superlative(clause, clause.predicate, clause, parsed)
        elif clause.kind == "aside" and clause.parent and _is_before_verb(clause, clause.parent):
            yield from _find_superlative(clause, [clause.tokens[0], *clause.tokens], clause.parent, parsed)


def _find_named_beside(aside: Clause, clause: Clause, parsed: Parsed) -> Statement | None:
    """Find the name beside a superlative subject: "The world's largest solar park, Bhadla in India, covers ..."."""
    is_beside = clause.verb is not None and aside.tokens[0].start < clause.verb.start
    whole = [t for t in clause.tokens if clause.subject and t.end <= clause.subject[-1].end]
    names = list_names(aside.tokens, parsed) if is_beside else []
    place = _find_opening([whole[0], *whole]) - 1 if names and whole else -2
    begin = aside.tokens[1:] if aside.tokens[0].low == "the" else aside.tokens
    if place < 0 or not begin or names[0][0] is not begin[0]:
        return None
    value = _read_scope(whole, place)
    return _state_superlative(value, span_of(names[0]), aside, parsed) if value else None


def _is_before_verb(aside: Clause, clause: Clause) -> bool:
    """Tell whether an aside speaks of the subject: it stands before the verb, or the verb only measures."""
    verb = clause.verb
    is_measuring = verb is not None and base_of(verb.low) in ("be", "stand", "total", "measure", "reach")
    return verb is None or is_measuring or aside.tokens[0].start < verb.start


def _find_superlative(clause: Clause, tokens: Sequence[Token], owner: Clause, parsed: Parsed) -> Iterator[Statement]:
    place = _find_opening(tokens)
    subject = find_owner(owner.subject, parsed)
    if place < 0 or subject is None:
        return
    if any(t.low not in _LEADING and not is_adverb(t) for t in tokens[1:place]):
        return
    if any(t.low in words("superlative", "opinions") for t in tokens[place : place + 6]):
        return
    value = _read_scope(tokens, place)
    if value is not None:
        yield _state_superlative(value, subject, clause, parsed)
    further = next((i for i, t in enumerate(tokens) if i > place and t.low == "and" and opens_other(tokens, i, i)), -1)
    second = _read_scope(tokens, further + 1) if further > 0 and tokens[further + 1].low in ("the", "one") else None
    if second is not None:
        yield _state_superlative(second, subject, clause, parsed)


def _state_superlative(value: Span, subject: Span, clause: Clause, parsed: Parsed) -> Statement:
    dates = [date for date in list_dates(clause.tokens) if not value[0] <= date.start < value[1]]
    date = dates[0] if dates else None
    name = "" if names_topic(parsed, subject) else parsed.text[slice(*subject)]
    label = make_label(name, "Distinction", date.text if date else "")
    place = (date.start, date.end) if date else None
    return Statement("superlative", parsed.sentence, value, subject, place, label)


def names_topic(parsed: Parsed, subject: Span) -> bool:
    return any(m.key == TOPIC_KEY and m.start == subject[0] for m in parsed.sentence.mentions)


def _find_opening(tokens: Sequence[Token]) -> int:
    """Find where the superlative phrase begins: "the", "one of the", "the world's", a possessive name."""
    mark = next((i for i in range(1, len(tokens)) if is_superlative(tokens, i)), -1)
    if mark < 1:
        return -1
    for here in range(mark - 1, max(0, mark - 6), -1):
        low = tokens[here].low
        if low == "the" or low in ("'s", "’s"):
            return _widen(tokens, here)
        if not (
            low in ("second", "third", "fourth", "fifth", "single", "two", "three", "by", "far") or tokens[here].is_word
        ):
            return -1
    return -1


def _widen(tokens: Sequence[Token], place: int) -> int:
    if tokens[place].low != "the":
        place -= 1
        while place > 1 and (tokens[place - 1].is_name or tokens[place - 1].low == "the"):
            place -= 1
    is_one = place >= 3 and [t.low for t in tokens[place - 2 : place]] == ["one", "of"]
    return place - 2 if is_one else place


def _read_scope(tokens: Sequence[Token], place: int) -> Span | None:
    """Read a superlative up to the end of its clause, without its date; None where it has no scope."""
    kept: list[Token] = []
    for here in range(place, len(tokens)):
        token = tokens[here]
        if _ends_superlative(tokens, here) and kept:
            break
        kept.append(token)
    while kept and (kept[-1].low in words("words", "prepositions") | {"and"} or kept[-1].period is not None):
        kept.pop()
    is_one_of_only = [t.low for t in kept[:3]] == ["one", "of", "the"]
    rest = kept[3:] if is_one_of_only else kept
    has_scope = bool({t.low for t in rest} & words("superlative", "scopes")) or any(t.low in ("'s", "’s") for t in kept)
    return span_of(kept) if has_scope and len(kept) > 2 else None


def _ends_superlative(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    between_clauses = token.text in ",;:–—" or token.low in (
        "which",
        "who",
        "while",
        "with",
        "after",
        "when",
        "but",
        "at",
    )
    if token.low == "and":
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        is_other = following is None or following.low in ("the", "one", "a") or following.number is not None
        return is_other or is_verb(tokens, place + 1)
    return between_clauses or (token.period is not None and token.lead == "")
