"""Take the tokens of a sentence; leave the two ends of the change that it tells: "from 5% to 9%", "9%, up from 5%"."""

from collections.abc import Sequence
from dataclasses import dataclass

from dossiers.extract.numbers import Number
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.words import words

_SPREADS = frozenset("ranging range ranges ranged vary varies varied varying anywhere temperatures open".split())
_MOST_NOUNS = 3


@dataclass(frozen=True)
class Change:
    """A change: its tokens from its first word on, and the last with its year; `ended` is the year of the new value
    where that is said first.
    """

    first: Token
    one: Token
    other: Token
    last: Token
    is_dated: bool
    ended: Token | None = None

    @property
    def place(self) -> tuple[int, int]:
        return self.first.start, self.last.end


def read_change(tokens: Sequence[Token], place: int) -> Change | None:
    """Read "from N (in 1990) to M (in 2000)" where it begins, or "M (in 2000), up from N (in 1990)" at its "from"."""
    if tokens[place].low == "from" and place and tokens[place - 1].low in ("up", "down"):
        return _read_turned(tokens, place)
    if tokens[place].low != "from" or (place and tokens[place - 1].low in _SPREADS):
        return None
    one = _skip_words(tokens, place + 1)
    if one < 0:
        return None
    here, date = _skip_date(tokens, _skip_noun(tokens, one + 1))
    if here >= len(tokens) or tokens[here].low != "to":
        return None
    other = _skip_words(tokens, here + 1)
    if other < 0 or not _are_like(tokens[one].number, tokens[other].number):
        return None
    end = _end_of_range(tokens, other)
    is_dated = date is not None
    has_noun = (
        is_dated and here > one + 1 and tokens[one + 1].is_word and tokens[one + 1].low not in ("in", "by", "on", "at")
    )
    after, last_date = _skip_date(tokens, _skip_noun(tokens, end + 1) if has_noun else end + 1)
    last = tokens[after - 1] if is_dated and last_date is not None else tokens[end]
    return Change(tokens[place], tokens[one], tokens[end], last, is_dated)


def _skip_words(tokens: Sequence[Token], place: int) -> int:
    """Skip "almost", "an estimated", "a range of"; the place of the number behind them, or -1."""
    skipped = words("words", "approximators") | {"range"}
    while place < len(tokens) and tokens[place].low in skipped:
        place += 1
    is_number = place < len(tokens) and tokens[place].number is not None
    return place if is_number and not _is_ordinal(tokens[place].number) else -1


def _is_ordinal(number: Number | None) -> bool:
    return number is not None and number.is_ordinal


def _skip_noun(tokens: Sequence[Token], place: int) -> int:
    here = place
    while here < len(tokens) and here - place < _MOST_NOUNS and tokens[here].is_word:
        if tokens[here].low in words("words", "prepositions") and tokens[here].low != "per":
            break
        here += 1
    return here


def _skip_date(tokens: Sequence[Token], place: int) -> tuple[int, Token | None]:
    here = place
    while here < len(tokens) and tokens[here].low in ("in", "by", "on", "at", "the"):
        here += 1
    if here < len(tokens) and tokens[here].period is not None:
        return here + 1, tokens[here]
    return place, None


def _end_of_range(tokens: Sequence[Token], place: int) -> int:
    is_range = place + 2 < len(tokens) and tokens[place + 1].text in "-–—" and tokens[place + 2].number is not None
    return place + 2 if is_range else place


def _are_like(one: Number | None, other: Number | None) -> bool:
    return one is not None and other is not None and (one.unit == other.unit or not (one.unit and other.unit))


def _read_turned(tokens: Sequence[Token], place: int) -> Change | None:
    """Read "M (in 2000), up from N (in 1990)"."""
    one = _skip_words(tokens, place + 1)
    before = place - 1 - (place > 1 and tokens[place - 2].text == ",")
    ended = tokens[before - 1] if before and tokens[before - 1].period is not None else None
    here = before - 1 - (ended is not None)
    here -= bool(ended and tokens[here].low in ("in", "by", "on", "at"))
    if one < 0 or here < 0 or tokens[here].number is None or not _are_like(tokens[one].number, tokens[here].number):
        return None
    after, date = _skip_date(tokens, one + 1)
    last = tokens[after - 1] if date is not None else tokens[one]
    return Change(tokens[here], tokens[one], tokens[here], last, ended is not None, ended)
