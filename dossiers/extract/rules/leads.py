"""Take the tokens of a clause; leave where its subject begins, behind adverbs, dates and phrases of place."""

from collections.abc import Sequence

from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import (
    is_adverb,
    is_verb,
)
from dossiers.extract.rules.words import any_of, words

_QUALIFYING = frozenset(
    "about around over under above below near nearly almost roughly approximately some only".split()
)
_NO_LEAD = frozenset("there worldwide overall".split())


def skip_lead(tokens: Sequence[Token], place: int) -> int:
    """Skip the dates, adverbs and phrases with a preposition that stand before a subject."""
    while place < len(tokens):
        token = tokens[place]
        is_plain = is_adverb(token) and token.low not in _NO_LEAD and not _counts(tokens, place)
        if token.period is not None or is_plain:
            place += 1
        elif token.low in words("words", "prepositions") and not _counts(tokens, place):
            place = _skip_phrase(tokens, place + 1)
        else:
            return place
    return place


def _counts(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a word only qualifies a number: "about 15", "over two"."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return following is not None and following.number is not None and tokens[place].low in _QUALIFYING


def _skip_phrase(tokens: Sequence[Token], place: int) -> int:
    """Find where the noun phrase of a preposition ends and the next begins, by a determiner or a name."""
    if place < len(tokens) and tokens[place].period is not None:
        return place + 1
    for here in range(place + 1, len(tokens)):
        before, token = tokens[here - 1], tokens[here]
        is_open = before.low in any_of("prepositions", "determiners") or before.low == "and"
        if is_open or not before.is_word:
            continue
        if token.low in any_of("determiners", "pronouns"):
            return here
        if before.is_name and _opens_noun(tokens, here):
            return here
        if token.is_name and not before.is_name and not tokens[place].is_name and before.low not in ("'s", "’s"):
            return here
    return len(tokens)


def _opens_noun(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a small word behind a name opens the subject: "In Sweden infant mortality"."""
    token = tokens[place]
    closed = any_of("prepositions", "conjunctions", "places")
    is_small = token.is_word and token.text.islower() and token.low not in closed and token.low not in ("'s", "’s")
    return is_small and not is_adverb(token) and not is_verb(tokens, place)
