"""Find the members of lists: "Spain (26.1%), Greece (27.5%)", "A and B grew by 9% and 7% respectively", "B 13%"."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from dossiers.extract.rules.amounts import Amount, read_amount
from dossiers.extract.rules.changes import find_antecedent, find_clause, find_name_before_bracket
from dossiers.extract.rules.labels import make_label
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.properties import find_measure, name_property, name_unit
from dossiers.extract.rules.reading import Reading
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.subjects import Span, list_names, span_of
from dossiers.extract.rules.timing import find_date, list_dates
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import is_adverb, is_verb
from dossiers.extract.rules.words import any_of, words

_LINKING = frozenset("for by to at with".split())
_BETWEEN_NAMES = frozenset(", and the & both".split())


def find_bracketed(parsed: Parsed, reading: Reading) -> Iterator[Statement]:
    """Find "NAME (x%)": all share the property and the period of their sentence, or of one before it."""
    for place, token in enumerate(parsed.tokens):
        amount = _read_alone(parsed, place) if token.depth == 1 and token.number else None
        if amount is None:
            continue
        if owner := find_name_before_bracket(parsed, token) or _find_noun_before(parsed, place):
            yield _state(amount, owner, parsed, reading)


def _find_noun_before(parsed: Parsed, place: int) -> Span | None:
    """Find a small noun before its bracket, where it is one of a row: "coal (35%), gas (23%)"."""
    tokens = parsed.tokens
    rows = [i for i, t in enumerate(tokens) if t.depth == 1 and t.number and i and _read_alone(parsed, i)]
    begin = place - 1
    while begin and tokens[begin - 1].is_word and tokens[begin - 1].low not in words("words", "conjunctions"):
        begin -= 1
    noun = tokens[begin : place - 1]
    is_small = all(t.text.islower() and not is_verb(noun, i) and not is_adverb(t) for i, t in enumerate(noun))
    closed = any_of("prepositions", "determiners", "pronouns")
    is_noun = 0 < len(noun) <= 3 and is_small and not any(t.low in closed for t in noun)
    return span_of(noun) if len(rows) > 1 and is_noun else None


def _read_alone(parsed: Parsed, place: int) -> Amount | None:
    """Read an amount that fills its brackets."""
    tokens = parsed.tokens
    amount = read_amount(tokens, place, parsed)
    if amount is None or not (amount.unit and place):
        return None
    after = parsed.text[amount.end : amount.end + 1]
    return amount if tokens[place - 1].text == "(" and after in (")", ";", ",") else None


def _state(amount: Amount, owner: Span, parsed: Parsed, reading: Reading) -> Statement:
    subject = parsed.text[slice(*owner)]
    name = _read_heading(parsed, owner)
    name = name or (find_measure(parsed, amount.start, reading) if amount.unit == "%" else "") or name_unit(amount.unit)
    date, other = _find_shared_date(amount, parsed, reading)
    label = make_label(subject, name, date.text if date else "")
    sentence = other.sentence if other else None
    place = (date.start, date.end) if date else None
    return Statement("quantity", parsed.sentence, (amount.start, amount.end), owner, place, label, None, sentence)


def _read_heading(parsed: Parsed, owner: Span) -> str:
    """Read what a list is of from the phrase before its colon: "Adult tobacco use in 2020: ..."."""
    heading = next((c for c in parsed.clauses if c.subject and c.subject[-1].end < owner[0] and not c.predicate), None)
    return parsed.text[slice(*span_of(heading.subject))] if heading and ":" in parsed.text[: owner[0]] else ""


def _find_shared_date(amount: Amount, parsed: Parsed, reading: Reading) -> tuple[Token | None, Parsed | None]:
    """Find the date of a list: in its sentence, else in the nearest one before it that compares shares too."""
    if date := find_date(parsed.flat, amount.first, parsed.text):
        return date, None
    for other in reading.walk_back(parsed) if amount.unit == "%" else ():
        if other.sentence.is_cut:
            break
        dates = [date for date in list_dates(other.flat) if date.period and date.period.basis == "absolute"]
        if date := (dates[-1] if dates else find_date(other.flat, other.flat[-1], other.text) if other.flat else None):
            return (date, other) if date.period is None or date.period.basis == "absolute" else (None, None)
    return None, None


def find_respective(parsed: Parsed) -> Iterator[Statement]:
    """Find the pairs of "A, B and C hold 60%, 13% and 10% respectively"."""
    flat = parsed.flat
    mark = next((i for i, token in enumerate(flat) if token.low == "respectively"), -1)
    amounts = _list_row(flat[: max(mark, 0)], parsed)
    if len(amounts) < 2:
        return
    begin, end = (next(i for i, t in enumerate(flat) if t is one) for one in (amounts[0].first, amounts[-1].last))
    names = list_coordinated(flat[:begin], parsed)
    if len(names) != len(amounts):
        names = list_coordinated(flat[end + 1 : mark], parsed)
    if len(names) != len(amounts):
        return
    clause = find_clause(parsed, amounts[0].first)
    date = find_date(flat, amounts[-1].last, parsed.text)
    for name, amount in zip(names, amounts, strict=True):
        owner = span_of(name)
        said = name_property(clause, owner, amount, parsed) if clause else name_unit(amount.unit)
        said = name_unit(amount.unit) if any(other[0].text in said for other in names) else said
        label = make_label(parsed.text[slice(*owner)], said, date.text if date else "")
        place = (date.start, date.end) if date else None
        yield Statement("quantity", parsed.sentence, (amount.start, amount.end), owner, place, label)


def _list_row(flat: Sequence[Token], parsed: Parsed) -> list[Amount]:
    """List the amounts of a row; the unit of the last is that of all, where the others have none."""
    found = [a for i in range(len(flat)) if (a := read_amount(flat, i, parsed) or _read_unitless(flat, i))]
    unit = found[-1].unit if found else ""
    is_row = bool(found) and all(amount.unit in ("", unit) for amount in found) and bool(unit or found[-1].noun)
    return found if is_row else []


def _read_unitless(flat: Sequence[Token], place: int) -> Amount | None:
    token = flat[place]
    is_plain = token.number is not None and token.period is None and not token.number.is_ordinal
    return Amount(token.start, token.end, token, token, "") if is_plain and _ends_here(flat, place) else None


def list_coordinated(tokens: Sequence[Token], parsed: Parsed) -> list[list[Token]]:
    """List the last names that only commas and "and" part."""
    names = list_names(tokens, parsed)
    kept: list[list[Token]] = []
    for name in reversed(names):
        gap = [t for t in tokens if kept and name[-1].end <= t.start < kept[0][0].start]
        if kept and any(token.low not in _BETWEEN_NAMES for token in gap):
            break
        kept.insert(0, name)
    return kept


def find_gapped(parsed: Parsed) -> Iterator[Statement]:
    """Find the second half of "A had 20,000 and B 13,000", whose verb and noun are those of the first."""
    flat = parsed.flat
    for place in range(2, len(flat)):
        token = flat[place]
        if token.number is None or token.number.is_ordinal or token.period is not None:
            continue
        is_small = not _is_written_large(token)
        if is_small and not _ends_here(flat, place):
            continue
        names = list_names(flat[:place], parsed)
        before = place - 2 if flat[place - 1].low in _LINKING else place - 1
        name = names[-1] if names and names[-1][-1] is flat[before] else []
        begin = next((i for i, t in enumerate(flat) if name and t is name[0]), 0)
        model = _find_model(flat, begin, token, parsed)
        begin -= bool(begin and flat[begin - 1].low == "the")
        if before < place - 1 and not _has_same_link(flat, begin, flat[place - 1].low):
            continue
        if begin and flat[begin - 1].low in ("and", ",", "while", "but") and model and (model.noun or not is_small):
            yield _state_gapped(token, name, model, parsed)


def _has_same_link(flat: Sequence[Token], begin: int, link: str) -> bool:
    """Tell whether an earlier number of the row has the same preposition: "accounts for 29%, France for 20%"."""
    return any(one.low == link and other.number is not None for one, other in pairwise(flat[:begin]))


def _ends_here(flat: Sequence[Token], place: int) -> bool:
    """Tell whether nothing but the next member of a row follows a number."""
    return place + 1 == len(flat) or flat[place + 1].low in (",", "and", ";")


def _is_written_large(token: Token) -> bool:
    """Tell whether a number behind a name is no part of it."""
    return token.number is not None and (bool(token.number.unit) or "," in token.text or "." in token.text)


def _find_model(flat: Sequence[Token], begin: int, token: Token, parsed: Parsed) -> Amount | None:
    amounts = [a for i in range(begin) if (a := read_amount(flat, i, parsed))]
    unit = token.number.unit if token.number else ""
    alike = [amount for amount in amounts if amount.unit == unit]
    return alike[0] if alike else None


def _state_gapped(token: Token, name: Sequence[Token], model: Amount, parsed: Parsed) -> Statement:
    owner = span_of(name)
    clause = find_clause(parsed, model.first)
    date = find_date(clause.tokens if clause else parsed.flat, model.last, parsed.text)
    whose = find_antecedent(parsed, clause) if clause else None
    said = name_property(clause, whose, model, parsed) if clause and whose else model.noun
    said = said or name_unit(model.unit)
    label = make_label(parsed.text[slice(*owner)], said, date.text if date else "")
    place = (date.start, date.end) if date else None
    return Statement("quantity", parsed.sentence, (token.start, token.end), owner, place, label)


def find_compared(parsed: Parsed) -> Iterator[Statement]:
    """Find "compared with 4.5 square metres for Hubble"."""
    flat = parsed.flat
    for place, token in enumerate(flat):
        if token.low not in ("compared", "against", "versus"):
            continue
        here = place + 1
        while here < len(flat) and flat[here].low in words("words", "approximators") | {"with"}:
            here += 1
        amount = read_amount(flat, here, parsed) if here < len(flat) else None
        rest = [t for t in flat if amount and t.start >= amount.end][:8]
        if amount and rest and rest[0].low in ("for", "in"):
            names = list_names(rest, parsed)
            if names and names[0][0] in rest[1:3]:
                yield _state_gapped_like(amount, names[0], parsed)


def _state_gapped_like(amount: Amount, name: Sequence[Token], parsed: Parsed) -> Statement:
    clause = find_clause(parsed, amount.first)
    date = find_date(clause.tokens if clause else parsed.flat, amount.last, parsed.text)
    place = (date.start, date.end) if date else None
    subject = parsed.text[slice(*span_of(name))]
    label = make_label(subject, amount.noun or name_unit(amount.unit), date.text if date else "")
    return Statement("quantity", parsed.sentence, (amount.start, amount.end), span_of(name), place, label)
