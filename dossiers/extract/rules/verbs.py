"""Take tokens; leave which of them are finite verbs, as far as closed lists and word forms can tell."""

from collections.abc import Sequence

from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.words import base_of, is_regular_past, participle_forms, past_forms, present_forms, words

AUXILIARIES = frozenset("is are was were has have had did does do".split())
BE = frozenset("is are was were be been being".split())
HAVE = frozenset("has have had".split())
_BEHIND_PARTICIPLE = frozenset("in by on at from to as after during under for with between".split())
_NOT_PLURAL = ("ss", "us", "is", "ous")


def find_verb(tokens: Sequence[Token], start: int = 0) -> int:
    """Find the first finite verb, past a participle that only describes the subject; -1 where there is none."""
    first = next((i for i in range(start, len(tokens)) if is_verb(tokens, i) and not _is_paired(tokens, i)), -1)
    if first < 0:
        return _find_unlisted(tokens, start)
    if _is_before_past(tokens, first):
        return first + 1
    if _may_describe(tokens, first, start):
        return next((i for i in range(first + 1, len(tokens)) if _is_plain(tokens, i, first)), first)
    return first


def _is_paired(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether "and" pairs a word with the noun before it: "companies and institutes"."""
    return place > 0 and tokens[place - 1].low in ("and", "or") and is_present(tokens[place].low)


def is_verb(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a word is a finite verb in its place."""
    if place >= len(tokens):
        return False
    token = tokens[place]
    low = token.low
    if not token.is_word or token.text[0].isupper():
        return False
    if low in AUXILIARIES:
        return True
    if _is_behind_determiner(tokens, place):
        return False
    if low in past_forms() or is_regular_past(low):
        return not _is_passive_participle(tokens, place)
    return low in present_forms() and _is_present(tokens, place)


def is_past(low: str) -> bool:
    """Tell whether a form may be a past tense."""
    return low in past_forms() or is_regular_past(low) or low in ("was", "had", "did")


def is_present(low: str) -> bool:
    """Tell whether a form is a present tense, which may be a noun as well."""
    return low in present_forms() and low not in AUXILIARIES


def is_participle(low: str) -> bool:
    """Tell whether a form may be a past participle."""
    return low in participle_forms() or is_regular_past(low)


def skip_adverbs(tokens: Sequence[Token], place: int) -> int:
    """Give the first place from here on that is no adverb."""
    while place < len(tokens) and is_adverb(tokens[place]):
        place += 1
    return place


def is_adverb(token: Token) -> bool:
    """Tell whether a word is an adverb, by list or ending."""
    if token.is_name and token.low in words("words", "adverbs_in_names"):
        return False
    is_form = token.is_word and token.text.islower() and token.low.endswith("ly") and len(token.low) > 4
    return token.low in words("words", "adverbs") or (is_form and token.low not in words("words", "nouns_in_ly"))


def is_plural(low: str) -> bool:
    """Tell whether a word has the form of a plural noun."""
    return low in _IRREGULAR_PLURALS or (low.endswith("s") and len(low) > 2 and not low.endswith(_NOT_PLURAL))


_IRREGULAR_PLURALS = frozenset(
    "people men women children feet species series fish mice sheep aircraft staff teeth".split()
)


def _is_behind_determiner(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a determiner, a possessive or a preposition makes a noun or an adjective of the word."""
    before = place - 1
    while before >= 0 and is_adverb(tokens[before]) and before > 0:
        before -= 1
    if before < 0:
        return False
    low = tokens[before].low
    if low in ("this", "that", "both", "all"):
        return False
    is_link = low in words("words", "determiners") or low in ("'s", "’s", "'", "’")
    return is_link or (low in words("words", "prepositions") and low not in ("past", "since", "over", "off", "up"))


def _is_passive_participle(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a form is a participle behind its noun: "the treaty signed by both"."""
    following = tokens[place + 1].low if place + 1 < len(tokens) else ""
    return (
        following == "by" and place > 0 and is_participle(tokens[place].low) and not _follows_number_verb(tokens, place)
    )


def _follows_number_verb(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether "by" opens an amount: "grew by 5%"."""
    is_change = base_of(tokens[place].low) in words("verbs", "changing")
    return is_change and place + 2 < len(tokens) and any(t.number is not None for t in tokens[place + 2 : place + 5])


def _is_present(tokens: Sequence[Token], place: int) -> bool:
    """Tell a present tense from a noun of the same form."""
    low = tokens[place].low
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following and (following.low in AUXILIARIES or following.low in past_forms() or following.low == "of"):
        return low in ("consist", "consists") and following.low == "of"
    if following and (is_regular_past(following.low) or following.low in ("and", "or")):
        return False
    if low.endswith("s"):
        return place == 0 or not is_plural(tokens[place - 1].low) or tokens[place - 1].is_name
    if place == 0:
        return True
    before = tokens[place - 1]
    return is_plural(before.low) or (place > 1 and tokens[place - 2].low == "and")


def _find_unlisted(tokens: Sequence[Token], start: int) -> int:
    """Find an unlisted verb in -s right behind a name: "Webb circles", where nothing else can be the verb."""
    for place in range(max(start, 1), len(tokens) - 1):
        token, before, following = tokens[place], tokens[place - 1], tokens[place + 1]
        is_form = token.is_word and token.text.islower() and token.low.endswith("s") and is_plural(token.low)
        if is_form and before.is_name and following.low != "of" and following.low not in (",", "and"):
            return place
    return -1


def _is_before_past(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether the true verb follows a participle: "the countries concerned paid"."""
    following = tokens[place + 1].low if place + 1 < len(tokens) else ""
    is_form = is_participle(tokens[place].low) and tokens[place].low not in AUXILIARIES
    return is_form and place > 0 and (following in past_forms() or following in BE | HAVE)


def _may_describe(tokens: Sequence[Token], place: int, start: int) -> bool:
    low = tokens[place].low
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    is_form = is_participle(low) and low not in AUXILIARIES and place > start
    return is_form and following is not None and following.low in _BEHIND_PARTICIPLE | {"by"}


def _is_plain(tokens: Sequence[Token], place: int, first: int) -> bool:
    """Tell whether a later verb of the clause can only be the main one."""
    if not is_verb(tokens, place) or any(t.low in ("and", "but", "or", "that", "to") for t in tokens[first:place]):
        return False
    low = tokens[place].low
    return low in AUXILIARIES or (low in past_forms() and low not in participle_forms())
