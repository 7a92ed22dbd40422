"""Take a clause and an amount; leave what the amount measures, in the words of the text where it has them."""

from collections.abc import Sequence

from dossiers.extract.rules.amounts import Amount, is_money
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.labels import make_singular, turn_measure
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.reading import Reading
from dossiers.extract.rules.subjects import Span
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import AUXILIARIES, is_adverb, is_verb
from dossiers.extract.rules.words import any_of, base_of, read_data, words

_OF_WORDS = 3
_WHOLES = frozenset("global worldwide world's world overall".split())
_LOOSE_ENDS = frozenset("'s ’s of in for at by on from to the a an with and as than 's".split())


def describe_rest(tokens: Sequence[Token], owner: Span) -> str:
    """Give what a subject says beside the name that owns it: "unemployment rate" of "Spain's unemployment rate"."""
    rest = [t for t in tokens if not (owner[0] <= t.start < owner[1]) and t.period is None]
    while rest and rest[0].low in _LOOSE_ENDS:
        rest = rest[1:]
    while rest and rest[-1].low in _LOOSE_ENDS:
        rest = rest[:-1]
    return turn_measure(" ".join(token.text for token in rest if token.low not in ("'s", "’s")))


def list_measures(tokens: Sequence[Token]) -> list[tuple[int, str]]:
    """List the noun phrases that measure ("rate of growth", "youth unemployment rates") with the place of the head."""
    return [
        (token.start, _describe_measure(tokens, place))
        for place, token in enumerate(tokens)
        if token.is_word and token.low in words("words", "measures") and not _is_bound(tokens, place)
    ]


def _is_bound(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a measuring noun only qualifies the next one: "income growth"."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return following is not None and following.is_word and following.low in words("words", "measures")


def _describe_measure(tokens: Sequence[Token], place: int) -> str:
    begin = place
    while begin and _qualifies(tokens, begin - 1):
        begin -= 1
    end = place + 1
    if end + 1 < len(tokens) and tokens[end].low == "of":
        stop = end + 1
        while stop < len(tokens) and stop - end <= _OF_WORDS and _qualifies(tokens, stop):
            stop += 1
        end = stop if stop > end + 1 else end
    return make_singular(turn_measure(" ".join(token.text for token in tokens[begin:end])))


def _qualifies(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a word is an adjective or a noun in front of a noun."""
    token = tokens[place]
    closed = any_of("prepositions", "determiners", "pronouns")
    if not token.is_word or not token.text.islower() or token.low in closed | words("words", "conjunctions"):
        return False
    is_other = token.low in AUXILIARIES | _WHOLES | {"'s", "’s", "higher", "lower", "than", "less", "more"}
    return not (is_other or is_adverb(token) or is_verb(tokens, place))


def find_measure(parsed: Parsed, before: int, reading: Reading) -> str:
    """Find the measure that a list of percentages is of: in its sentence, else in one before it, worded the fullest."""
    own = [text for start, text in list_measures(parsed.flat) if start < before]
    earlier = [text for other in reading.walk_back(parsed) for _, text in reversed(list_measures(other.flat))]
    if not own:
        return next((text for text in earlier if len(text.split()) > 1), "")
    head = own[-1]
    if len(head.split()) > 1:
        return head
    return next((text for text in [*own, *earlier] if text.split()[-1] == head.split()[-1] and text != head), head)


def name_property(clause: Clause, owner: Span, amount: Amount, parsed: Parsed) -> str:
    """Name what an amount measures: by the subject, by what is counted, by words around it, by verb or by unit."""
    rest = describe_rest(clause.subject, owner)
    base = _base_of(clause)
    if base in words("verbs", "changing") | {"be", "stand", "average", "total", "reach", "amount", "exceed"} and rest:
        return rest
    if not rest and base == "be" and _is_measure(clause.subject):
        return ""
    around = _read_around(parsed, amount)
    if around or amount.noun:
        return around or amount.noun
    if not rest and _is_measure(clause.subject):
        return ""
    return read_data()["verb_measures"].get(base) or rest or name_unit(amount.unit)


def name_unit(unit: str) -> str:
    """Name what a unit measures in general: "Area" for square metres."""
    dimensions: dict[str, str] = read_data()["dimensions"]
    return dimensions.get("money" if is_money(unit) else unit or "none", "Amount")


def _base_of(clause: Clause) -> str:
    return base_of(clause.predicate[0].low) if clause.predicate else "be"


def _is_measure(subject: Sequence[Token]) -> bool:
    return any(token.low in words("words", "measures") for token in subject)


def _read_around(parsed: Parsed, amount: Amount) -> str:
    """Read "a population of 5 million", "12 km long", "8 km from Paris", "5% of the area"."""
    flat = parsed.flat
    place = next((i for i, token in enumerate(flat) if token is amount.first), -1)
    end = next((i for i, token in enumerate(flat) if token is amount.last), -1)
    if place < 0 or end < 0:
        return ""
    begin = place - 1 if not amount.noun else -1
    while begin >= 0 and flat[begin].low in words("words", "approximators"):
        if flat[begin].low == "of" and begin and _qualifies(flat, begin - 1):
            return _describe_measure(flat[:begin], begin - 1)
        begin -= 1
    following = flat[end + 1] if end + 1 < len(flat) else None
    if following is None:
        return ""
    if following.low in read_data()["adjectives"]:
        return str(read_data()["adjectives"][following.low])
    if following.low == "above" and "level" in [t.low for t in flat[end + 2 : end + 4]]:
        return "Elevation"
    is_part = following.low == "of" and amount.unit == "%"
    if (is_part or (following.low == "from" and amount.unit == "m")) and following.start >= amount.end:
        return _read_whole(flat[end + 2 : end + 8], "Share of" if amount.unit == "%" else "", following.low)
    return ""


def _read_whole(tokens: Sequence[Token], prefix: str, link: str) -> str:
    """Read what a share is of, or a distance from."""
    kept: list[str] = []
    for place, token in enumerate(tokens):
        if token.number is not None and place and token.text.isdecimal():
            continue
        if place == 0 and token.low in any_of("articles", "possessives") | {"all"}:
            continue
        if (
            not token.is_word
            or token.low in words("words", "pronouns")
            or token.low in words("words", "prepositions")
            or token.low in ("and", "or")
        ):
            break
        if not token.is_name and (is_verb(tokens, place) or is_adverb(token)):
            break
        kept.append(token.text)
    head = prefix or ("Distance from" if link == "from" else "")
    return f"{head} {' '.join(kept)}" if kept and head else ""
