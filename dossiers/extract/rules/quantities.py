"""Find amounts that a clause gives to its subject: "WHO has 194 member states", "the tower, 324 m tall, ..."."""

from collections.abc import Iterator, Sequence

from dossiers.extract.rules.amounts import Amount
from dossiers.extract.rules.beside import find_converted, find_earlier, find_in_participle
from dossiers.extract.rules.changes import find_antecedent
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.doubts import counts, is_other_group, is_set_off, is_unsure
from dossiers.extract.rules.labels import make_label
from dossiers.extract.rules.objects import is_object
from dossiers.extract.rules.owners import find_affected, find_home, find_named_behind, find_placed, find_put
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.properties import name_property, name_unit
from dossiers.extract.rules.stated import is_definite, read_again, read_stated
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.subjects import Span, find_owner, is_anaphoric, is_clear, list_names, span_of
from dossiers.extract.rules.timing import find_date
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.words import read_data, words


def find_quantities(parsed: Parsed) -> Iterator[Statement]:
    """Find the amounts of all clauses of a sentence."""
    for amount, owner, date, clause in find_earlier(parsed):
        yield _state(amount, owner, Clause("main", [date], clause.subject, clause.predicate), parsed)
    for clause in parsed.clauses:
        if clause.kind == "participle" and clause.parent:
            for amount, owner in find_in_participle(clause, clause.parent, parsed):
                yield _state(amount, owner, clause, parsed)
        if clause.kind == "aside" and clause.parent:
            yield from _find_in_aside(clause, clause.parent, parsed)
        elif clause.subject and clause.predicate and not _is_shared(clause, parsed):
            yield from _find_before_subject(clause, parsed)
            yield from _find_behind_verb(clause, parsed)
            yield from _find_in_subject(clause, parsed)


def _is_shared(clause: Clause, parsed: Parsed) -> bool:
    """Tell whether several subjects share one predicate, so that it is not clear whose a number is."""
    if any(token.low == "respectively" for token in parsed.flat) or clause.subject[0].low in words("skip", "notices"):
        return True
    joints = [i for i, token in enumerate(clause.subject) if token.low == "and"]
    if joints and list_names(clause.subject[: joints[0]], parsed) and not _is_one_name(clause.subject, parsed):
        return True
    numbers = [t for t in clause.predicate if t.number is not None and t.number.unit]
    place = parsed.clauses.index(clause)
    before = parsed.clauses[place - 1] if place else None
    is_row = before is not None and before.kind == "aside" and before.subject != [] and not before.predicate
    return bool(joints) and (is_row or len(numbers) > 1)


def _is_one_name(tokens: Sequence[Token], parsed: Parsed) -> bool:
    """Tell whether "and" stands inside one name: "Harland and Wolff"."""
    return len(list_names(tokens, parsed)) == 1


def _find_before_subject(clause: Clause, parsed: Parsed) -> Iterator[Statement]:
    """Find "At 3,776 metres, the mountain is ..."."""
    lead = [t for t in clause.tokens if t.end <= clause.subject[0].start]
    place = 1 if len(lead) > 1 and lead[0].low in ("at", "with") else -1
    place = _skip_measure(lead, place) if place > 0 else place
    amount = read_stated(lead, place, clause, parsed) if 0 < place < len(lead) else None
    owner = find_owner(clause.subject, parsed)
    has_thing = amount is not None and bool(amount.unit or (amount.noun and lead[0].low == "with"))
    if amount and has_thing and owner and _is_before_comma(lead, amount):
        yield _state(amount, owner, clause, parsed)


def _skip_measure(tokens: Sequence[Token], place: int) -> int:
    """Skip "about" and "a budget of" before a number."""
    small = words("words", "approximators")
    end = next((i for i in range(place, min(place + 6, len(tokens))) if tokens[i].number is not None), place)
    rest = [t for t in tokens[place:end] if t.low not in small]
    is_measure = not rest or (len(rest) <= 2 and rest[-1].low in words("words", "measures") | {"population"})
    return end if is_measure else place


def _is_before_comma(lead: Sequence[Token], amount: Amount) -> bool:
    """Tell whether an amount is the only one of the phrase that a comma ends."""
    behind = [token for token in lead if token.start >= amount.end]
    return not any(token.number is not None or token.period is not None for token in behind)


def _find_behind_verb(clause: Clause, parsed: Parsed) -> Iterator[Statement]:
    """Find the amounts that stand as objects, one after the other."""
    tokens = clause.predicate
    if is_unsure(clause, parsed):
        return
    owner, is_clear_owner = find_antecedent(parsed, clause), is_clear(clause.subject, parsed)
    last, placed_before = 0, False
    for place in range(1, len(tokens)):
        amount = read_stated(tokens, place, clause, parsed) or read_again(tokens, place, parsed)
        if amount is None or amount.start < last or _is_cut_off(tokens, place, amount, parsed):
            continue
        last = amount.end
        whose = find_named_behind(tokens, amount, parsed) or find_put(clause, place, parsed)
        placed = find_placed(clause, amount, parsed)
        if whose is None and (is_object(tokens, place, parsed) or (placed and placed_before)):
            whose = placed or (owner if is_clear_owner else None)
        placed_before = placed_before or placed is not None
        if whose and not is_set_off(tokens, place, amount, clause, parsed):
            yield _state(amount, whose, clause, parsed)
            if other := find_converted(amount, parsed):
                yield _state(other, whose, clause, parsed)


def _is_cut_off(tokens: Sequence[Token], place: int, amount: Amount, parsed: Parsed) -> bool:
    """Tell whether a semicolon parts a number from its verb, or it is a share of what is only pointed at."""
    following = [t.low for t in tokens if t.start >= amount.end][:2]
    if is_other_group(tokens, place, parsed):
        return True
    is_pointing = len(following) > 1 and following[0] == "of" and following[1] in words("words", "pronouns")
    return is_pointing or any(sign in parsed.text[tokens[0].end : tokens[place].start] for sign in ";:")


def _find_in_subject(clause: Clause, parsed: Parsed) -> Iterator[Statement]:
    """Find what is counted in a subject; it is measured of the object of the clause: "61 states signed the treaty"."""
    tokens = clause.subject
    place = next((i for i, token in enumerate(tokens) if token.number is not None), -1)
    amount = read_stated(tokens, place, clause, parsed) if place >= 0 else None
    if amount is None or amount.unit or not amount.noun:
        return
    begin = next(i for i, token in enumerate(parsed.flat) if token is amount.first)
    is_named = any(run[0].end <= amount.start for run in list_names(tokens, parsed))
    if is_named or is_definite(parsed.flat, begin):
        return
    if whose := find_home(tokens, amount, parsed) or find_affected(clause, parsed):
        yield _state(amount, whose, Clause("main", clause.tokens, [], clause.predicate), parsed)


def _find_in_aside(aside: Clause, clause: Clause, parsed: Parsed) -> Iterator[Statement]:
    """Find "about 3,250 km long" beside a subject, and ", a package worth 5 million" behind a clause."""
    tokens = aside.tokens
    for place in [i for i, token in enumerate(tokens) if token.number is not None]:
        amount = read_stated(tokens, place, aside, parsed)
        if amount is None or is_anaphoric(clause.subject) or counts(clause, parsed):
            continue
        if any(t.low == "since" or t.lead == "since" for t in tokens[:place]):
            return
        if owner := _find_aside_owner(aside, clause, place, amount, parsed):
            yield _state(amount, owner, aside, parsed, named=clause)


def _find_aside_owner(aside: Clause, clause: Clause, place: int, amount: Amount, parsed: Parsed) -> Span | None:
    """Find whose the amount of an aside is: that of the clause beside it, or of the name before "a package worth"."""
    tokens = aside.tokens
    following = next((t for t in tokens if t.start >= amount.end), None)
    is_size = following is not None and following.low in read_data()["adjectives"] and not _is_behind(aside, clause)
    lead = [t.low for t in tokens[:place] if t.low not in words("words", "approximators")]
    is_worth = bool(lead) and lead[-1] in ("worth", "costing", "weighing", "measuring")
    is_with = lead[:1] == ["with"] and _skip_measure(tokens, 1) == place
    if lead and not is_with and not is_worth and not is_size:
        return None
    return _find_last_name(clause, tokens[0].start, parsed) if is_worth else find_owner(clause.subject, parsed)


def _is_behind(aside: Clause, clause: Clause) -> bool:
    return bool(clause.predicate) and aside.tokens[0].start > clause.predicate[0].start


def _find_last_name(clause: Clause, before: int, parsed: Parsed) -> Span | None:
    names = list_names([t for t in clause.predicate if t.end <= before and t.period is None], parsed)
    return span_of(names[-1]) if names else find_owner(clause.subject, parsed)


def _state(amount: Amount, owner: Span, clause: Clause, parsed: Parsed, named: Clause | None = None) -> Statement:
    date = find_date(clause.tokens, amount.last, parsed.text)
    said = name_property(named or clause, owner, amount, parsed)
    if named and not named.predicate:
        said = said or name_unit(amount.unit)
    subject = parsed.text[slice(*owner)]
    label = make_label(subject, said, date.text if date else "")
    place = (date.start, date.end) if date else None
    return Statement("quantity", parsed.sentence, (amount.start, amount.end), owner, place, label)
