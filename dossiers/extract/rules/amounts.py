"""Take a number in its sentence; leave the words of the whole amount: its unit, its rate, or what is counted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.subjects import is_bare_digits
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import AUXILIARIES, is_adverb, is_plural
from dossiers.extract.rules.words import any_of, words

_RATE = re.compile(
    r"(?:/[^\W\d_]+[²³]?|\s+(?:per|an?)\s+(?:(?:square|cubic)\s+)?(?:second|minute|hour|day|week|month|year|person|capita"
    r"|inhabitant|metre|meter|kilometre|kilometer|mile|litre|liter|tonne|hectare|head)"
    r"|\s+per\s+(?:\d[\d,.\u00a0]*\s+)?(?:live\s+|square\s+|cubic\s+)?[^\W\d_]+)(?![^\W_])"
)
_PRICE = re.compile(r"\s+an?\s+[^\W\d_]+(?![^\W_])")
_FRACTIONS = frozenset("thirds third quarters quarter fifths fifth tenths tenth halves half fold times".split())
_MOST_WORDS = 4
TIMES = frozenset("day month minute".split())


@dataclass(frozen=True)
class Amount:
    """An amount: its place in the sentence, its first and last token, its unit and the noun that is counted."""

    start: int
    end: int
    first: Token
    last: Token
    unit: str
    noun: str = ""


def read_amount(tokens: Sequence[Token], place: int, parsed: Parsed) -> Amount | None:
    """Read the amount that begins with a number; None where the number is a reference, a year or part of a name."""
    token = tokens[place]
    number = token.number
    if number is None or number.is_ordinal or is_reference(tokens, place):
        return None
    last = _join_range(tokens, place)
    if _goes_on(tokens, last):
        return None
    unit = (last.number or number).unit
    if _is_vote(tokens, last):
        return None
    if unit:
        if _is_counted_money(tokens, at := _place_of(tokens, last)):
            return _make_count(tokens, place, at, at + 1, parsed)
        rate = _RATE.match(parsed.text, last.end) if unit != "%" else None
        if rate is None and is_money(unit):
            rate = _PRICE.match(parsed.text, last.end)
        return Amount(token.start, rate.end() if rate else last.end, token, last, unit)
    at = _place_of(tokens, last)
    return _read_count(tokens, place, at, parsed) or _read_bare(tokens, place, at, parsed)


def _goes_on(tokens: Sequence[Token], last: Token) -> bool:
    """Tell whether a smaller part that was not read follows an amount: "6 feet 2 inches"."""
    following = next((t for t in tokens if t.start >= last.end), None)
    return following is not None and following.number is not None and following.start - last.end == 1


def is_money(unit: str) -> bool:
    """Tell whether a unit is a currency."""
    return len(unit) == 3 and unit.isupper()


def _place_of(tokens: Sequence[Token], token: Token) -> int:
    return next(i for i, other in enumerate(tokens) if other is token)


def _is_counted_money(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the name of a currency qualifies what is counted: "29 billion euro notes"."""
    number, following = tokens[at].number, tokens[at + 1] if at + 1 < len(tokens) else None
    if number is None or following is None or not is_money(number.unit):
        return False
    is_word = tokens[at].text[-1].islower() and not is_plural(tokens[at].low.split()[-1])
    return is_word and following.is_word and is_plural(following.low)


def _is_vote(tokens: Sequence[Token], last: Token) -> bool:
    """Tell whether a number is one side of a vote or a match: "107 votes to 14"."""
    place = _place_of(tokens, last)
    near = tokens[place + 1 : place + 4]
    is_bare = last.number is not None and not last.number.unit
    return is_bare and any(one.low == "to" and _is_side(other) for one, other in pairwise(near))


def _is_side(token: Token) -> bool:
    return token.number is not None or token.low in ("one", "none", "nil", "zero")


def _read_bare(tokens: Sequence[Token], place: int, at: int, parsed: Parsed) -> Amount | None:
    """Read a number without a noun: a large one ("a population of 2.1 million") or a rate ("5.2 per 1,000 births")."""
    if rate := _RATE.match(parsed.text, tokens[at].end):
        is_per = rate[0].lstrip().startswith("per ")
        return Amount(tokens[place].start, rate.end(), tokens[place], tokens[at], "", "") if is_per else None
    token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
    is_large = "," in token.text or (not token.text[-1:].isdecimal() and token.text[:1].isdecimal())
    is_end = (
        following is None or not following.is_word or following.low in words("words", "prepositions") | {"and", "while"}
    )
    return Amount(tokens[place].start, token.end, tokens[place], token, "") if is_large and is_end else None


def is_reference(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a number only refers or names: "Table 67", "Ariane 5", a time of day, a score."""
    token = tokens[place]
    before = tokens[place - 1] if place else None
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if "-" in token.text[1:] and not token.text[0].isdigit() and token.number and not token.number.unit:
        return False
    if following is not None and (following.text in ":°" or following.low in _FRACTIONS):
        return True
    if (
        following is not None
        and following.text in "-–"
        and following.start == token.end
        and not _is_range(tokens, place)
    ):
        return True
    if before is None:
        return False
    if before.text in "-–:#§+/" and before.end == token.start and not _is_range(tokens, place - 2):
        return True
    bare = token.number is not None and not token.number.unit
    if before.low in words("skip", "references") and bare:
        return True
    is_closed = before.low in any_of("prepositions", "articles", "adverbs")
    is_named = bare and before.is_name and not is_closed and is_bare_digits(token)
    return is_named or before.number is not None


def _is_range(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether two numbers are the ends of one spread: both of one unit."""
    if not 0 <= place < len(tokens) - 2 or tokens[place + 1].low not in ("to", "-", "–", "—"):
        return False
    one, other = tokens[place].number, tokens[place + 2].number
    return (
        one is not None
        and other is not None
        and one.unit in ("", other.unit)
        and (other.unit != "" or _has_noun(tokens, place + 2))
    )


def _has_noun(tokens: Sequence[Token], place: int) -> bool:
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    is_noun = following is not None and following.is_word and is_plural(following.low)
    are_large = all("," in tokens[i].text for i in (place - 2, place))
    are_years = any(len(tokens[i].text) == 4 and tokens[i].text.isdecimal() for i in (place - 2, place))
    return not are_years and (is_noun or are_large)


def _join_range(tokens: Sequence[Token], place: int) -> Token:
    """Give the last number of a spread ("6,400 to 6,992 km"), which is one amount."""
    if compound := _find_smaller(tokens, place):
        return compound
    if not _is_range(tokens, place) or (place and tokens[place - 1].low == "from"):
        return tokens[place]
    return tokens[place + 2]


def _find_smaller(tokens: Sequence[Token], place: int) -> Token | None:
    """Find the smaller part of one amount: "6 feet 2 inches", "three years and three months"."""
    one = tokens[place].number
    is_time = one is not None and one.unit in TIMES
    step = 2 if is_time and [t.low for t in tokens[place + 1 : place + 2]] == ["and"] else 1
    token = tokens[place + step] if place + step < len(tokens) else None
    other = token.number if token else None
    if one is None or other is None or not one.unit or one.unit == "%" or is_money(one.unit):
        return None
    has_one_kind = one.unit == other.unit or {one.unit, other.unit} <= TIMES
    return token if has_one_kind and (step == 1 or other.value < one.value) else None


def _read_count(tokens: Sequence[Token], place: int, at: int, parsed: Parsed) -> Amount | None:
    """Read what a bare number counts: up to the first plural noun behind it."""
    for here in range(at + 1, min(at + 1 + _MOST_WORDS, len(tokens))):
        token = tokens[here]
        if (
            not token.is_word
            or token.depth != tokens[at].depth
            or _ends_noun(token)
            or _parts(parsed, tokens[here - 1], token)
        ):
            return None
        if is_plural(token.low) and not is_adverb(token):
            return _make_count(tokens, place, at, _take_plurals(tokens, here, parsed), parsed)
    return None


def _take_plurals(tokens: Sequence[Token], here: int, parsed: Parsed) -> int:
    """Go on to a second plural: "12 sales offices"."""
    while here + 1 < len(tokens) and tokens[here + 1].is_word and is_plural(tokens[here + 1].low):
        if (
            tokens[here + 1].low in AUXILIARIES
            or _ends_noun(tokens[here + 1])
            or _parts(parsed, tokens[here], tokens[here + 1])
        ):
            break
        here += 1
    return here


def _make_count(tokens: Sequence[Token], place: int, at: int, here: int, parsed: Parsed) -> Amount | None:
    following = tokens[here + 1] if here + 1 < len(tokens) else None
    noun = parsed.text[tokens[at + 1].start : tokens[here].end]
    if following is not None and following.low in ("ago", "later", "earlier", "old", "before", "after"):
        return None
    end = tokens[here].end
    rate = _RATE.match(parsed.text, end)
    return Amount(tokens[place].start, rate.end() if rate else end, tokens[place], tokens[here], "", noun)


def _ends_noun(token: Token) -> bool:
    low = token.low
    closed = any_of("prepositions", "determiners", "pronouns")
    return low in closed or low in words("words", "conjunctions") or low in AUXILIARIES


def _parts(parsed: Parsed, one: Token, other: Token) -> bool:
    """Tell whether a sign stands between two words."""
    return parsed.text[one.end : other.start].strip() not in ("", "-")
