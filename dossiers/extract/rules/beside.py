"""Find amounts beside a clause that are its subject's: "..., killing 30 people", "63 km (39 miles)"."""

from collections.abc import Iterator, Sequence

from dossiers.extract.rules.amounts import Amount, read_amount
from dossiers.extract.rules.changes import find_clause
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.doubts import is_unsure
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.stated import read_stated
from dossiers.extract.rules.subjects import Span, find_quantity_owner, is_clear, list_names
from dossiers.extract.rules.timing import list_dates
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.words import words

_CONVERTED = 3


def find_in_participle(part: Clause, clause: Clause, parsed: Parsed) -> Iterator[tuple[Amount, Span]]:
    """Find the amounts right behind ", killing" and ", including", which no name behind them takes away."""
    tokens = part.tokens
    owner = find_sure_owner(clause, parsed)
    if owner is None or list_names(tokens, parsed) or not tokens[0].low.endswith("ing"):
        return
    last = 1
    for place in range(1, len(tokens)):
        between = [t.low for t in tokens[last:place]]
        is_next = all(low in words("words", "approximators") - {"to"} | {"and", ","} for low in between)
        amount = read_stated(tokens, place, part, parsed) if is_next else None
        if amount and (amount.noun or (amount.unit and amount.unit != "%")):
            last = next(i for i, t in enumerate(tokens) if t is amount.last) + 1
            yield amount, owner


def find_sure_owner(clause: Clause, parsed: Parsed) -> Span | None:
    """Find whose the numbers of a clause are, where that is certain."""
    if not clause.subject or not clause.predicate or is_unsure(clause, parsed) or not is_clear(clause.subject, parsed):
        return None
    return find_quantity_owner(clause, parsed)


def find_converted(amount: Amount, parsed: Parsed) -> Amount | None:
    """Find the same said again in brackets: "63 km (39 miles)", "94% of cases (233 million)"."""
    tokens = parsed.tokens
    opening = next((i for i, t in enumerate(tokens) if t.start >= amount.end and t.text == "("), -1)
    between = [t for t in tokens if amount.end <= t.start < tokens[opening].start] if opening >= 0 else []
    is_near = opening >= 0 and len(between) < _CONVERTED and (not between or between[0].low == "of")
    if not is_near or opening + 1 >= len(tokens) or tokens[opening + 1].number is None:
        return None
    other = read_amount(tokens, opening + 1, parsed) or _read_whole(tokens[opening + 1])
    fills = parsed.text[other.end : other.end + 1] == ")"
    is_like = not between or not other.unit
    return other if fills and is_like and not any(t.number or t.period for t in between) else None


def _read_whole(token: Token) -> Amount:
    return Amount(token.start, token.end, token, token, token.number.unit if token.number else "")


def find_earlier(parsed: Parsed) -> Iterator[tuple[Amount, Span, Token, Clause]]:
    """Find the number of another time: "..., compared with 622,000 in 2020", with its date."""
    flat = parsed.flat
    for place in [i for i, t in enumerate(flat) if t.low == "with" and i and flat[i - 1].low == "compared"]:
        here = place + 1
        while here < len(flat) and flat[here].low in words("words", "approximators"):
            here += 1
        clause = find_clause(parsed, flat[place])
        owner = find_sure_owner(clause, parsed) if clause else None
        date = _find_date_of(flat, here)
        if clause and owner and date and _has_like(clause, flat[here]):
            yield _read_whole(flat[here]), owner, date, clause


def _find_date_of(flat: Sequence[Token], place: int) -> Token | None:
    """Find the date right behind a number, where it ends the sentence."""
    is_end = place + 2 == len(flat) and flat[place].number is not None and flat[place].period is None
    return next(iter(list_dates(flat[place + 1 :])), None) if is_end else None


def _has_like(clause: Clause, token: Token) -> bool:
    """Tell whether the clause has one number to compare with, of the same unit."""
    rows = [t.number for t in clause.predicate if t.number and t.period is None and t.start < token.start]
    return len(rows) == 1 and token.number is not None and rows[0].unit == token.number.unit
