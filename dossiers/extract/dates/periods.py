"""Take a sentence; leave the phrases in it that name a time, with their places and what can be read of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from dossiers.extract.dates.relative import ANAPHORS, RELATIVES, read_relative
from dossiers.extract.dates.spans import (
    AMBIGUOUS,
    FOLLOWERS,
    IS_BARE,
    IS_EDTF,
    LEADS,
    WEAK_LEADS,
    list_scanners_for,
    read_span,
)
from dossiers.extract.dates.values import DateValue, does_exclude, make_value, with_verbatim

Basis = Literal["absolute", "relative", "anaphoric", "ambiguous"]

_PREFIX = re.compile(r"^(?:in|on|at|during|of|over|the|within|throughout)\s+", re.IGNORECASE)
_MAY_HOLD = re.compile(r"\d|centur|decade|millenni|year|month|week|day|period|time|interval|span|then", re.IGNORECASE)
_CHANGES = re.compile(  # words that make another time of the phrase beside them
    r"\d|\b(?:not|or|nor|and|than|century|decades?|bc|bce|turn|eve|week|weekend|fiscal|financial|fy)\b", re.IGNORECASE
)
_MAY_POINT = re.compile(  # every point of a calendar has a year, an era, a century or a millennium
    r"[12]\d{3}|\d\d?[-/.]\d|\d[\s\u00a0]*[abc]|\ba\.?\s?d\b|centur|millenni|\bc\.", re.IGNORECASE
)
_LONGEST, _SHORT = 400, 1_000


@dataclass(frozen=True)
class Period:
    """A phrase that names a time. Relative ones ("past decade") need the text's own date, anaphoric ones ("the same
    period") another sentence, ambiguous ones ("03/04/2022") a reader; without these `value` holds the words alone.
    """

    start: int
    end: int
    value: DateValue
    basis: Basis

    def is_excluding(self, other: DateValue) -> bool:
        """Tell whether this phrase and a date cannot both hold."""
        return does_exclude(self.value, other)


def read_date(text: str, anchor: date | None = None) -> DateValue:
    """Read a date in English words or digits; never raises, and gives only the verbatim words where it is not certain.

    `anchor` is the day on which the text was published, for relative words ("past two decades"); without it they stay
    unread. EDTF is that of ISO 8601-2; years BC are astronomical (500 BC is -0499).
    """
    words = text.strip().strip(".;,()[]").strip()
    if len(words) > _LONGEST:
        return DateValue(text)
    for candidate in (words, _PREFIX.sub("", words), _PREFIX.sub("", _PREFIX.sub("", words))):
        if reading := read_span(candidate) or read_relative(candidate, anchor):
            return make_value(text, *reading)
    if re.search("[X/~%]", words) and IS_EDTF(words):
        return make_value(text, words, "day" if re.search(r"\d-\d\d-\d\d", words) else "year")
    return _read_only_phrase(text, words, anchor)


def find_periods(text: str, anchor: date | None = None) -> list[Period]:
    """Find the period phrases of a sentence in order, without overlaps; `anchor` as for `read_date`."""
    if not _MAY_HOLD.search(text):
        return []
    return list(_find_short(text, anchor)) if len(text) <= _SHORT else _find(text, anchor)


def _find(text: str, anchor: date | None) -> list[Period]:
    found = sorted(_scan(text, anchor), key=lambda period: (period.start, -period.end))
    kept: list[Period] = []
    for period in found:
        if not kept or period.start >= kept[-1].end:
            kept.append(period)
    return kept


@lru_cache(maxsize=2048)
def _find_short(text: str, anchor: date | None) -> tuple[Period, ...]:
    return tuple(_find(text, anchor))


def _read_only_phrase(text: str, words: str, anchor: date | None) -> DateValue:
    """Read the single phrase of a longer text, where no other digit is left to contradict it."""
    periods = find_periods(words, anchor)
    if len(periods) != 1:
        return DateValue(text)
    rest = words[: periods[0].start] + words[periods[0].end :]
    is_clear = not _CHANGES.search(rest)
    return with_verbatim(periods[0].value, text) if is_clear else DateValue(text)


def _scan(text: str, anchor: date | None) -> Iterator[Period]:
    for match in AMBIGUOUS.finditer(text):
        if not read_span(match[0]):
            yield Period(match.start(), match.end(), DateValue(match[0]), "ambiguous")
    for pattern, reader in list_scanners_for(text) if _MAY_POINT.search(text) else ():
        for match in pattern.finditer(text):
            value = make_value(match[0], *(reader(match) or (None, None)))
            if value.edtf and not _is_count(text, match):
                yield Period(match.start(), match.end(), value, "absolute")
    for relative in RELATIVES:
        for match in relative.finditer(text):
            yield _make_relative(match, anchor)
    for match in ANAPHORS.finditer(text):
        yield Period(match.start(), match.end(), DateValue(match[0]), "anaphoric")


def _make_relative(match: re.Match[str], anchor: date | None) -> Period:
    value = make_value(match[0], *(read_relative(match[0], anchor) or (None, None)))
    return Period(match.start(), match.end(), value, "relative")


def _is_count(text: str, match: re.Match[str]) -> bool:
    """Tell whether four bare digits are rather a count ("1500 people", "2000 kg") than a year."""
    if re.match(r"[%‰°\w,.]\d|[%‰°\w]|\s*(?:%|percent|per cent)", text[match.end() :]):
        return True
    before, after = text[: match.start()], text[match.end() :]
    if not IS_BARE(match[0]) or LEADS.search(before) or not re.match(r"\s+[a-z]", after):
        return False
    return not (WEAK_LEADS.search(before) and FOLLOWERS.match(after))
