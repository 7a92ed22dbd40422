"""Take an amount in its clause; leave whether the words around it make its meaning or its owner uncertain."""

from calendar import month_name
from collections.abc import Sequence
from itertools import pairwise

from dossiers.extract.rules.amounts import Amount, is_money
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.subjects import list_names
from dossiers.extract.rules.timing import list_dates
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import is_verb
from dossiers.extract.rules.words import any_of, words

_MONTHS = frozenset(name.lower() for name in month_name[1:])
_SIDES = frozenset("among for in".split())
_TIMES = frozenset("year years season seasons week weeks month months day days decade run half quarter".split())
_COMPARING = frozenset("against versus compared unlike".split())
_AFTER_RATE = 5


def is_doubtful(tokens: Sequence[Token], place: int, amount: Amount) -> bool:
    """Tell whether the words beside an amount make it part of something that is not read as a whole."""
    lows = [token.low for token in tokens[:place]]
    before = lows[-1:] or [""]
    if before[0] in ("up", "down", "within") or (before[0] == "worth" and place > 1):
        return True
    return _is_fraction(tokens, place) or _is_side(tokens, place, amount) or _is_rate(tokens, amount)


def is_unsure(clause: Clause, parsed: Parsed) -> bool:
    """Tell whether a clause gives no number away for certain: its subject counts, or its month has no year."""
    months = [i for i, t in enumerate(clause.tokens) if i and t.is_name and t.low in _MONTHS]
    prepositions = words("words", "prepositions")
    return counts(clause, parsed) or any(clause.tokens[i - 1].low in prepositions for i in months)


def counts(clause: Clause, parsed: Parsed) -> bool:
    """Tell whether a subject has a number of its own: "two thirds of the members"."""
    named = {id(token) for run in list_names(clause.subject, parsed) for token in run}
    return any(t.number is not None and t.period is None and id(t) not in named for t in clause.subject)


def is_set_off(tokens: Sequence[Token], place: int, amount: Amount, clause: Clause, parsed: Parsed) -> bool:
    """Tell whether a share stands behind another amount as its description, whose date is not that of the clause."""
    earlier = [t for t in tokens[1:place] if t.number is not None and t.period is None and t.number.unit != "%"]
    gap = parsed.text[tokens[place - 1].end : amount.start] if place else ""
    is_behind = bool(earlier) and "," in parsed.text[earlier[-1].end : amount.start] + gap
    has_date = bool(list_dates(clause.tokens))
    return has_date and ((amount.unit == "%" and is_behind) or _has_other_time(tokens, amount))


def _has_other_time(tokens: Sequence[Token], amount: Amount) -> bool:
    """Tell whether a time without a date stands behind an amount: "in its first year"."""
    rest = [t for t in tokens if t.start >= amount.end][:4]
    end = next((i for i, t in enumerate(rest) if t.period is not None), len(rest))
    return bool(rest) and rest[0].low in ("in", "during", "after") and any(t.low in _TIMES for t in rest[:end])


def _is_fraction(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a number is the whole of a fraction: "one in five", "7.4 out of 10"."""
    here = place - 1
    while here >= 0 and tokens[here].low in ("in", "out", "of", "every", "the", "about"):
        here -= 1
    is_link = here < place - 1 and tokens[here + 1].low in ("in", "out")
    before = tokens[here] if here >= 0 else None
    return is_link and before is not None and (before.low == "one" or _is_bare(before))


def _is_bare(token: Token) -> bool:
    return token.number is not None and not token.number.unit and token.period is None


def _is_side(tokens: Sequence[Token], place: int, amount: Amount) -> bool:
    """Tell whether an amount is one side of a size ("60 m by 40 m")."""
    if not amount.unit or amount.unit == "%" or is_money(amount.unit):
        return False
    behind = [t for t in tokens if t.start >= amount.end][:2]
    before = tokens[max(0, place - 2) : place]
    sides = ([*behind[:1], *behind[1:]] if len(behind) > 1 else [], before[::-1] if len(before) > 1 else [])
    return any(row and row[0].low in ("by", "x", "×") and row[1].number is not None for row in sides)


def _is_rate(tokens: Sequence[Token], amount: Amount) -> bool:
    """Tell whether a rate is said behind what is measured: "600 mm of rain a year"."""
    rest = [t for t in tokens if t.start >= amount.end][:_AFTER_RATE]
    is_of = bool(amount.unit) and bool(rest) and rest[0].low == "of"
    times = ("second", "minute", "hour", "day", "week", "month", "year", "person", "head")
    pairs = pairwise(rest)
    return is_of and any(one.low in ("a", "an", "per", "each", "every") and other.low in times for one, other in pairs)


def is_other_group(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    """Tell whether a further number is another's: "was 12%, among men 18%", "was 24%, against 12% among women"."""
    if any(token.low in _COMPARING for token in tokens[1:place]):
        return True
    before = [i for i in range(1, place) if tokens[i].number is not None and tokens[i].period is None]
    gap = tokens[before[-1] + 1 : place] if before else []
    gap = [t for t in gap if t.low not in ("and", ",", "but") and t.period is None]
    if _opens_noun(gap):
        return True
    return len(gap) > 1 and gap[0].low in _SIDES and parsed.text[tokens[before[-1]].end : gap[0].start].strip() != ""


def _opens_noun(gap: Sequence[Token]) -> bool:
    """Tell whether a noun of its own stands right before a number: "12 tonnes and the base 30 tonnes"."""
    while gap and gap[-1].low in words("words", "approximators"):
        if gap[-1].low == "of":
            return False
        gap = gap[:-1]
    is_noun = len(gap) > 1 and gap[0].low in any_of("articles", "possessives")
    return is_noun and gap[-1].low not in any_of("prepositions", "adverbs") and not is_verb(gap, len(gap) - 1)
