"""Find amounts that a clause gives to its subject: "WHO has 194 member states", "the tower, 324 m tall, ..."."""

from collections.abc import Iterator, Sequence

from dossiers.extract.matching import TOPIC_KEY
from dossiers.extract.rules.amounts import TIMES, Amount, is_reference, read_amount
from dossiers.extract.rules.changes import find_antecedent, is_in_change
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.labels import make_label
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.properties import name_property, name_unit
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.subjects import Span, find_owner, is_anaphoric, is_clear, list_names, span_of
from dossiers.extract.rules.timing import find_date
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import BE, is_adverb, is_participle, is_past, is_verb
from dossiers.extract.rules.words import base_of, read_data, words

_FARTHEST = 7
_DEFINITE = words("words", "possessives") | {"the", "these", "those", "this", "that", "its", "aged", "age", "first", "last", "next"}
_COMPARATIVES = frozenset("more less fewer higher lower larger smaller lighter heavier longer shorter faster slower greater".split())
_ADVERBIAL = frozenset("for within after in over during every past until per before".split())
_LASTING = frozenset("last take span endure run spend".split())


def find_quantities(parsed: Parsed) -> Iterator[Statement]:
    """Find the amounts of all clauses of a sentence."""
    for clause in parsed.clauses:
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
    while 0 < place < len(lead) and lead[place].low in words("words", "approximators"):
        place += 1
    amount = _read(lead, place, clause, parsed) if 0 < place < len(lead) else None
    owner = find_owner(clause.subject, parsed)
    has_thing = amount is not None and bool(amount.unit or (amount.noun and lead[0].low == "with"))
    if amount and has_thing and owner and _is_before_comma(lead, amount):
        yield _state(amount, owner, clause, parsed)


def _is_before_comma(lead: Sequence[Token], amount: Amount) -> bool:
    """Tell whether an amount is the only one of the phrase that a comma ends."""
    behind = [token for token in lead if token.start >= amount.end]
    return not any(token.number is not None or token.period is not None for token in behind)


def _find_behind_verb(clause: Clause, parsed: Parsed) -> Iterator[Statement]:
    """Find the amounts that stand as objects, one after the other."""
    tokens = clause.predicate
    owner, is_clear_owner = find_antecedent(parsed, clause), is_clear(clause.subject, parsed)
    last, placed_before = 0, False
    for place in range(1, len(tokens)):
        amount = _read(tokens, place, clause, parsed) or _read_again(tokens, place, parsed)
        if amount is None or amount.start < last:
            continue
        last = amount.end
        whose = _find_named_behind(tokens, amount, parsed) or _find_put(clause, place, parsed)
        placed = _find_placed(clause, amount, parsed)
        if whose is None and (_is_object(tokens, place, parsed) or (placed and placed_before)):
            whose = placed or (owner if is_clear_owner or amount.unit == "%" else None)
        placed_before = placed_before or placed is not None
        if whose:
            yield _state(amount, whose, clause, parsed)


def _read(tokens: Sequence[Token], place: int, clause: Clause, parsed: Parsed) -> Amount | None:
    """Read an amount that is the clause's own statement: not "the 15 largest", no change, no age, no time but a span."""
    if tokens[place].number is None or is_in_change(parsed, tokens[place]):
        return None
    amount = read_amount(tokens, place, parsed)
    if amount is None or _is_open(tokens, place, amount) or (_is_definite(tokens, place) and not _find_named_behind(tokens, amount, parsed)) or _is_adjective(tokens, amount):
        return None
    if amount.unit in TIMES and not _is_lasting(tokens, amount, clause):
        return None
    return amount


def _read_again(tokens: Sequence[Token], place: int, parsed: Parsed) -> Amount | None:
    """Read a bare number whose noun was said with the one before it: "killed 35 people and injured 120"."""
    token = tokens[place]
    if token.number is None or token.period is not None or token.number.unit or token.number.is_ordinal:
        return None
    earlier = [t for t in parsed.flat if t.end <= token.start and t.number is not None and t.period is None]
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    is_end = following is None or following.low in words("words", "prepositions") - {"of", "to"} or following.period is not None
    if not earlier or not is_end or is_reference(tokens, place) or is_in_change(parsed, token) or _is_definite(tokens, place):
        return None
    model = read_amount(parsed.flat, next(i for i, t in enumerate(parsed.flat) if t is earlier[-1]), parsed)
    is_direct = place == 1 or tokens[place - 1].low in words("words", "approximators") | {"and"}
    return Amount(token.start, token.end, token, token, "", model.noun) if model and model.noun and is_direct else None


def _is_open(tokens: Sequence[Token], place: int, amount: Amount) -> bool:
    """Tell whether a number is one end of something that was not read: "from 5", "between 2 and 8 grams", "one dollar"."""
    before = place - 1
    while before >= 0 and tokens[before].low in words("words", "approximators"):
        before -= 1
    lows = [token.low for token in tokens[max(0, place - 4) : place]]
    is_start = before >= 0 and tokens[before].low == "from" and not amount.noun
    return is_start or "between" in lows or tokens[place].low.startswith("one ")


def _is_definite(tokens: Sequence[Token], place: int) -> bool:
    before = place - 1
    while before >= 0 and tokens[before].low in ("about", "over", "some", "nearly", "almost", "more", "than", "of", "age"):
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
    return following is not None and (following.low in _COMPARATIVES or (following.low.endswith("er") and _is_than(tokens, following)))


def _is_noun(tokens: Sequence[Token], token: Token) -> bool:
    """Tell whether a small word can only be a noun: "3 nm chips", "a 40% stake"."""
    place = next(i for i, t in enumerate(tokens) if t is token)
    lists = ("prepositions", "determiners", "pronouns", "conjunctions", "subordinators", "relatives", "adverbs")
    closed = frozenset().union(*(words("words", name) for name in lists)) | read_data()["adjectives"].keys()
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
    if place >= 0 and tokens[place].low in _ADVERBIAL:
        return False
    if any(token.low in words("words", "measures") for token in clause.subject):
        return True
    return is_span and (following is None or following.low not in ("after", "before", "later", "ago"))


def _is_object(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    """Tell whether only qualifying words stand between a verb, or an object before, and the number."""
    between = tokens[1:place]
    if not _is_joined(tokens, place, parsed):
        return False
    joints = [i for i, token in enumerate(between) if token.number is not None or token.low in ("and",)]
    tail = between[joints[-1] + 1 :] if joints else between
    if _is_share(tokens, place):
        return len(tail) <= _FARTHEST and not any(token.low in ("that", "which", "who") for token in tail)
    if tokens[0].low in BE and any(token.low in words("words", "articles") for token in tail):
        return _has_with(tokens, place)
    if _has_loss(tokens, place) or _is_one_of_row(tokens, place, parsed):
        return _has_loss(tokens, place)
    if len(tail) > _FARTHEST or any(token.low in ("that", "with", "which", "who", "whose", "after") for token in tail):
        return _has_with(tokens, place)
    is_fact = _has_unit(tokens, place) and not _is_deed(tokens)
    if not is_fact and not _is_direct(tail) and not _is_row_of_have(tokens, place):
        return False
    names = [token for token in tail if token.is_name]
    is_gift = base_of(tokens[0].low) in words("verbs", "giving") and tokens[place].number and tokens[place].number.unit
    return not names or bool(is_gift) or _is_object_with(tokens, place)


def _has_unit(tokens: Sequence[Token], place: int) -> bool:
    number = tokens[place].number
    return number is not None and bool(number.unit)


def _is_deed(tokens: Sequence[Token]) -> bool:
    """Tell whether a verb tells of something done once, whose numbers may be anybody's: no present, no measuring."""
    base = base_of(tokens[0].low)
    return is_past(tokens[0].low) and base not in words("verbs", "measuring") | words("verbs", "changing")


def _is_direct(tail: Sequence[Token]) -> bool:
    """Tell whether only adverbs, small words, a participle or "a crew of" stand before what is counted."""
    small = words("words", "approximators") | words("words", "prepositions") | words("words", "adverbs") | BE
    rest = [t for t in tail if t.low not in small and not is_adverb(t) and not is_participle(t.low) and t.period is None]
    lows = [t.low for t in tail]
    is_of = lows[-1:] == ["of"] or (len(lows) > 1 and lows[-1] in words("words", "approximators") and "of" in lows)
    return not rest or (is_of and len(rest) <= 2) or lows[0] in ("home", "worth")


def _is_joined(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    """Tell whether a further number stands beside the one before ("six offices and 150 branches"), not under it."""
    before = [i for i in range(1, place) if tokens[i].number is not None and tokens[i].period is None]
    if not before:
        return True
    gap = tokens[before[-1] + 1 : place]
    has_sign = "," in parsed.text[tokens[before[-1]].end : tokens[place].start]
    return has_sign or any(token.low in ("and", "or", "by") for token in gap)


def _has_loss(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether "with a loss of" stands right before the number."""
    lows = [token.low for token in tokens[:place]]
    while lows and lows[-1] in words("words", "approximators") - {"of", "a", "an"}:
        lows.pop()
    begin = max((i for i, low in enumerate(lows) if low == "with"), default=-1)
    phrase = lows[begin:] if begin >= 0 else []
    return 4 <= len(phrase) <= 6 and phrase[1] in words("words", "articles") and phrase[-1] == "of"


def _is_one_of_row(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    """Tell whether a number is one of several of one unit, each for another part: "62% in first class, 41% in second"."""
    number = tokens[place].number
    row = [i for i, t in enumerate(tokens) if t.number and number and t.number.unit == number.unit != ""]
    parts = [i for i in row if i + 2 < len(tokens) and tokens[i + 1].low in ("in", "for", "among", "at")]
    parts = [i for i in parts if tokens[i + 2].period is None]
    is_named = bool(parts) and all(list_names(tokens[i + 2 : i + 4], parsed) for i in parts)
    return len(parts) > 1 and not is_named


def _is_share(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a number is a percentage of something: "on 40% of their articles"."""
    number = tokens[place].number
    return number is not None and number.unit == "%" and place + 1 < len(tokens) and tokens[place + 1].low == "of"


def _has_with(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether "with a population of" gives the amount to what the clause defines."""
    before = [token.low for token in tokens[max(0, place - 8) : place]]
    if before[-1] == "with":
        return tokens[0].low in BE
    return tokens[0].low in BE and ("with" in before or ("at" in before and "cost" in before)) and before[-1] in ("of", *words("words", "approximators"))


def _is_object_with(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether an amount may stand behind a name: in a row of what a subject has, or behind "with a length of"."""
    return _has_with(tokens, place) or _is_row_of_have(tokens, place)


def _is_row_of_have(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether an amount stands in a row: "has its seat in Geneva, six offices and 150 branches"."""
    gap = tokens[place].start - tokens[place - 1].end if place else 0
    return base_of(tokens[0].low) == "have" and gap > 1


def _find_named_behind(tokens: Sequence[Token], amount: Amount, parsed: Parsed) -> Span | None:
    """Find the name that an amount of money or size stands before: "the US$700 billion Relief Program"."""
    end = next((i for i, token in enumerate(tokens) if token is amount.last), len(tokens)) + 1
    if not amount.unit or end >= len(tokens) or not tokens[end].is_name or tokens[end].start - amount.end != 1:
        return None
    names = list_names(tokens[end:], parsed)
    return span_of(names[0]) if names and names[0][0] is tokens[end] else None


def _find_placed(clause: Clause, amount: Amount, parsed: Parsed) -> Span | None:
    """Find the name right behind an amount whose subject only measures: "unemployment was 6.5% in Germany"."""
    is_there = clause.subject[0].low == "there"
    is_measure = bool(amount.unit) and any(token.low in words("words", "measures") for token in clause.subject)
    if not is_there and (is_anaphoric(clause.subject) or list_names(clause.subject, parsed)):
        return None
    rest = [t for t in clause.predicate if t.start >= amount.end]
    if not rest or rest[0].low not in ("in", "for", "at", "among") or not (is_there or amount.unit == "%" or is_measure):
        return None
    noun = rest[2:] if len(rest) > 1 and rest[1].low == "the" else rest[1:]
    names = list_names(noun, parsed)
    return span_of(names[0]) if names and names[0][0] is noun[0] else None


def _find_put(clause: Clause, place: int, parsed: Parsed) -> Span | None:
    """Find what "estimates put the length of the river at 5 km" is about."""
    tokens = clause.predicate
    if base_of(tokens[0].low) not in ("put", "place", "estimate") or "at" not in [t.low for t in tokens[1:place]]:
        return None
    end = next(i for i, token in enumerate(tokens) if token.low == "at")
    noun = [t for t in tokens[1:end] if t.low not in words("words", "articles")]
    return find_owner(noun, parsed) if noun else None


def _find_in_subject(clause: Clause, parsed: Parsed) -> Iterator[Statement]:
    """Find what is counted in a subject; it is measured of what the clause does it to: "61 states signed the treaty"."""
    tokens = clause.subject
    place = next((i for i, token in enumerate(tokens) if token.number is not None), -1)
    amount = _read(tokens, place, clause, parsed) if place >= 0 else None
    if amount is None or amount.unit or not amount.noun or any(t.end <= amount.start for t in list_heads(tokens, parsed)):
        return
    if whose := _find_home(tokens, amount, parsed) or _find_affected(clause, parsed):
        yield _state(amount, whose, Clause("main", clause.tokens, [], clause.predicate), parsed)


def list_heads(tokens: Sequence[Token], parsed: Parsed) -> list[Token]:
    """List the first words of the names among tokens."""
    return [run[0] for run in list_names(tokens, parsed)]


def _find_home(tokens: Sequence[Token], amount: Amount, parsed: Parsed) -> Span | None:
    """Find the name right behind what is counted: "15 million people in Spain"."""
    rest = [token for token in tokens if token.start >= amount.end]
    if len(rest) < 2 or rest[0].low not in ("in", "of", "from", "at"):
        return None
    noun = rest[2:] if rest[1].low == "the" else rest[1:]
    names = list_names(rest, parsed)
    return span_of(names[0]) if names and noun and names[0][0] is noun[0] else None


def _find_affected(clause: Clause, parsed: Parsed) -> Span | None:
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
        if parsed.text[tokens[place - 1].end : tokens[place].start].strip() not in ("", "\"", "“", "”", "-"):
            return list(tokens[:place])
    return list(tokens)


def _find_place(tokens: Sequence[Token], parsed: Parsed) -> Span | None:
    """Find the place that a phrase names."""
    names = list_names(tokens, parsed)
    return span_of(names[0]) if names else _find_topic(tokens, parsed)


def _find_in_aside(aside: Clause, clause: Clause, parsed: Parsed) -> Iterator[Statement]:
    """Find "about 3,250 km long" beside a subject, and ", a package worth 5 million" behind a clause."""
    tokens = aside.tokens
    for place in [i for i, token in enumerate(tokens) if token.number is not None]:
        amount = _read(tokens, place, aside, parsed)
        if amount is None or is_anaphoric(clause.subject):
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
    if lead and lead != ["with"] and not is_worth and not is_size:
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
