"""Take the places where a value stands; leave the one that speaks of the claim's subject."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from dossiers.extract.assembly.inputs import CaptureText
from dossiers.extract.assembly.library import Library
from dossiers.extract.assembly.results import METHODS, Method
from dossiers.extract.assembly.sentences import Sentence
from dossiers.extract.dates import DateValue, is_same_period, is_within
from dossiers.extract.matching import TOPIC_KEY, Mention, find_stems
from dossiers.extract.numbers import Number, find_numbers, is_same_number
from dossiers.extract.quotes import locate_all

_SINGLE_QUOTED = re.compile(r"(?<!\w)['‘]([^'‘’\n]+)['’](?!\w)")
_DOUBLE_QUOTED = re.compile(r'["“]([^"“”\n]+)["”]')
_IN_BRACKETS = re.compile(r"\s*\([^()]*")
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)


@dataclass(frozen=True)
class Occurrence:
    """A place where a value stands, in the sentence that it begins in."""

    capture: CaptureText
    start: int
    end: int
    method: Method
    sentence: Sentence | None


@dataclass(frozen=True)
class Context:
    """What the sentence of a value should hold beside the value: subject, words of the property, period, source."""

    subject: str = ""
    stems: frozenset[str] = frozenset()
    date: DateValue | None = None
    source_word: str = ""


def find_occurrences(value: str, library: Library, *, is_place: bool = False) -> list[Occurrence]:
    """Find every place where a value stands, by the strictest method that finds any in one of the captures."""
    found = [o for spelling in _spell_quotes(value) for o in _locate_in_all(spelling, library, is_place)]
    if not found and not is_place:
        found = _find_by_number(value, library)
    best = min((METHODS.index(occurrence.method) for occurrence in found), default=0)
    return [occurrence for occurrence in found if METHODS.index(occurrence.method) == best]


def choose_occurrence(occurrences: Sequence[Occurrence], context: Context) -> Occurrence | None:
    """Choose the occurrence whose sentence names the subject, nearest; then that with the property and the period."""
    return max(occurrences, key=lambda occurrence: _score(occurrence, context), default=None)


def find_subject(sentence: Sentence, subject: str, start: int) -> Mention | None:
    """Find the mention of a subject that a value at `start` (offset in the capture) belongs to, or the nearest one."""
    ours = [mention for mention in sentence.mentions if mention.key == subject]
    at = start - sentence.passage.start
    before = [mention for mention in ours if mention.start <= at]
    return before[-1] if before else (ours[0] if ours else None)


def owner_of(sentence: Sentence, start: int) -> str:
    """Tell which known subject a value belongs to: by order in "respectively" lists, else the nearest one before it."""
    at = start - sentence.passage.start
    mentions = [mention for mention in sentence.mentions if mention.key != TOPIC_KEY]
    if owner := _respective_owner(sentence, mentions, at):
        return owner.key
    place = bisect_right([mention.start for mention in mentions], at)
    return mentions[place - 1].key if place else (mentions[0].key if mentions else "")


def find_clear_owner(sentence: Sentence, start: int) -> Mention | None:
    """Find the subject that a value clearly belongs to: in a "respectively" list, or in brackets right behind it."""
    at = start - sentence.passage.start
    mentions = [mention for mention in sentence.mentions if mention.key != TOPIC_KEY]
    if owner := _respective_owner(sentence, mentions, at):
        return owner
    close = [m for m in mentions if m.end <= at and _IN_BRACKETS.fullmatch(sentence.text, m.end, at)]
    return close[-1] if close else None


def _respective_owner(sentence: Sentence, mentions: Sequence[Mention], at: int) -> Mention | None:
    """Pair the names before a list of values with its groups, in order."""
    mark = _RESPECTIVELY.search(sentence.text, at)
    if not mark:
        return None
    values = [n for n in sentence.numbers if n.end <= mark.start() and not _is_year(n)]
    values = [n for n in values if not any(p.start <= n.start < p.end for p in sentence.periods)]
    values = [n for n in values if n.unit == (values[-1].unit if values else "")]
    names = [m for m in mentions if values and m.end <= values[0].start]
    place = next((i for i, number in enumerate(values) if number.start <= at < number.end), None)
    if place is None or len(names) < 2 or len(values) % len(names):
        return None
    return names[place // (len(values) // len(names))]


def _is_year(number: Number) -> bool:
    return not number.unit and re.fullmatch(r"[12]\d{3}", number.text) is not None


def _make(library: Library, capture: CaptureText, start: int, end: int, method: Method) -> Occurrence:
    return Occurrence(capture, start, end, method, library.find_sentence(capture.key, start))


def _locate_in_all(value: str, library: Library, is_place: bool) -> list[Occurrence]:
    captures = library.list_holders(value, is_place=is_place)
    places = [(capture, place) for capture in captures for place in locate_all(value, capture.text)]
    return [_make(library, capture, place.start, place.end, place.method) for capture, place in places]


def _spell_quotes(value: str) -> list[str]:
    """Spell a value with single and with double quotation marks: a quotation within a quotation changes them."""
    double = _SINGLE_QUOTED.sub(r'"\1"', value)
    return list(dict.fromkeys([value, double, _DOUBLE_QUOTED.sub(r"'\1'", value)]))


def _find_by_number(value: str, library: Library) -> list[Occurrence]:
    """Find a value that is one number in any form: "15 ports" in "fifteen ports"."""
    numbers = find_numbers(value)
    if len(numbers) != 1 or numbers[0].text.strip() != value.strip():
        return []
    same = [(s, n) for s in library.sentences for n in s.numbers if is_same_number(n, numbers[0])]
    offset = [(s, s.passage.start + n.start, s.passage.start + n.end) for s, n in same]
    return [Occurrence(s.capture, start, end, "folded", s) for s, start, end in offset]


def _score(occurrence: Occurrence, context: Context) -> float:
    sentence = occurrence.sentence
    if sentence is None:
        return 0.0
    score = 0.5 * (not sentence.is_cut) + 0.25 * is_from(occurrence.capture.provider, context.source_word)
    if context.stems:
        score += 2 * len(context.stems & sentence.stems) / len(context.stems)
    if context.subject and context.subject in sentence.keys:
        score += 3 + 3 * (owner_of(sentence, occurrence.start) == context.subject)
    elif context.subject not in ("", TOPIC_KEY) and find_clear_owner(sentence, occurrence.start):
        score -= 3
    return score + max((_match_period(context.date, period.value) for period in sentence.periods), default=0.0)


def _match_period(date: DateValue | None, phrase: DateValue) -> float:
    if date is None:
        return 0.0
    return 1.5 * is_same_period(date, phrase) or 1.0 * (is_within(date, phrase) or is_within(phrase, date))


def is_from(provider: str, source_word: str) -> bool:
    """Tell whether a printed source word ("web_search_results") names a provider ("web_search")."""
    return bool(source_word) and bool(
        find_stems(provider.replace("_", " ")) & find_stems(source_word.replace("_", " "))
    )
