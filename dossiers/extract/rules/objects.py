"""Take an amount behind a verb; leave whether it is the verb's object, and so the subject's own."""

from collections.abc import Sequence

from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.subjects import list_names
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import BE, is_adverb, is_participle, is_past
from dossiers.extract.rules.words import any_of, base_of, words

_FARTHEST = 7


def is_object(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    """Tell whether only qualifying words stand between a verb, or an object before, and the number."""
    between = tokens[1:place]
    if not _is_joined(tokens, place, parsed):
        return False
    joints = [i for i, token in enumerate(between) if token.number is not None or token.low in ("and",)]
    tail = between[joints[-1] + 1 :] if joints else between
    if _is_share(tokens, place):
        return (
            len(tail) <= _FARTHEST
            and not _is_parted(tokens, place)
            and not any(token.low in ("that", "which", "who") for token in tail)
        )
    if tokens[0].low in BE and any(token.low in words("words", "articles") for token in tail):
        return _has_with(tokens, place)
    if _has_loss(tokens, place) or _is_one_of_row(tokens, place, parsed):
        return _has_loss(tokens, place)
    if len(tail) > _FARTHEST or any(token.low in ("that", "with", "which", "who", "whose", "after") for token in tail):
        return _has_with(tokens, place)
    is_fact = _has_unit(tokens, place) and not _is_deed(tokens) and not _is_others(tokens, tail)
    if not is_fact and not _is_direct(tail) and not _is_row_of_have(tokens, place):
        return False
    names = [token for token in tail if token.is_name]
    is_gift = base_of(tokens[0].low) in words("verbs", "giving") and _has_unit(tokens, place)
    return not names or is_gift or _is_object_with(tokens, place)


def _has_unit(tokens: Sequence[Token], place: int) -> bool:
    number = tokens[place].number
    return number is not None and bool(number.unit)


def _is_deed(tokens: Sequence[Token]) -> bool:
    """Tell whether a verb tells of something done once, whose numbers may be anybody's: no present, no measuring."""
    base = base_of(tokens[0].low)
    return is_past(tokens[0].low) and base not in words("verbs", "measuring") | words("verbs", "changing")


def _is_others(tokens: Sequence[Token], tail: Sequence[Token]) -> bool:
    """Tell whether a number behind an object may be that of something in it: "builds engines for ships 300 m long"."""
    measuring = words("verbs", "measuring") | words("verbs", "changing") | words("verbs", "giving")
    is_tied = any(t.low in ("for", "in", "on", "to", "from", "into", "between") for t in tail[1:])
    return base_of(tokens[0].low) not in measuring and is_tied


def _is_direct(tail: Sequence[Token]) -> bool:
    """Tell whether only adverbs, small words, a participle or "a crew of" stand before what is counted."""
    small = any_of("approximators", "prepositions", "adverbs") | BE
    rest = [
        t for t in tail if t.low not in small and not is_adverb(t) and not is_participle(t.low) and t.period is None
    ]
    lows = [t.low for t in tail]
    is_of = lows[-1:] == ["of"] or (len(lows) > 1 and lows[-1] in words("words", "approximators") and "of" in lows)
    is_of = is_of and not any(low in ("for", "in", "from", "into", "between") for low in lows)
    return not rest or (is_of and len(rest) <= 2) or lows[0] in ("home", "worth")


def _is_joined(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    """Tell whether a further number stands beside the one before ("six offices and 150 branches"), not under it."""
    before = [i for i in range(1, place) if tokens[i].number is not None and tokens[i].period is None]
    if not before:
        return True
    gap = tokens[before[-1] + 1 : place]
    has_sign = "," in parsed.text[tokens[before[-1]].end : tokens[place].start]
    return has_sign or any(token.low in ("and", "or", "by", "plus") for token in gap) or _rises_to(tokens, gap)


def _rises_to(tokens: Sequence[Token], gap: Sequence[Token]) -> bool:
    """Tell whether a number is what another led to: "rose 5% to 30 million"."""
    is_change = base_of(tokens[0].low) in words("verbs", "changing")
    return is_change and bool(gap) and gap[0].low == "to"


def _has_loss(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether "with a loss of" stands right before the number."""
    lows = [token.low for token in tokens[:place]]
    while lows and lows[-1] in words("words", "approximators") - {"of", "a", "an"}:
        lows.pop()
    begin = max((i for i, low in enumerate(lows) if low == "with"), default=-1)
    phrase = lows[begin:] if begin >= 0 else []
    return 4 <= len(phrase) <= 6 and phrase[1] in words("words", "articles") and phrase[-1] == "of"


def _is_one_of_row(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    """Tell whether a number is one of several of one unit, each for another part: "62% in one class, 41% in one"."""
    parts = _list_parts(tokens, place)
    is_named = bool(parts) and all(list_names(tokens[i : i + 2], parsed) for i in parts)
    return len(parts) > 1 and not (is_named and _measures_places(tokens, place))


def _is_parted(tokens: Sequence[Token], place: int) -> bool:
    return len(_list_parts(tokens, place)) > 1


def _measures_places(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a clause says of places what it measures: "was 6% in Peru", "had a share of 5% in Peru"."""
    return tokens[0].low in BE or any(token.low in words("words", "measures") for token in tokens[:place])


def _list_parts(tokens: Sequence[Token], place: int) -> list[int]:
    """List the parts that numbers of one unit are for."""
    number = tokens[place].number
    row = [i for i, t in enumerate(tokens) if t.number and number and t.number.unit == number.unit != ""]
    return [part for i in row if (part := _find_part(tokens, i))]


def _find_part(tokens: Sequence[Token], place: int) -> int:
    """Find the part that a number is for, "in one class", where no other number comes first; 0 where there is none."""
    for here in range(place + 1, min(place + 5, len(tokens) - 1)):
        if tokens[here].number is not None or tokens[here].period is not None:
            return 0
        if tokens[here].low in ("in", "for", "among", "at"):
            return here + 1 if tokens[here + 1].period is None else 0
    return 0


def _is_share(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a number is a percentage of something: "on 40% of their articles"."""
    number = tokens[place].number
    return number is not None and number.unit == "%" and place + 1 < len(tokens) and tokens[place + 1].low == "of"


def _has_with(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether "with a population of" gives the amount to what the clause defines."""
    before = [token.low for token in tokens[max(0, place - 8) : place]]
    if before[-1] == "with":
        return tokens[0].low in BE
    return (
        tokens[0].low in BE
        and ("with" in before or ("at" in before and "cost" in before))
        and before[-1] in ("of", *words("words", "approximators"))
    )


def _is_object_with(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether an amount may stand behind a name: in a row of what a subject has, or behind "with a length of"."""
    return _has_with(tokens, place) or _is_row_of_have(tokens, place)


def _is_row_of_have(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether an amount stands in a row: "has its seat in Geneva, six offices and 150 branches"."""
    gap = tokens[place].start - tokens[place - 1].end if place else 0
    return base_of(tokens[0].low) == "have" and gap > 1
