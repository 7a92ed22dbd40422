"""Take a number in a clause; leave the amount that the clause states with it, if it states one."""

from collections.abc import Sequence

from dossiers.extract.rules.amounts import TIMES, Amount, is_reference, read_amount
from dossiers.extract.rules.changes import is_in_change
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.doubts import is_doubtful
from dossiers.extract.rules.owners import find_named_behind
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import is_adverb, is_verb
from dossiers.extract.rules.words import any_of, base_of, read_data, words

_DEFINITE = frozenset("the these those this that its his her their our my your aged age first last next".split())
_COMPARATIVES = frozenset(
    "more less fewer higher lower larger smaller lighter heavier longer shorter faster slower greater".split()
)
_ADVERBIAL = frozenset("for within after in over during every past until per before".split())
_LASTING = frozenset("last take span endure run spend".split())


def read_stated(tokens: Sequence[Token], place: int, clause: Clause, parsed: Parsed) -> Amount | None:
    """Read an amount that is the clause's own statement: not "the 15 largest", no change, no age, no point of time."""
    if tokens[place].number is None or is_in_change(parsed, tokens[place]):
        return None
    amount = read_amount(tokens, place, parsed)
    if (
        amount is None
        or _is_open(tokens, place, amount)
        or (is_definite(tokens, place) and not find_named_behind(tokens, amount, parsed))
        or _is_adjective(tokens, amount)
        or is_doubtful(tokens, place, amount)
    ):
        return None
    if amount.unit in TIMES and not _is_lasting(tokens, amount, clause):
        return None
    return amount


def read_again(tokens: Sequence[Token], place: int, parsed: Parsed) -> Amount | None:
    """Read a bare number whose noun was said with the one before it: "killed 35 people and injured 120"."""
    token = tokens[place]
    if token.number is None or token.period is not None or token.number.unit or token.number.is_ordinal:
        return None
    earlier = [t for t in parsed.flat if t.end <= token.start and t.number is not None and t.period is None]
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    is_end = (
        following is None
        or following.low in words("words", "prepositions") - {"of", "to"}
        or following.period is not None
    )
    if (
        not earlier
        or not is_end
        or is_reference(tokens, place)
        or is_in_change(parsed, token)
        or is_definite(tokens, place)
    ):
        return None
    model = read_amount(parsed.flat, next(i for i, t in enumerate(parsed.flat) if t is earlier[-1]), parsed)
    is_direct = place == 1 or tokens[place - 1].low in words("words", "approximators") | {"and"}
    return Amount(token.start, token.end, token, token, "", model.noun) if model and model.noun and is_direct else None


def _is_open(tokens: Sequence[Token], place: int, amount: Amount) -> bool:
    """Tell whether a number is one end of something that was not read: "from 5", "between 2 and 8", "one dollar"."""
    before = place - 1
    while before >= 0 and tokens[before].low in words("words", "approximators"):
        before -= 1
    lows = [token.low for token in tokens[max(0, place - 4) : place]]
    is_change = base_of(tokens[0].low) in words("verbs", "changing")
    is_start = before >= 0 and tokens[before].low == "from" and (is_change or not amount.noun)
    return is_start or "between" in lows or tokens[place].low.startswith("one ")


def is_definite(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a number only describes what is known already: "the 15 largest", "aged 66"."""
    before = place - 1
    while before >= 0 and tokens[before].low in (
        "about",
        "over",
        "some",
        "nearly",
        "almost",
        "more",
        "than",
        "of",
        "age",
    ):
        if tokens[before].low == "age":
            return True
        before -= 1
    return before >= 0 and tokens[before].low in _DEFINITE


def _is_adjective(tokens: Sequence[Token], amount: Amount) -> bool:
    """Tell whether an amount qualifies a noun or a comparison: "a 12-year war", "20% lighter"."""
    following = next((t for t in tokens if t.start >= amount.end), None)
    if amount.unit and following is not None and _is_noun(tokens, following) and following.start - amount.end == 1:
        return True
    if "-" in amount.last.text and amount.unit and not amount.last.text[0].isalpha() and "-" in amount.last.text[1:]:
        return True
    is_beside = following is not None and following.start - amount.end == 1
    return following is not None and (
        (is_beside and following.low in _COMPARATIVES) or (following.low.endswith("er") and _is_than(tokens, following))
    )


def _is_noun(tokens: Sequence[Token], token: Token) -> bool:
    """Tell whether a small word can only be a noun: "3 nm chips", "a 40% stake"."""
    place = next(i for i, t in enumerate(tokens) if t is token)
    lists = ("prepositions", "determiners", "pronouns", "conjunctions", "subordinators", "relatives", "adverbs")
    closed = any_of(*lists) | read_data()["adjectives"].keys()
    is_small = token.is_word and token.text.islower() and token.low not in closed | {"respectively", "away", "apart"}
    return is_small and not is_adverb(token) and not is_verb(tokens, place) and not token.low.endswith("er")


def _is_than(tokens: Sequence[Token], token: Token) -> bool:
    place = next(i for i, t in enumerate(tokens) if t is token)
    return place + 1 < len(tokens) and tokens[place + 1].low == "than"


def _is_lasting(tokens: Sequence[Token], amount: Amount, clause: Clause) -> bool:
    following = next((t for t in tokens if t.start >= amount.last.end), None)
    is_span = bool(clause.predicate) and base_of(clause.predicate[0].low) in _LASTING
    if following is not None and following.low == "old":
        return True
    place = next(i for i, token in enumerate(tokens) if token is amount.first) - 1
    while place > 0 and tokens[place].low in words("words", "approximators") - {"over"}:
        place -= 1
    is_length = tokens[0].low in ("last", "lasts", "lasted") and tokens[place].low == "for"
    if place >= 0 and tokens[place].low in _ADVERBIAL and not is_length:
        return False
    if any(token.low in words("words", "measures") for token in clause.subject):
        return True
    return is_span and (following is None or following.low not in ("after", "before", "later", "ago"))
