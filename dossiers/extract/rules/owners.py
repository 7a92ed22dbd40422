"""Take an amount in its clause; leave the name it belongs to where that is not the grammatical subject."""

from collections.abc import Sequence

from dossiers.extract.matching import TOPIC_KEY
from dossiers.extract.rules.amounts import Amount
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.subjects import Span, find_owner, is_anaphoric, list_names, span_of
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import BE, is_participle
from dossiers.extract.rules.words import base_of, words


def find_named_behind(tokens: Sequence[Token], amount: Amount, parsed: Parsed) -> Span | None:
    """Find the name that an amount of money or size stands before: "the US$700 billion Relief Program"."""
    end = next((i for i, token in enumerate(tokens) if token is amount.last), len(tokens)) + 1
    if not amount.unit or end >= len(tokens) or not tokens[end].is_name or tokens[end].start - amount.end != 1:
        return None
    names = list_names(tokens[end:], parsed)
    return span_of(names[0]) if names and names[0][0] is tokens[end] else None


def find_placed(clause: Clause, amount: Amount, parsed: Parsed) -> Span | None:
    """Find the name right behind an amount whose subject only measures: "unemployment was 6.5% in Germany"."""
    is_there = clause.subject[0].low == "there"
    is_measure = bool(amount.unit) and any(token.low in words("words", "measures") for token in clause.subject)
    if not is_there and (is_anaphoric(clause.subject) or list_names(clause.subject, parsed)):
        return None
    rest = [t for t in clause.predicate if t.start >= amount.end]
    if (
        not rest
        or rest[0].low not in ("in", "for", "at", "among")
        or not (is_there or is_measure or (amount.unit == "%" and _measures(clause, amount)))
    ):
        return None
    noun = rest[2:] if len(rest) > 1 and rest[1].low == "the" else rest[1:]
    names = list_names(noun, parsed)
    return span_of(names[0]) if names and names[0][0] is noun[0] else None


def _measures(clause: Clause, amount: Amount) -> bool:
    """Tell whether a clause says of a place what it measures: "was 6%", "had a share of 5%"."""
    between = [t.low for t in clause.predicate if t.end <= amount.start]
    return between[0] in BE or any(low in words("words", "measures") for low in between)


def find_put(clause: Clause, place: int, parsed: Parsed) -> Span | None:
    """Find what "estimates put the length of the river at 5 km" is about."""
    tokens = clause.predicate
    if base_of(tokens[0].low) not in ("put", "place", "estimate") or "at" not in [t.low for t in tokens[1:place]]:
        return None
    end = next(i for i, token in enumerate(tokens) if token.low == "at")
    noun = [t for t in tokens[1:end] if t.low not in words("words", "articles")]
    return find_owner(noun, parsed) if noun else None


def find_home(tokens: Sequence[Token], amount: Amount, parsed: Parsed) -> Span | None:
    """Find the name right behind what is counted: "15 million people in Spain"."""
    rest = [token for token in tokens if token.start >= amount.end]
    if len(rest) < 2 or rest[0].low not in ("in", "of", "from", "at"):
        return None
    noun = rest[2:] if rest[1].low == "the" else rest[1:]
    names = list_names(rest, parsed)
    return span_of(names[0]) if names and noun and names[0][0] is noun[0] else None


def find_affected(clause: Clause, parsed: Parsed) -> Span | None:
    """Find the object of a clause, or the place that it says for a state."""
    rest = [t for t in _list_near(clause.predicate, parsed)[1:] if t.period is None]
    if not rest:
        return None
    low = clause.predicate[0].low
    is_state = low in BE or base_of(low) in ("live", "reside", "exist", "work")
    if is_state:
        places = [i for i, token in enumerate(rest) if token.low in ("in", "at", "on", "into", "through", "across")]
        return _find_place(rest[places[-1] + 1 :], parsed) if places and not is_participle(rest[0].low) else None
    end = next((i for i, t in enumerate(rest) if t.low in words("words", "prepositions") - {"to"}), len(rest))
    names = list_names(rest[:end], parsed)
    if names:
        return find_owner([t for t in rest[:end] if t.start >= names[0][0].start], parsed)
    return _find_topic(rest[:end], parsed)


def _find_topic(tokens: Sequence[Token], parsed: Parsed) -> Span | None:
    """Find the topic's name among tokens, in small letters too."""
    starts = {token.start for token in tokens}
    return next(((m.start, m.end) for m in parsed.sentence.mentions if m.key == TOPIC_KEY and m.start in starts), None)


def _list_near(tokens: Sequence[Token], parsed: Parsed) -> list[Token]:
    """List the tokens up to the first sign."""
    for place in range(1, len(tokens)):
        if parsed.text[tokens[place - 1].end : tokens[place].start].strip() not in ("", '"', "“", "”", "-"):
            return list(tokens[:place])
    return list(tokens)


def _find_place(tokens: Sequence[Token], parsed: Parsed) -> Span | None:
    """Find the place that a phrase names."""
    names = list_names(tokens, parsed)
    return span_of(names[0]) if names else _find_topic(tokens, parsed)
